"""Which copy is kept: the keeper of each group of equal texts, and the order among keepers.

Reference texts come before all others. ``first``: then the first in document order. ``best``: the
copy with the least flaws (`essence.flaws`), and the first among equals, so that what is kept
depends on the order of files only where copies are equally good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

import numpy as np
import numpy.typing as npt

from cleaner.dedup.candidates.hashtable import first_of

Survivor = Literal["first", "best"]
Pieces = Callable[[], Iterable[npt.NDArray[np.int32]]]


def choose_keepers(
    groups: Pieces,
    demerits: npt.NDArray[np.uint32] | None,
    keeper: npt.NDArray[np.int32],
) -> None:
    """Write the unit that stands for each group into `keeper`: (groups,).

    `groups` gives the group of each unit, batch by batch; groups are numbered as they appear.
    `demerits` go by unit: the unit with the least is kept, the first of equals.

    >>> keeper = np.empty(3, np.int32)
    >>> batches = [np.array([0, 1, 0], np.int32), np.array([1, 2], np.int32)]
    >>> choose_keepers(lambda: batches, np.array([5, 5, 1, 5, 5], np.uint32), keeper)
    >>> keeper.tolist()
    [2, 1, 4]
    """
    _first_of_groups(groups, keeper)
    if demerits is None:
        return
    better = [np.empty(0, dtype=np.int64)]
    at = 0
    for batch in groups():
        own = demerits[at : at + len(batch)]
        better.append(at + np.flatnonzero(own < demerits[keeper[batch]]))
        at += len(batch)
    units = np.concatenate(better)
    order = units[np.lexsort((-units, ~demerits[units]))]
    # Of those written to one place the last one counts, which is the best.
    keeper[_groups_of(groups, order)] = order


def _groups_of(groups: Pieces, units: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """Return the group of each of some units."""
    found = np.empty(len(units), dtype=np.int32)
    at = 0
    for batch in groups() if len(units) else ():
        own = (units >= at) & (units < at + len(batch))
        found[own] = batch[units[own] - at]
        at += len(batch)
    return found


def _first_of_groups(groups: Pieces, keeper: npt.NDArray[np.int32]) -> None:
    """Write the first unit of each group, that with which the group's number is new."""
    at = known = 0
    for batch in groups():
        first = np.flatnonzero(first_of(batch, known))
        keeper[batch[first]] = at + first
        known += len(first)
        at += len(batch)


def demerits_of(
    how: Survivor, protected: npt.NDArray[np.bool_], flaws: npt.NDArray[np.uint32]
) -> npt.NDArray[np.uint32]:
    """Return what speaks against keeping each unit: uint32, shape (n,); nothing for references.

    >>> demerits_of("best", np.array([False, True]), np.array([3, 9], np.uint32)).tolist()
    [4, 0]
    """
    if how == "first":
        return np.where(protected, 0, 1).astype(np.uint32)
    return np.where(protected, 0, np.minimum(flaws, np.uint32(2**32 - 2)) + np.uint32(1))
