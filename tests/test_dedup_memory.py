"""Columns and rooms within a limit, and what lies in files beyond it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from cleaner.dedup.candidates.hashtable import HashTable, first_of
from cleaner.dedup.memory import MemoryBudget
from tests.interpreted import kernels

MEGABYTE = 1 << 20


def mapped(array: npt.NDArray[np.generic]) -> bool:
    """Whether an array lies in a file."""
    return isinstance(array.base, np.memmap)


def test_arrays_beyond_the_limit_are_files(tmp_path: Path) -> None:
    with MemoryBudget(2 * MEGABYTE, str(tmp_path)) as budget:
        first = budget.allocate(MEGABYTE, np.uint8)
        second = budget.allocate((MEGABYTE // 2, 2), np.uint8)
        third = budget.allocate((MEGABYTE // 4, 2), np.uint16)
        assert [mapped(room) for room in (first, second, third)] == [False, False, True]
        assert (third.shape, third.dtype) == ((MEGABYTE // 4, 2), np.uint16)
        third[:] = 7
        assert int(third.sum()) == 7 * MEGABYTE // 2
        del first
        assert not mapped(budget.allocate(MEGABYTE, np.uint8))
        assert list(tmp_path.iterdir()) == []


def test_columns_make_room(tmp_path: Path) -> None:
    with MemoryBudget(MEGABYTE, str(tmp_path)) as budget:
        large, small = budget.column(np.uint8), budget.column(np.uint8)
        large.append(np.full(MEGABYTE // 2, 1))
        small.append(np.full(MEGABYTE // 4, 2))
        assert large.held + small.held == 3 * MEGABYTE // 4
        room = budget.allocate(MEGABYTE // 2, np.uint8)
        assert not mapped(room)
        assert (large.held, small.held) == (0, MEGABYTE // 4)
        assert large.whole().tolist() == [1] * (MEGABYTE // 2)


@given(
    st.lists(st.lists(st.integers(0, 40), max_size=30), max_size=5),
    st.booleans(),
    st.integers(0, 30),
)
def test_a_table_numbers_hashes_as_they_come(
    batches: list[list[int]], compiled: bool, most: int
) -> None:
    table = HashTable(most)
    known: dict[int, int] = {}
    for batch in batches:
        before = len(known)
        for value in batch:
            if len(known) < most:
                known.setdefault(value, len(known))
        hashes = np.array([(value, value * 7) for value in batch], dtype=np.uint64).reshape(-1, 2)
        with kernels(compiled=compiled):
            owners = table.intern(hashes)
        assert owners.tolist() == [known.get(value, -1) for value in batch]
        first = [
            owner < 0 or (owner >= before and batch.index(value) == at)
            for at, (value, owner) in enumerate(zip(batch, owners.tolist(), strict=True))
        ]
        assert first_of(owners, before).tolist() == first
    assert table.count == len(known)
