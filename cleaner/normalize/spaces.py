"""Line ends, kinds of spaces, trailing white space (FMT501-503)."""

from __future__ import annotations

import re
from collections.abc import Callable

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.normalize.context import Context

RULES = (
    Rule(
        code="FMT501",
        name="line-end",
        summary="line end other than LF",
        rationale="One line end lets every tool count the same lines.",
        examples=(
            Example("the tide\r\ncame in", "the tide\ncame in"),
            Example("page one\x0cpage two", "page one\npage two"),
            Example("the tide\ncame in", "the tide\ncame in"),
        ),
    ),
    Rule(
        code="FMT502",
        name="space-character",
        summary="space other than U+0020",
        rationale=(
            "No-break, thin and typographic spaces look like a space and split words only for "
            "tools that know them. The ideographic space stays."
        ),
        examples=(
            Example("10\u00a0km at\u2009dawn", "10 km at dawn"),
            Example("東京\u3000大阪", "東京\u3000大阪"),
        ),
    ),
    Rule(
        code="FMT503",
        name="trailing-space",
        summary="white space at the end of a line",
        rationale="It carries nothing and makes equal lines differ.",
        examples=(
            Example("the tide  \ncame in", "the tide\ncame in"),
            Example("the tide\n\ncame in", "the tide\n\ncame in"),
        ),
    ),
)

# One look for each sign is many times faster than the expression, and most texts have none.
_LINE_END_SIGNS = "\r\x0b\x0c\x85\u2028\u2029"
_TRAILING_SIGNS = (" \n", "\t\n", "\u3000\n")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]+")
_BLANKS = (" ", "\t", "\u3000")
_TRAILING = re.compile(r"(?<![ \t\u3000])[ \t\u3000]++(?=\n|\Z)")


def unify_line_ends(text: str, context: Context) -> StepResult:
    """Make every line end a line feed."""
    if not any(sign in text for sign in _LINE_END_SIGNS):
        return unchanged(text)
    return _replaced(text, context, "FMT501", _LINE_END, lambda found: "\n")


def unify_spaces(text: str, context: Context) -> StepResult:
    """Make typographic spaces plain ones, one for one."""
    if text.isascii():
        return unchanged(text)
    return _replaced(text, context, "FMT502", _SPACE, lambda found: " " * len(found))


def strip_line_ends(text: str, context: Context) -> StepResult:
    """Remove white space before line ends."""
    if not any(sign in text for sign in _TRAILING_SIGNS) and text[-1:] not in _BLANKS:
        return unchanged(text)
    return _replaced(text, context, "FMT503", _TRAILING, lambda found: "")


def _replaced(
    text: str, context: Context, code: str, pattern: re.Pattern[str], after: Callable[[str], str]
) -> StepResult:
    if not context.rules.acts(code):
        return unchanged(text)
    return edited(
        text,
        [
            Edit(found.start(), found.end(), found[0], after(found[0]), code)
            for found in pattern.finditer(text)
        ],
    )
