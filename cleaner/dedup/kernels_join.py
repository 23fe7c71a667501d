"""Compiled twins: buckets of band keys, and buckets of rare elements."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.dedup.hashing import FIRST, SECOND
from cleaner.dedup.kernels_verify import sort
from cleaner.dedup.kernels_words import compiled

U = np.uint64
W = np.uint32
_FIRST, _SECOND = U(FIRST), U(SECOND)


@compiled
def mark_shared(keys: Any, once: Any, twice: Any, shared: Any) -> None:
    """Mark the keys that may stand more than once; misses none.

    `once` and `twice` are zeroed bit sets (uint32, a power of two long) over the keys' low bits.
    """
    mask = W(once.shape[0] - 1)
    for index in range(keys.shape[0]):
        key = keys[index]
        word = (key >> W(5)) & mask
        bit = W(1) << (key & W(31))
        if once[word] & bit:
            twice[word] |= bit
        else:
            once[word] |= bit
    for index in range(keys.shape[0]):
        key = keys[index]
        shared[index] = (twice[(key >> W(5)) & mask] >> (key & W(31))) & W(1)


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
