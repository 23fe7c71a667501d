"""Where blank lines are missing between paragraphs (FMT505).

Blank lines cost no words, but they would take rows, verses, items and speeches apart. So a line end
is a border only between what is surely two paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from cleaner.blocks import Block, Kind, Survey, ends_sentence, starts_low

# A line of several sentences, or longer than this, is a paragraph for sure.
_SENTENCES = regex.compile(r"[.!?…][\"'”’»)]*\s+[\"'“‘«(¿¡]*[\p{Lu}\p{Lo}]|[。！？](?=.*[。！？])")
_LONG = 200
# So many of the lines must be such: one in four.
_RARELY = 4
# Paragraphs that stand one a line are this long on average, in code points.
_USUAL = 60
# Fewer lines tell no habit, unless lone lines elsewhere in the text do.
_FEWEST_LINES = 3
_FEWEST_BESIDE_LONE = 2
# What may stand among the paragraphs of a text of one paragraph a line.
_AMONG = {Kind.PROSE, Kind.HEADING, Kind.DIALOGUE, Kind.LIST}


def find_borders(text: str, found: Survey, joins: set[int]) -> Iterator[int]:
    """Yield the lines behind which a blank line is missing; `joins` are those to be joined."""
    runs = list(_runs(found.blocks))
    if len(runs) == 1:
        yield from _borders_of_lines(text, runs[0])
    lone = sum(len(run) == 1 and _is_line(run[0], _LONG) for run in runs)
    fewest = _FEWEST_BESIDE_LONE if lone >= _FEWEST_LINES else _FEWEST_LINES
    inner: list[int] = []
    for run in runs:
        one_a_line = _are_paragraphs(text, run, fewest) and all(map(_is_line, run))
        for before, after in pairwise(run):
            if before.kind is Kind.PROSE is after.kind and _parts(text, before, after):
                if one_a_line:
                    yield before.last
                elif before.last - 1 in joins or after.first in joins:
                    inner.append(before.last)
    # Where blank lines part most paragraphs, a line end inside one is no border.
    if len(inner) > sum(any(block.first in joins for block in run) for run in runs) - 1:
        yield from inner


def _runs(blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """Yield the blocks between blank lines."""
    first = 0
    for i, (before, after) in enumerate(pairwise(blocks), 1):
        if after.first > before.last + 1:
            yield blocks[first:i]
            first = i
    if blocks:
        yield blocks[first:]


def _borders_of_lines(text: str, run: Sequence[Block]) -> Iterator[int]:
    """Yield the borders of a text without blank lines, if it has one paragraph a line."""
    if not _are_paragraphs(text, run, _FEWEST_LINES):
        return
    for block in run:
        count = block.last - block.first + 1
        if (
            block.kind in (Kind.LIST, Kind.DIALOGUE)
            and block.end - block.start >= _USUAL * count
            and 2 * count < len(run)
        ):
            yield from range(block.first, block.last)
    for before, after in pairwise(run):
        if before.kind in _AMONG and after.kind in _AMONG:
            yield before.last


def _is_line(block: Block, least: int = 0) -> bool:
    """Whether a block is one line of prose, of some length."""
    return (
        block.kind is Kind.PROSE and block.first == block.last and block.end - block.start >= least
    )


def _are_paragraphs(text: str, run: Sequence[Block], fewest: int) -> bool:
    """Whether most of adjacent lines are paragraphs: some hold several sentences."""
    prose = [block for block in run if _is_line(block)]
    if len(prose) < fewest or 2 * len(prose) < run[-1].last - run[0].first + 1:
        return False
    if sum(block.end - block.start for block in prose) < _USUAL * len(prose):
        return False
    sure = sum(
        _is_line(block, _LONG) or _SENTENCES.search(text, block.start, block.end) is not None
        for block in prose
    )
    return _RARELY * sure >= len(prose)


def _parts(text: str, before: Block, after: Block) -> bool:
    """Whether a sentence ends with one block and another begins with the next."""
    last = text[before.start : before.end].rsplit("\n", 1)[-1].strip()
    return ends_sentence(last) and not starts_low(text[after.start : after.end].strip())
