"""The canonical form of paragraphs: margins, runs of spaces, blank lines, the final line end."""

from __future__ import annotations

import re

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.normalize.context import Context

RULES = (
    Rule(
        code="FMT504",
        name="blank-lines",
        summary="blank lines beyond the one between paragraphs",
        rationale="One blank line parts paragraphs; more, or any at the ends, say nothing.",
        examples=(
            Example("The tide.\n\n\n\nThe boats.\n", "The tide.\n\nThe boats.\n"),
            Example("The tide.\n\nThe boats.\n", "The tide.\n\nThe boats.\n"),
        ),
    ),
    Rule(
        code="FMT506",
        name="final-line-end",
        summary="no line end after the last line",
        rationale="A text file ends with a line end, so that files can be joined.",
        examples=(Example("The tide.", "The tide.\n"), Example("The tide.\n", "The tide.\n")),
    ),
    Rule(
        code="FMT507",
        name="margin",
        summary="white space before every line of a paragraph",
        rationale=(
            "A margin says how text was laid out, not what it says. The indents of lines against "
            "each other stay."
        ),
        examples=(
            Example("  The tide came in.\n", "The tide came in.\n"),
            Example("  def f():\n    return 1\n\nText.\n", "def f():\n  return 1\n\nText.\n"),
            Example("Nets:\n  two\n  ten\n\nText.\n", "Nets:\n  two\n  ten\n\nText.\n"),
        ),
    ),
    Rule(
        code="FMT508",
        name="space-run",
        summary="more than one space between words",
        rationale=(
            "Runs of spaces in prose are leftovers. Blocks of aligned or indented lines (tables, "
            "code) keep theirs."
        ),
        examples=(
            Example("The  tide \tcame in.\n", "The tide came in.\n"),
            Example("nets    12\nfloats   3\n\nText.\n", "nets    12\nfloats   3\n\nText.\n"),
        ),
    ),
)

_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_LEADING_BLANKS = re.compile(r"\A\n+")
_BLANKS = re.compile(r"\n{3,}")
_BLANK = " \t\u3000"
_SIGNS = ("  ", "\t", "\n ", "\n\u3000")
_RUN = re.compile(r"(?<=\S)(?:[ \t]{2,}|\t)(?=\S)")


def canonicalize_paragraphs(text: str, context: Context) -> StepResult:
    """Strip margins and collapse runs of spaces, a block of lines at a time."""
    if not any(sign in text for sign in _SIGNS) and not text.startswith(tuple(_BLANK)):
        return unchanged(text)
    margins = context.rules.acts("FMT507")
    runs = context.rules.acts("FMT508")
    edits: list[Edit] = []
    for block in _BLOCK.finditer(text):
        body = block[0]
        if margins and body[0] in _BLANK:
            edits.extend(_margin_edits(block.start(), body))
        if runs and not _is_aligned(body):
            edits.extend(
                Edit(block.start() + r.start(), block.start() + r.end(), r[0], " ", "FMT508")
                for r in _RUN.finditer(body)
            )
    edits.sort()
    return edited(text, edits)


def canonicalize_blank_lines(text: str, context: Context) -> StepResult:
    """Leave one blank line between paragraphs, none at the ends, and one final line end."""
    edits = []
    body = len(text.rstrip("\n"))
    if context.rules.acts("FMT504"):
        if found := _LEADING_BLANKS.match(text):
            edits.append(Edit(0, found.end(), found[0], "", "FMT504"))
        if body:
            edits.extend(
                Edit(found.start() + 2, found.end(), found[0][2:], "", "FMT504")
                for found in _BLANKS.finditer(text, found.end() if found else 0, body)
            )
            if len(text) > body + 1:
                edits.append(Edit(body + 1, len(text), text[body + 1 :], "", "FMT504"))
    if body and body == len(text) and context.rules.acts("FMT506"):
        edits.append(Edit(body, body, "", "\n", "FMT506"))
    return edited(text, edits)


def _margin_edits(at: int, body: str) -> list[Edit]:
    """Return the removal of the white space that all lines of a block begin with."""
    lines = body.split("\n")
    margin = _common_indent(lines)
    edits = []
    for line in lines:
        if margin:
            edits.append(Edit(at, at + len(margin), margin, "", "FMT507"))
        at += len(line) + 1
    return edits


def _common_indent(lines: list[str]) -> str:
    indents = [line[: len(line) - len(line.lstrip(_BLANK))] for line in lines]
    common = min(indents, key=len)
    while not all(indent.startswith(common) for indent in indents):
        common = common[:-1]
    return common


def _is_aligned(body: str) -> bool:
    """Whether a block of lines is laid out by its spaces: a table, code, a form."""
    return "\n" in body and (
        _RUN.search(body) is not None
        or len({line.startswith(tuple(_BLANK)) for line in body.split("\n")}) > 1
    )
