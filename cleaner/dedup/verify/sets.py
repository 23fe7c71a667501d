"""The shingle sets of members long enough for near-duplicates: columns of all, sets of some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.dedup.candidates.join import Spread
from cleaner.dedup.memory import MemoryBudget
from cleaner.dedup.verify.sets_kernel import sort_sets, take_sets

# Sets that are copied by one call.
_AT_ONCE = 1 << 12


class Sets(NamedTuple):
    """Sets in sorted order, for verification.

    Set ``i`` is ``shingles[starts[i]:starts[i] + sizes[i]]`` (uint32, distinct, rising; starts and
    sizes int64, shape (n,)). `facts`: uint64, (n, 5), what verification asks first, side by side:
    the size, what members must have in common, 128 marks, a bit for each element's hash (two sets
    differ in at least as many elements as their marks in bits), and where capitals stand.
    """

    shingles: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]
    facts: npt.NDArray[np.uint64]


class SetColumns:
    """Shingles in the order in which their members came."""

    def __init__(self, budget: MemoryBudget) -> None:
        self._budget = budget
        self._sizes = budget.column(np.uint32)
        self._shingles = budget.column(np.uint32)
        self._starts = np.empty(0, dtype=np.int64)

    def append(self, shingles: npt.NDArray[np.uint32], sizes: npt.NDArray[np.integer]) -> None:
        """Add the sets of further members, one after the other."""
        self._sizes.append(sizes)
        self._shingles.append(shingles)

    def pieces(self) -> Iterator[tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]]:
        """Yield (shingles, sizes) of consecutive members."""
        return zip(self._shingles.pieces(), self._sizes.pieces(), strict=True)

    def taken(
        self, members: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
        """Return the shingles of some members, and where each set starts, and the last one ends."""
        sizes = self._sizes.whole()
        if len(self._starts) != len(sizes):
            self._starts = self._budget.allocate(len(sizes), np.int64)
            np.cumsum(sizes, out=self._starts)
            self._starts -= sizes
        own = sizes[members].astype(np.int64)
        places = np.append(0, np.cumsum(own))
        taken = self._budget.allocate(int(places[-1]), np.uint32)
        shingles = self._shingles.whole()
        for first in range(0, len(members), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            begin, end = int(places[first]), int(places[min(some.stop, len(members))])
            shifts = self._starts[members[some]] - places[:-1][some]
            taken[begin:end] = shingles[np.arange(begin, end) + np.repeat(shifts, own[some])]
        return taken, places

    def sorted(
        self,
        joined: npt.NDArray[np.bool_],
        salts: npt.NDArray[np.uint64],
        cases: npt.NDArray[np.uint64],
        spread: Spread,
    ) -> Sets:
        """Return the sets of the `joined` members, sorted.

        `salts` are what each must share, `cases` where its capitals stand (`essence.cases`).
        """
        shingles, starts, ends = self._room(joined)
        sizes = np.empty(len(starts), dtype=np.int64)
        facts = self._budget.allocate((len(starts), 5), np.uint64)

        def sort(own: slice) -> None:
            sort_sets(
                shingles, starts[own], ends[own], salts[own], cases[own], sizes[own], facts[own]
            )

        for _ in spread(sort, self._gathered(joined, shingles)):
            pass
        return Sets(shingles, starts, sizes, facts)

    def _room(
        self, joined: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return room for the shingles of the `joined` members, and where each set has its own."""
        sizes = self._sizes.whole()[joined]
        ends = np.cumsum(sizes, dtype=np.int64)
        shingles = self._budget.allocate(int(ends[-1]) if len(ends) else 0, np.uint32)
        return shingles, ends - sizes, ends

    def _gathered(
        self, joined: npt.NDArray[np.bool_], shingles: npt.NDArray[np.uint32]
    ) -> Iterator[slice]:
        """Copy the shingles of the `joined` members; yield which of these are there, on the way."""
        at = filled = count = 0
        for piece, sizes in self.pieces():
            own = joined[at : at + len(sizes)]
            at += len(sizes)
            take_sets(piece, sizes.astype(np.int64), own.view(np.uint8), shingles[filled:])
            filled += int(sizes[own].sum())
            more = int(np.count_nonzero(own))
            yield slice(count, count + more)
            count += more
