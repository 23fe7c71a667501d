# mypy: ignore-errors
"""Buckets of band keys, and what hangs together through buckets."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays

MASK32 = cython.declare(cython.uint, 0xFFFFFFFF)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def is_marked(
    key: cython.uint, marks: cython.ulonglong[::1], mask: cython.uint
) -> cython.Py_ssize_t:
    return (marks[(key >> 5) & mask] >> (2 * (key & 31))) >> 1 & 1


@takes_arrays
def mark_shared(
    keys: cython.const[cython.uint][::1], marks: cython.ulonglong[::1]
) -> cython.Py_ssize_t:
    """Mark the keys that may stand more than once; misses none. Return how many keys those are.

    `marks` (zeroed, a power of two long) has two bits for a key's low bits: that it was seen, and
    that it was seen again.
    """
    index: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    word: cython.uint
    shift: cython.uint
    one: cython.ulonglong = 1
    mask: cython.uint = marks.shape[0] - 1
    with cython.nogil:
        for index in range(keys.shape[0]):
            shift = 2 * (keys[index] & 31)
            word = (keys[index] >> 5) & mask
            marks[word] |= (one + ((marks[word] >> shift) & 1)) << shift
        for index in range(keys.shape[0]):
            count += is_marked(keys[index], marks, mask)
    return count


@takes_arrays
def group_shared(
    keys: cython.const[cython.uint][::1],
    marks: cython.ulonglong[::1],
    entries: cython.ulonglong[::1],
    spare: cython.ulonglong[::1],
    tally: cython.longlong[::1],
    members: cython.int[::1],
    buckets: cython.int[::1],
) -> cython.Py_ssize_t:
    """Write the members whose marked key another has too, by key, and number the keys.

    `entries` and `spare` have room for one more than the marked keys, `members` and `buckets` for
    those; `tally` is of shape (256,). Returns how many members were written.
    """
    index: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    filled: cython.Py_ssize_t = 0
    first: cython.Py_ssize_t = 0
    last: cython.Py_ssize_t
    at: cython.Py_ssize_t
    shift: cython.int
    bucket: cython.int = 0
    key: cython.ulonglong
    mask: cython.uint = marks.shape[0] - 1
    with cython.nogil:
        for index in range(keys.shape[0]):
            # Written in any case: a branch here would be foretold wrong too often.
            key = keys[index]
            entries[count] = key << 32 | cython.cast(cython.ulonglong, index)
            count += is_marked(keys[index], marks, mask)
        for shift in range(32, 64, 16):
            sort_byte(entries, count, shift, tally, spare)
            sort_byte(spare, count, shift + 8, tally, entries)
        while first < count:
            key = entries[first] >> 32
            last = first + 1
            while last < count and entries[last] >> 32 == key:
                last += 1
            if last - first > 1:
                for at in range(first, last):
                    members[filled] = entries[at] & MASK32
                    buckets[filled] = bucket
                    filled += 1
                bucket += 1
            first = last
    return filled


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def sort_byte(
    values: cython.ulonglong[::1],
    count: cython.Py_ssize_t,
    shift: cython.int,
    tally: cython.longlong[::1],
    into: cython.ulonglong[::1],
) -> cython.void:
    """Sort by one byte, keeping the order of equals."""
    index: cython.Py_ssize_t
    byte: cython.Py_ssize_t
    own: cython.longlong
    place: cython.longlong = 0
    for byte in range(256):
        tally[byte] = 0
    for index in range(count):
        tally[(values[index] >> shift) & 255] += 1
    for byte in range(256):
        own = tally[byte]
        tally[byte] = place
        place += own
    for index in range(count):
        byte = (values[index] >> shift) & 255
        into[tally[byte]] = values[index]
        tally[byte] += 1


@takes_arrays
def link(
    members: cython.const[cython.int][::1],
    buckets: cython.const[cython.int][::1],
    roots: cython.int[::1],
) -> None:
    """Write the least member that each member hangs together with through buckets.

    The members come bucket by bucket; `roots` holds each member's own number before.
    """
    index: cython.Py_ssize_t
    one: cython.int
    two: cython.int
    with cython.nogil:
        for index in range(1, members.shape[0]):
            if buckets[index] != buckets[index - 1]:
                continue
            one = members[index - 1]
            while roots[one] != one:
                roots[one] = roots[roots[one]]
                one = roots[one]
            two = members[index]
            while roots[two] != two:
                roots[two] = roots[roots[two]]
                two = roots[two]
            if one < two:
                roots[two] = one
            else:
                roots[one] = two
        for index in range(roots.shape[0]):
            roots[index] = roots[roots[index]]


@takes_arrays
def group(
    members: cython.const[cython.int][::1],
    values: cython.const[cython.int][::1],
    ends: cython.longlong[::1],
    grouped: cython.int[::1],
) -> None:
    """Gather the values of each member, in order: ``grouped[places[m]:places[m + 1]]``.

    `ends` (members + 1,) holds ``places[m]`` at ``m + 1`` and 0 at 0, and holds `places` after.
    """
    index: cython.Py_ssize_t
    member: cython.Py_ssize_t
    with cython.nogil:
        for index in range(members.shape[0]):
            member = members[index] + 1
            grouped[ends[member]] = values[index]
            ends[member] += 1
