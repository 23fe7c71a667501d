"""Unicode forms: NFC always; ligatures, full-width forms, quotes and dashes on request."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule, Safety
from cleaner.steps.context import Context

RULES = (
    Rule(
        code="ENC120",
        name="not-nfc",
        summary="characters not in normal form C",
        rationale=(
            "The same letter can be one code point or several (Unicode Standard Annex 15). "
            "One form makes equal words equal. Compatibility ideographs stay: names are written "
            "with them, and normal form C would replace them by others. A character whose code "
            "point is told beside it stays as well: the text is about this one and no other."
        ),
        examples=(
            Example("cafe\u0301", "café"),
            Example("café", "café"),
            Example("\ufa19田", "\ufa19田"),
            Example("'\u212b' (U+212B, Angstrom)", "'\u212b' (U+212B, Angstrom)"),
        ),
    ),
    Rule(
        code="ENC125",
        name="run-of-marks",
        summary="more combining marks than any writing has",
        rationale=(
            "A letter with dozens of marks is decoration or damage. To bring its marks into "
            "order says nothing about it, so such runs stay as they are."
        ),
        examples=(
            Example("a" + 40 * "\u0301", "a" + 40 * "\u0301", "1 run, 40 marks"),
            Example("a\u0301\u0323", "a\u0301\u0323"),
        ),
        notes=True,
    ),
    Rule(
        code="ENC121",
        name="ligature",
        summary="Latin ligature",
        rationale="PDF text keeps typeset ligatures; searching for the plain letters misses them.",
        examples=(Example("eﬃcient", "efficient"), Example("efficient", "efficient")),
        safety=Safety.ON_REQUEST,
    ),
    Rule(
        code="ENC122",
        name="full-width-form",
        summary="full-width form of an ASCII character",
        rationale="East Asian text may hold Latin letters and digits in full width.",
        examples=(Example("ＡＢＣ１２", "ABC12"), Example("ABC12", "ABC12")),
        safety=Safety.ON_REQUEST,
    ),
    Rule(
        code="ENC123",
        name="curly-quote",
        summary="typographic quotation mark or apostrophe",
        rationale="Some models and searches expect straight quotes.",
        examples=(Example("“it’s”", '"it\'s"'), Example('"it\'s"', '"it\'s"')),
        safety=Safety.ON_REQUEST,
    ),
    Rule(
        code="ENC124",
        name="dash",
        summary="dash other than the ASCII hyphen",
        rationale="Some models and searches expect only the ASCII hyphen.",
        examples=(Example("pages 3–5", "pages 3-5"), Example("pages 3-5", "pages 3-5")),
        safety=Safety.ON_REQUEST,
    ),
)

_CLUSTER = regex.compile(r"\X")
# Unicode's Stream-Safe Text Format allows 30 marks in a row (Standard Annex 15, section 13).
_MOST_MARKS = 30
_MARKS = regex.compile(rf"\p{{M}}{{{_MOST_MARKS + 1},}}+")
_FEW_MARKS = regex.compile(rf"\p{{M}}{{{_MOST_MARKS + 1}}}")
_IDEOGRAPHS = regex.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]+")
# The number of a character, as texts tell it; it stands not far from the character itself.
_CODE_POINT = regex.compile(r"(?i)(?<![0-9a-z])(?:U\+|0x|\\u|\\U|\\x\{?)0{0,4}([0-9a-f]{3,6})\b")
_NEAR = 200
_TABLES = {
    "ENC121": {c: unicodedata.normalize("NFKC", c) for c in "ﬀﬁﬂﬃﬄﬅﬆ"},
    "ENC122": {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)},
    "ENC123": {**dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„‟", '"')},
    "ENC124": dict.fromkeys("‐‑‒–—―−", "-"),
}
_PATTERNS = {
    code: regex.compile("[" + "".join(map(regex.escape, table)) + "]+")
    for code, table in _TABLES.items()
}


def compose_nfc(text: str, context: Context) -> StepResult:
    """Bring the text to normal form C, an edit for each cluster of marks that changes."""
    acts = context.rules.acts
    if text.isascii() or not (acts("ENC120") or acts("ENC125")):
        return unchanged(text)
    # Ordering a run of marks takes the square of its length.
    runs = list(_MARKS.finditer(text)) if _FEW_MARKS.search(text) else []
    edits: list[Edit] = []
    if acts("ENC120"):
        at = 0
        for run in runs:
            edits += _normalized(text[at : max(at, run.start() - 1)], at)
            at = run.end()
        edits += _normalized(text[at:], at)
        edits = [edit for edit in edits if not _is_told(edit, text)]
    if runs and not edits and acts("ENC125"):
        most = max(len(run[0]) for run in runs)
        said = f"{len(runs)} run{'s' * (len(runs) > 1)}, {most} marks"
        return StepResult(text, (Edit(0, 0, "", "", "ENC125", said),))
    return edited(text, edits)


def _normalized(piece: str, at: int) -> Iterator[Edit]:
    """Yield the edits that bring a piece without long runs to normal form C."""
    if unicodedata.is_normalized("NFC", piece):
        return
    for line in piece.splitlines(keepends=True):
        if not unicodedata.is_normalized("NFC", line):
            start = at
            for kept in (*_IDEOGRAPHS.finditer(line), None):
                end = at + kept.start() if kept else at + len(line)
                yield from _composed(start, line[start - at : end - at])
                start = at + kept.end() if kept else end
        at += len(line)


def _is_told(edit: Edit, text: str) -> bool:
    """Whether the text beside a character tells its number, so that it is about this character."""
    if len(edit.before) != 1:
        return False
    near = text[max(0, edit.start - _NEAR) : edit.end + _NEAR]
    return any(int(found[1], 16) == ord(edit.before) for found in _CODE_POINT.finditer(near))


def _composed(at: int, line: str) -> list[Edit]:
    edits = []
    pieces = []
    for cluster in _CLUSTER.finditer(line):
        after = unicodedata.normalize("NFC", cluster[0])
        pieces.append(after)
        if after != cluster[0]:
            start = at + cluster.start()
            edits.append(Edit(start, start + len(cluster[0]), cluster[0], after, "ENC120"))
    whole = unicodedata.normalize("NFC", line)
    if "".join(pieces) != whole:
        return [Edit(at, at + len(line), line, whole, "ENC120")]
    return edits


def replace_forms(text: str, context: Context) -> StepResult:
    """Replace ligatures, full-width forms, quotes and dashes by plain characters, where asked."""
    if text.isascii():
        return unchanged(text)
    edits = [
        Edit(
            found.start(),
            found.end(),
            found[0],
            "".join(table[c] for c in found[0]),
            code,
        )
        for code, table in _TABLES.items()
        if context.rules.acts(code)
        for found in _PATTERNS[code].finditer(text)
    ]
    return edited(text, sorted(edits))
