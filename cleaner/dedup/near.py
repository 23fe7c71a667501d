"""Near-duplicates: candidates verified, and who stands for whom, block by block.

Members are considered in one fixed order; each is held against all that were kept before it and
share a bucket with it. A block of members is first held against what earlier blocks kept, which
threads can do side by side, and then, one after the other, against what its own members keep. So
the result is that of one loop over all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.dedup.columns import Purse
from cleaner.dedup.join import Buckets, Spread, shared_buckets, split_large
from cleaner.dedup.sets import SetColumns, Sets

# What one member keeps, the next may resemble: small blocks leave little to do in sequence.
_BLOCK = 1 << 12
_BLOCKS = 64
_TASKS_A_BLOCK = 4

# Others that were just looked at are known by this many places; forgetting one costs time only.
_RECENT = 1 << 12


class Pairs(NamedTuple):
    """Members that are near-duplicates, rising, and what each stands for; shape (n,) each.

    `members` and `survivors`: int64; `similarities`: float64, Jaccard similarity of the sets;
    `verified`: how many pairs were held against each other.
    """

    members: npt.NDArray[np.int64]
    survivors: npt.NDArray[np.int64]
    similarities: npt.NDArray[np.float64]
    verified: int


class Ranked(NamedTuple):
    """What is asked of each member: its place in the order (int64), whether it stays (bool)."""

    ranks: npt.NDArray[np.int64]
    fixed: npt.NDArray[np.bool_]


def near_pairs(
    bands: Iterable[npt.NDArray[np.uint32]],
    columns: SetColumns,
    salts: npt.NDArray[np.uint64],
    ranked: Callable[[npt.NDArray[np.int64]], Ranked],
    threshold: float,
    kernels: Any,
    spread: Spread,
    purse: Purse,
) -> Pairs:
    """Return the near-duplicates among all members.

    `bands` are the keys of each band (uint32, by member), `salts` what members must have in common
    (uint64, by member); ``ranked(members)`` tells `Ranked` of some members.
    """
    count = len(salts)
    found = shared_buckets(bands, count, kernels, purse, spread)
    if not len(found.members):
        none = np.empty(0, dtype=np.int64)
        return Pairs(none, none, np.empty(0), 0)
    joined = np.zeros(count, dtype=bool)
    joined[found.members] = True
    members = np.flatnonzero(joined)
    number = np.cumsum(joined, dtype=np.int32)
    number -= 1
    found = Buckets(number[found.members], found.buckets)
    del number
    sets = columns.sorted(joined, np.asarray(salts[members]), kernels, spread)
    del joined
    found = split_large(found, sets, threshold, kernels, spread)
    survivors, similarities, verified = _choose(
        found, sets, ranked(members), threshold, kernels, spread, purse
    )
    gone = np.flatnonzero(survivors >= 0)
    return Pairs(members[gone], members[survivors[gone]], similarities[gone], verified)


def _choose(
    found: Buckets,
    sets: Sets,
    ranked: Ranked,
    threshold: float,
    kernels: Any,
    spread: Spread,
    purse: Purse,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64], int]:
    """Return each member's survivor (-1: kept), similarities, and how many pairs were verified."""
    count = len(sets.starts)
    places = np.zeros(count + 1, dtype=np.int64)
    in_buckets = np.bincount(found.members, minlength=count)
    places[1:] = np.cumsum(in_buckets) - in_buckets
    buckets = purse.room(len(found.buckets), np.int32)
    kernels.group(found.members, found.buckets, places, buckets)
    capacity = np.bincount(buckets)
    room = np.cumsum(capacity) - capacity
    order = np.argsort(ranked.ranks, kind="stable")
    ranks = np.empty(count, dtype=np.int64)
    ranks[order] = np.arange(count)
    survivors = np.full(count, -1, dtype=np.int32)
    similarities = np.zeros(count)
    given = (
        order, ranks, ranked.fixed, places, buckets, room, np.zeros(len(room), dtype=np.int32),
        purse.room(len(buckets), np.int32), sets.shingles, sets.starts, sets.facts, threshold,
        survivors, similarities,
    )  # fmt: skip

    def hold(borders: tuple[int, int], since: int = 0, *, keeping: bool = False) -> int:
        recent = np.full(_RECENT, -1, dtype=np.int64)
        pairs: int = kernels.hold(*borders, since, keeping, recent, *given)
        return pairs

    verified = 0
    size = max(_BLOCK, count // _BLOCKS)
    for first in range(0, count, size):
        last = min(first + size, count)
        if first:
            step = max(1, (last - first + _TASKS_A_BLOCK - 1) // _TASKS_A_BLOCK)
            verified += sum(spread(hold, pairwise([*range(first, last, step), last])))
        verified += hold((first, last), since=first, keeping=True)
    return survivors, similarities, verified
