"""Compiled twins: sets sorted, held against each other, and who stands for whom."""

# mypy: disable-error-code="call-arg,var-annotated"

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.core.machine import count_ones
from cleaner.dedup.essence import RECASED
from cleaner.dedup.kernels_words import compiled, inlined

U = np.uint64
W = np.uint32
_SPREAD = W(0x9E3779B1)


@compiled
def sort(values: Any) -> None:
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
def sort_sets(
    shingles: Any, starts: Any, ends: Any, salts: Any, cases: Any, sizes: Any, facts: Any
) -> None:
    """Sort each set in place, its distinct elements first; write their number, and `sets.facts`."""
    for index in range(starts.shape[0]):
        piece = shingles[starts[index] : ends[index]]
        count = piece.shape[0]
        sort(piece)
        kept = 0
        facts[index, 2] = facts[index, 3] = U(0)
        for i in range(count):
            if i == 0 or piece[i] != piece[kept - 1]:
                value = piece[i]
                piece[kept] = value
                kept += 1
                bit = W(value * _SPREAD) >> W(25)
                facts[index, W(2) + (bit >> W(6))] |= U(1) << U(bit & W(63))
        sizes[index] = kept
        facts[index, 0] = U(kept)
        facts[index, 1] = salts[index]
        facts[index, 4] = cases[index]


@compiled
def take_sets(shingles: Any, sizes: Any, chosen: Any, taken: Any) -> None:
    """Copy the chosen ones of sets that lie one after the other."""
    at = np.int64(0)
    filled = np.int64(0)
    for index in range(sizes.shape[0]):
        size = sizes[index]
        if chosen[index]:
            for place in range(size):
                taken[filled + place] = shingles[at + place]
            filled += size
        at += size


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


@inlined
def _cases_agree(one: Any, two: Any) -> Any:
    """Whether two texts differ in case by nothing that matters."""
    more = np.int64(one & U(0xFFFF)) - np.int64(two & U(0xFFFF))
    return one == two or more >= RECASED or -more >= RECASED


@inlined
def _similarity(one: Any, two: Any, least: Any, shingles: Any, starts: Any, facts: Any) -> Any:
    """Return the Jaccard similarity of two sets, or -1 where it is less than `least`."""
    size_one = np.int64(facts[one, 0])
    size_two = np.int64(facts[two, 0])
    total = size_one + size_two
    enough = np.int64(np.ceil((least - 1e-9) * total / (1.0 + least))) - 1
    apart = count_ones(facts[one, 2] ^ facts[two, 2]) + count_ones(facts[one, 3] ^ facts[two, 3])
    if np.int64(apart) > total - 2 * enough:
        return -1.0
    shared = shared_elements(shingles, starts[one], size_one, starts[two], size_two, enough)
    if shared <= 0:
        return -1.0
    similarity = shared / (total - shared)
    return similarity if similarity >= least - 1e-9 else -1.0


@compiled
def hold(
    first: Any,
    last: Any,
    recent: Any,
    order: Any,
    ranks: Any,
    fixed: Any,
    places: Any,
    buckets: Any,
    room: Any,
    fills: Any,
    leaders: Any,
    shingles: Any,
    starts: Any,
    facts: Any,
    threshold: Any,
    survivors: Any,
    similarities: Any,
) -> Any:
    """Hold the members ``order[first:last]``, one after the other, against those kept before them.

    ``buckets[places[m]:places[m + 1]]`` are member ``m``'s buckets; bucket ``b``'s leaders, those
    kept so far, are ``leaders[room[b]:room[b] + fills[b]]``. Writes the most similar leader at or
    over the threshold (the first of equals by rank) and the similarity; a member that resembles
    none becomes a leader of its buckets. `recent` (a power of two long) is -1 before. Returns how
    many pairs were looked at.
    """
    mask = np.int64(recent.shape[0] - 1)
    verified = np.int64(0)
    for index in range(first, last):
        member = order[index]
        best = np.int64(-1)
        best_similarity = 0.0
        if not fixed[member]:
            for at in range(places[member], places[member + 1]):
                start = room[buckets[at]]
                for place in range(start, start + fills[buckets[at]]):
                    other = np.int64(leaders[place])
                    seen = member << 32 | other
                    if recent[other & mask] == seen:
                        continue
                    recent[other & mask] = seen
                    if facts[other, 1] != facts[member, 1]:
                        continue
                    if not _cases_agree(facts[other, 4], facts[member, 4]):
                        continue
                    verified += 1
                    similarity = _similarity(
                        member, other, max(threshold, best_similarity), shingles, starts, facts
                    )
                    if similarity > best_similarity or (
                        similarity == best_similarity and ranks[other] < ranks[best]
                    ):
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
