"""From band keys to buckets of candidates, one band at a time.

Only members that share a bucket with another are carried on. A bucket of thousands (a template, a
licence text with a few variants) would need work in the square of its size; its members are joined
by prefix filtering instead (Chaudhuri, Ganti, Kaushik, "A primitive operator for similarity joins",
2006; Bayardo, Ma, Srikant, "Scaling up all pairs similarity search", 2007): two sets of similarity
``t`` and more share at least one of the ``|x| - ceil(t |x|) + 1`` rarest elements of each, so these
elements are their buckets, and no pair at the threshold is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.dedup.plain import ceil_share

LARGE = 256

# Maps a function over items and gives the results in order.
Spread = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


class Buckets(NamedTuple):
    """Which members stand in which buckets: int32 pairs, shape (p,) each."""

    members: npt.NDArray[np.int32]
    buckets: npt.NDArray[np.int32]


def shared_buckets(
    bands: Iterable[npt.NDArray[np.uint32]],
    members: npt.NDArray[np.int64],
    kernels: Any,
    spread: Spread = map,
) -> Buckets:
    """Return the buckets in which two or more of `members` stand, from the keys of each band.

    Each band's keys are uint32, by member number.
    """
    found_members, found_buckets = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    count = 0
    for own in spread(partial(_band_buckets, members=members, kernels=kernels), bands):
        found_members.append(own.members)
        found_buckets.append(own.buckets + np.int32(count))
        count += int(own.buckets[-1]) + 1 if len(own.buckets) else 0
    return Buckets(np.concatenate(found_members), np.concatenate(found_buckets))


def _band_buckets(
    keys: npt.NDArray[np.uint32], members: npt.NDArray[np.int64], kernels: Any
) -> Buckets:
    """Return the shared buckets of one band, numbered from 0, each one's members together."""
    bits = max(10, int(len(members) * 2).bit_length() - 1)
    once = np.zeros(1 << bits, dtype=np.uint32)
    twice = np.zeros(1 << bits, dtype=np.uint32)
    shared = np.empty(len(members), dtype=bool)
    kernels.mark_shared(keys, members, once, twice, shared)
    likely = members[shared]
    own = keys[likely]
    order = np.argsort(own, kind="stable")
    likely, own = likely[order], own[order]
    starts = np.flatnonzero(np.append(True, own[1:] != own[:-1])) if len(own) else own[:0]
    sizes = np.diff(np.append(starts, len(own)))
    numbers = np.cumsum(sizes > 1) - 1
    inside = np.repeat(sizes > 1, sizes)
    return Buckets(
        likely[inside].astype(np.int32), np.repeat(numbers, sizes)[inside].astype(np.int32)
    )


def split_large(
    buckets: Buckets,
    sets: npt.NDArray[np.uint32],
    starts: npt.NDArray[np.int64],
    sizes: npt.NDArray[np.int64],
    salts: npt.NDArray[np.uint64],
    threshold: float,
    large: int = LARGE,
) -> Buckets:
    """Return `buckets` with the large ones replaced by buckets of rare shared elements.

    ``sets[starts[m]:starts[m] + sizes[m]]`` are the distinct shingles of member ``m``.
    """
    per_bucket = np.bincount(buckets.buckets) if len(buckets.buckets) else np.empty(0, np.int64)
    is_large = per_bucket > large
    if not is_large.any():
        return buckets
    in_large = is_large[buckets.buckets]
    members = np.unique(buckets.members[in_large]).astype(np.int64)
    rare = _rare_elements(members, sets, starts, sizes, salts, threshold)
    keep = ~in_large
    return Buckets(
        np.concatenate([buckets.members[keep], rare.members]),
        np.concatenate([buckets.buckets[keep], rare.buckets + np.int32(len(per_bucket))]),
    )


def _rare_elements(
    members: npt.NDArray[np.int64],
    sets: npt.NDArray[np.uint32],
    starts: npt.NDArray[np.int64],
    sizes: npt.NDArray[np.int64],
    salts: npt.NDArray[np.uint64],
    threshold: float,
) -> Buckets:
    """Return a bucket for each rare element that two or more of `members` have in their prefix."""
    own = sizes[members]
    first = np.cumsum(own) - own
    within = np.arange(int(own.sum()), dtype=np.int64) - np.repeat(first, own)
    holder = np.repeat(np.arange(len(members), dtype=np.int64), own)
    elements = sets[np.repeat(starts[members], own) + within].astype(np.uint64)
    elements ^= salts[members][holder] * np.uint64(0xD6E8FEB86659FD93)
    _, element, frequency = np.unique(elements, return_inverse=True, return_counts=True)
    order = np.lexsort((element, frequency[element], holder))
    needed = np.array([ceil_share(threshold, size) for size in own.tolist()], dtype=np.int64)
    in_prefix = within < np.repeat(own - needed + 1, own)
    chosen = order[in_prefix]
    counts = np.bincount(element[chosen], minlength=len(frequency))
    chosen = chosen[counts[element[chosen]] > 1]
    return Buckets(members[holder[chosen]].astype(np.int32), element[chosen].astype(np.int32))
