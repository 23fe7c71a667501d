"""A table of 128-bit hashes that numbers them in order of their first appearance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cleaner.dedup.memory import MemoryBudget
from cleaner.dedup.signing.sign_kernel import intern, rebuild

_FIRST_ROOM = 1024


class HashTable:
    """Numbers hashes from 0 on; one that comes after the first `most` others gets -1.

    An entry takes 22 to 28 bytes, of the budget where one is given.
    """

    def __init__(self, most: int = 2**31 - 2, budget: MemoryBudget | None = None) -> None:
        self._most = most
        self._budget = budget or MemoryBudget(2**63)
        self._known = self._budget.allocate((_FIRST_ROOM, 2), np.uint64)
        self._slots = self._budget.allocate(table_size(_FIRST_ROOM), np.int32)
        self._slots.fill(-1)
        self.count = 0

    def hashes(self) -> npt.NDArray[np.uint64]:
        """Return the hashes by number: uint64, shape (count, 2)."""
        return self._known[: self.count]

    def close(self) -> None:
        """Give back the table; the hashes stay, and no more can be claimed."""
        self._slots = np.empty(0, dtype=np.int32)

    def intern(self, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int32]:
        """Return the number of each hash: int32, shape (n,)."""
        needed = min(self.count + len(hashes), self._most)
        if needed > len(self._known):
            grown = self._budget.allocate((needed + needed // 2, 2), np.uint64)
            grown[: self.count] = self._known[: self.count]
            self._known = grown
        if table_size(needed) > len(self._slots):
            self._slots = np.empty(0, dtype=np.int32)
            self._slots = self._budget.allocate(table_size(needed), np.int32)
            self._slots.fill(-1)
            rebuild(self._known, self.count, self._slots)
        owners = np.empty(len(hashes), dtype=np.int32)
        self.count = intern(hashes, self._known, self.count, self._most, self._slots, owners)
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
