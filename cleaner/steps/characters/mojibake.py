"""Text that was decoded with the wrong encoding (ENC110, ENC115), by ftfy and by its letters."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.language.reading import Readings
from cleaner.steps.characters.misread import MISREAD, reread
from cleaner.steps.context import Context

if TYPE_CHECKING:
    from ftfy import ExplainedText

RULES = (
    Rule(
        code="ENC110",
        name="mojibake",
        summary="text decoded with the wrong encoding",
        rationale=(
            "UTF-8 read as Windows-1252 or another single-byte encoding shows as pairs such as "
            "“Ã©”. ftfy (Speer 2019) finds the mistake that explains a line and undoes it; in "
            "encodings that it does not know (Windows-1256, KOI8-R and those of DOS) the bytes of "
            "the line tell. Text of one legacy encoding read as another is found by its letters. A "
            "line is repaired where it then reads better as some language: capital letters before "
            "quotation marks and dashes stay, and so do examples in a text about encodings."
        ),
        examples=(
            Example("a cafÃ© by the quay", "a café by the quay"),
            Example("itâ€™s late", "it’s late"),
            Example("Ma³y ch³opiec poszed³ do szko³y.", "Mały chłopiec poszedł do szkoły."),
            Example("São Paulo, Ångström, naïve", "São Paulo, Ångström, naïve"),
            Example("“AMANHÃ” – disse a IRMÔ", "“AMANHÃ” – disse a IRMÔ"),
            Example("In UTF-8, “cafÃ©” is read wrongly.", "In UTF-8, “cafÃ©” is read wrongly."),
        ),
    ),
    Rule(
        code="ENC115",
        name="lossy-mojibake",
        summary="wrongly decoded text that cannot be restored whole",
        rationale=(
            "Where a byte of the text was lost (dropped as a control, made a question mark or a "
            "plain space), what it was is a guess, and half a repair hides the damage. The line "
            "stays."
        ),
        examples=(
            Example("Ã©tait-il lÃ  ?", "Ã©tait-il lÃ  ?", "1 line, first 1"),
            Example("itâ€?s Ã©tÃ©", "itâ€?s Ã©tÃ©", "1 line, first 1"),
            Example("a cafÃ© by the quay", "a cafÃ© by the quay"),
        ),
        notes=True,
    ),
)

_FOREIGN = re.compile(r"[^\x00-\x7f]+")


# What alone is rare; all else that is suspect has a neighbour that is no ASCII either. Text without
# either is not worth importing ftfy for, which takes a thirtieth of a second.
_RARE = "\x80-\x9f\u0152\u0153\xc2\xc3\xce\xd0\xd8\xd9\u221a\u0402"
_ODD = re.compile(rf"[^\x00-\x7f](?:(?<=[{_RARE}])|[^\x00-\x7f])")


@functools.cache
def _suspects() -> re.Pattern[str]:
    """Return an expression that matches in every line in which ftfy's badness expression does.

    Each of its alternatives holds a character that alone is rare, or two neighbours of its
    categories, one of them at least neither common punctuation nor a Greek or Cyrillic letter.
    """
    from ftfy.badness import MOJIBAKE_CATEGORIES as classes  # noqa: N811 - no constant of ours

    strange = "".join(
        classes[name]
        for name in classes
        if name not in ("c1", "common", "upper_common", "lower_common")
    )
    letters = classes["upper_common"] + classes["lower_common"]
    # One class in front lets the search pass over all else fast.
    return re.compile(
        f"[{_RARE}{strange}{letters}](?:(?<=[{_RARE}])"
        f"|(?<=[{strange}])[{strange}{letters}]|(?<=[{letters}])[{strange}])"
    )


# A no-break space behind Â became a plain one: what it stood for is a space all the same.
_SPACED = re.compile(r"(?<=[^\W\d_A-ZÀ-Þ])Â |(?<=[0-9:;,.!?)€])Â ")
# What says that a line is about encodings.
_ABOUT_ENCODINGS = re.compile(
    r"(?i)\b(?:utf-?\s?8|latin-?\s?1|iso.?8859|(?:windows|cp|code ?page).?125\d|ascii|unicode"
    r"|charset|mojibake|garbled|(?:en|de|trans)cod(?:e[sd]?|ing|ings)|encodages?|codage"
    r"|codifica\w*|(?:zeichen)?kodierung\w*|zeichens[aä]tz\w*)\b|кодировк|文字化け|乱码|亂碼"
)
_QUOTED = re.compile(r"[\"'“”‘’„«»‹›`(\[/=>→]")
# So few wrong words in a line about encodings are examples.
_MOST_EXAMPLES = 2
# What stands beside a change is read with it: so many characters, and at most so many in all.
_BESIDE = 40
_MOST_READ = 4096
# A repair must make the text likelier by so much (nats).
_CLEARLY = 5.0
_MOST_ENCODED = 4
# A letter of Latin-1 inside a word, as UTF-8 shows it.
_CONTINUED = "[€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\xa0-¿]"
_PAIR = re.compile(f"(?<=[a-zß-ÿ])[Â-Å]{_CONTINUED}|(?<![A-ZÀ-Þ])[Â-Å]{_CONTINUED}(?=[a-zß-ÿ])")
_MOST_REFUSED = 8
_HALF = re.compile("[a-zß-öø-ſ][À-ÖØ-Þ](?![A-ZÀ-Þ])")
# Above so many changes a line in several encodings is judged as one.
_MOST_APART = 100
# Steps of ftfy that put something in the place of a lost byte.
_GUESSES = ("restore_byte_a0", "replace_lossy_sequences")
# The encodings in which ftfy knows UTF-8 to be read.
_WRONG = (
    "latin-1 sloppy-windows-1252 sloppy-windows-1250 sloppy-windows-1251 sloppy-windows-1253 "
    "sloppy-windows-1254 sloppy-windows-1257 iso-8859-2 macroman cp437"
).split()
# Others, whose letters ftfy does not suspect: so many characters must be those of UTF-8, for a few
# letters in a row may be that by accident.
_UNSUSPECTED = ("cp1256", "koi8-r", "cp866", "cp850", "cp852")
_LEAST_DECODED = 3
# UTF-8 read as Windows-1256: Arabic letters before what no Arabic is written with.
_ARABIC = re.compile("[\u0621-\u064a][\x80-\x9f\xa1-\xaa\xac-\xba\xbc-\xbfƒ‚„†‡ˆ‰Œœ™]")


def repair_mojibake(text: str, context: Context) -> StepResult:
    """Undo wrong decodings, line by line.

    ftfy changes a line's encoding only where its badness expression matches; a cheaper
    expression that matches wherever that one does shows the lines worth giving to it.
    """
    acts = context.rules.acts
    if text.isascii() or not (acts("ENC110") or acts("ENC115")):
        return unchanged(text)
    repairs = _Repairs()
    edits: list[Edit] = []
    lossy: list[int] = []
    for start, end in _suspect_lines(text):
        changes = repairs.of(text[start:end])
        if changes is None:
            lossy.append(start)
        elif acts("ENC110"):
            edits += [e._replace(start=e.start + start, end=e.end + start) for e in changes]
    if lossy and not edits and acts("ENC115"):
        first = text.count("\n", 0, lossy[0]) + 1
        said = f"{len(lossy)} line{'s' * (len(lossy) > 1)}, first {first}"
        return StepResult(text, (Edit(0, 0, "", "", "ENC115", said),))
    return edited(text, edits)


def _suspect_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of lines that may hold mojibake."""
    expressions = (_suspects(), MISREAD, _ARABIC) if _ODD.search(text) else (MISREAD,)
    found = [expression.search(text) for expression in expressions]
    while places := [match.start() for match in found if match]:
        start = text.rfind("\n", 0, min(places)) + 1
        end = text.find("\n", min(places))
        end = len(text) if end < 0 else end
        yield start, end
        found = [
            expression.search(text, end) if match and match.start() < end else match
            for expression, match in zip(expressions, found, strict=True)
        ]


