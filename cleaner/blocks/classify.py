"""Tells what each block of a text is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from cleaner.blocks.code import is_code, is_markup
from cleaner.blocks.kinds import Block, Kind
from cleaner.blocks.lines import Line, ends_phrase, ends_sentence, read_line, starts_low
from cleaner.blocks.records import is_bibliography, is_dialogue, is_form, is_list, is_log
from cleaner.blocks.regions import find_regions
from cleaner.blocks.scripts import columns
from cleaner.blocks.segments import cut, paragraphs
from cleaner.blocks.tables import is_table
from cleaner.blocks.wrapping import ENOUGH, Candidate, Wrap, weigh

# What is asked of the lines of a part, in this order; the first that says yes decides.
_RECOGNIZERS: tuple[tuple[Kind, Callable[[Sequence[Line]], bool]], ...] = (
    (Kind.LOG, is_log),
    (Kind.BIBLIOGRAPHY, is_bibliography),
    (Kind.TABLE, is_table),
    (Kind.LIST, is_list),
    (Kind.MARKUP, is_markup),
    (Kind.CODE, is_code),
    (Kind.DIALOGUE, is_dialogue),
    (Kind.FORM, is_form),
)
# A line of one paragraph that nothing speaks against is prose without being looked at further.
_PLAIN = 60
_PLAIN_ENDS = tuple(".!?…\"”»’'")
_HEADING = 80
_PLAIN_SPOILERS = ("  ", "\t", "|", "{", "=", ". . ", "....")


class Part(NamedTuple):
    """A block before it is placed; `wrap` is set where its lines are one wrapped paragraph."""

    first: int
    lines: Sequence[Line]
    kind: Kind
    wrap: Wrap | None


def find_blocks(text: str) -> list[Block]:
    r"""Return the blocks of `text`, in order; together they hold every line that is not blank.

    >>> [str(block.kind) for block in find_blocks("Nets\n\n- two\n- ten\n")]
    ['heading', 'list']
    """
    return [
        Block(
            part.first,
            part.first + len(part.lines) - 1,
            part.lines[0].start,
            part.lines[-1].end,
            part.kind,
        )
        for part in find_parts(text)
    ]


def kinds_of(text: str, spans: Sequence[tuple[int, int]]) -> list[Kind]:
    r"""Return the kind of the block in which each of `spans` of `text` begins.

    >>> [str(kind) for kind in kinds_of("Nets\n\n- two\n- ten\n", [(6, 11)])]
    ['list']
    """
    found = find_blocks(text)
    starts = [block.start for block in found]
    return [found[max(0, bisect_right(starts, start) - 1)].kind for start, _ in spans]


def find_parts(text: str) -> list[Part]:
    """Return the blocks of `text` with their lines."""
    parts: list[Part] = []
    open_parts: list[tuple[int, Candidate]] = []
    for number, lines, kind in _runs(text):
        if kind is not None:
            parts.append(Part(number, lines, kind, None))
            continue
        for piece in cut(lines):
            if (known := _recognize(piece)) is not None:
                parts.append(Part(number, piece, known, None))
                number += len(piece)
                continue
            for paragraph in paragraphs(piece):
                if len(paragraph) > 1:
                    open_parts.append((len(parts), Candidate(paragraph)))
                parts.append(Part(number, paragraph, _kind_of_rest(paragraph), None))
                number += len(paragraph)
    if open_parts:
        weigh([candidate for _, candidate in open_parts])
        for place, candidate in open_parts:
            part = parts[place]
            if candidate.odds >= ENOUGH:
                parts[place] = part._replace(kind=Kind.PROSE, wrap=candidate.wrap)
            elif candidate.words_odds < 0:
                parts[place] = part._replace(kind=_kind_of_broken(part.lines))
    return parts


def _runs(text: str) -> Iterator[tuple[int, Sequence[Line], Kind | None]]:
    """Yield the runs of lines between blank ones: number of the first line, lines, known kind."""
    rows = text.split("\n")
    regions = iter(find_regions(text, rows))
    region = next(regions, None)
    run: list[Line] = []
    at = 0
    kind: Kind | None = None
    for number, row in enumerate(rows):
        if region is not None and number in (region.first, region.last + 1):
            if run:
                yield number - len(run), run, kind
                run = []
            if number > region.last:
                region = next(regions, None)
            kind = region.kind if region is not None and number >= region.first else None
        if row and not row.isspace():
            run.append(read_line(row, at))
        elif run:
            yield number - len(run), run, kind
            run = []
        at += len(row) + 1
    if run:
        yield len(rows) - len(run), run, kind


def _recognize(lines: Sequence[Line]) -> Kind | None:
    if len(lines) == 1 and _is_plain(lines[0]):
        return Kind.PROSE
    if len(lines) > 1 and _is_titled(lines):
        return Kind.HEADING
    return next((kind for kind, fits in _RECOGNIZERS if fits(lines)), None)


def _is_plain(line: Line) -> bool:
    body = line.body
    return (
        not line.sign
        and len(body) > _PLAIN
        and body.endswith(_PLAIN_ENDS)
        and not any(sign in body for sign in _PLAIN_SPOILERS)
    )


def _is_titled(lines: Sequence[Line]) -> bool:
    """Whether lines are a heading with a line drawn under it, or over and under it."""
    return len(lines) <= 3 and lines[-1].sign == "drawn" and lines[0].sign != "quote"


def _kind_of_rest(lines: Sequence[Line]) -> Kind:
    """Return the kind of lines that no mark tells, before they are weighed."""
    if len(lines) > 1:
        return Kind.PROSE
    body = lines[0].body
    if lines[0].sign == "drawn":
        return Kind.MARKUP
    if body.startswith(("#", "=")):
        return Kind.HEADING
    if columns(body) < _HEADING and not ends_sentence(body) and not starts_low(body):
        return Kind.HEADING
    return Kind.PROSE


def _kind_of_broken(lines: Sequence[Line]) -> Kind:
    """Return the kind of lines that end where something ends."""
    words = sum(len(line.body.split()) for line in lines)
    ended = sum(ends_phrase(line.body) for line in lines)
    if words <= 4 * len(lines) and 2 * ended < len(lines):
        return Kind.LIST
    return Kind.VERSE
