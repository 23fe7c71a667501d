"""From band keys to buckets of candidates, one band at a time.

Only members that share a bucket with another are carried on. A bucket of thousands (a template, a
licence text with a few variants) would need work in the square of its size; its members are joined
by prefix filtering instead (Chaudhuri, Ganti, Kaushik, "A primitive operator for similarity joins",
2006; Bayardo, Ma, Srikant, "Scaling up all pairs similarity search", 2007): two sets of similarity
``t`` and more share at least one of the ``|x| - ceil(t |x|) + 1`` rarest elements of each, so these
elements are their buckets, and no pair at the threshold is lost.

The join is made here and not in duckdb, which gives the same pairs: for the 314,000 signatures of
114 MB of paragraphs it takes 0.14 s of CPU against 1.1 to 1.6 s in duckdb (one thread, a semi-join
on band and key), where the whole run takes 2.3 s, and two trials of duckdb, under limits of 2 GB
and of 200 MB, left the process 580 MB larger. Keys lie a column a band in a `memory.MemoryBudget`,
so that one band at a time is in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.dedup.candidates.join_kernel import group_shared, mark_shared
from cleaner.dedup.memory import MemoryBudget
from cleaner.dedup.verify.sets_kernel import count_elements, rarest

if TYPE_CHECKING:
    from cleaner.dedup.verify.sets import Sets

LARGE = 256

# Enough members to be worth handing to another thread.
_MEMBERS_A_TASK = 1 << 14

# Maps a function over items and gives the results in order.
Spread = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


class Buckets(NamedTuple):
    """Which members stand in which buckets: int32 pairs, shape (p,) each."""

    members: npt.NDArray[np.int32]
    buckets: npt.NDArray[np.int32]


def shared_buckets(
    bands: Iterable[npt.NDArray[np.uint32]],
    budget: MemoryBudget,
    spread: Spread = map,
) -> Buckets:
    """Return the buckets in which two or more members stand, from each band's keys.

    Each band's keys are uint32, by member number.
    """
    members, numbers = budget.column(np.int32), budget.column(np.int32)
    first = 0
    for own in spread(_band_buckets, bands):
        members.append(own.members)
        numbers.append(own.buckets + np.int32(first))
        first += int(own.buckets[-1]) + 1 if len(own.buckets) else 0
    found = Buckets(members.whole(), numbers.whole())
    members.close()
    numbers.close()
    return found


def _band_buckets(keys: npt.NDArray[np.uint32]) -> Buckets:
    """Return the shared buckets of one band, numbered from 0, each one's members together."""
    # Some 8 to 16 places of the table a key, so that few single ones are taken for shared.
    marks = np.zeros(1 << max(8, (len(keys) // 4).bit_length()), dtype=np.uint64)
    count = mark_shared(keys, marks)
    entries, spare = np.empty((2, count + 1), dtype=np.uint64)
    members, buckets = np.empty((2, count), dtype=np.int32)
    tally = np.empty(256, dtype=np.int64)
    filled = group_shared(keys, marks, entries, spare, tally, members, buckets)
    return Buckets(members[:filled], buckets[:filled])


def split_large(
    buckets: Buckets,
    sets: Sets,
    threshold: float,
    spread: Spread = map,
) -> Buckets:
    """Return `buckets` with the large ones replaced by buckets of rare shared elements."""
    per_bucket = np.bincount(buckets.buckets) if len(buckets.buckets) else np.empty(0, np.int64)
    is_large = per_bucket > LARGE
    if not is_large.any():
        return buckets
    in_large = is_large[buckets.buckets]
    members = np.unique(buckets.members[in_large]).astype(np.int64)
    rare = _rare_elements(members, sets, threshold, spread)
    keep = ~in_large
    return Buckets(
        np.concatenate([buckets.members[keep], rare.members]),
        np.concatenate([buckets.buckets[keep], rare.buckets + np.int32(len(per_bucket))]),
    )


def _rare_elements(
    members: npt.NDArray[np.int64],
    sets: Sets,
    threshold: float,
    spread: Spread,
) -> Buckets:
    """Return a bucket for each rare element that two or more of `members` have in their prefix."""
    shingles, starts, sizes, facts = sets
    own = sizes[members]
    prefixes = own - np.ceil((threshold - 1e-9) * own).astype(np.int64) + 1
    tally = np.zeros(1 << min(26, max(12, int(own.sum()).bit_length() + 1)), dtype=np.uint32)
    count_elements(members, shingles, starts, facts, tally)
    largest = int(own.max())

    def rarest_from(first: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
        part = slice(first, first + _MEMBERS_A_TASK)
        size = int(prefixes[part].sum())
        keys, holders = np.empty(size, dtype=np.uint64), np.empty(size, dtype=np.int32)
        filled = rarest(
            members[part], shingles, starts, facts, tally, prefixes[part],
            np.empty(largest, dtype=np.uint64), keys, holders,
        )  # fmt: skip
        return keys[:filled], holders[:filled]

    parts = list(spread(rarest_from, range(0, len(members), _MEMBERS_A_TASK)))
    keys, holders = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(keys, kind="stable")
    keys, holders = keys[order], holders[order]
    numbers = np.cumsum(np.append(False, keys[1:] != keys[:-1]), dtype=np.int32)[: len(keys)]
    return Buckets(holders, numbers)
