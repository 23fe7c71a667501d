# mypy: ignore-errors
"""Units in a row whose copies stand in a row as well."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def document_of(
    first_units: cython.const[cython.longlong][::1], unit: cython.longlong
) -> cython.Py_ssize_t:
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = first_units.shape[0] - 1
    middle: cython.Py_ssize_t
    while high - low > 1:
        middle = (low + high) // 2
        if first_units[middle] <= unit:
            low = middle
        else:
            high = middle
    return low


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def is_aligned(
    stand_ins: cython.const[cython.longlong][::1],
    unit: cython.longlong,
    other: cython.longlong,
    first: cython.longlong,
    end: cython.longlong,
    other_first: cython.longlong,
    other_end: cython.longlong,
) -> cython.bint:
    """Whether `other`, in the document with these borders, is a copy of `unit`."""
    return (
        first <= unit < end
        and other_first <= other < other_end
        and stand_ins[unit] != unit
        and stand_ins[other] == stand_ins[unit]
    )


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def start_of(
    stand_ins: cython.const[cython.longlong][::1],
    unit: cython.longlong,
    first: cython.longlong,
    end: cython.longlong,
    other_first: cython.longlong,
    other_end: cython.longlong,
) -> cython.longlong:
    """Return where the passage around a unit starts: with it stands what its copy stands with."""
    shift: cython.longlong = unit - stand_ins[unit]
    at: cython.longlong = unit
    while is_aligned(stand_ins, at - 1, at - 1 - shift, first, end, other_first, other_end):
        at -= 1
    return at


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def stop_of(
    stand_ins: cython.const[cython.longlong][::1],
    unit: cython.longlong,
    first: cython.longlong,
    end: cython.longlong,
    other_first: cython.longlong,
    other_end: cython.longlong,
) -> cython.longlong:
    shift: cython.longlong = unit - stand_ins[unit]
    at: cython.longlong = unit + 1
    while is_aligned(stand_ins, at, at - shift, first, end, other_first, other_end):
        at += 1
    return at


@takes_arrays
def find_stretch(
    stand_ins: cython.const[cython.longlong][::1],
    first_units: cython.const[cython.longlong][::1],
    document: cython.Py_ssize_t,
    unit: cython.longlong,
    borders: cython.longlong[::1],
) -> None:
    """Write where the passage around a unit of a document starts and ends."""
    first: cython.longlong = first_units[document]
    end: cython.longlong = first_units[document + 1]
    other: cython.Py_ssize_t
    with cython.nogil:
        other = document_of(first_units, stand_ins[unit])
        borders[0] = start_of(
            stand_ins, unit, first, end, first_units[other], first_units[other + 1]
        )
        borders[1] = stop_of(
            stand_ins, unit, first, end, first_units[other], first_units[other + 1]
        )


@takes_arrays
def cover_short_passages(
    stand_ins: cython.const[cython.longlong][::1],
    words: cython.const[cython.uint][::1],
    first_units: cython.const[cython.longlong][::1],
    document: cython.Py_ssize_t,
    barred: cython.const[cython.uchar][::1],
    covered: cython.longlong[::1],
    numbers: cython.const[cython.longlong][::1],
    failed: cython.longlong[::1],
    least_units: cython.longlong,
    least_words: cython.double,
    looks: cython.longlong,
    most_looks: cython.longlong,
) -> None:
    """Write into `covered` the copy of each unit of a passage long enough, and not barred.

    By unit of the document: `barred`, `covered` (below 0: in no passage so far), and `numbers`,
    the number of how far its stand-in is off. `failed`, zeros, by that number: up to where it was
    looked at in vain.
    """
    first: cython.longlong = first_units[document]
    end: cython.longlong = first_units[document + 1]
    unit: cython.longlong = first
    one: cython.longlong
    shift: cython.longlong
    start: cython.longlong
    stop: cython.longlong
    count: cython.longlong
    fits: cython.bint
    at: cython.Py_ssize_t
    other_first: cython.longlong = 0
    other_end: cython.longlong = 0
    with cython.nogil:
        while unit < end and looks <= most_looks:
            at = numbers[unit - first]
            if stand_ins[unit] == unit or covered[unit - first] >= 0 or unit < failed[at]:
                unit += 1
                continue
            shift = unit - stand_ins[unit]
            if not (other_first <= stand_ins[unit] and stand_ins[unit] < other_end):
                at = document_of(first_units, stand_ins[unit])
                other_first = first_units[at]
                other_end = first_units[at + 1]
            start = start_of(stand_ins, unit, first, end, other_first, other_end)
            stop = stop_of(stand_ins, unit, first, end, other_first, other_end)
            looks += stop - start + 1
            count = 0
            fits = stop - start >= least_units
            for one in range(start, stop):
                count += words[one]
                if barred[one - first]:
                    fits = False
            if fits and count >= least_words:
                for one in range(start, stop):
                    covered[one - first] = one - shift
                unit = stop
            else:
                failed[numbers[unit - first]] = stop
                unit += 1
