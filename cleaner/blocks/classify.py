"""Tells what each block of a text is, and which of its line ends are accidents."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from cleaner.blocks.code import is_code, is_markup
from cleaner.blocks.kinds import Block, Kind
from cleaner.blocks.lines import (
    Line,
    ends_phrase,
    ends_sentence,
    read_line,
    starts_low,
    with_letters,
)
from cleaner.blocks.records import (
    is_bibliography,
    is_comment,
    is_dialogue,
    is_directive,
    is_form,
    is_list,
    is_log,
    is_quotation,
)
from cleaner.blocks.regions import Region, find_regions
from cleaner.blocks.scripts import has_unspaced, parts_phrases_only
from cleaner.blocks.segments import cut, inner_indent, items, paragraphs
from cleaner.blocks.tables import is_ruled, is_table
from cleaner.blocks.wrapping import ENOUGH, Candidate, weigh

# What is asked of the lines of a part, in this order; the first that says yes decides.
_RECOGNIZERS: tuple[tuple[Kind, Callable[[Sequence[Line]], bool]], ...] = (
    (Kind.MARKUP, is_quotation),
    (Kind.MARKUP, is_directive),
    (Kind.CODE, is_comment),
    (Kind.LOG, is_log),
    (Kind.BIBLIOGRAPHY, is_bibliography),
    (Kind.TABLE, is_table),
    (Kind.LIST, is_list),
    (Kind.MARKUP, is_markup),
    (Kind.CODE, is_code),
    (Kind.DIALOGUE, is_dialogue),
    (Kind.FORM, is_form),
)
# With more plain ends of paragraphs than this for each full line that ends a sentence, such lines
# are taken for ends of paragraphs as well.
_ENDS_PER_FULL = 3
# With more than this for each line end inside paragraphs, a text is not wrapped.
_ENDS_PER_BREAK = 4
# Kinds whose lines may be the wrapped lines of items.
_ITEMIZED = (Kind.LIST, Kind.DIALOGUE)

# Without any of these, and without a sign at the head of a line, only prose and verse are left.
_SPOILER = re.compile(r"[|\t={}<>\\_$#@;\d]|:(?:\s|\Z)|\S  |\w\(|\.{4}|…{2}|[A-Z]{2}")
_COMMAND = re.compile(r"(?:import|return|cd|make|sudo|npm|pip|echo|export|else|try|pass|break)\b")

# A long line that stands alone and looks like a sentence is prose without being looked at further.
_PLAIN = 60
_PLAIN_START = re.compile(
    r"[\"“”'‘«„¡¿(]{0,2}(?:[^\W\d_]{3,}|[^\W\d_]{1,2}[ ,'’-]+[^\W\d_])(?!\w*[:.)])"
)
_PLAIN_ENDS = tuple(".!?…\"”»’'")
_PLAIN_SPOILERS = ("  ", "\t", "|", "{", "=", ". . ", "....", "<", "://")
_LONGEST_HEADING = 80
# Where no sign ends sentences, as in Thai.
_LONGEST_UNMARKED_HEADING = 24
# Lines that are paragraphs, and not verses, are this wide on average.
_LINE = 50
_LONG_LINE = 90


class Survey(NamedTuple):
    """The blocks of a text, and the numbers of the lines that the next line goes on with."""

    blocks: list[Block]
    joins: list[int]


def find_blocks(text: str) -> list[Block]:
    r"""Return the blocks of `text`, in order; together they hold every line that is not blank.

    >>> [str(block.kind) for block in find_blocks("Nets\n\n- two\n- ten\n")]
    ['heading', 'list']
    """
    return survey(text).blocks


def kinds_of(text: str, spans: Sequence[tuple[int, int]]) -> list[Kind]:
    r"""Return the kind of the block in which each of `spans` of `text` begins.

    >>> [str(kind) for kind in kinds_of("Nets\n\n- two\n- ten\n", [(6, 11)])]
    ['list']
    """
    found = find_blocks(text)
    starts = [block.start for block in found]
    return [found[max(0, bisect_right(starts, start) - 1)].kind for start, _ in spans]


def survey(text: str) -> Survey:
    r"""Return the blocks of `text`, and which lines of them were wrapped.

    >>> survey("Nets\n\n- two\n- ten\n").joins
    []
    """
    reader = _Reader()
    rows = text.split("\n")
    spoilers = tuple(sign for sign in _PLAIN_SPOILERS if sign in text)
    at = 0
    for first, last, region in _stretches(len(rows), find_regions(text, rows)):
        number = first
        while number <= last:
            row = rows[number]
            if not row or row.isspace():
                at += len(row) + 1
                number += 1
                continue
            after = number + 1
            while after <= last and rows[after] and not rows[after].isspace():
                after += 1
            if region is not None:
                end = at + sum(map(len, rows[number:after])) + after - number - 1
                reader.blocks.append(Block(number, after - 1, at, end, region))
                at = end + 1
            elif after == number + 1 and _is_plain(row, spoilers):
                reader.blocks.append(Block(number, number, at, at + len(row), Kind.PROSE))
                at += len(row) + 1
            else:
                lines = []
                for row in rows[number:after]:
                    lines.append(read_line(row, at))
                    at += len(row) + 1
                reader.read_run(number, lines)
            number = after
    return reader.weighed()


class _Reader:
    """Gathers the blocks of a text, and what of them is to be weighed, by its place there."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.candidates: list[tuple[int, Candidate]] = []
        # How many line ends inside runs are plainly ends of paragraphs.
        self.ends = 0

    def read_run(self, number: int, lines: list[Line]) -> None:
        """Append the blocks of a run of lines, of which the first is line `number`."""
        if any(line.sign == "initial" for line in lines):
            lines = with_letters(lines)
        parts: Iterable[Sequence[Line]] = (lines,)
        if any(line.sign for line in lines):
            parts = (lines,) if is_ruled(lines) else cut(lines)
        for part in parts:
            kind = None if part is lines and _is_bare(lines) else _recognize(part)
            if kind is not None:
                if kind in _ITEMIZED:
                    for offset, item in items(part):
                        self.candidates.append((len(self.blocks), Candidate(number + offset, item)))
                self.blocks.append(_block(number, part, kind))
                number += len(part)
                continue
            inner = inner_indent(part)
            for paragraph in paragraphs(part, inner):
                self.ends += inner is None and paragraph[-1] is not part[-1]
                if len(paragraph) > 1 and _has_words(paragraph):
                    self.candidates.append((len(self.blocks), Candidate(number, paragraph)))
                    kind = Kind.PROSE
                elif len(paragraph) > 1:
                    kind = Kind.LIST
                else:
                    kind = _kind_of_line(paragraph[0])
                self.blocks.append(_block(number, paragraph, kind))
                number += len(paragraph)

    def weighed(self) -> Survey:
        """Return the survey when what may be wrapped has been weighed."""
        weigh([candidate for _, candidate in self.candidates])
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
                joined = list(one.joins(part_sentences=doubtful))
                joins.extend(one.first + i for i, yes in enumerate(joined) if yes)
                if kind is Kind.PROSE and not all(joined):
                    split[place] = list(_pieces(one, joined))
            elif kind is Kind.PROSE and _are_sentences(one):
                split[place] = list(_pieces(one, [False] * one.breaks))
            elif kind is Kind.PROSE and one.odds < 0:
                self.blocks[place] = self.blocks[place]._replace(kind=_kind_of_broken(one.lines))
        joins.sort()
        blocks = self.blocks
        if split:
            blocks = [part for i, block in enumerate(blocks) for part in split.get(i, (block,))]
        return Survey(blocks, joins)


