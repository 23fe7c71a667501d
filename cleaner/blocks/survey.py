"""Reads a text into blocks, and tells which of its line ends are accidents."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from cleaner.blocks.classify import SPOILER, kind_of_broken, kind_of_line
from cleaner.blocks.kinds import Block, Kind
from cleaner.blocks.recognizers.code import has_code
from cleaner.blocks.regions import Region, find_regions
from cleaner.blocks.runs import Run, read_run
from cleaner.blocks.weighing import ENOUGH, weigh
from cleaner.blocks.wrapping import Candidate
from cleaner.core.recent import Recent

# A line that stands alone and is plainly a sentence is prose without being looked at further.
_PLAIN = 30
# What a longer line holds behind so many characters makes no other thing of it.
_PLAIN_HEAD = 120
_PLAIN_START = re.compile(
    r"[\"“”'‘«„¡¿(]{0,2}(?:[^\W\d_]{3,}|[^\W\d_]{1,2}[ ,'’-]+[^\W\d_])(?!\w*[:.)])"
)
_PLAIN_ENDS = (*".!?…", *(end + quote for end in ".!?…," for quote in "\"”»’'"))

# Where one line in so many is code, what looks a little like code is no prose.
_MANY_CODE = 3
# With more plain ends of paragraphs than this for each line end inside one, a text is not wrapped.
_ENDS_PER_BREAK = 4
# With more than this for each full line that ends a sentence, such lines are taken for ends of
# paragraphs as well.
_ENDS_PER_FULL = 3
# Lines that are paragraphs, and not verses, are this wide on average; those that do not end as
# sentences do, this.
_LINE = 50
_LONG_LINE = 90


# So many characters of texts are kept as they were read.
_KEPT = 1 << 18
_KINDS = tuple(Kind)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}


class Survey(NamedTuple):
    """The blocks of a text, and the numbers of the lines that the next line goes on with."""

    blocks: tuple[Block, ...]
    joins: tuple[int, ...]

    def packed(self) -> list[int]:
        """Return the survey in numbers, without what the text itself tells."""
        numbers = [len(self.blocks)]
        for block in self.blocks:
            numbers += (block.first, block.last, _NUMBERS[block.kind])
        return [*numbers, *self.joins]

    @classmethod
    def unpacked(cls, text: str, numbers: Sequence[int]) -> Survey:
        r"""Return the survey of `text` that gave `numbers`.

        >>> found = survey("Nets\n\n- two\n- ten\n")
        >>> Survey.unpacked("Nets\n\n- two\n- ten\n", found.packed()) == found
        True
        """
        sizes = [len(row) for row in text.split("\n")]
        starts = list(accumulate((size + 1 for size in sizes), initial=0))
        end = 1 + 3 * numbers[0]
        blocks = tuple(
            Block(first, last, starts[first], starts[last] + sizes[last], _KINDS[kind])
            for first, last, kind in zip(
                numbers[1:end:3], numbers[2:end:3], numbers[3:end:3], strict=True
            )
        )
        return cls(blocks, tuple(numbers[end:]))


def find_blocks(text: str) -> list[Block]:
    r"""Return the blocks of `text`, in order; together they hold every line that is not blank.

    >>> [str(block.kind) for block in find_blocks("Nets\n\n- two\n- ten\n")]
    ['heading', 'list']
    """
    return list(survey(text).blocks)


def kinds_of(text: str, spans: Sequence[tuple[int, int]]) -> list[Kind]:
    r"""Return the kind of the block in which each of `spans` of `text` begins.

    >>> [str(kind) for kind in kinds_of("Nets\n\n- two\n- ten\n", [(6, 11)])]
    ['list']
    """
    found = survey(text).blocks
    starts = [block.start for block in found]
    return [found[max(0, bisect_right(starts, start) - 1)].kind for start, _ in spans]


def survey(text: str) -> Survey:
    r"""Return the blocks of `text`, and which lines of them were wrapped.

    Several steps ask this of the same text, one after the other, so the latest answers are kept.

    >>> survey("Nets\n\n- two\n- ten\n").joins
    ()
    """
    return _kept(text)


def pack_survey(text: str) -> list[int]:
    """Return the packed survey of `text` if it is still known, else nothing."""
    found = _kept.known(text)
    return [] if found is None else found.packed()


def give_survey(text: str, numbers: Sequence[int]) -> None:
    """Hand over the packed survey of a text, which need not be read again if it is asked about."""
    _given.text, _given.numbers = text, numbers


class _Given:
    """The packed survey that was handed over last, and its text."""

    text = ""
    numbers: Sequence[int] = ()


def _survey(text: str) -> Survey:
    if _given.numbers and _given.text == text:
        return Survey.unpacked(text, _given.numbers)
    rows = text.split("\n")
    reader = _Reader(rows)
    for first, last, region in _stretches(len(rows), find_regions(text, rows)):
        number = first
        while number <= last:
            row = rows[number]
            if not row or row.isspace():
                number += 1
                continue
            after = number + 1
            while after <= last and rows[after] and not rows[after].isspace():
                after += 1
            if region is not None:
                reader.append(number, after - 1, region)
            elif after == number + 1 and _is_plain(row):
                reader.append(number, number, Kind.PROSE)
            else:
                reader.append_run(read_run("\n".join(rows[number:after])), number)
            number = after
    return reader.weighed()


class _Reader:
    """Gathers the blocks of a text, and what of them is to be weighed, by its place there."""

    def __init__(self, rows: Sequence[str]) -> None:
        self._sizes = list(map(len, rows))
        self._starts = array("q", accumulate((size + 1 for size in self._sizes), initial=0))
        self.blocks: list[Block] = []
        self.candidates: list[tuple[int, Candidate]] = []
        # How many line ends inside runs are plainly ends of paragraphs.
        self.ends = 0

    def append(self, first: int, last: int, kind: Kind) -> None:
        """Append a block of the lines from `first` to `last`."""
        self.blocks.append(self._block(first, last, kind))

    def append_run(self, run: Run, number: int) -> None:
        """Append the blocks of a run, whose first line is line `number`."""
        places = len(self.blocks)
        self.ends += run.ends
        self.candidates.extend(
            (places + place, one.placed(number)) for place, one in run.candidates
        )
        for first, last, kind in run.parts:
            self.append(number + first, number + last, kind)

    def _block(self, first: int, last: int, kind: Kind) -> Block:
        return Block(first, last, self._starts[first], self._starts[last] + self._sizes[last], kind)

    def weighed(self) -> Survey:
        """Return the survey when what may be wrapped has been weighed."""
        if _MANY_CODE * sum(_size(b) for b in self.blocks if b.kind is Kind.CODE) > sum(
            map(_size, self.blocks)
        ):
            self.candidates = [pair for pair in self.candidates if not has_code(pair[1].lines)]
        verses = weigh([candidate for _, candidate in self.candidates])
        wrapped = [one for _, one in self.candidates if one.odds >= ENOUGH]
        if self.ends > _ENDS_PER_BREAK * sum(one.breaks for _, one in self.candidates):
            # Lines that go on are exceptions, where nearly each is a paragraph.
            wrapped = []
        # The last line of a paragraph is full as often as any word is too long, so the more
        # paragraphs end in sight, the more of the full lines that end a sentence end one too.
        doubtful = self.ends > _ENDS_PER_FULL * sum(one.count_full_ends() for one in wrapped)
        joins: list[int] = []
        split: dict[int, list[Block]] = {}
        for place, one in self.candidates:
            kind = self.blocks[place].kind
            if one.odds >= ENOUGH and wrapped:
                joined = list(one.joins(part_sentences=doubtful, part_phrases=verses))
                joins.extend(one.first + i for i, yes in enumerate(joined) if yes)
                if kind is Kind.PROSE and not all(joined):
                    split[place] = list(self._pieces(one, joined))
            elif kind is Kind.PROSE and _are_sentences(one):
                split[place] = list(self._pieces(one, [False] * one.breaks))
            elif kind is Kind.PROSE and one.odds < 0:
                self.blocks[place] = self.blocks[place]._replace(kind=kind_of_broken(one.lines))
        joins.sort()
        blocks = self.blocks
        if split:
            blocks = [part for i, block in enumerate(blocks) for part in split.get(i, (block,))]
        return Survey(tuple(blocks), tuple(joins))

    def _pieces(self, one: Candidate, joined: Sequence[bool]) -> Iterator[Block]:
        """Yield the paragraphs of a candidate in which some lines end one."""
        first = 0
        for i, yes in enumerate((*joined, False)):
            if not yes:
                kind = Kind.PROSE if i > first else kind_of_line(one.lines[i])
                yield self._block(one.first + first, one.first + i, kind)
                first = i + 1


def _size(block: Block) -> int:
    return block.last - block.first + 1


def _stretches(count: int, regions: Sequence[Region]) -> Iterator[tuple[int, int, Kind | None]]:
    """Yield the lines in and between the regions: first and last line, and the kind if known."""
    first = 0
    for region in regions:
        yield first, region.first - 1, None
        yield region
        first = region.last + 1
    yield first, count - 1, None


def _is_plain(row: str) -> bool:
    return (
        len(row) > _PLAIN
        and row.endswith(_PLAIN_ENDS)
        and _PLAIN_START.match(row) is not None
        and not SPOILER.search(row, 0, _PLAIN_HEAD)
        and "  " not in row
        and ".." not in row
    )


def _are_sentences(one: Candidate) -> bool:
    """Whether every line is a paragraph: it ends a sentence, and is longer than verses are."""
    if one.odds >= ENOUGH or any(one.low):
        return False
    mean = sum(one.widths) / len(one.widths)
    return mean >= _LONG_LINE or (mean >= _LINE and (one.unmarked or all(one.sentence)))


_given = _Given()
_kept = Recent(_survey, size=len, most=_KEPT)
