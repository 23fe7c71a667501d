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
from typing import Any, NamedTuple

import numpy as np

from cleaner.normalize.glue.quotes import settle

WIDTHS = range(40, 121)

# log10 odds; a state that falls this far behind the best of its line is dropped.
_BEAM_ODDS = 7.0
_BEAM_STATES = 5
# A width whose best path falls this low is given up.
_GIVE_UP = -10.0
# Widths seen among this many lines each side are tried on a line.
_NEAR = 12
# Suspicious tokens for each line of the widest wrap, in the line itself and in those near it.
_MIN_SHARE = 0.25
_MIN_SHARE_NEAR = 0.2
_MIN_NEAR = 2
_MIN_VOTE = 1.5
_MAX_WIDTHS_NEAR = 5
_MAX_SCANNED = 5
# A width leads that has so much more of the odds near it than the next.
_LEAD = 1.3
_CLEAR_BREAKS = 4
_CLEAR_ODDS = 6.0
_NO_PATH = -30.0
_SWITCH_WIDTH = -6.0
_LEAVE_WIDTH = -2.0
_MIN_RUN_ODDS = 15.0
_MAX_BREAK_ODDS = 8.0
_EDGES = ",.;:!?()[]'\"“”‘’«»…*"
_MIN_RUN_BREAKS = 3
_MIN_ODDS_PER_BREAK = 2.5

# A path through a line: the path before, the place of the last break and its odds.
Path = tuple[Any, int, float] | None
Splits = Callable[[str], Sequence[tuple[int, float]]]


class Break(NamedTuple):
    """A lost line end: its place in the line, the log10 odds of the split, the width."""

    place: int
    odds: float
    width: int


class Decoded(NamedTuple):
    """The best breaks of one paragraph for one width, and their log10 odds together."""

    odds: float
    breaks: tuple[tuple[int, float], ...]


def decode_paragraph(line: str, width: int, splits: Splits) -> Decoded | None:
    """Return the best path of breaks through `line` at `width`, or None where there is none.

    `splits` gives for a token its split points, each with the log10 odds of parted over whole. The
    path is found by dynamic programming over line starts, one line of the wrapped text at a time.
    """
    end = len(line)
    if end < width:
        return Decoded(0.0, ())
    best: tuple[float, Path] | None = None
    states: dict[int, tuple[float, Path]] = {0: (0.0, None)}
    while states:
        reached: dict[int, tuple[float, Path]] = {}
        top = -math.inf
        for start, (odds, path) in states.items():
            if end - start <= width:
                if best is None or odds > best[0]:
                    best = odds, path
                if end - start < width:
                    continue
            limit = start + width
            token_start = line.rfind(" ", start, limit) + 1 or start
            token_end = line.find(" ", limit)
            if token_end < 0:
                token_end = end
            for offset, gain in splits(line[token_start:token_end]):
                place = token_start + offset
                total = odds + gain
                if place > limit:
                    break
                if total < top - _BEAM_ODDS:
                    continue
                before = reached.get(place)
                if before is None or total > before[0]:
                    reached[place] = total, (path, place, gain)
                    top = max(top, total)
        if top < _GIVE_UP:
            break
        states = _prune(reached, top)
    if best is None or best[0] < _GIVE_UP:
        return None
    breaks: list[tuple[int, float]] = []
    path = best[1]
    while path is not None:
        path, place, gain = path
        breaks.append((place, gain))
    return Decoded(best[0], tuple(reversed(breaks)))


def _prune(states: dict[int, tuple[float, Path]], top: float) -> dict[int, tuple[float, Path]]:
    if len(states) <= 1:
        return states
    floor = top - _BEAM_ODDS
    near = [(-state[0], place) for place, state in states.items() if state[0] >= floor]
    if len(near) > _BEAM_STATES:
        near = sorted(near)[:_BEAM_STATES]
    return {place: states[place] for _, place in near}


