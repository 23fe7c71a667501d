"""Which copy is kept: the order in which units are considered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

import numpy as np
import numpy.typing as npt

from cleaner.dedup.hashtable import first_of

Survivor = Literal["first", "best"]


def ranking(
    how: Survivor,
    protected: npt.NDArray[np.bool_],
    damage: npt.NDArray[np.uint32],
    lengths: npt.NDArray[np.uint32],
) -> npt.NDArray[np.int64]:
    """Return the numbers of the units in the order in which they are considered: int64, (n,).

    Protected units come first. ``first``: in document order. ``best``: least damaged, then longest
    (in bytes), then first.

    >>> ranking("best", np.array([False, False, True]), np.array([0, 0, 9], np.uint32),
    ...         np.array([5, 7, 1], np.uint32)).tolist()
    [2, 1, 0]
    """
    if how == "first":
        return np.argsort(~protected, kind="stable").astype(np.int64)
    return np.lexsort((-lengths.astype(np.int64), damage, ~protected)).astype(np.int64)


def first_of_groups(
    groups: Callable[[], Iterable[npt.NDArray[np.int32]]],
    order: npt.NDArray[np.int64] | None,
    keeper: npt.NDArray[np.int32],
) -> None:
    """Write the unit of each group that comes first in `order` into `keeper`: (groups,).

    `groups` gives the group of each unit, batch by batch; groups are numbered as they appear, so
    without an order the first unit is that with which a group's number is new.

    >>> keeper = np.empty(3, np.int32)
    >>> first_of_groups(
    ...     lambda: [np.array([0, 1, 0], np.int32), np.array([1, 2], np.int32)], None, keeper)
    >>> keeper.tolist()
    [0, 1, 4]
    """
    if order is not None:
        whole = np.concatenate([*groups(), np.empty(0, np.int32)])
        keeper[whole[order[::-1]]] = order[::-1]
        return
    at = known = 0
    for batch in groups():
        first = np.flatnonzero(first_of(batch, known))
        keeper[batch[first]] = at + first
        known += len(first)
        at += len(batch)
