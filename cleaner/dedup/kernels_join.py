"""Compiled twins: buckets, verification, and the choice of survivors."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.dedup.kernels_words import compiled

W = np.uint32


@compiled
def mark_shared(keys: Any, members: Any, once: Any, twice: Any, shared: Any) -> None:
    """Mark the keys that may stand more than once; misses none.

    `once` and `twice` are zeroed bit sets (uint32, a power of two long) over the keys' low bits.
    """
    mask = W(once.shape[0] - 1)
    for index in range(members.shape[0]):
        key = keys[members[index]]
        word = (key >> W(5)) & mask
        bit = W(1) << (key & W(31))
        if once[word] & bit:
            twice[word] |= bit
        else:
            once[word] |= bit
    for index in range(members.shape[0]):
        key = keys[members[index]]
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
def _sort(values: Any) -> None:
    """Sort in place: by insertion where short, else as a heap."""
    count = values.shape[0]
    if count <= 48:
        for i in range(1, count):
            value = values[i]
            j = i - 1
            while j >= 0 and values[j] > value:
                values[j + 1] = values[j]
                j -= 1
            values[j + 1] = value
        return
    root = count >> 1
    end = count
    while end > 1:
        if root > 0:
            root -= 1
            value = values[root]
        else:
            end -= 1
            value = values[end]
            values[end] = values[0]
        hole = root
        child = 2 * hole + 1
        while child < end:
            if child + 1 < end and values[child + 1] > values[child]:
                child += 1
            if values[child] <= value:
                break
            values[hole] = values[child]
            hole = child
            child = 2 * hole + 1
        values[hole] = value


@compiled
def sort_sets(shingles: Any, starts: Any, ends: Any, sizes: Any) -> None:
    """Sort each set in place, its distinct elements first; write how many those are."""
    for index in range(starts.shape[0]):
        piece = shingles[starts[index] : ends[index]]
        count = piece.shape[0]
        _sort(piece)
        kept = 0
        for i in range(count):
            if i == 0 or piece[i] != piece[kept - 1]:
                piece[kept] = piece[i]
                kept += 1
        sizes[index] = kept


@compiled
def shared_elements(
    shingles: Any, one: Any, size_one: Any, two: Any, size_two: Any, enough: Any
) -> Any:
    """Return how many elements two sorted sets share, or less than `enough` once that is sure."""
    i = j = shared = 0
    miss_one = miss_two = 0
    spare_one = size_one - enough
    spare_two = size_two - enough
    if spare_one < 0 or spare_two < 0:
        return -1
    while i < size_one and j < size_two:
        x = shingles[one + i]
        y = shingles[two + j]
        less = x < y
        more = x > y
        i += not more
        j += not less
        shared += x == y
        miss_one += less
        miss_two += more
        if miss_one > spare_one or miss_two > spare_two:
            return -1
    return shared


@compiled
def choose(
    order: Any,
    ranks: Any,
    fixed: Any,
    places: Any,
    buckets: Any,
    room: Any,
    fills: Any,
    leaders: Any,
    stamps: Any,
    shingles: Any,
    starts: Any,
    sizes: Any,
    salts: Any,
    threshold: Any,
    survivors: Any,
    similarities: Any,
) -> Any:
    """Go through `order` and decide each member against those kept before it.

    Members are numbered and ``order[ranks[m]] == m``; `fixed` ones are kept anyway; member
    ``m`` stands in buckets ``buckets[places[m]:places[m + 1]]``;
    bucket ``b`` lists those kept in ``leaders[room[b]:room[b] + fills[b]]``. Writes the survivor
    (-1: kept) and the similarity; of several the most similar, then the first. Returns how many
    pairs were verified.
    """
    verified = 0
    for rank in range(order.shape[0]):
        member = order[rank]
        stamps[member] = member
        best = -1
        best_similarity = 0.0
        size = sizes[member]
        if not fixed[member]:
            for at in range(places[member], places[member + 1]):
                bucket = buckets[at]
                first = room[bucket]
                for place in range(first, first + fills[bucket]):
                    other = leaders[place]
                    if stamps[other] == member:
                        continue
                    stamps[other] = member
                    if salts[other] != salts[member]:
                        continue
                    total = size + sizes[other]
                    enough = np.int64(np.ceil((threshold - 1e-9) * total / (1.0 + threshold)))
                    shared = shared_elements(
                        shingles, starts[member], size, starts[other], sizes[other], enough - 1
                    )
                    verified += 1
                    if shared <= 0:
                        continue
                    similarity = shared / (total - shared)
                    if similarity < threshold - 1e-9 or similarity < best_similarity:
                        continue
                    if similarity > best_similarity or ranks[other] < ranks[best]:
                        best = other
                        best_similarity = similarity
        survivors[member] = best
        similarities[member] = best_similarity
        if best < 0:
            for at in range(places[member], places[member + 1]):
                bucket = buckets[at]
                leaders[room[bucket] + fills[bucket]] = member
                fills[bucket] += 1
    return verified
