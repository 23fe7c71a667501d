"""Which copy is kept: the order in which units are considered."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

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
