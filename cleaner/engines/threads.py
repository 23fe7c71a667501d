"""Threads of this process, for compiled functions that let go of the interpreter's lock."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class ThreadEngine:
    """Runs passes in `jobs` threads that share memory; one job runs in the calling thread.

    Passes may feed each other: all of them share the threads, and items are read in the caller's.
    """

    def __init__(self, jobs: int = 1) -> None:
        self._jobs = jobs
        self._pool = ThreadPoolExecutor(jobs) if jobs > 1 else None
        self._readers: list[_Reader] = []

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield ``function(item)`` in the order of the items."""
        if self._pool is None:
            yield from map(function, items)
            return
        waiting: deque[Future[R]] = deque()
        try:
            for item in items:
                waiting.append(self._pool.submit(function, item))
                if len(waiting) > self._jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def ahead(self, items: Iterable[T], most: int = 0) -> Iterator[T]:
        """Yield the items, read in a thread of their own from now on; in this one with one job.

        It reads at most `most` items ahead, by default one a job.
        """
        if self._pool is None:
            return iter(items)
        reader = _Reader(items, most or self._jobs)
        self._readers.append(reader)
        return reader.items()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for reader in self._readers:
            reader.stop()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


class _Reader:
    """Reads items in a thread, a few ahead."""

    def __init__(self, items: Iterable[Any], most: int) -> None:
        self._items = items
        self._waiting: queue.Queue[tuple[bool, Any]] = queue.Queue(most)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def items(self) -> Iterator[Any]:
        """Yield the items; raise what reading them raised."""
        try:
            while (entry := self._waiting.get())[0]:
                yield entry[1]
            if entry[1] is not None:
                raise entry[1]
        finally:
            self.stop()

    def stop(self) -> None:
        """Read no more."""
        self._stopped.set()
        self._thread.join()

    def _read(self) -> None:
        try:
            for item in self._items:
                self._put((True, item))
                if self._stopped.is_set():
                    return
            self._put((False, None))
        except BaseException as error:
            self._put((False, error))

    def _put(self, entry: tuple[bool, Any]) -> None:
        while not self._stopped.is_set():
            try:
                self._waiting.put(entry, timeout=0.1)
            except queue.Full:
                continue
            return
