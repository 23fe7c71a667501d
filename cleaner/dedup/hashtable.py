"""A table of 128-bit hashes that numbers them in order of their first appearance."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_FIRST_ROOM = 1024


class HashTable:
    """Numbers hashes from 0 on; one that comes after the first `most` others gets -1.

    An entry takes 22 to 28 bytes.
    """

    def __init__(self, kernels: Any, most: int = 2**31 - 2) -> None:
        self._kernels = kernels
        self._most = most
        self._known = np.empty((_FIRST_ROOM, 2), dtype=np.uint64)
        self._slots = np.full(table_size(_FIRST_ROOM), -1, dtype=np.int32)
        self.count = 0

    @property
    def held(self) -> int:
        """How many bytes the table takes."""
        return 16 * self.count + self._slots.nbytes

    def hashes(self) -> npt.NDArray[np.uint64]:
        """Return the hashes by number: uint64, shape (count, 2)."""
        return self._known[: self.count]

    def close(self) -> None:
        """Give back the table; the hashes stay, and no more can be claimed."""
        self._slots = np.empty(0, dtype=np.int32)

    def claim(self, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int32]:
        """Return the number of each hash: int32, shape (n,)."""
        needed = min(self.count + len(hashes), self._most)
        if needed > len(self._known):
            # In place, so that old and new room are never held side by side.
            self._known.resize((max(needed, 2 * len(self._known)), 2), refcheck=False)
        if table_size(needed) > len(self._slots):
            self._slots = np.empty(0, dtype=np.int32)
            self._slots = np.full(table_size(needed), -1, dtype=np.int32)
            self._kernels.rebuild(self._known, self.count, self._slots)
        owners = np.empty(len(hashes), dtype=np.int32)
        self.count = int(
            self._kernels.claim(hashes, self._known, self.count, self._most, self._slots, owners)
        )
        return owners


def table_size(count: int) -> int:
    """Return a power of two that leaves a third of a table for `count` entries free.

    >>> table_size(0), table_size(100)
    (16, 256)
    """
    size = 16
    while size * 2 < count * 3:
        size *= 2
    return size


def first_of(numbers: npt.NDArray[np.int32], known: int) -> npt.NDArray[np.bool_]:
    """Return which of the numbers that a table gave are new and the first of their kind.

    `known` is how many hashes the table held before. A number below 0 is always new.

    >>> first_of(np.array([4, 5, 2, 5, -1, 6, -1], dtype=np.int32), 4).tolist()
    [True, True, False, False, True, True, True]
    """
    before = np.append(np.int32(known - 1), numbers[:-1])
    # New numbers rise, so the first of each is over all that came before it.
    first: npt.NDArray[np.bool_] = numbers > np.maximum.accumulate(before)
    return first | (numbers < 0)