def _stretches(count: int, regions: Sequence[Region]) -> Iterator[tuple[int, int, Kind | None]]:
    """Yield the lines in and between the regions: first and last line, and the kind if known."""
    first = 0
    for region in regions:
        yield first, region.first - 1, None
        yield region
        first = region.last + 1
    yield first, count - 1, None


def _is_plain(row: str, spoilers: Sequence[str]) -> bool:
    return (
        len(row) > _PLAIN
        and row.endswith(_PLAIN_ENDS)
        and _PLAIN_START.match(row) is not None
        and not any(sign in row for sign in spoilers)
    )


def _block(number: int, lines: Sequence[Line], kind: Kind) -> Block:
    return Block(number, number + len(lines) - 1, lines[0].start, lines[-1].end, kind)


def _is_bare(lines: Sequence[Line]) -> bool:
    """Whether several lines have nothing of what the recognizers look for."""
    return (
        len(lines) > 1
        and not any(line.sign for line in lines)
        and not any(_SPOILER.search(line.body) for line in lines)
        and not _COMMAND.match(lines[0].body)
        and " " in lines[0].body
    )


def _has_words(lines: Sequence[Line]) -> bool:
    """Whether most lines hold several words, or are of a script that does not part them."""
    few = sum(line.body.count(" ") < 2 and not has_unspaced(line.body) for line in lines[:-1])
    return 3 * few < len(lines)


def _recognize(lines: Sequence[Line]) -> Kind | None:
    if 1 < len(lines) <= 3 and lines[-1].sign == "drawn":
        return Kind.HEADING
    return next((kind for kind, fits in _RECOGNIZERS if fits(lines)), None)


def _kind_of_line(line: Line) -> Kind:
    """Return the kind of a line that no mark tells."""
    body = line.body
    if line.sign == "drawn":
        return Kind.MARKUP
    if body.startswith(("# ", "## ", "###", "= ", "== ")):
        return Kind.HEADING
    if line.width >= _LONGEST_UNMARKED_HEADING and parts_phrases_only(body[0]):
        return Kind.PROSE
    if line.width >= _LONGEST_HEADING or ends_sentence(body) or starts_low(body):
        return Kind.PROSE
    # What a longer line with a colon or comma at its end says goes on below.
    if body[-1] in ",;，、" or (body[-1] in ":：" and body.count(" ") > 1):
        return Kind.PROSE
    return Kind.HEADING


def _are_sentences(one: Candidate) -> bool:
    """Whether every line is a paragraph: it ends a sentence, and is longer than verses are."""
    if one.odds >= ENOUGH or any(one.low):
        return False
    mean = sum(one.widths) / len(one.widths)
    return mean >= _LONG_LINE or (mean >= _LINE and (one.unmarked or all(one.sentence)))


def _pieces(one: Candidate, joined: Sequence[bool]) -> Iterator[Block]:
    """Yield the paragraphs of a candidate in which some lines end one."""
    first = 0
    for i, yes in enumerate((*joined, False)):
        if not yes:
            lines = one.lines[first : i + 1]
            kind = Kind.PROSE if len(lines) > 1 else _kind_of_line(lines[0])
            yield _block(one.first + first, lines, kind)
            first = i + 1


def _kind_of_broken(lines: Sequence[Line]) -> Kind:
    """Return the kind of lines that end where something ends."""
    words = sum(len(line.body.split()) for line in lines)
    ended = sum(ends_phrase(line.body) for line in lines)
    if words <= 4 * len(lines) and 2 * ended < len(lines):
        return Kind.LIST
    return Kind.VERSE
