"""Control characters and terminal escapes (ENC112, ENC117)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.steps.characters.ligatures import Ligatures
from cleaner.steps.context import Context

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
_MOST_NAMED = 6


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
    controls = list(_outside(_CONTROLS.finditer(text), kept))
    stays = _stays(text, controls)
    edits = [
        Edit(m.start(), m.end(), m[0], "", "ENC112", names(m[0]))
        for m, stay in zip(controls, stays, strict=True)
        if not stay
    ]
    if edits and acts("ENC112"):
        return edited(text, edits)
    left = {c for m, stay in zip(controls, stays, strict=True) if stay for c in m[0]}
    if kept:
        left.add("\x1b")
    if left and acts("ENC117"):
        return StepResult(text, (Edit(0, 0, "", "", "ENC117", _named(left)),))
    return unchanged(text)


def _stays(text: str, controls: list[re.Match[str]]) -> list[bool]:
    """Return for each control whether it may stand for something."""
    stays = [not _parts_nothing(text, m) for m in controls]
    if any(stays):
        # Where controls stand inside words, those beside words may be letters as well.
        return [stay or _touches(text, m) for m, stay in zip(controls, stays, strict=True)]
    ligatures = Ligatures()
    return [ligatures.is_one(text, m) for m in controls]


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


def _parts_nothing(text: str, found: re.Match[str]) -> bool:
    if _C1.search(found[0]):
        return False
    before, behind = _beside(text, found)
    return not before or not behind or before.isspace() or behind.isspace()


def _touches(text: str, found: re.Match[str]) -> bool:
    return any(map(str.isalnum, _beside(text, found)))


def _beside(text: str, found: re.Match[str]) -> tuple[str, str]:
    return text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]


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
