# mypy: ignore-errors
"""Fingerprints by winnowing, and the search for containing passages."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays


@takes_arrays
def winnow(
    shingles: cython.const[cython.uint][::1],
    starts: cython.const[cython.longlong][::1],
    ends: cython.const[cython.longlong][::1],
    window: cython.Py_ssize_t,
    fingerprints: cython.uint[::1],
    counts: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Write the least shingle (the last of equals) of every window of each unit, once a place.

    Returns how many were written; `counts` (n,) says how many are each unit's. The method is that
    of Schleimer, Wilkerson and Aiken (Winnowing, SIGMOD 2003).
    """
    unit: cython.Py_ssize_t
    first: cython.Py_ssize_t
    start: cython.Py_ssize_t
    end: cython.Py_ssize_t
    windows: cython.Py_ssize_t
    past: cython.Py_ssize_t
    place: cython.Py_ssize_t
    best: cython.Py_ssize_t
    last: cython.Py_ssize_t
    first_filled: cython.Py_ssize_t
    filled: cython.Py_ssize_t = 0
    with cython.nogil:
        for unit in range(starts.shape[0]):
            first_filled = filled
            start = starts[unit]
            end = ends[unit]
            windows = max(1, end - start - window + 1) if end > start else 0
            last = -1
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


@takes_arrays
def count_prints(hashes: cython.const[cython.uint][::1], tally: cython.uchar[::1]) -> None:
    """Count each hash in a table of its low bits (a power of two long), up to 2."""
    index: cython.Py_ssize_t
    slot: cython.Py_ssize_t
    mask: cython.Py_ssize_t = tally.shape[0] - 1
    with cython.nogil:
        for index in range(hashes.shape[0]):
            slot = hashes[index] & mask
            if tally[slot] < 2:
                tally[slot] += 1


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def inside_of(
    shingles: cython.const[cython.uint][::1],
    one: cython.Py_ssize_t,
    size_one: cython.Py_ssize_t,
    two: cython.Py_ssize_t,
    size_two: cython.Py_ssize_t,
    spare: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    """Return how many of the first set's elements are in the second; -1 if `spare` are missing."""
    i: cython.Py_ssize_t
    high: cython.Py_ssize_t
    step: cython.Py_ssize_t
    probe: cython.Py_ssize_t
    middle: cython.Py_ssize_t
    low: cython.Py_ssize_t = 0
    missing: cython.Py_ssize_t = 0
    value: cython.uint
    for i in range(size_one):
        value = shingles[one + i]
        step = 1
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
                return -1
    return size_one - missing


@takes_arrays
def contain(
    order: cython.const[cython.longlong][::1],
    fixed: cython.const[cython.uchar][::1],
    groups: cython.const[cython.longlong][::1],
    places: cython.const[cython.longlong][::1],
    prints: cython.const[cython.longlong][::1],
    rooms: cython.const[cython.longlong][::1],
    posted: cython.const[cython.longlong][::1],
    stamps: cython.longlong[::1],
    shingles: cython.const[cython.uint][::1],
    starts: cython.const[cython.longlong][::1],
    sizes: cython.const[cython.longlong][::1],
    least: cython.double,
    tries: cython.Py_ssize_t,
    containers: cython.longlong[::1],
    shares: cython.double[::1],
) -> cython.Py_ssize_t:
    """Find for each member of `order` (longest first) the best longer one that contains it.

    ``prints[places[m]:places[m + 1]]`` are member ``m``'s fingerprint numbers, rarest first;
    fingerprint ``f`` stands in members ``posted[rooms[f]:rooms[f + 1]]``. At most `tries` others
    are looked at for each member. Writes the container (-1: none) and the share inside it.
    """
    rank: cython.Py_ssize_t
    member: cython.Py_ssize_t
    other: cython.Py_ssize_t
    best: cython.Py_ssize_t
    left: cython.Py_ssize_t
    size: cython.Py_ssize_t
    spare: cython.Py_ssize_t
    at: cython.Py_ssize_t
    place: cython.Py_ssize_t
    number: cython.Py_ssize_t
    inside: cython.Py_ssize_t
    looked: cython.Py_ssize_t = 0
    best_share: cython.double
    share: cython.double
    with cython.nogil:
        for rank in range(order.shape[0]):
            member = order[rank]
            best = -1
            best_share = 0.0
            left = tries
            size = sizes[member]
            spare = cython.cast(cython.Py_ssize_t, (1.0 - least + 1e-9) * size)
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
                        inside = inside_of(
                            shingles, starts[member], size, starts[other], sizes[other], spare
                        )
                        if inside > 0:
                            share = cython.cast(cython.double, inside) / size
                            if share > best_share or (share == best_share and other < best):
                                best = other
                                best_share = share
                        if left <= 0:
                            break
            containers[member] = best
            shares[member] = best_share
    return looked
