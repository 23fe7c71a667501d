# mypy: ignore-errors
"""Shingle sets: gathered, sorted, and their rarest elements."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.dedup.signing import hashing

MASK = cython.declare(cython.ulonglong, hashing.MASK)
MASK32 = cython.declare(cython.uint, 0xFFFFFFFF)
FIRST = cython.declare(cython.ulonglong, hashing.FIRST)
SECOND = cython.declare(cython.ulonglong, hashing.SECOND)
SPREAD = cython.declare(cython.uint, 0x9E3779B1)

Number = cython.fused_type(cython.uint, cython.ulonglong)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def sort(values: Number[::1], start: cython.Py_ssize_t, count: cython.Py_ssize_t) -> cython.void:
    """Sort ``values[start:start + count]`` in place: by insertion where short, else as a heap."""
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    root: cython.Py_ssize_t
    end: cython.Py_ssize_t
    hole: cython.Py_ssize_t
    child: cython.Py_ssize_t
    value: Number
    if count <= 48:
        for i in range(1, count):
            value = values[start + i]
            j = i - 1
            while j >= 0 and values[start + j] > value:
                values[start + j + 1] = values[start + j]
                j -= 1
            values[start + j + 1] = value
        return
    root = count >> 1
    end = count
    while end > 1:
        if root > 0:
            root -= 1
            value = values[start + root]
        else:
            end -= 1
            value = values[start + end]
            values[start + end] = values[start]
        hole = root
        child = 2 * hole + 1
        while child < end:
            if child + 1 < end and values[start + child + 1] > values[start + child]:
                child += 1
            if values[start + child] <= value:
                break
            values[start + hole] = values[start + child]
            hole = child
            child = 2 * hole + 1
        values[start + hole] = value


@takes_arrays
def sort_sets(
    shingles: cython.uint[::1],
    starts: cython.const[cython.longlong][::1],
    ends: cython.const[cython.longlong][::1],
    salts: cython.const[cython.ulonglong][::1],
    cases: cython.const[cython.ulonglong][::1],
    sizes: cython.longlong[::1],
    facts: cython.ulonglong[:, ::1],
) -> None:
    """Sort each set in place, its distinct elements first; write their number, and `sets.facts`."""
    index: cython.Py_ssize_t
    start: cython.Py_ssize_t
    at: cython.Py_ssize_t
    kept: cython.Py_ssize_t
    value: cython.uint
    bit: cython.uint
    one: cython.ulonglong = 1
    with cython.nogil:
        for index in range(starts.shape[0]):
            start = starts[index]
            sort(shingles, start, ends[index] - start)
            kept = 0
            facts[index, 2] = facts[index, 3] = 0
            for at in range(start, ends[index]):
                value = shingles[at]
                if kept == 0 or value != shingles[start + kept - 1]:
                    shingles[start + kept] = value
                    kept += 1
                    bit = (value * SPREAD & MASK32) >> 25
                    facts[index, 2 + (bit >> 6)] |= one << (bit & 63)
            sizes[index] = kept
            facts[index, 0] = kept
            facts[index, 1] = salts[index]
            facts[index, 4] = cases[index]


@takes_arrays
def take_sets(
    shingles: cython.const[cython.uint][::1],
    sizes: cython.const[cython.longlong][::1],
    chosen: cython.const[cython.uchar][::1],
    taken: cython.uint[::1],
) -> None:
    """Copy the chosen ones of sets that lie one after the other."""
    index: cython.Py_ssize_t
    place: cython.Py_ssize_t
    at: cython.Py_ssize_t = 0
    filled: cython.Py_ssize_t = 0
    with cython.nogil:
        for index in range(sizes.shape[0]):
            if chosen[index]:
                for place in range(at, at + sizes[index]):
                    taken[filled] = shingles[place]
                    filled += 1
            at += sizes[index]


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def rare_key(element: cython.ulonglong, salt: cython.ulonglong) -> cython.ulonglong:
    """Return the hash of an element among members of one salt."""
    key: cython.ulonglong = (element ^ salt) * FIRST & MASK
    key = (key ^ (key >> 32)) * SECOND & MASK
    return key ^ (key >> 29)


@takes_arrays
def count_elements(
    members: cython.const[cython.longlong][::1],
    shingles: cython.const[cython.uint][::1],
    starts: cython.const[cython.longlong][::1],
    facts: cython.const[cython.ulonglong][:, ::1],
    tally: cython.uint[::1],
) -> None:
    """Count the elements of some members' sets in a table (a power of two long) of their hashes."""
    index: cython.Py_ssize_t
    member: cython.Py_ssize_t
    at: cython.Py_ssize_t
    end: cython.Py_ssize_t
    mask: cython.ulonglong = tally.shape[0] - 1
    with cython.nogil:
        for index in range(members.shape[0]):
            member = members[index]
            end = starts[member] + facts[member, 0]
            for at in range(starts[member], end):
                tally[rare_key(shingles[at], facts[member, 1]) & mask] += 1


@takes_arrays
def rarest(
    members: cython.const[cython.longlong][::1],
    shingles: cython.const[cython.uint][::1],
    starts: cython.const[cython.longlong][::1],
    facts: cython.const[cython.ulonglong][:, ::1],
    tally: cython.const[cython.uint][::1],
    prefixes: cython.const[cython.longlong][::1],
    work: cython.ulonglong[::1],
    keys: cython.ulonglong[::1],
    holders: cython.int[::1],
) -> cython.Py_ssize_t:
    """Write the keys of each member's rarest elements that others may have, and the member.

    `prefixes` (n,) says how many elements are the rarest ones of each; rarity is the count in
    `tally`, then the element itself. `work` has room for the largest set. Returns how many were
    written.
    """
    index: cython.Py_ssize_t
    member: cython.Py_ssize_t
    at: cython.Py_ssize_t
    size: cython.Py_ssize_t
    filled: cython.Py_ssize_t = 0
    element: cython.uint
    count: cython.ulonglong
    mask: cython.ulonglong = tally.shape[0] - 1
    with cython.nogil:
        for index in range(members.shape[0]):
            member = members[index]
            size = facts[member, 0]
            for at in range(size):
                element = shingles[starts[member] + at]
                count = tally[rare_key(element, facts[member, 1]) & mask]
                work[at] = count << 32 | element
            sort(work, 0, size)
            for at in range(prefixes[index]):
                if work[at] >> 32 > 1:
                    keys[filled] = rare_key(work[at] & MASK32, facts[member, 1])
                    holders[filled] = member
                    filled += 1
    return filled
