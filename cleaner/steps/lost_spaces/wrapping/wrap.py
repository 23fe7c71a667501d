"""Wrap decode (GLU201): find the width at which a text was wrapped, and with it every lost space.

A line of width W whose end was deleted glues its last word to the first of the next line, and the
glued token is the first one whose end reaches column W of that line. So for a given W the place of
each break follows from the one before; only the split point inside the token is open. A width is
believed when the split tokens, all paragraphs together, are far likelier than the whole ones.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from cleaner.steps.lost_spaces.candidates.quotes import settle
from cleaner.steps.lost_spaces.wrapping.widths import MIN_SHARE, NEAR, WIDTHS, Chosen

# Suspicious tokens for each line of the widest wrap, in the lines near one.
_MIN_SHARE_NEAR = 0.2
_MIN_NEAR = 2
_MIN_RUN_ODDS = 15.0
_MAX_BREAK_ODDS = 8.0
_EDGES = ",.;:!?()[]'\"“”‘’«»…*"
_QUOTES = "\"'"
_MIN_RUN_BREAKS = 3
_MIN_ODDS_PER_BREAK = 2.5
# Fewer breaks than these may fit a width by chance.
_FEW_BREAKS = 8
_LIKELY_BREAK = 1.5
# Of the tokens at lost line ends, so large a share is likelier parted than whole.
_LIKELY_SHARE = 0.75
_FIRST = itemgetter(0)

# Where a line starts and ends in the text.
Line = tuple[int, int]

# Gives the widths of the lines of a stretch: from its first to the one after its last, with the
# suspicious tokens of all lines.
Choose = Callable[[int, int, Sequence[int]], Chosen]


class Breaks(NamedTuple):
    """Lost line ends in order: places in the text, log10 odds of the splits, widths."""

    places: list[int]
    odds: list[float]
    widths: list[int]


def find_breaks(
    text: str,
    starts: Sequence[int],
    suspicious: Sequence[int],
    choose: Choose,
    is_evidence: Callable[[str], bool],
) -> Breaks:
    """Return the lost line ends of a document whose lines start at `starts`.

    `suspicious[i]` is the number of tokens of line `i` that are likelier parted than whole; lines
    without any are looked at only beside lines that have a width. A token for which `is_evidence`
    is false (code, camel case) can speak against a width but not for it.
    """
    found = Breaks([], [], [])
    if sum(suspicious) < _MIN_NEAR:
        return found
    ends = [*(start - 1 for start in starts[1:]), len(text)]
    sizes = [end - start for start, end in zip(starts, ends, strict=True)]
    for first, after in _stretches(sizes, suspicious):
        chosen = choose(first, after, suspicious)
        begin = first
        for width, run in itertools.groupby(chosen.widths):
            end = begin + sum(1 for _ in run)
            mine = slice(chosen.first[begin - first], chosen.first[end - first])
            places, odds = chosen.places[mine], chosen.odds[mine]
            lines = list(zip(starts[begin:end], ends[begin:end], strict=True))
            if (
                width
                and _is_evident(text, lines, places, odds, is_evidence)
                and _is_no_chance(text, lines, odds, sum(suspicious[begin:end]))
            ):
                found.places.extend(_settled(text, lines, places))
                found.odds.extend(odds)
                found.widths.extend([width] * len(places))
            begin = end
    return found


def _stretches(sizes: Sequence[int], suspicious: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of lines that hold enough suspicious tokens to have been wrapped."""
    expected = [0, *itertools.accumulate(size // WIDTHS[-1] for size in sizes)]
    seen = [0, *itertools.accumulate(suspicious)]
    start = end = -1
    for index, count in enumerate(suspicious):
        if not count:
            continue
        low, high = max(0, index - NEAR), min(len(sizes), index + NEAR + 1)
        near = seen[high] - seen[low]
        mine = MIN_SHARE * (sizes[index] // WIDTHS[-1])
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


def _settled(text: str, lines: Sequence[Line], places: Sequence[int]) -> Iterator[int]:
    """Yield the places, on the right side of straight quotes."""
    for place in places:
        if text[place - 1] in _QUOTES or text[place] in _QUOTES:
            start, end = lines[bisect_right(lines, place, key=_FIRST) - 1]
            yield start + settle(text[start:end], place - start)
        else:
            yield place


def _is_evident(
    text: str,
    lines: Sequence[Line],
    places: Sequence[int],
    odds: Sequence[float],
    is_evidence: Callable[[str], bool],
) -> bool:
    """Whether the evidence of all breaks of a run of one width together is overwhelming."""
    # A token that stands there twice is evidence once.
    distinct = dict(zip(_tokens(text, lines, places), odds, strict=True))
    count = len(distinct)
    together = math.fsum(
        min(gain, _MAX_BREAK_ODDS if gain <= 0.0 or is_evidence(token) else 0.0)
        for token, gain in distinct.items()
    )
    return (
        count >= _MIN_RUN_BREAKS
        and together >= _MIN_RUN_ODDS
        and together >= _MIN_ODDS_PER_BREAK * count
    )


def _is_no_chance(text: str, lines: Sequence[Line], odds: Sequence[float], suspicious: int) -> bool:
    """Whether breaks so few fit their width otherwise than by chance.

    By chance, they would meet the tokens that are likelier parted no more often than these stand in
    the text; and one of many widths always fits best.
    """
    count = len(odds)
    if count >= _FEW_BREAKS:
        return True
    likely = sum(gain >= _LIKELY_BREAK for gain in odds)
    words = sum(text.count(" ", start, end) + 1 for start, end in lines)
    chance = min(max(likely, suspicious) / words, _LIKELY_SHARE)
    gain = likely * math.log(_LIKELY_SHARE / chance) if likely else 0.0
    loss = (count - likely) * math.log((1.0 - chance) / (1.0 - _LIKELY_SHARE))
    return gain - loss > math.log(len(WIDTHS))


def _tokens(text: str, lines: Sequence[Line], places: Sequence[int]) -> Iterator[str]:
    """Yield the letters and digits around each place, without what stands at the token's edges."""
    remaining = iter(lines)
    begin = end = -1
    for place in places:
        while place > end:
            begin, end = next(remaining)
        start = text.rfind(" ", begin, place) + 1 or begin
        after = text.find(" ", place, end)
        yield text[start : after if after >= 0 else end].strip(_EDGES)
