"""The width at which each line of a stretch was wrapped, and its breaks (for `wrap`).

`kernels_wrap` is the compiled twin.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

WIDTHS = range(40, 121)

# log10 odds; a state that falls this far behind the best of its line is dropped.
BEAM_ODDS = 7.0
BEAM_STATES = 5
# A width whose best path falls this low is given up.
GIVE_UP = -10.0
# Widths seen among this many lines each side are tried on a line.
NEAR = 12
# Suspicious tokens for each line of the widest wrap, in the line itself.
MIN_SHARE = 0.25
MIN_VOTE = 1.5
MAX_WIDTHS_NEAR = 5
MAX_SCANNED = 5
# Widths that a line speaks for this clearly need no others beside them.
CONVINCING_ODDS = 6.0
CONVINCING_ODDS_PER_BREAK = 1.5
# A width leads that has so much more of the odds near it than the next.
LEAD = 1.3
CLEAR_BREAKS = 4
CLEAR_ODDS = 6.0
NO_PATH = -30.0
SWITCH_WIDTH = -6.0
LEAVE_WIDTH = -2.0

# A path through a line: the path before, the place of the last break and its odds.
Path = tuple[Any, int, float] | None
Splits = Callable[[str], Sequence[tuple[int, float]]]


class Chosen(NamedTuple):
    """The widths chosen for the lines of a stretch (0: not wrapped), and the breaks there.

    Those of line ``i`` are `places` (in the text) and `odds` from ``first[i]`` to ``first[i + 1]``.
    """

    widths: list[int]
    first: list[int]
    places: list[int]
    odds: list[float]


def not_wrapped(lines: int) -> Chosen:
    """Return that no line of a stretch was wrapped."""
    return Chosen([0] * lines, [0] * (lines + 1), [], [])


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
                if total < top - BEAM_ODDS:
                    continue
                before = reached.get(place)
                if before is None or total > before[0]:
                    reached[place] = total, (path, place, gain)
                    top = max(top, total)
        if top < GIVE_UP:
            break
        states = _prune(reached, top)
    if best is None or best[0] < GIVE_UP:
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
    floor = top - BEAM_ODDS
    near = [(-state[0], place) for place, state in states.items() if state[0] >= floor]
    if len(near) > BEAM_STATES:
        near = sorted(near)[:BEAM_STATES]
    return {place: states[place] for _, place in near}


def choose_plainly(
    lines: Sequence[str], starts: Sequence[int], suspicious: Sequence[int], splits: Splits
) -> Chosen:
    """Return the likeliest widths of the `lines` of a stretch, together.

    `starts[i]` is where line `i` starts in the text, `suspicious[i]` the number of its tokens that
    are likelier parted than whole.
    """
    table: list[dict[int, Decoded]] = [{} for _ in lines]
    active: list[int] = []
    for first in range(0, len(lines), NEAR):
        block = range(first, min(first + NEAR, len(lines)))
        # The lines with most suspicious tokens tell the width best; a few of them are enough.
        telling = sorted(
            (index for index in block if _is_telling(lines[index], suspicious[index])),
            key=lambda index: (-suspicious[index], index),
        )
        for index in telling[:MAX_SCANNED]:
            active = _scan(lines[index], table[index], active, splits)
    _fill(lines, table, splits)
    chosen = Chosen(_choose(lines, table), [0], [], [])
    for width, start, row in zip(chosen.widths, starts, table, strict=True):
        for place, odds in row[width].breaks if width in row else ():
            chosen.places.append(start + place)
            chosen.odds.append(odds)
        chosen.first.append(len(chosen.places))
    return chosen


def _is_telling(line: str, suspicious: int) -> bool:
    return len(line) > WIDTHS[0] and suspicious >= max(1, MIN_SHARE * (len(line) // WIDTHS[-1]))


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
    return sorted((-row[width].odds, width) for width in row if row[width].odds > MIN_VOTE)


def _fill(lines: Sequence[str], table: Sequence[dict[int, Decoded]], splits: Splits) -> None:
    """Decode every line for the widths that the lines near it speak for most."""
    votes = [_votes(row) for row in table]
    for index in range(0, len(lines), NEAR):
        total: dict[int, float] = {}
        for odds, width in itertools.chain(*votes[max(0, index - NEAR) : index + 2 * NEAR]):
            total[width] = total.get(width, 0.0) + odds
        common = sorted(total, key=lambda width: (total[width], width))[:MAX_WIDTHS_NEAR]
        leads = len(common) > 1 and total[common[0]] < LEAD * total[common[1]]
        for line, row in zip(lines[index : index + NEAR], table[index : index + NEAR], strict=True):
            for width in common:
                if width not in row and len(line) >= width:
                    _try(line, width, splits, row)
                if leads and _is_clear(row.get(width)):
                    break


def _is_clear(decoded: Decoded | None) -> bool:
    """Whether a line speaks so clearly for a width that no other need be tried."""
    return (
        decoded is not None
        and len(decoded.breaks) >= CLEAR_BREAKS
        and decoded.odds > CLEAR_ODDS * len(decoded.breaks)
    )


def _try(line: str, width: int, splits: Splits, row: dict[int, Decoded]) -> None:
    decoded = decode_paragraph(line, width, splits)
    if decoded is not None:
        row[width] = decoded


def _convincing(row: dict[int, Decoded]) -> bool:
    return any(
        decoded.odds > CONVINCING_ODDS
        and decoded.odds > CONVINCING_ODDS_PER_BREAK * len(decoded.breaks)
        for decoded in row.values()
    )


def _choose(lines: Sequence[str], table: Sequence[dict[int, Decoded]]) -> list[int]:
    """Return the likeliest sequence of widths (Viterbi; state 0 is "not wrapped")."""
    widths = sorted({width for row in table for width in row if row[width].odds > 0.0})
    if not widths:
        return [0] * len(lines)
    column = {width: number for number, width in enumerate(widths, start=1)}
    gains = np.where(np.array([len(line) for line in lines])[:, None] < [0, *widths], 0.0, NO_PATH)
    gains[:, 0] = 0.0
    for number, row in enumerate(table):
        for width, decoded in row.items():
            if width in column:
                gains[number, column[width]] = decoded.odds
    score = np.full(len(widths) + 1, SWITCH_WIDTH)
    score[0] = 0.0
    came = np.empty(gains.shape, np.int64)
    own = np.arange(len(score))
    for number in range(len(lines)):
        top = int(score.argmax())
        entered = np.full(len(score), score[top] + SWITCH_WIDTH)
        entered[0] = score[top] + (LEAVE_WIDTH if top else 0.0)
        stays = score >= entered
        came[number] = np.where(stays, own, top)
        score = np.where(stays, score, entered) + gains[number]
    state = int(score.argmax())
    chosen = [0] * len(lines)
    for number in range(len(lines) - 1, -1, -1):
        chosen[number] = widths[state - 1] if state else 0
        state = int(came[number, state])
    return chosen
