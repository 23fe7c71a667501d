"""The forest of the line model, as compiled loops over columns of features."""

# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.normalize.boilerplate.columns import (
    FEATURES,
    FIRST_WINDOW,
    NEUTRAL,
    REACH,
    TOP,
    WINDOW_COLUMNS,
    WINDOWS,
)
from cleaner.normalize.boilerplate.line_kernel import compiled, inlined

_COLUMNS = np.array(WINDOW_COLUMNS)
_WINDOWS = np.array(WINDOWS)


@inlined
def _about(value: Any) -> Any:
    return min(max(value + NEUTRAL, 0), TOP)


@compiled
def weigh(
    numbers: Any, word_ends: Any, places: Any, evidence: Any, first: Any, columns: Any
) -> None:
    """Write what the words of each line say, from column `FEATURES` on.

    ``places``: of the different words among those that are known, -1 for the others; ``evidence``
    (known words): whether each stands in text or in furniture, -64 to 63. Written are the sum over
    the root of the number of words, mean, maximum, minimum, how many per cent are known, and the
    evidence of the first and the last word; none of a line's words is `NEUTRAL`.
    """
    begin = 0
    for line in range(len(word_ends)):
        end = word_ends[line]
        total = most = least = known = head = last = 0
        for word in range(begin, end):
            place = places[numbers[word]]
            one = int(evidence[place]) if place >= 0 else 0
            known += place >= 0
            total += one
            most, least = max(most, one), min(least, one)
            head = one if word == begin else head
            last = one
        size = max(end - begin, 1)
        at = first + line
        columns[FEATURES, at] = _about(total * 64 // int(np.sqrt(4096.0 * size)))
        columns[FEATURES + 1, at] = _about(total // size)
        columns[FEATURES + 2, at] = _about(most)
        columns[FEATURES + 3, at] = _about(least)
        columns[FEATURES + 4, at] = known * 100 // size
        columns[FEATURES + 5, at] = _about(head)
        columns[FEATURES + 6, at] = _about(last)
        begin = end


@compiled
def widen(
    table: Any,
    numbers: Any,
    word_ends: Any,
    places: Any,
    evidence: Any,
    upto: Any,
    columns: Any,
) -> None:
    """Write what the forest sees of the lines, column by column.

    First the features in ``table``, (lines, features), then what `weigh` says of the words, then
    means of some of these columns over windows of lines, rounded down. ``upto``: room for lines + 1
    sums; ``columns``: zeros, of shape (`columns.FOREST_COLUMNS`, lines + 2 * REACH).
    """
    lines = len(table)
    for line in range(lines):
        for column in range(FEATURES):
            columns[column, REACH + line] = table[line, column]
    weigh(numbers, word_ends, places, evidence, REACH, columns)
    at = FIRST_WINDOW
    for column in _COLUMNS:
        row = columns[column]
        upto[0] = 0
        for line in range(lines):
            upto[line + 1] = upto[line] + row[REACH + line]
        for window in range(len(_WINDOWS)):
            before, after = _WINDOWS[window, 0], _WINDOWS[window, 1]
            for line in range(lines):
                low, high = max(line - before, 0), min(line + after + 1, lines)
                columns[at, REACH + line] = (upto[high] - upto[low]) // (high - low)
            at += 1


@compiled
def vote(
    columns: Any, asked: Any, shifts: Any, least: Any, leaves: Any, places: Any, sums: Any
) -> None:
    """Add to ``sums``, one a line, the leaf of each tree in which the line ends.

    At each level a tree asks the same of all: whether a column is ``least`` or more so many lines
    away. ``asked``, ``shifts`` (from 0, for `REACH` lines before) and ``least``: (trees, levels);
    ``leaves``: (trees, 2 ** levels), the first level is the lowest bit. ``places``: room, a line
    each.
    """
    lines = len(sums)
    for tree in range(len(leaves)):
        places[:] = 0
        for level in range(asked.shape[1]):
            first = shifts[tree, level]
            row = columns[asked[tree, level], first : first + lines]
            bound, bit = least[tree, level], np.uint8(1 << level)
            for line in range(lines):
                places[line] |= bit if row[line] >= bound else np.uint8(0)
        leaf = leaves[tree]
        for line in range(lines):
            sums[line] += leaf[places[line]]
