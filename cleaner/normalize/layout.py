"""Paragraph borders: wrapped lines joined, lines that are paragraphs parted (FMT505, FMT510)."""

from __future__ import annotations

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.normalize.context import Context
from cleaner.normalize.wrap import (
    Line,
    Wrap,
    find_wrap,
    is_full,
    is_prose,
    measure,
    starts_item,
)

RULES = (
    Rule(
        code="FMT505",
        name="paragraph-border",
        summary="paragraphs not parted by a blank line",
        rationale=(
            "Where a document has no blank lines, each line is a paragraph; so is each line of a "
            "block that holds a line too long to be wrapped. One border makes paragraphs the same "
            "thing everywhere."
        ),
        examples=(
            Example("The tide came in.\nThe boats rose.", "The tide came in.\n\nThe boats rose."),
            Example(
                "A list:\n- nets\n- floats\n\nThe end.", "A list:\n- nets\n- floats\n\nThe end."
            ),
        ),
    ),
    Rule(
        code="FMT510",
        name="hard-wrap",
        summary="line end inside a paragraph",
        rationale=(
            "Text wrapped for a screen or a mail has a line end in mid-sentence. It is joined "
            "where the document's lines pile up under one width and each could not have taken the "
            "next word."
        ),
        examples=(
            Example(
                "The ferry left at six with fourteen people\n"
                "aboard and came back at nine with none, which\n"
                "the harbour master wrote down in his book and\n"
                "did not speak of until somebody asked him.\n",
                "The ferry left at six with fourteen people aboard and came back at nine with "
                "none, which the harbour master wrote down in his book and did not speak of until "
                "somebody asked him.\n",
            ),
            Example(
                "Slow went the boat,\nand slow the tide,\nand slow the hours.\n\nAnon.",
                "Slow went the boat,\nand slow the tide,\nand slow the hours.\n\nAnon.",
            ),
        ),
    ),
)

# A block with a longer line than any wrap makes was written one paragraph a line.
_LONGEST_WRAPPED = 120


def lay_out(text: str, context: Context) -> StepResult:
    """Join the lines of hard-wrapped paragraphs and part paragraphs by blank lines."""
    if "\n" not in text.rstrip("\n"):
        return unchanged(text)
    lines = text.split("\n")
    joins = _joins(lines, context)
    parts = context.rules.acts("FMT505")
    has_blank_lines = _has_blank_lines(lines)
    edits: list[Edit] = []
    at = 0
    start = 0
    # A block ends at a blank line; text.split always leaves a last line, blank or not.
    for end in range(len(lines) + 1):
        if end < len(lines) and lines[end]:
            continue
        if end - start > 1:
            edits.extend(
                _block_edits(lines, start, end, at, joins, parts, has_blank_lines, context)
            )
        at += sum(len(line) + 1 for line in lines[start : end + 1])
        start = end + 1
    return edited(text, edits)


def _has_blank_lines(lines: list[str]) -> bool:
    """Whether a blank line stands between two that are not."""
    filled = [i for i, line in enumerate(lines) if line]
    return bool(filled) and filled[-1] - filled[0] + 1 != len(filled)


def _joins(lines: list[str], context: Context) -> set[int]:
    """Return the indexes of lines that the next line continues."""
    if not context.settings.layout.unwrap or not context.rules.acts("FMT510"):
        return set()
    measures = [measure(line) for line in lines]
    wrap = find_wrap(lines, measures)
    if wrap is None:
        return set()
    joins: set[int] = set()
    for i in range(len(lines) - 1):
        if lines[i] and lines[i + 1] and _continues(lines, measures, i, wrap, i - 1 in joins):
            joins.add(i)
    return joins


def _continues(lines: list[str], measures: list[Line], i: int, wrap: Wrap, inside: bool) -> bool:
    """Whether line ``i + 1`` goes on with the paragraph of line `i`."""
    if not is_full(measures, i, wrap) or starts_item(lines[i + 1]):
        return False
    deeper = measures[i + 1].indent - measures[i].indent
    if deeper and (inside or abs(deeper) > 8):
        return False
    return is_prose(lines[i])


def _block_edits(
    lines: list[str],
    start: int,
    end: int,
    at: int,
    joins: set[int],
    parts: bool,
    has_blank_lines: bool,
    context: Context,
) -> list[Edit]:
    """Return the edits at the line ends of the block ``lines[start:end]``, which begins at `at`."""
    joined = any(i in joins for i in range(start, end - 1))
    long = any(len(lines[i]) > _LONGEST_WRAPPED for i in range(start, end))
    parts = parts and (joined or long or not has_blank_lines)
    edits = []
    for i in range(start, end - 1):
        at += len(lines[i])
        if i in joins:
            indent = len(lines[i + 1]) - len(lines[i + 1].lstrip(" \t\u3000"))
            before = "\n" + lines[i + 1][:indent]
            after = _seam(lines[i], context)
            if after != before:
                edits.append(Edit(at, at + len(before), before, after, "FMT510"))
        elif parts:
            edits.append(Edit(at, at + 1, "\n", "\n\n", "FMT505"))
        at += 1
    return edits


def _seam(line: str, context: Context) -> str:
    """Return what stands between a line and its continuation; hyphens are judged later."""
    if len(line) > 1 and line[-1] in "-\u2010\u00ad" and line[-2].isalpha():
        return "\n" if context.rules.acts("HYP210") else ""
    return " "
