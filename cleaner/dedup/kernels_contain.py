"""Compiled twins: fingerprints by winnowing, and the search for containing passages."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.dedup.kernels_words import compiled


@compiled
def winnow(
    shingles: Any, starts: Any, ends: Any, window: Any, fingerprints: Any, counts: Any
) -> Any:
    """Write the least shingle (the last of equals) of every window of each unit, once a place.

    Returns how many were written; `counts` (n,) says how many are each unit's.
    """
    filled = np.int64(0)
    for unit in range(starts.shape[0]):
        first_filled = filled
        start = starts[unit]
        end = ends[unit]
        windows = max(np.int64(1), end - start - window + 1) if end > start else np.int64(0)
        last = np.int64(-1)
        for first in range(start, start + windows):
            past = min(first + window, end)
            if last >= first and shingles[past - 1] > shingles[last]:
                continue
            if last >= first:
                best = past - 1
            else:
                best = first
                for place in range(first + 1, past):
                    if shingles[place] <= shingles[best]:
                        best = place
            if best != last:
                fingerprints[filled] = shingles[best]
                filled += 1
                last = best
        counts[unit] = filled - first_filled
    return filled


@compiled
def count_prints(hashes: Any, tally: Any) -> None:
    """Count each hash in a table of its low bits (a power of two long), up to 2."""
    mask = np.int64(tally.shape[0] - 1)
    for index in range(hashes.shape[0]):
        slot = np.int64(hashes[index]) & mask
        if tally[slot] < 2:
            tally[slot] += 1


@compiled
def _inside(shingles: Any, one: Any, size_one: Any, two: Any, size_two: Any, spare: Any) -> Any:
    """Return how many of the first set's elements are in the second; -1 if `spare` are missing."""
    low = np.int64(0)
    missing = np.int64(0)
    for i in range(size_one):
        value = shingles[one + i]
        high = size_two
        step = np.int64(1)
        probe = low
        while probe < size_two and shingles[two + probe] < value:
            low = probe + 1
            probe += step
            step *= 2
        high = min(probe, size_two)
        while low < high:
            middle = (low + high) >> 1
            if shingles[two + middle] < value:
                low = middle + 1
            else:
                high = middle
        if low >= size_two or shingles[two + low] != value:
            missing += 1
            if missing > spare:
                return np.int64(-1)
    return size_one - missing


@compiled
def contain(
    order: Any,
    fixed: Any,
    groups: Any,
    places: Any,
    prints: Any,
    rooms: Any,
    posted: Any,
    stamps: Any,
    shingles: Any,
    starts: Any,
    sizes: Any,
    least: Any,
    tries: Any,
    containers: Any,
    shares: Any,
) -> Any:
    """Find for each member of `order` (longest first) the best longer one that contains it.

    ``prints[places[m]:places[m + 1]]`` are member ``m``'s fingerprint numbers, rarest first;
    fingerprint ``f`` stands in members ``posted[rooms[f]:rooms[f + 1]]``. At most `tries` others
    are looked at for each member. Writes the container (-1: none) and the share inside it.
    """
    looked = np.int64(0)
    for rank in range(order.shape[0]):
        member = order[rank]
        best = np.int64(-1)
        best_share = 0.0
        left = tries
        size = sizes[member]
        spare = np.int64(np.floor((1.0 - least + 1e-9) * size))
        if not fixed[member]:
            for at in range(places[member], places[member + 1]):
                if left <= 0:
                    break
                number = prints[at]
                for place in range(rooms[number], rooms[number + 1]):
                    other = posted[place]
                    if other == member or stamps[other] == member:
                        continue
                    stamps[other] = member
                    if sizes[other] <= size or containers[other] >= 0:
                        continue
                    if groups[other] != groups[member]:
                        continue
                    left -= 1
                    looked += 1
                    inside = _inside(
                        shingles, starts[member], size, starts[other], sizes[other], spare
                    )
                    if inside > 0:
                        share = inside / size
                        if share > best_share or (share == best_share and other < best):
                            best = other
                            best_share = share
                    if left <= 0:
                        break
        containers[member] = best
        shares[member] = best_share
    return looked
