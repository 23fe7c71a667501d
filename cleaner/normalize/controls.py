"""Control characters, terminal escapes and overstrike (ENC112, ENC116, ENC117)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.normalize.context import Context

RULES = (
    Rule(
        code="ENC112",
        name="control-character",
        summary="control character or terminal escape",
        rationale=(
            "Control characters other than tab and line ends carry no text. They go where nothing "
            "is joined by it: beside white space and at the ends of lines; terminal escapes go "
            "whole."
        ),
        examples=(
            Example("a \x1b[1mbold\x1b[0m claim\x07", "a bold claim"),
            Example("tabs\tstay", "tabs\tstay"),
        ),
    ),
    Rule(
        code="ENC116",
        name="overstrike",
        summary="character printed over itself or underlined",
        rationale=(
            "Manual pages made for printers strike a character twice to make it bold, and over an "
            "underscore to underline it. The character stands for itself once."
        ),
        examples=(
            Example("N\x08NA\x08AM\x08ME\x08E of the _\x08f_\x08i_\x08l_\x08e", "NAME of the file"),
            Example("fat\x08\x08\x08stout", "fat\x08\x08\x08stout"),
        ),
    ),
    Rule(
        code="ENC117",
        name="control-inside-text",
        summary="control character that may stand for something",
        rationale=(
            "Between two characters a control may be a ligature that a PDF's font has in its "
            "place, a border between two fields, or a letter of another encoding. Dropped, it "
            "would take the letter with it or join the fields, so it stays."
        ),
        examples=(
            Example("the coe\x0ecient", "the coe\x0ecient", "U+000E"),
            Example("35=D\x0149=HARBOUR", "35=D\x0149=HARBOUR", "U+0001"),
            Example("the coefficient", "the coefficient"),
        ),
        notes=True,
    ),
)

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]+")
_C1 = re.compile(r"[\x80-\x84\x86-\x9f]")
# Commands to a terminal: sequences, and strings that a bell or a string terminator ends.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]{0,64}[ -/]{0,4}[@-~]|\x9b[0-9;]{1,64}[A-Za-z]"
    r"|\x1b[\]PX^_][^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[()*+][0-9A-Za-z<>=]|\x1b#[0-9]|\x1b[=>78cDEHMNOZ](?![a-z])"
)
# What begins other scripts written in seven bits (ISO-2022).
_SHIFT = "\x1b$"
_OVERSTRUCK = re.compile(
    r"(?:_\x08)?([^\s\x08])(?:\x08\1)+|_\x08([^\s\x08])|([^\s\x08_])\x08_"
    r"|([\u1100-\uffdc])\x08\x08\4"
)
_MOST_NAMED = 6


def join_overstrike(text: str, context: Context) -> StepResult:
    r"""Write characters once that were struck twice, or over an underscore.

    >>> join_overstrike("b\x08bo\x08ol\x08ld", Context()).text
    'bold'
    """
    if "\x08" not in text or not context.rules.acts("ENC116"):
        return unchanged(text)
    return edited(
        text,
        [
            Edit(m.start(), m.end(), m[0], m[1] or m[2] or m[3] or m[4], "ENC116")
            for m in _OVERSTRUCK.finditer(text)
        ],
    )


def remove_controls(text: str, context: Context) -> StepResult:
    """Remove terminal escapes, and controls that part nothing; tabs and line ends stay."""
    acts = context.rules.acts
    if not _CONTROL.search(text) or not (acts("ENC112") or acts("ENC117")):
        return unchanged(text)
    kept = list(_shifted_lines(text))
    escapes = list(_outside(_ESCAPES.finditer(text), kept))
    if escapes and acts("ENC112"):
        return edited(
            text,
            [Edit(m.start(), m.end(), m[0], "", "ENC112", "terminal escape") for m in escapes],
        )
    kept = sorted([*kept, *(m.span() for m in escapes)])
    edits = []
    left = {text[at] for start, end in kept for at in range(start, end) if text[at] < "\t"}
    left |= {"\x1b"} & set(text)
    for m in _outside(_CONTROLS.finditer(text), kept):
        if not _parts_nothing(text, m.start(), m.end()):
            left.update(m[0])
        elif acts("ENC112"):
            edits.append(Edit(m.start(), m.end(), m[0], "", "ENC112", names(m[0])))
    if left and not edits and acts("ENC117"):
        return StepResult(text, (Edit(0, 0, "", "", "ENC117", _named(left)),))
    return edited(text, edits)


def holds_c1(text: str) -> bool:
    r"""Whether a text has controls from U+0080 on: bytes of an encoding that nobody knew.

    Other characters below U+0100 may then stand for letters as well.

    >>> holds_c1("caf\x8e"), holds_c1("café")
    (True, False)
    """
    return _C1.search(text) is not None


def _shifted_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of lines with other scripts in seven bits: nothing in them is a control."""
    at = text.find(_SHIFT)
    while at >= 0:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield text.rfind("\n", 0, at) + 1, end
        at = text.find(_SHIFT, end)


def _outside(
    found: Iterator[re.Match[str]], spans: list[tuple[int, int]]
) -> Iterator[re.Match[str]]:
    """Yield the matches that begin in none of the spans, which are in order."""
    at = 0
    for m in found:
        while at < len(spans) and spans[at][1] <= m.start():
            at += 1
        if at == len(spans) or m.start() < spans[at][0]:
            yield m


def _parts_nothing(text: str, start: int, end: int) -> bool:
    if _C1.search(text, start, end):
        return False
    before, behind = text[start - 1 : start], text[end : end + 1]
    return not before or not behind or before.isspace() or behind.isspace()


def _named(characters: set[str]) -> str:
    listed = sorted(characters)
    more = f" and {len(listed) - _MOST_NAMED} others" if len(listed) > _MOST_NAMED else ""
    return names("".join(listed[:_MOST_NAMED])) + more


def names(characters: str) -> str:
    r"""Return the code points of characters, as people write them.

    >>> names("\x07\u200b")
    'U+0007 U+200B'
    """
    return " ".join(f"U+{ord(c):04X}" for c in characters)
