"""Where paragraphs begin and end: the unit of deduplication and of canonical form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

# A block with a longer line than any wrap makes was written one paragraph a line (columns).
LONGEST_WRAPPED = 120


class Span(NamedTuple):
    """Where something stands in a text, in code points."""

    start: int
    end: int


def paragraph_spans(text: str) -> list[Span]:
    r"""Return the paragraphs of `text`, without their line ends.

    Blank lines part blocks. A block is a paragraph, unless its lines are: where it stands alone,
    or holds a line longer than `LONGEST_WRAPPED`.

    >>> paragraph_spans("a\nb\n\nc\n")
    [Span(start=0, end=3), Span(start=5, end=6)]
    >>> paragraph_spans("a\nb\n")
    [Span(start=0, end=1), Span(start=2, end=3)]
    """
    all_blocks = list(blocks(text))
    spans: list[Span] = []
    for block in all_blocks:
        if len(block) > 1 and lines_are_paragraphs(block, alone=len(all_blocks) == 1):
            spans.extend(block)
        else:
            spans.append(Span(block[0].start, block[-1].end))
    return spans


def lines_are_paragraphs(block: Sequence[Span], *, alone: bool) -> bool:
    """Whether each line of a block is a paragraph of its own."""
    return alone or any(line.end - line.start > LONGEST_WRAPPED for line in block)


def blocks(text: str) -> Iterator[list[Span]]:
    """Yield the lines of each run of lines that are not blank."""
    block: list[Span] = []
    at = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            block.append(Span(at, at + len(line)))
        elif block:
            yield block
            block = []
        at += len(line) + 1
    if block:
        yield block
