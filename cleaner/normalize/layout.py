"""Paragraph borders: wrapped lines joined, lines that are paragraphs parted (FMT505, FMT510)."""

from __future__ import annotations

from itertools import pairwise

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.paragraphs import Span, blocks, lines_are_paragraphs
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

_SOFT = "\u00ad"
_HYPHENS = ("-", "\u2010", _SOFT)

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


def lay_out(text: str, context: Context) -> StepResult:
    """Join the lines of hard-wrapped paragraphs and part paragraphs by blank lines."""
    if "\n" not in text.strip("\n"):
        return unchanged(text)
    joins = _joins(text, context)
    parts = context.rules.acts("FMT505")
    all_blocks = list(blocks(text))
    edits: list[Edit] = []
    for block in all_blocks:
        joined = any(line.start in joins for line in block)
        border = parts and (joined or lines_are_paragraphs(block, alone=len(all_blocks) == 1))
        for line, following in pairwise(block):
            if line.start in joins:
                edits.extend(_join(text, line, following))
            elif border and not _splits_word(text, line, following):
                edits.append(Edit(line.end, line.end + 1, "\n", "\n\n", "FMT505"))
    return edited(text, edits)


def _joins(text: str, context: Context) -> set[int]:
    """Return where the lines start that the next line continues."""
    if not context.settings.layout.unwrap or not context.rules.acts("FMT510"):
        return set()
    lines = text.split("\n")
    measures = [measure(line) for line in lines]
    wrap = find_wrap(lines, measures)
    if wrap is None:
        return set()
    joins: set[int] = set()
    at = 0
    inside = False
    for i in range(len(lines) - 1):
        inside = _continues(lines, measures, i, wrap, inside)
        if inside:
            joins.add(at)
        at += len(lines[i]) + 1
    return joins


def _continues(lines: list[str], measures: list[Line], i: int, wrap: Wrap, inside: bool) -> bool:
    """Whether line ``i + 1`` goes on with the paragraph of line `i`."""
    if not (measures[i].first_word and measures[i + 1].first_word):
        return False
    if not is_full(measures, i, wrap):
        return False
    if starts_item(lines[i + 1]) and not _dash_goes_on(lines[i], lines[i + 1]):
        return False
    deeper = measures[i + 1].indent - measures[i].indent
    if deeper and (inside or abs(deeper) > 8):
        return False
    return is_prose(lines[i])


def _dash_goes_on(line: str, following: str) -> bool:
    """Whether the dash that `following` begins with stands in the midst of a sentence."""
    if starts_item(line) or not following.lstrip().startswith(("— ", "– ")):
        return False
    return line.rstrip()[-1:].isalpha() or line.rstrip().endswith(",")


def _join(text: str, line: Span, following: Span) -> list[Edit]:
    """Return the edit that puts a line's continuation behind it."""
    content = following.end - len(text[following.start : following.end].lstrip(" \t\u3000"))
    before = text[line.end : content]
    after = _seam(text[line.start : line.end])
    return [] if after == before else [Edit(line.end, content, before, after, "FMT510")]


def _splits_word(text: str, line: Span, following: Span) -> bool:
    """Whether a hyphen at the end of a line may split a word, which no paragraph border does."""
    end, start = text[line.start : line.end][-2:], text[following.start : following.end].lstrip()
    if _SOFT in (end.strip(), start.strip()):
        return True
    return (
        end[:1].isalnum() and end[1:] in _HYPHENS and (start[:1].islower() or start[:1].isdigit())
    )


def _seam(line: str) -> str:
    """Return what stands between a line and its continuation; hyphens are judged later."""
    if len(line) > 1 and line[-1] in _HYPHENS and line[-2].isalnum():
        return "\n"
    return " "
