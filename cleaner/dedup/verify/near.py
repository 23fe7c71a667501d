"""Near-duplicates: candidates verified, and who stands for whom.

Members are considered in one fixed order; each is held against all that were kept before it and
share a bucket with it. Members that hang together through no buckets never meet, so threads can
take what hangs together side by side, and the result is that of one loop over all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.dedup.candidates.join import Buckets, Spread, shared_buckets, split_large
from cleaner.dedup.candidates.join_kernel import group, link
from cleaner.dedup.memory import MemoryBudget
from cleaner.dedup.verify.sets import SetColumns, Sets
from cleaner.dedup.verify.verify_kernel import verify_candidates

# Enough members to be worth handing to another thread.
_MEMBERS_A_TASK = 1 << 12

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
    cases: npt.NDArray[np.uint64] | None,
    among: npt.NDArray[np.bool_] | None,
    ranked: Callable[[npt.NDArray[np.int64]], Ranked],
    threshold: float,
    spread: Spread,
    budget: MemoryBudget,
) -> Pairs:
    """Return the near-duplicates among all members, or those that `among` (bool) names.

    `bands` are the keys of each band (uint32, by member), `salts` what members must have in common
    (uint64, by member), `cases` where their capitals stand, if that matters; ``ranked(members)``
    tells `Ranked` of some members.
    """
    count = len(salts)
    found = shared_buckets(bands, budget, spread)
    if among is not None:
        own = among[found.members]
        found = Buckets(found.members[own], found.buckets[own])
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
    own_cases = np.zeros(len(members), np.uint64) if cases is None else np.asarray(cases[members])
    sets = columns.sorted(joined, np.asarray(salts[members]), own_cases, spread)
    del joined
    found = split_large(found, sets, threshold, spread)
    survivors, similarities, verified = _choose(
        found, sets, ranked(members), threshold, spread, budget
    )
    gone = np.flatnonzero(survivors >= 0)
    return Pairs(members[gone], members[survivors[gone]], similarities[gone], verified)


def _choose(
    found: Buckets,
    sets: Sets,
    ranked: Ranked,
    threshold: float,
    spread: Spread,
    budget: MemoryBudget,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64], int]:
    """Return each member's survivor (-1: kept), similarities, and how many pairs were verified."""
    count = len(sets.starts)
    places = np.zeros(count + 1, dtype=np.int64)
    in_buckets = np.bincount(found.members, minlength=count)
    places[1:] = np.cumsum(in_buckets) - in_buckets
    buckets = budget.allocate(len(found.buckets), np.int32)
    group(found.members, found.buckets, places, buckets)
    capacity = np.bincount(buckets)
    slots = np.cumsum(capacity) - capacity
    fills = np.zeros(len(slots), dtype=np.int32)
    leaders = budget.allocate(len(buckets), np.int32)
    roots = np.arange(count, dtype=np.int32)
    link(found.members, found.buckets, roots)
    order = np.lexsort((ranked.ranks, roots))
    survivors = np.empty(count, dtype=np.int32)
    similarities = np.empty(count)

    def verify(borders: tuple[int, int]) -> int:
        verified: int = verify_candidates(
            *borders, np.full(_RECENT, -1, dtype=np.int64), order, ranked.ranks,
            ranked.fixed.view(np.uint8),
            places, buckets, slots, fills, leaders, sets.shingles, sets.starts, sets.facts,
            threshold, survivors, similarities,
        )  # fmt: skip
        return verified

    verified = sum(spread(verify, pairwise(_borders(roots[order]))))
    return survivors, similarities, verified


def _borders(roots: npt.NDArray[np.int32]) -> list[int]:
    """Return where to part members in tasks; what has one root stays together."""
    firsts = np.flatnonzero(np.append(True, roots[1:] != roots[:-1]))
    firsts = np.append(firsts, len(roots))
    places = np.searchsorted(firsts, np.arange(0, len(roots), _MEMBERS_A_TASK))
    borders: list[int] = np.unique(np.append(firsts[places], len(roots))).tolist()
    return borders
