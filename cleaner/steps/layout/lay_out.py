"""Paragraph borders: wrapped lines joined, lines that are paragraphs parted (FMT505, FMT510)."""

from __future__ import annotations

from itertools import accumulate

from cleaner.blocks import BLANKS, parts_latin, seam, survey
from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.steps.context import Context
from cleaner.steps.layout.borders import find_borders

RULES = (
    Rule(
        code="FMT505",
        name="paragraph-border",
        summary="paragraphs not parted by a blank line",
        rationale=(
            "Where line after line holds a paragraph of several sentences, and none is blank, "
            "each line end is a border of paragraphs; so is the end of a wrapped paragraph that "
            "shows: the next begins with an indent, or the last line was short. One border makes "
            "paragraphs the same thing everywhere. But where most are parted by blank lines, as "
            "in Markdown, a line end is none. Rows, verses, items, speeches and headings are no "
            "paragraphs, and two lines are too few to tell."
        ),
        examples=(
            Example(
                "The tide came in before six. The boats rose with it, and the ropes sang.\n"
                "Nobody had seen who cut the rope of the ferry. It was a new one, of hemp.\n"
                "In the morning she was gone, and the rope with her.\n",
                "The tide came in before six. The boats rose with it, and the ropes sang.\n\n"
                "Nobody had seen who cut the rope of the ferry. It was a new one, of hemp.\n\n"
                "In the morning she was gone, and the rope with her.\n",
            ),
            Example("The tide came in.\nThe boats rose.", "The tide came in.\nThe boats rose."),
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
            "Text wrapped for a screen, a mail or a page has line ends in mid-sentence. They are "
            "joined where the lines of a paragraph had no room for the next word, and where what "
            "stands at the line ends is what stands between words anywhere in the text. Verse, "
            "tables, code and other lines that end where something ends keep them; so do lines "
            "that all begin with capitals, in a text that has verses. Chinese, "
            "Japanese, Thai, Lao, Khmer and Burmese are joined without a space."
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

_APART = "  "
_SOFT = "\u00ad"
_HYPHENS = ("-", "\u2010", _SOFT)


def lay_out(text: str, context: Context) -> StepResult:
    """Join the lines of hard-wrapped paragraphs and part paragraphs by blank lines."""
    if not _has_adjacent_lines(text):
        return unchanged(text)
    found = survey(text)
    unwraps = context.settings.layout.unwrap and context.rules.acts("FMT510")
    rows = text.split("\n")
    # Two spaces are left before a line end only where they keep lines apart.
    joins = {line for line in found.joins if not rows[line].endswith(_APART)} if unwraps else set()
    borders = set(find_borders(text, found, joins)) if context.rules.acts("FMT505") else set()
    if not joins and not borders:
        return unchanged(text)
    latin = bool(joins) and not text.isascii() and parts_latin(text)
    ends = list(accumulate(len(row) + 1 for row in rows))
    edits: list[Edit] = []
    for number in sorted(joins | borders):
        end = ends[number] - 1
        if number in joins:
            row = rows[number].rstrip(BLANKS)
            content = rows[number + 1].lstrip(BLANKS)
            start = end - len(rows[number]) + len(row)
            stop = end + 1 + len(rows[number + 1]) - len(content)
            before, after = text[start:stop], _seam(row, content, latin=latin)
            if before != after:
                edits.append(Edit(start, stop, before, after, "FMT510"))
        elif not _splits_word(rows[number], rows[number + 1].lstrip()):
            edits.append(Edit(end, end + 1, "\n", "\n\n", "FMT505"))
    return edited(text, edits)


def _has_adjacent_lines(text: str) -> bool:
    """Whether lines stand below one another without a blank one; may say yes too often."""
    return text.strip("\n").count("\n") != 2 * text.strip("\n").count("\n\n")


def _splits_word(row: str, content: str) -> bool:
    """Whether a hyphen at the end of a line may split a word, which no paragraph border does."""
    if _SOFT in (row[-1:], content[:1]):
        return True
    splits = row[-1:] in _HYPHENS and row[-2:-1].isalnum()
    return splits and (content[:1].islower() or content[:1].isdigit())


def _seam(row: str, content: str, *, latin: bool) -> str:
    """Return what stands between a line and its continuation; hyphens are judged later."""
    if len(row) > 1 and row[-1] in _HYPHENS and row[-2].isalnum():
        return "\n"
    return seam(row[-1], content[0], parted=latin)
