"""Characters that no reader sees: zero-width and directional marks (ENC113, ENC114)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.steps.characters.controls import names
from cleaner.steps.context import Context

RULES = (
    Rule(
        code="ENC113",
        name="invisible-character",
        summary="zero-width character",
        rationale=(
            "Zero-width spaces, joiners and stray byte-order marks split words for every tool "
            "that counts them. Joiners stay beside scripts and emoji that need them, zero-width "
            "spaces beside scripts written without spaces, the vowel separator in Mongolian; "
            "invisible operators of formulas and marks of ruby text are content."
        ),
        examples=(
            Example("in\u200bvisible\ufeff", "invisible"),
            Example("می\u200cخواهم", "می\u200cخواهم"),
            Example("👩\u200d🚀", "👩\u200d🚀"),
            Example("f\u2061(x)", "f\u2061(x)"),
        ),
    ),
    Rule(
        code="ENC114",
        name="directional-mark",
        summary="directional mark where nothing runs right to left",
        rationale=(
            "Directional marks order mixed text on a screen. In a line without right-to-left "
            "letters they do nothing but differ."
        ),
        examples=(
            Example("\u202aplain\u202c text\u200e", "plain text"),
            Example("שלום\u200e (1)", "שלום\u200e (1)"),
        ),
    ),
)

# Scripts written without spaces mark word borders with U+200B; Latin text has no use for U+200C/D.
_SPACELESS = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\u3040-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua980-\ua9df\uaa60-\uaadf"
)
_MONGOLIAN = "\u1800-\u18af"
_INVISIBLE = re.compile(
    "[\u2060\u206a-\u206f\ufeff]"
    f"|(?<![{_SPACELESS}])\u200b(?![{_SPACELESS}])"
    "|(?<![^\x00-\u024f])[\u200c\u200d](?![^\x00-\u024f])"
    f"|(?<![{_MONGOLIAN}])\u180e(?![{_MONGOLIAN}])"
)
_ZERO_WIDTH = re.compile("[\u180e\u200b-\u200d\u2060\u206a-\u206f\ufeff]")
_DIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def remove_invisible(text: str, context: Context) -> StepResult:
    """Remove zero-width characters that do nothing where they stand."""
    if text.isascii() or not _ZERO_WIDTH.search(text):
        return unchanged(text)
    return _removed(text, context, "ENC113", lambda: _INVISIBLE.finditer(text))


def remove_directional(text: str, context: Context) -> StepResult:
    """Remove directional marks from lines without right-to-left letters."""
    if text.isascii():
        return unchanged(text)
    return _removed(text, context, "ENC114", lambda: _directional(text))


def _directional(text: str) -> Iterator[re.Match[str]]:
    judged = -1
    has_rtl = False
    for found in _DIRECTIONAL.finditer(text):
        if found.start() >= judged:
            start = text.rfind("\n", 0, found.start()) + 1
            judged = text.find("\n", found.start())
            judged = len(text) if judged < 0 else judged
            has_rtl = _RIGHT_TO_LEFT.search(text, start, judged) is not None
        if not has_rtl:
            yield found


def _removed(
    text: str, context: Context, code: str, find: Callable[[], Iterator[re.Match[str]]]
) -> StepResult:
    if not context.rules.acts(code):
        return unchanged(text)
    return edited(
        text,
        [Edit(found.start(), found.end(), found[0], "", code, names(found[0])) for found in find()],
    )
