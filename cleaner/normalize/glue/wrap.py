"""Wrap decode (GLU201): find the width at which a text was wrapped, and with it every lost space.

A line of width W whose end was deleted glues its last word to the first of the next line, and the
glued token is the first one whose end reaches column W of that line. So for a given W the place of
each break follows from the one before; only the split point inside the token is open. A width is
believed when the split tokens, all paragraphs together, are far likelier than the whole ones.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from cleaner.normalize.glue.quotes import settle
from cleaner.normalize.glue.widths import MIN_SHARE, NEAR, WIDTHS, Chosen

# Suspicious tokens for each line of the widest wrap, in the lines near one.
_MIN_SHARE_NEAR = 0.2
_MIN_NEAR = 2
_MIN_RUN_ODDS = 15.0
_MAX_BREAK_ODDS = 8.0
_EDGES = ",.;:!?()[]'\"“”‘’«»…*"
_QUOTES = "\"'"
_MIN_RUN_BREAKS = 3
_MIN_ODDS_PER_BREAK = 2.5

# Gives the widths of the lines of a stretch: from its first to the one after its last, with the
# suspicious tokens of all lines.
Choose = Callable[[int, int, Sequence[int]], Sequence[Chosen]]


class Break(NamedTuple):
    """A lost line end: its place in the line, the log10 odds of the split, the width."""

    place: int
    odds: float
    width: int


def find_breaks(
    lines: Sequence[str],
    suspicious: Sequence[int],
    choose: Choose,
    is_evidence: Callable[[str], bool],
) -> dict[int, tuple[Break, ...]]:
    """Return the lost line ends of the lines of a document, by the number of the line.

    `suspicious[i]` is the number of tokens of line `i` that are likelier parted than whole; lines
    without any are looked at only beside lines that have a width. A token for which `is_evidence`
    is false (code, camel case) can speak against a width but not for it.
    """
    found: dict[int, tuple[Break, ...]] = {}
    if sum(suspicious) < _MIN_NEAR:
        return found
    for first, after in _stretches(lines, suspicious):
        for number, breaks in _accept(lines, first, choose(first, after, suspicious), is_evidence):
            if breaks:
                found[number] = tuple(_settled(lines[number], lost) for lost in breaks)
    return found


def _stretches(lines: Sequence[str], suspicious: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of lines that hold enough suspicious tokens to have been wrapped."""
    expected = [0, *itertools.accumulate(len(line) // WIDTHS[-1] for line in lines)]
    seen = [0, *itertools.accumulate(suspicious)]
    start = end = -1
    for index, count in enumerate(suspicious):
        if not count:
            continue
        low, high = max(0, index - NEAR), min(len(lines), index + NEAR + 1)
        near = seen[high] - seen[low]
        mine = MIN_SHARE * (len(lines[index]) // WIDTHS[-1])
        if (
            near < _MIN_NEAR
            or count < mine
            or near < _MIN_SHARE_NEAR * (expected[high] - expected[low])
        ):
            continue
        if low > end:
            if start >= 0:
                yield start, end
            start = low
        end = high
    if start >= 0:
        yield start, end


def _settled(line: str, lost: Break) -> Break:
    place = lost.place
    if line[place - 1] in _QUOTES or line[place] in _QUOTES:
        return lost._replace(place=settle(line, place))
    return lost


def _token_at(line: str, place: int) -> str:
    """Return the letters and digits around `place`, without what stands at the token's edges."""
    start = line.rfind(" ", 0, place) + 1
    end = line.find(" ", place)
    return line[start : end if end >= 0 else len(line)].strip(_EDGES)


def _accept(
    lines: Sequence[str],
    first: int,
    chosen: Sequence[Chosen],
    is_evidence: Callable[[str], bool],
) -> Iterator[tuple[int, tuple[Break, ...]]]:
    """Yield the lines of the runs of one width whose evidence together is overwhelming.

    `first` is the number of the line that is chosen for first.
    """
    numbered = enumerate(chosen, start=first)
    for width, run in itertools.groupby(numbered, key=lambda one: one[1].width):
        if not width:
            continue
        rows = {number: one.breaks for number, one in run if one.breaks is not None}
        # A token that stands there twice is evidence once.
        distinct = {
            _token_at(lines[number], place): gain
            for number, breaks in rows.items()
            for place, gain in breaks
        }
        count = len(distinct)
        odds = math.fsum(
            min(gain, _MAX_BREAK_ODDS if gain <= 0.0 or is_evidence(token) else 0.0)
            for token, gain in distinct.items()
        )
        if (
            count >= _MIN_RUN_BREAKS
            and odds >= _MIN_RUN_ODDS
            and odds >= _MIN_ODDS_PER_BREAK * count
        ):
            for number, breaks in rows.items():
                yield number, tuple(Break(place, gain, width) for place, gain in breaks)