def _is_bad(line: str) -> bool:
    from ftfy.badness import is_bad

    return is_bad(line)


def _fixed(line: str) -> ExplainedText:
    """Return the line in the encoding that ftfy finds, and nothing else changed."""
    from ftfy import TextFixerConfig, fix_encoding_and_explain

    config = TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )
    return fix_encoding_and_explain(line, config)


class _Repairs:
    """Repairs the lines of one text."""

    def __init__(self) -> None:
        self._readings = Readings()
        self._refused = 0

    def of(self, line: str) -> list[Edit] | None:
        """Return the edits that undo wrong decodings of a line; None where bytes of it are lost."""
        misread = MISREAD.search(line) is not None
        bad = misread or _is_bad(line) or _PAIR.search(line) is not None
        if not bad and _decoded_whole(line) == line and not any(_unsuspected(line)):
            return []
        edits = self._from_utf_8(line)
        return edits or (self._reread(line) if misread else []) or edits

    def _reread(self, line: str) -> list[Edit]:
        # Where some lines in a row seemed odd and were right, the text is written like that.
        if self._refused >= _MOST_REFUSED:
            return []
        found = None if _ABOUT_ENCODINGS.search(line) else reread(line, self._readings)
        self._refused = self._refused + 1 if found is None else 0
        return [] if found is None else _edits(line, line, found)

    def _cost(self, line: str) -> float:
        return self._readings.rate(line[:_MOST_READ]).cost

    def _from_utf_8(self, line: str) -> list[Edit] | None:
        spaced = _SPACED.sub("Â\xa0", line)
        fixed, plan = _fixed(spaced)
        if fixed == spaced:
            fixed = _decoded_whole(line)
        for other in _unsuspected(line):
            if self._cost(other) + _CLEARLY < self._cost(fixed):
                fixed, plan = other, None
        fixed = _PAIR.sub(_decoded, fixed)
        edits = _edits(line, spaced, fixed)
        if not edits or _is_about_encodings(line, edits):
            return []
        steps = {step.parameter for step in plan or ()}
        whole = steps.isdisjoint(_GUESSES)
        if "decode_inconsistent_utf8" in steps:
            if len(edits) <= _MOST_APART:
                edits = [e for e in edits if _reads_better(line, [e], self._readings)]
            whole = whole and all(_is_exact(*_without_cut_end(line, edit)) for edit in edits)
        if not edits or not _reads_better(line, edits, self._readings):
            return []
        lost = "\ufffd" in line or _is_bad(fixed) or _leaves_halves(line, fixed, edits)
        return None if lost or not whole else edits


