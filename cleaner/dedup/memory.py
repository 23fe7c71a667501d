"""Arrays that grow batch by batch and move to a file when they outgrow their share of memory."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from cleaner.core.errors import UsageError

# An array of fewer bytes is not worth a file.
_SMALL = 1 << 12


class MemoryBudget:
    """The memory that columns and rooms of one deduplicator may take together, in bytes.

    What goes beyond lies in unnamed files of `folder`, mapped into memory: the system may keep
    their pages as long as it has memory to spare, and takes them back when it has not.
    """

    def __init__(self, limit: int, folder: str | None = None) -> None:
        self.limit = limit
        self.folder = folder
        self._columns: list[Column] = []
        self._allocated = 0

    def column(self, dtype: Any) -> Column:
        """Return a new column that is paid for from here."""
        column = Column(dtype, self)
        self._columns.append(column)
        return column

    def allocate(self, shape: int | tuple[int, ...], dtype: Any) -> npt.NDArray[Any]:
        """Return an array to be filled; in an unnamed file where there is no memory left."""
        size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
        if size > _SMALL and size + self._allocated > self.limit:
            with self.disk_errors(), tempfile.TemporaryFile(dir=self.folder) as file:
                _reserve(file, size)
                mapped = np.memmap(file, dtype=dtype, mode="r+", shape=shape)
            return np.asarray(mapped)
        array = np.empty(shape, dtype=dtype)
        self._allocated += size
        weakref.finalize(array, self._give_back, size)
        self.spill_to_limit()
        return array

    @contextmanager
    def disk_errors(self) -> Iterator[None]:
        """Raise UsageError where a file cannot be made or has no room."""
        try:
            yield
        except OSError as error:
            raise UsageError(
                "what --memory does not hold cannot be written",
                where=self.folder or tempfile.gettempdir(),
                why=error.strerror or str(error),
                hint="free some room there, or give more --memory",
            ) from error

    def _give_back(self, size: int) -> None:
        self._allocated -= size

    def spill_to_limit(self) -> None:
        """Move the largest columns to files until the rest fits the limit."""
        while (total := sum(column.held for column in self._columns)) and (
            total + self._allocated > self.limit
        ):
            max(self._columns, key=lambda column: column.held).spill()

    def close(self) -> None:
        """Give back memory and files."""
        for column in self._columns:
            column.close()

    def __enter__(self) -> MemoryBudget:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _reserve(file: IO[bytes], size: int) -> None:
    """Give a file its size and its room, so that writing to its map cannot run out of it."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
    else:
        file.truncate(size)


class Column:
    """A growing array of one type, in memory or in an unnamed temporary file."""

    def __init__(self, dtype: Any, budget: MemoryBudget) -> None:
        self._dtype = np.dtype(dtype)
        self._budget = budget
        self._chunks: list[npt.NDArray[Any]] = []
        self._sizes: list[int] = []
        self._file: IO[bytes] | None = None
        self.held = 0

    def append(self, values: npt.NDArray[Any]) -> None:
        """Add `values` (any shape, taken flat) at the end."""
        values = np.ascontiguousarray(values, dtype=self._dtype).reshape(-1)
        self._sizes.append(len(values))
        self._chunks.append(values)
        self.held += values.nbytes
        if self._file is not None and self.held > 2**22:
            self.spill()
        else:
            self._budget.spill_to_limit()

    def spill(self) -> None:
        """Write what is held in memory to the file."""
        with self._budget.disk_errors():
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._budget.folder)  # noqa: SIM115 - `close`
            for chunk in self._chunks:
                self._file.write(chunk.data)
            self._file.flush()
        self._chunks.clear()
        self.held = 0

    def whole(self) -> npt.NDArray[Any]:
        """Return all values in one writable array, mapped from the file where there is one."""
        if self._file is not None:
            self.spill()
            self._file.flush()
            if not sum(self._sizes):
                return np.empty(0, dtype=self._dtype)
            return np.memmap(self._file, dtype=self._dtype, mode="r+")
        if len(self._chunks) != 1:
            joined = np.concatenate(self._chunks or [np.empty(0, dtype=self._dtype)])
            self._chunks = [joined]
        return self._chunks[0]

    def pieces(self) -> Iterator[npt.NDArray[Any]]:
        """Yield the values as they were appended, piece by piece, without mapping the file."""
        if self._file is None:
            whole = self.whole() if len(self._chunks) != len(self._sizes) else None
            start = 0
            for number, size in enumerate(self._sizes):
                yield self._chunks[number] if whole is None else whole[start : start + size]
                start += size
            return
        self.spill()
        self._file.flush()
        start = 0
        for size in self._sizes:
            self._file.seek(start)
            yield np.frombuffer(self._file.read(size * self._dtype.itemsize), dtype=self._dtype)
            start += size * self._dtype.itemsize
        self._file.seek(0, 2)

    def close(self) -> None:
        """Give back memory and file."""
        self._chunks.clear()
        self.held = 0
        if self._file is not None:
            self._file.close()
            self._file = None
