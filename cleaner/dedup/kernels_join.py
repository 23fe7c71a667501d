"""Compiled twins: buckets of band keys, and buckets of rare elements."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.dedup.hashing import FIRST, SECOND
from cleaner.dedup.kernels_verify import sort
from cleaner.dedup.kernels_words import compiled, inlined

U = np.uint64
W = np.uint32
_FIRST, _SECOND = U(FIRST), U(SECOND)


@compiled
def mark_shared(keys: Any, marks: Any) -> Any:
    """Mark the keys that may stand more than once; misses none. Return how many keys those are.

    `marks` (zeroed uint64, a power of two long) has two bits for a key's low bits: that it was
    seen, and that it was seen again.
    """
    mask = W(marks.shape[0] - 1)
    for index in range(keys.shape[0]):
        key = keys[index]
        shift = U(key & W(31)) << U(1)
        word = (key >> W(5)) & mask
        marks[word] |= (U(1) + ((marks[word] >> shift) & U(1))) << shift
    count = np.int64(0)
    for index in range(keys.shape[0]):
        key = keys[index]
        count += np.int64(_is_marked(key, marks, mask))
    return count


@inlined
def _is_marked(key: Any, marks: Any, mask: Any) -> Any:
    return (marks[(key >> W(5)) & mask] >> (U(key & W(31)) << U(1))) >> U(1) & U(1)


@compiled
def group_shared(
    keys: Any, marks: Any, entries: Any, spare: Any, tally: Any, members: Any, buckets: Any
) -> Any:
    """Write the members whose marked key another has too, by key, and number the keys.

    `entries` and `spare` (uint64) have room for one more than the marked keys, `members` and
    `buckets` for those; `tally` is of shape (256,). Returns how many members were written.
    """
    mask = W(marks.shape[0] - 1)
    count = np.int64(0)
    for index in range(keys.shape[0]):
        key = keys[index]
        # Written in any case: a branch here would be foretold wrong too often.
        entries[count] = U(key) << U(32) | U(index)
        count += np.int64(_is_marked(key, marks, mask))
    for shift in range(32, 64, 16):
        _sort_byte(entries, count, shift, tally, spare)
        _sort_byte(spare, count, shift + 8, tally, entries)
    filled = np.int64(0)
    bucket = 0
    first = 0
    while first < count:
        key = entries[first] >> U(32)
        last = first + 1
        while last < count and entries[last] >> U(32) == key:
            last += 1
        if last - first > 1:
            for at in range(first, last):
                members[filled] = entries[at] & U(0xFFFFFFFF)
                buckets[filled] = bucket
                filled += 1
            bucket += 1
        first = last
    return filled


@compiled
def _sort_byte(values: Any, count: Any, shift: Any, tally: Any, into: Any) -> None:
    """Sort by one byte, keeping the order of equals."""
    for byte in range(256):
        tally[byte] = 0
    for index in range(count):
        tally[(values[index] >> U(shift)) & U(255)] += 1
    place = 0
    for byte in range(256):
        own = tally[byte]
        tally[byte] = place
        place += own
    for index in range(count):
        value = values[index]
        byte = (value >> U(shift)) & U(255)
        into[tally[byte]] = value
        tally[byte] += 1


@compiled
def link(members: Any, buckets: Any, roots: Any) -> None:
    """Write the least member that each member hangs together with through buckets.

    The members come bucket by bucket; `roots` holds each member's own number before.
    """
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
    for member in range(roots.shape[0]):
        roots[member] = roots[roots[member]]


@compiled
def group(members: Any, values: Any, ends: Any, grouped: Any) -> None:
    """Gather the values of each member, in order: ``grouped[places[m]:places[m + 1]]``.

    `ends` (members + 1,) holds ``places[m]`` at ``m + 1`` and 0 at 0, and holds `places` after.
    """
    for index in range(members.shape[0]):
        member = members[index] + 1
        grouped[ends[member]] = values[index]
        ends[member] += 1


@compiled
def _rare_key(element: Any, salt: Any) -> Any:
    """Return the hash of an element among members of one salt."""
    key = (U(element) ^ salt) * _FIRST
    key = (key ^ (key >> U(32))) * _SECOND
    return key ^ (key >> U(29))


@compiled
def count_elements(members: Any, shingles: Any, starts: Any, facts: Any, tally: Any) -> None:
    """Count the elements of some members' sets in a table (a power of two long) of their hashes."""
    mask = np.int64(tally.shape[0] - 1)
    for index in range(members.shape[0]):
        member = members[index]
        salt = facts[member, 1]
        for at in range(starts[member], starts[member] + np.int64(facts[member, 0])):
            tally[np.int64(_rare_key(shingles[at], salt) & U(mask))] += W(1)


@compiled
def rarest(
    members: Any,
    shingles: Any,
    starts: Any,
    facts: Any,
    tally: Any,
    prefixes: Any,
    work: Any,
    keys: Any,
    holders: Any,
) -> Any:
    """Write the keys of each member's rarest elements that others may have, and the member.

    `prefixes` (n,) says how many elements are the rarest ones of each; rarity is the count in
    `tally`, then the element itself. `work` has room for the largest set. Returns how many were
    written.
    """
    mask = np.int64(tally.shape[0] - 1)
    filled = np.int64(0)
    for index in range(members.shape[0]):
        member = members[index]
        size = np.int64(facts[member, 0])
        salt = facts[member, 1]
        for at in range(size):
            element = shingles[starts[member] + at]
            count = tally[np.int64(_rare_key(element, salt) & U(mask))]
            work[at] = U(count) << U(32) | U(element)
        sort(work[:size])
        for at in range(prefixes[index]):
            if work[at] >> U(32) > U(1):
                keys[filled] = _rare_key(W(work[at] & U(0xFFFFFFFF)), salt)
                holders[filled] = member
                filled += 1
    return filled