def _leaves_halves(line: str, fixed: str, edits: list[Edit]) -> bool:
    """Whether a repair leaves capitals that begin what it changes, or stand behind small letters.

    What followed them is lost.
    """
    heads = {c for edit in edits for c in edit.before if "À" <= c <= "Þ"}
    places = (0, *(place for edit in edits for place in edit[:2]), len(line))
    kept = [line[start:end] for start, end in itertools.pairwise(places)][::2]
    return _HALF.search(fixed) is not None or not heads.isdisjoint("".join(kept))


def _decoded_whole(line: str) -> str:
    """Return what a line says whose bytes are UTF-8 in an encoding that ftfy does not suspect."""
    for encoding in _WRONG:
        try:
            return line.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return line


def _unsuspected(line: str) -> Iterator[str]:
    """Yield what a line says if its bytes are UTF-8 in an encoding that ftfy does not know."""
    for encoding in _UNSUSPECTED:
        try:
            found = line.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if sum(not c.isascii() for c in found) >= _LEAST_DECODED:
            yield found


def _decoded(pair: re.Match[str]) -> str:
    return pair[0].encode("sloppy-windows-1252").decode("utf-8")


def _reads_better(line: str, edits: list[Edit], readings: Readings) -> bool:
    """Whether the edits make the text around them clearly likelier."""
    befores: list[str] = []
    afters: list[str] = []
    at = read = 0
    for edit in edits:
        start = max(at, edit.start - _BESIDE)
        between = line[start : edit.start]
        befores += [between, line[edit.start : edit.end]]
        afters += [between, edit.after]
        at = edit.end
        read += at - start
        if read > _MOST_READ:
            break
    behind = line[at : at + _BESIDE]
    after = readings.rate("".join((*afters, behind))).cost
    return after + _CLEARLY < readings.rate("".join((*befores, behind))).cost


def _is_about_encodings(line: str, edits: list[Edit]) -> bool:
    """Whether the line shows wrong text as an example: beside the right word, or to explain it."""
    for edit in edits[:_MOST_EXAMPLES]:
        word = _word_around(line, edit)
        if any(map(str.isalpha, edit.after)) and re.search(
            rf"(?<!\w){re.escape(word)}(?!\w)", _beside(line, edit)
        ):
            return True
    if not _ABOUT_ENCODINGS.search(line):
        return False
    return len(edits) <= _MOST_EXAMPLES or all(
        _QUOTED.search(line, max(0, edit.start - 16), edit.start) for edit in edits
    )


def _word_around(line: str, edit: Edit) -> str:
    """Return the repaired word that an edit is part of."""
    head = re.search(r"\w*\Z", line[max(0, edit.start - _BESIDE) : edit.start])
    tail = re.match(r"\w*", line[edit.end : edit.end + _BESIDE])
    return (head[0] if head else "") + edit.after.strip() + (tail[0] if tail else "")


def _beside(line: str, edit: Edit) -> str:
    return (
        f"{line[max(0, edit.start - _BESIDE) : edit.start]} {line[edit.end : edit.end + _BESIDE]}"
    )


def _without_cut_end(line: str, edit: Edit) -> tuple[str, str]:
    """Return what an edit changes; a character that the line's end cut off stays as it is."""
    before, after = edit.before, edit.after
    if not line[edit.end :].strip():
        pairs = zip(reversed(before), reversed(after), strict=False)
        same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
        before, after = before[: len(before) - same], after[: len(after) - same]
    return before, after


def _is_exact(before: str, after: str) -> bool:
    """Whether `before` is `after` in UTF-8, decoded wrongly, any number of times.

    >>> _is_exact("Ã©", "é"), _is_exact("ÃƒÂ©", "é"), _is_exact("Ã", "à")
    (True, True, False)
    """
    forms = {before}
    for _ in range(_MOST_ENCODED):
        decoded = set()
        for form in sorted(forms):
            for encoding in _WRONG:
                try:
                    decoded.add(form.encode(encoding).decode("utf-8"))
                except UnicodeError:
                    continue
        if after in decoded:
            return True
        forms = decoded - forms
    return False


def _edits(line: str, before: str, after: str) -> list[Edit]:
    """Return the edits from a line to its repair, a run of foreign characters at a time.

    `before` is the line as the repair was given it: of the same length.
    """
    if before == after:
        return []
    if _FOREIGN.split(before) != _FOREIGN.split(after):
        return [Edit(0, len(line), line, after, "ENC110")]
    pairs = zip(_FOREIGN.finditer(before), _FOREIGN.finditer(after), strict=True)
    return [
        Edit(old.start(), old.end(), line[old.start() : old.end()], new[0], "ENC110")
        for old, new in pairs
        if old[0] != new[0]
    ]
