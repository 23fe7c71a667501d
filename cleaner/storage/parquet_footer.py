"""What the footer of a Parquet file says of its row groups and columns.

Arrow reads a footer as well, but of what is wrong with a column it learns only when it is asked
about that column, and there it ends the process. So that is asked here, and Arrow is left to read
the schema and the values, where it raises what can be caught.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cleaner.storage.parquet_footer_kernel import FIELDS, read_footer
from cleaner.storage.parquet_pages import varint

_MAGIC = b"PAR1"
_TAIL = 8
# A column takes more bytes than this in a footer, with what must be said of it.
_LEAST_COLUMN = 16


class Column(NamedTuple):
    """A column of a row group: its names from outside to inside, and where its pages stand."""

    path: str
    codec: int
    size: int
    data_at: int
    dictionary_at: int | None
    has_statistics: bool
    has_index: bool


class Footer:
    """The footer of the file that is open by a `descriptor`; ValueError where it is broken."""

    def __init__(self, descriptor: int) -> None:
        whole = os.fstat(descriptor).st_size
        tail = os.pread(descriptor, _TAIL, max(0, whole - _TAIL))
        size = int.from_bytes(tail[:4], "little")
        if tail[4:] != _MAGIC or size > whole - _TAIL:
            raise ValueError("no footer where it should be")
        self._data = os.pread(descriptor, size, whole - _TAIL - size)
        most = size // _LEAST_COLUMN + 1
        groups = np.empty(size // 2 + 1, dtype=np.int64)
        columns = np.empty((most, FIELDS), dtype=np.int64)
        state, counts = np.zeros(4, dtype=np.int64), np.zeros(2, dtype=np.int64)
        read_footer(np.frombuffer(self._data, dtype=np.uint8), state, groups, columns, counts)
        if state[1]:
            raise ValueError("the footer is broken")
        self._columns = columns[: int(counts[1])].copy()
        self.group_rows: list[int] = groups[: int(counts[0])].tolist()

    @cached_property
    def _borders(self) -> list[int]:
        numbers = np.arange(len(self.group_rows) + 1)
        borders: list[int] = np.searchsorted(self._columns[:, 0], numbers).tolist()
        return borders

    def columns(self, group: int) -> list[Column]:
        """Return the columns of a row group; ValueError where a name cannot be read."""
        found = []
        for row in self._columns[self._borders[group] : self._borders[group + 1]].tolist():
            _, codec, size, data_at, dictionary_at, statistics, index, path_at, names, _ = row
            found.append(
                Column(
                    self._path(path_at, names),
                    codec,
                    size,
                    data_at,
                    dictionary_at if dictionary_at >= 0 else None,
                    bool(statistics),
                    bool(index),
                )
            )
        return found

    def _path(self, at: int, names: int) -> str:
        """Return the names in the list that stands at a place, with dots between them."""
        at += 1
        if names >= 15:
            at = varint(self._data, at)[1]
        found = []
        for _ in range(names):
            size, at = varint(self._data, at)
            found.append(self._data[at : at + size].decode())
            at += size
        return ".".join(found)
