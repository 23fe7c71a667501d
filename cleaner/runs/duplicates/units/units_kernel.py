# mypy: ignore-errors
"""Where the units of many texts stand, in bytes; `units.unit_spans` says the same of one text."""

from __future__ import annotations

import cython

from cleaner.core import paragraphs
from cleaner.core.kernels import takes_arrays

LONGEST_WRAPPED = cython.declare(cython.Py_ssize_t, paragraphs.LONGEST_WRAPPED)

# What is looked for.
PARAGRAPHS, LINES, RECORDS = 0, 1, 2
WITH_PARAGRAPHS = cython.declare(cython.int, PARAGRAPHS)
WITH_RECORDS = cython.declare(cython.int, RECORDS)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def space_size(
    data: cython.const[cython.uchar][::1], at: cython.Py_ssize_t, stop: cython.Py_ssize_t
) -> cython.Py_ssize_t:
    """Return the size of the character at `at` where ``str.isspace`` holds for it, else 0."""
    byte: cython.int = data[at]
    second: cython.int
    third: cython.int
    if byte < 128:
        return 1 if byte == 32 or 9 <= byte <= 13 or 28 <= byte <= 31 else 0
    if byte == 0xC2:
        second = data[at + 1] if at + 1 < stop else 0
        return 2 if second in (0x85, 0xA0) else 0
    if byte not in (0xE1, 0xE2, 0xE3) or at + 2 >= stop:
        return 0
    second = data[at + 1]
    third = data[at + 2]
    if byte == 0xE1:
        return 3 if second == 0x9A and third == 0x80 else 0
    if byte == 0xE3:
        return 3 if second == 0x80 and third == 0x80 else 0
    if second == 0x80:
        return 3 if third <= 0x8A or third in (0xA8, 0xA9, 0xAF) else 0
    return 3 if second == 0x81 and third == 0x9F else 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_blank(
    data: cython.const[cython.uchar][::1], at: cython.Py_ssize_t, stop: cython.Py_ssize_t
) -> cython.bint:
    size: cython.Py_ssize_t
    while at < stop:
        size = space_size(data, at, stop)
        if size == 0:
            return False
        at += size
    return True


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_long(
    data: cython.const[cython.uchar][::1], at: cython.Py_ssize_t, stop: cython.Py_ssize_t
) -> cython.bint:
    """Whether a line has more characters than any wrap makes."""
    count: cython.Py_ssize_t = 0
    if stop - at <= LONGEST_WRAPPED:
        return False
    while at < stop and count <= LONGEST_WRAPPED:
        count += (data[at] & 0xC0) != 0x80
        at += 1
    return count > LONGEST_WRAPPED


@takes_arrays
def find_units(
    data: cython.const[cython.uchar][::1],
    starts: cython.const[cython.longlong][::1],
    ends: cython.const[cython.longlong][::1],
    kind: cython.int,
    unit_starts: cython.longlong[::1],
    unit_ends: cython.longlong[::1],
    counts: cython.uint[::1],
) -> cython.Py_ssize_t:
    """Write where the units of each text ``data[starts[i]:ends[i]]`` stand, and how many it has.

    There is room for as many units as there are lines. Returns how many units there are.
    """
    text: cython.Py_ssize_t
    at: cython.Py_ssize_t
    line_end: cython.Py_ssize_t
    stop: cython.Py_ssize_t
    filled: cython.Py_ssize_t = 0
    before: cython.Py_ssize_t
    block: cython.Py_ssize_t
    blocks: cython.Py_ssize_t
    inside: cython.bint
    apart: cython.bint
    with cython.nogil:
        for text in range(starts.shape[0]):
            at = starts[text]
            stop = ends[text]
            before = filled
            block = filled
            blocks = 0
            inside = False
            apart = False
            if kind == WITH_RECORDS:
                if not is_blank(data, at, stop):
                    unit_starts[filled] = at
                    unit_ends[filled] = stop
                    filled += 1
                at = stop + 1
            while at <= stop:
                line_end = at
                while line_end < stop and data[line_end] != 10:
                    line_end += 1
                if is_blank(data, at, line_end):
                    inside = False
                else:
                    if kind == WITH_PARAGRAPHS and not inside:
                        # Where more than one block stands, the lines of each are one paragraph.
                        if blocks > 0 and not apart:
                            unit_ends[block] = unit_ends[filled - 1]
                            filled = block + 1
                        blocks += 1
                        block = filled
                        apart = False
                        inside = True
                    apart = apart or is_long(data, at, line_end)
                    unit_starts[filled] = at
                    unit_ends[filled] = line_end
                    filled += 1
                at = line_end + 1
            if blocks > 1 and not apart:
                unit_ends[block] = unit_ends[filled - 1]
                filled = block + 1
            counts[text] = filled - before
    return filled
