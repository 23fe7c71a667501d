# mypy: ignore-errors
"""Sets compared with each other, and who stands for whom."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.dedup.text import essence

RECASED = cython.declare(cython.longlong, essence.RECASED)

# Every second bit, every second pair of bits, every second four.
BITS = cython.declare(cython.ulonglong, 0x5555555555555555)
PAIRS = cython.declare(cython.ulonglong, 0x3333333333333333)
FOURS = cython.declare(cython.ulonglong, 0x0F0F0F0F0F0F0F0F)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def count_ones(bits: cython.ulonglong) -> cython.Py_ssize_t:
    """Return how many bits are set, by the sums of neighbours (Knuth, TAOCP 7.1.3)."""
    bits = bits - ((bits >> 1) & BITS)
    bits = (bits & PAIRS) + ((bits >> 2) & PAIRS)
    bits = (bits + (bits >> 4)) & FOURS
    bits = bits + (bits >> 8)
    bits = bits + (bits >> 16)
    return (bits + (bits >> 32)) & 0x7F


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def shared_elements(
    shingles: cython.const[cython.uint][::1],
    one: cython.Py_ssize_t,
    size_one: cython.Py_ssize_t,
    two: cython.Py_ssize_t,
    size_two: cython.Py_ssize_t,
    enough: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    """Return how many elements two sorted sets share, or -1 once they are sure to be too few."""
    i: cython.Py_ssize_t = 0
    j: cython.Py_ssize_t = 0
    shared: cython.Py_ssize_t = 0
    spare_one: cython.Py_ssize_t = size_one - enough
    spare_two: cython.Py_ssize_t = size_two - enough
    less: cython.bint
    more: cython.bint
    x: cython.uint
    y: cython.uint
    while i < size_one and j < size_two:
        if i - shared > spare_one or j - shared > spare_two:
            return -1
        x = shingles[one + i]
        y = shingles[two + j]
        less = x < y
        more = x > y
        i += 1 - more
        j += 1 - less
        shared += 1 - (less | more)
    return shared


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def cases_agree(one: cython.ulonglong, two: cython.ulonglong) -> cython.bint:
    """Whether two texts differ in case by nothing that matters (`essence.cases_agree`)."""
    more: cython.longlong
    if one == two:
        return True
    more = one & 0xFFFF
    more -= two & 0xFFFF
    return more >= RECASED or -more >= RECASED


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def similarity_of(
    one: cython.Py_ssize_t,
    two: cython.Py_ssize_t,
    least: cython.double,
    shingles: cython.const[cython.uint][::1],
    starts: cython.const[cython.longlong][::1],
    facts: cython.const[cython.ulonglong][:, ::1],
) -> cython.double:
    """Return the Jaccard similarity of two sets, or -1 where it is less than `least`."""
    size_one: cython.Py_ssize_t = facts[one, 0]
    size_two: cython.Py_ssize_t = facts[two, 0]
    total: cython.Py_ssize_t = size_one + size_two
    # One less than what is needed, so that no rounding takes a pair away.
    enough: cython.Py_ssize_t = cython.cast(
        cython.Py_ssize_t, (least - 1e-9) * total / (1.0 + least)
    )
    apart: cython.Py_ssize_t
    shared: cython.Py_ssize_t
    similarity: cython.double
    enough = max(enough - 1, 0)
    apart = count_ones(facts[one, 2] ^ facts[two, 2]) + count_ones(facts[one, 3] ^ facts[two, 3])
    if apart > total - 2 * enough:
        return -1.0
    shared = shared_elements(shingles, starts[one], size_one, starts[two], size_two, enough)
    if shared <= 0:
        return -1.0
    similarity = cython.cast(cython.double, shared) / (total - shared)
    return similarity if similarity >= least - 1e-9 else -1.0


@takes_arrays
def verify_candidates(
    first: cython.Py_ssize_t,
    last: cython.Py_ssize_t,
    recent: cython.longlong[::1],
    order: cython.const[cython.longlong][::1],
    ranks: cython.const[cython.longlong][::1],
    fixed: cython.const[cython.uchar][::1],
    places: cython.const[cython.longlong][::1],
    buckets: cython.const[cython.int][::1],
    room: cython.const[cython.longlong][::1],
    fills: cython.int[::1],
    leaders: cython.int[::1],
    shingles: cython.const[cython.uint][::1],
    starts: cython.const[cython.longlong][::1],
    facts: cython.const[cython.ulonglong][:, ::1],
    threshold: cython.double,
    survivors: cython.int[::1],
    similarities: cython.double[::1],
) -> cython.Py_ssize_t:
    """Compare the members ``order[first:last]``, one after the other, with those kept before them.

    ``buckets[places[m]:places[m + 1]]`` are member ``m``'s buckets; bucket ``b``'s leaders, those
    kept so far, are ``leaders[room[b]:room[b] + fills[b]]``. Writes the most similar leader at or
    over the threshold (the first of equals by rank) and the similarity; a member that resembles
    none becomes a leader of its buckets. `recent` (a power of two long) is -1 before. Returns how
    many pairs were looked at.
    """
    index: cython.Py_ssize_t
    member: cython.Py_ssize_t
    best: cython.Py_ssize_t
    at: cython.Py_ssize_t
    place: cython.Py_ssize_t
    start: cython.Py_ssize_t
    other: cython.Py_ssize_t
    bucket: cython.int
    seen: cython.longlong
    best_similarity: cython.double
    similarity: cython.double
    mask: cython.Py_ssize_t = recent.shape[0] - 1
    verified: cython.Py_ssize_t = 0
    with cython.nogil:
        for index in range(first, last):
            member = order[index]
            best = -1
            best_similarity = 0.0
            if not fixed[member]:
                for at in range(places[member], places[member + 1]):
                    start = room[buckets[at]]
                    for place in range(start, start + fills[buckets[at]]):
                        other = leaders[place]
                        seen = cython.cast(cython.longlong, member) << 32 | other
                        if recent[other & mask] == seen:
                            continue
                        recent[other & mask] = seen
                        if facts[other, 1] != facts[member, 1]:
                            continue
                        if not cases_agree(facts[other, 4], facts[member, 4]):
                            continue
                        verified += 1
                        similarity = similarity_of(
                            member,
                            other,
                            max(threshold, best_similarity),
                            shingles,
                            starts,
                            facts,
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
