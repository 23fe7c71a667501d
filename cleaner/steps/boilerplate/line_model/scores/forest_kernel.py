# mypy: ignore-errors
"""What the forest of the line model sees, column by column, and the votes of its trees."""

from __future__ import annotations

import cython
from cython.cimports.libc.math import sqrt

from cleaner.core.kernels import takes_arrays
from cleaner.steps.boilerplate.line_model import columns as layout

FEATURES = cython.declare(cython.Py_ssize_t, layout.FEATURES)
NEUTRAL = cython.declare(cython.longlong, layout.NEUTRAL)
REACH = cython.declare(cython.Py_ssize_t, layout.REACH)
TOP = cython.declare(cython.longlong, layout.TOP)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def about(value: cython.longlong) -> cython.longlong:
    return min(max(value + NEUTRAL, 0), TOP)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def rounded_down(value: cython.longlong, by: cython.longlong) -> cython.longlong:
    return value // by if value >= 0 else -((-value + by - 1) // by)


@takes_arrays
def weigh_words(
    table: cython.const[cython.uchar][:, ::1],
    numbers: cython.const[cython.longlong][::1],
    word_ends: cython.const[cython.longlong][::1],
    places: cython.const[cython.longlong][::1],
    evidence: cython.const[cython.schar][::1],
    columns: cython.uchar[:, ::1],
) -> None:
    """Write the features of the lines, then what their words say, each as a column.

    ``places``: of the different words among those that are known, -1 for the others; ``evidence``
    (known words): whether each stands in text or in furniture, -64 to 63. Written are the sum over
    the root of the number of words, mean, maximum, minimum, how many per cent are known, and the
    evidence of the first and the last word; none of a line's words is `NEUTRAL`.
    """
    line: cython.Py_ssize_t
    column: cython.Py_ssize_t
    word: cython.Py_ssize_t
    place: cython.Py_ssize_t
    at: cython.Py_ssize_t
    begin: cython.Py_ssize_t = 0
    end: cython.Py_ssize_t
    one: cython.longlong
    total: cython.longlong
    most: cython.longlong
    least: cython.longlong
    known: cython.longlong
    head: cython.longlong
    size: cython.longlong
    with cython.nogil:
        for line in range(word_ends.shape[0]):
            at = REACH + line
            for column in range(FEATURES):
                columns[column, at] = table[line, column]
            end = word_ends[line]
            total = most = least = known = head = one = 0
            for word in range(begin, end):
                place = places[numbers[word]]
                one = 0
                if place >= 0:
                    one = evidence[place]
                    known += 1
                total += one
                most = max(most, one)
                least = min(least, one)
                if word == begin:
                    head = one
            size = max(end - begin, 1)
            columns[FEATURES, at] = about(
                rounded_down(total * 64, cython.cast(cython.longlong, sqrt(4096.0 * size)))
            )
            columns[FEATURES + 1, at] = about(rounded_down(total, size))
            columns[FEATURES + 2, at] = about(most)
            columns[FEATURES + 3, at] = about(least)
            columns[FEATURES + 4, at] = known * 100 // size
            columns[FEATURES + 5, at] = about(head)
            columns[FEATURES + 6, at] = about(one)
            begin = end


@takes_arrays
def average_window(
    columns: cython.uchar[:, ::1],
    column: cython.Py_ssize_t,
    before: cython.Py_ssize_t,
    after: cython.Py_ssize_t,
    into: cython.Py_ssize_t,
) -> None:
    """Write a column's mean, rounded down, over `before` and `after` lines around each line."""
    lines: cython.Py_ssize_t = columns.shape[1] - 2 * REACH
    line: cython.Py_ssize_t
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = 0
    total: cython.longlong = 0
    with cython.nogil:
        for line in range(lines):
            while high < min(line + after + 1, lines):
                total += columns[column, REACH + high]
                high += 1
            while low < line - before:
                total -= columns[column, REACH + low]
                low += 1
            columns[into, REACH + line] = total // (high - low)


@takes_arrays
def vote(
    columns: cython.const[cython.uchar][:, ::1],
    asked: cython.const[cython.uchar][:, ::1],
    shifts: cython.const[cython.uchar][:, ::1],
    least: cython.const[cython.uchar][:, ::1],
    leaves: cython.const[cython.short][:, ::1],
    places: cython.uchar[::1],
    sums: cython.int[::1],
) -> None:
    """Add to ``sums``, one a line, the leaf of each tree in which the line ends.

    At each level a tree asks the same of all: whether a column is ``least`` or more so many lines
    away. ``asked``, ``shifts`` (from 0, for `REACH` lines before) and ``least``: (trees, levels);
    ``leaves``: (trees, 2 ** levels), the first level is the lowest bit. ``places``: room, a line
    each.
    """
    lines: cython.Py_ssize_t = sums.shape[0]
    tree: cython.Py_ssize_t
    level: cython.Py_ssize_t
    line: cython.Py_ssize_t
    first: cython.Py_ssize_t
    column: cython.Py_ssize_t
    bound: cython.uchar
    bit: cython.uchar
    with cython.nogil:
        for tree in range(leaves.shape[0]):
            for line in range(lines):
                places[line] = 0
            for level in range(asked.shape[1]):
                first = shifts[tree, level]
                column = asked[tree, level]
                bound = least[tree, level]
                bit = 1 << level
                for line in range(lines):
                    places[line] |= bit if columns[column, first + line] >= bound else 0
            for line in range(lines):
                sums[line] += leaves[tree, places[line]]
