"""Where blank lines are missing between paragraphs (FMT505).

Blank lines cost no words, but they would take rows, verses, items and speeches apart. So a line end
is a border only between what is surely two paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from cleaner.blocks import BLANKS, Block, Kind, Survey, ends_sentence, starts_low

# A line of several sentences, or longer than this, is a paragraph for sure.
_SENTENCES = regex.compile(r"[.!?…][\"'”’»)]*\s+[\"'“‘«(¿¡]*[\p{Lu}\p{Lo}]|[。！？](?=.*[。！？])")
_LONG = 200
# So many of the lines must be such: one in four.
_RARELY = 4
# Paragraphs that stand one a line are this long on average, in code points.
_USUAL = 60
# Fewer lines tell no habit.
_FEWEST_LINES = 3
# A line is short if it could have taken the next word and still left this share of the width.
_SHORT = 0.85
# Headings, links, literals, front matter: where Markdown or reStructuredText is written, only blank
# lines part paragraphs.
_MARKUP = re.compile(
    r"^(?:#{1,6} \S|---\n[\w-]+:|(?:={4,}|-{4,}|~{4,})$)|\]\(\S|``\w|`_{1,2}\b", re.MULTILINE
)
# What may stand among the paragraphs of a text of one paragraph a line.
_AMONG = {Kind.PROSE, Kind.HEADING, Kind.DIALOGUE, Kind.LIST}


def find_borders(text: str, found: Survey, joins: set[int]) -> Iterator[int]:
    """Yield the lines behind which a blank line is missing; `joins` are those to be joined.

    Where blank lines part most paragraphs, a line end inside one is no border.
    """
    runs = list(_runs(found.blocks))
    parted = sum(run[-1].kind is not Kind.HEADING for run in runs[:-1])
    flush = len({text[block.start] in BLANKS for block in found.blocks}) == 1
    if len(runs) == 1 and flush and _are_paragraphs(text, runs[0]):
        yield from _borders_of_lines(text, runs[0])
        return
    if len(runs) > 1 and _MARKUP.search(text):
        return
    if not joins and _is_plain(text, found.blocks):
        for run in runs:
            for before, after in pairwise(run):
                if _is_line(before, _LONG) and _is_line(after) and _parts(text, before, after):
                    yield before.last
        return
    lines: list[int] = []
    inner: list[int] = []
    for run in runs:
        if len(run) == 1:
            continue
        one_a_line = all(map(_is_line, run)) and _are_paragraphs(text, run)
        left = min(map(_depth, text[run[0].start : run[-1].end].split("\n")))
        for before, after in pairwise(run):
            if before.kind is Kind.PROSE is after.kind and _parts(text, before, after):
                if one_a_line:
                    lines.append(before.last)
                elif (before.last - 1 in joins or after.first in joins) and _is_evident(
                    text, before, after, left
                ):
                    inner.append(before.last)
    if len(lines) > parted:
        yield from lines
    # Among verses a wrapped paragraph is a speech, and stands as close to the next as they do.
    verses = sum(block.last - block.first for block in found.blocks if block.kind is Kind.VERSE)
    if len(inner) > parted and verses <= len(joins):
        yield from inner


def _is_plain(text: str, blocks: Sequence[Block]) -> bool:
    """Whether a text is lines of prose without indents, nearly each of them alone.

    What is laid out by indents may have been wrapped once, so that a line end in it says nothing.
    """
    prose = [block for block in blocks if block.kind is Kind.PROSE]
    alone = sum(after.first > before.last + 1 for before, after in pairwise(blocks))
    return (
        all(map(_is_line, prose))
        and not any(text[block.start] in BLANKS for block in blocks)
        and sum(_is_line(block, _LONG) for block in prose) >= _FEWEST_LINES
        and 3 * len(prose) >= 2 * len(blocks)
        and _RARELY * (len(blocks) - 1 - alone) < len(blocks)
    )


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
    """Yield the borders of a text without blank lines that has one paragraph a line."""
    for block in run:
        count = block.last - block.first + 1
        if (
            block.kind in (Kind.LIST, Kind.DIALOGUE)
            and block.end - block.start >= _USUAL * count
            and 2 * count < len(run)
        ):
            yield from range(block.first, block.last)
    for before, after in pairwise(run):
        goes_on = (
            before.kind is Kind.PROSE is after.kind
            and starts_low(text[after.start : after.end].strip())
            and not ends_sentence(text[before.start : before.end].strip())
        )
        if before.kind in _AMONG and after.kind in _AMONG and not goes_on:
            yield before.last


def _is_line(block: Block, least: int = 0) -> bool:
    """Whether a block is one line of prose, of some length."""
    return (
        block.kind is Kind.PROSE and block.first == block.last and block.end - block.start >= least
    )


def _are_paragraphs(text: str, run: Sequence[Block]) -> bool:
    """Whether most of adjacent lines are paragraphs: some hold several sentences."""
    prose = [block for block in run if _is_line(block)]
    if len(prose) < _FEWEST_LINES or 2 * len(prose) < run[-1].last - run[0].first + 1:
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


def _is_evident(text: str, before: Block, after: Block, left: int) -> bool:
    """Whether a paragraph shows its end: the next is indented, or its last line was short."""
    rows = text[before.start : before.end].split("\n")
    following = text[after.start : after.end].split("\n")
    if _depth(following[0]) > left:
        return True
    word = following[0].split(None, 1)[0]
    return len(rows[-1]) + 1 + len(word) <= _SHORT * max(map(len, rows + following))


def _depth(row: str) -> int:
    row = row.expandtabs(8)
    return len(row) - len(row.lstrip(BLANKS))