def find_breaks(
    lines: Sequence[str],
    suspicious: Sequence[int],
    splits: Splits,
    is_evidence: Callable[[str], bool],
) -> list[tuple[Break, ...]]:
    """Return the lost line ends of each line of a document.

    `suspicious[i]` is the number of tokens of line `i` that are likelier parted than whole; lines
    without any are looked at only beside lines that have a width. A token for which `is_evidence`
    is false (code, camel case) can speak against a width but not for it.
    """
    found: list[tuple[Break, ...]] = [()] * len(lines)
    for first, after in _stretches(lines, suspicious):
        found[first:after] = _stretch_breaks(
            lines[first:after], suspicious[first:after], splits, is_evidence
        )
    return found


def _stretches(lines: Sequence[str], suspicious: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of lines that hold enough suspicious tokens to have been wrapped."""
    expected = [0, *itertools.accumulate(len(line) // WIDTHS[-1] for line in lines)]
    seen = [0, *itertools.accumulate(suspicious)]
    start = end = -1
    for index, count in enumerate(suspicious):
        if not count:
            continue
        low, high = max(0, index - _NEAR), min(len(lines), index + _NEAR + 1)
        near = seen[high] - seen[low]
        mine = _MIN_SHARE * (len(lines[index]) // WIDTHS[-1])
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


def _stretch_breaks(
    lines: Sequence[str],
    suspicious: Sequence[int],
    splits: Splits,
    is_evidence: Callable[[str], bool],
) -> list[tuple[Break, ...]]:
    table: list[dict[int, Decoded]] = [{} for _ in lines]
    active: list[int] = []
    for first in range(0, len(lines), _NEAR):
        block = range(first, min(first + _NEAR, len(lines)))
        # The lines with most suspicious tokens tell the width best; a few of them are enough.
        telling = sorted(
            (index for index in block if _is_telling(lines[index], suspicious[index])),
            key=lambda index: (-suspicious[index], index),
        )
        for index in telling[:_MAX_SCANNED]:
            active = _scan(lines[index], table[index], active, splits)
    _fill(lines, table, splits)
    chosen = _accept(lines, _choose(lines, table), table, is_evidence)
    return [_settle_quotes(line, found) for line, found in zip(lines, chosen, strict=True)]


def _is_telling(line: str, suspicious: int) -> bool:
    return len(line) > WIDTHS[0] and suspicious >= max(1, _MIN_SHARE * (len(line) // WIDTHS[-1]))


def _scan(line: str, row: dict[int, Decoded], active: Sequence[int], splits: Splits) -> list[int]:
    """Decode `line` for `active` widths, or all if these do not convince; return the best."""
    for width in active:
        _try(line, width, splits, row)
    if not _convincing(row):
        for width in WIDTHS:
            if width not in row:
                _try(line, width, splits, row)
    return [width for _, width in _votes(row)[:2]]


def _votes(row: dict[int, Decoded]) -> list[tuple[float, int]]:
    """Return the widths that a line speaks for, best first, each with its odds below zero."""
    return sorted((-row[width].odds, width) for width in row if row[width].odds > _MIN_VOTE)


def _fill(lines: Sequence[str], table: Sequence[dict[int, Decoded]], splits: Splits) -> None:
    """Decode every line for the widths that the lines near it speak for most."""
    votes = [_votes(row) for row in table]
    for index in range(0, len(lines), _NEAR):
        total: dict[int, float] = {}
        for odds, width in itertools.chain(*votes[max(0, index - _NEAR) : index + 2 * _NEAR]):
            total[width] = total.get(width, 0.0) + odds
        common = sorted(total, key=lambda width: (total[width], width))[:_MAX_WIDTHS_NEAR]
        leads = len(common) > 1 and total[common[0]] < _LEAD * total[common[1]]
        for line, row in zip(
            lines[index : index + _NEAR], table[index : index + _NEAR], strict=True
        ):
            for width in common:
                if width not in row and len(line) >= width:
                    _try(line, width, splits, row)
                if leads and _is_clear(row.get(width)):
                    break


def _is_clear(decoded: Decoded | None) -> bool:
    """Whether a line speaks so clearly for a width that no other need be tried."""
    return (
        decoded is not None
        and len(decoded.breaks) >= _CLEAR_BREAKS
        and decoded.odds > _CLEAR_ODDS * len(decoded.breaks)
    )


def _settle_quotes(line: str, found: tuple[Break, ...]) -> tuple[Break, ...]:
    return tuple(lost._replace(place=settle(line, lost.place)) for lost in found)


def _try(line: str, width: int, splits: Splits, row: dict[int, Decoded]) -> None:
    decoded = decode_paragraph(line, width, splits)
    if decoded is not None:
        row[width] = decoded


def _convincing(row: dict[int, Decoded]) -> bool:
    return any(
        decoded.odds > 6.0 and decoded.odds > 1.5 * len(decoded.breaks) for decoded in row.values()
    )


def _choose(lines: Sequence[str], table: Sequence[dict[int, Decoded]]) -> list[int]:
    """Return the likeliest sequence of widths (Viterbi; state 0 is "not wrapped")."""
    widths = sorted({width for row in table for width in row if row[width].odds > 0.0})
    if not widths:
        return [0] * len(lines)
    column = {width: number for number, width in enumerate(widths, start=1)}
    gains = np.where(np.array([len(line) for line in lines])[:, None] < [0, *widths], 0.0, _NO_PATH)
    gains[:, 0] = 0.0
    for number, row in enumerate(table):
        for width, decoded in row.items():
            if width in column:
                gains[number, column[width]] = decoded.odds
    score = np.full(len(widths) + 1, _SWITCH_WIDTH)
    score[0] = 0.0
    came = np.empty(gains.shape, np.int64)
    own = np.arange(len(score))
    for number in range(len(lines)):
        top = int(score.argmax())
        entered = np.full(len(score), score[top] + _SWITCH_WIDTH)
        entered[0] = score[top] + (_LEAVE_WIDTH if top else 0.0)
        stays = score >= entered
        came[number] = np.where(stays, own, top)
        score = np.where(stays, score, entered) + gains[number]
    state = int(score.argmax())
    chosen = [0] * len(lines)
    for number in range(len(lines) - 1, -1, -1):
        chosen[number] = widths[state - 1] if state else 0
        state = int(came[number, state])
    return chosen


def _token_at(line: str, place: int) -> str:
    """Return the letters and digits around `place`, without what stands at the token's edges."""
    start = line.rfind(" ", 0, place) + 1
    end = line.find(" ", place)
    return line[start : end if end >= 0 else len(line)].strip(_EDGES)


def _accept(
    lines: Sequence[str],
    chosen: Sequence[int],
    table: Sequence[dict[int, Decoded]],
    is_evidence: Callable[[str], bool],
) -> list[tuple[Break, ...]]:
    """Keep the runs of one width whose evidence together is overwhelming."""
    found: list[tuple[Break, ...]] = [()] * len(chosen)
    index = 0
    while index < len(chosen):
        width = chosen[index]
        after = index
        while after < len(chosen) and chosen[after] == width:
            after += 1
        if width:
            rows = {i: table[i][width] for i in range(index, after) if width in table[i]}
            # A token that stands there twice is evidence once.
            distinct = {
                _token_at(lines[i], place): gain
                for i, decoded in rows.items()
                for place, gain in decoded.breaks
            }
            count = len(distinct)
            odds = math.fsum(
                min(gain, _MAX_BREAK_ODDS if is_evidence(token) else 0.0)
                for token, gain in distinct.items()
            )
            if (
                count >= _MIN_RUN_BREAKS
                and odds >= _MIN_RUN_ODDS
                and odds >= _MIN_ODDS_PER_BREAK * count
            ):
                for i, decoded in rows.items():
                    found[i] = tuple(Break(place, gain, width) for place, gain in decoded.breaks)
        index = after
    return found
