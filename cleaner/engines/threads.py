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

    def ahead(self, items: Iterable[T]) -> Iterator[T]:
        """Yield the items, read in a thread of their own a few ahead; in this one with one job."""
        if self._pool is None:
            yield from items
            return
        waiting: queue.Queue[tuple[bool, Any]] = queue.Queue(self._jobs)
        stopped = threading.Event()

        def put(entry: tuple[bool, Any]) -> None:
            while not stopped.is_set():
                try:
                    waiting.put(entry, timeout=0.1)
                except queue.Full:
                    continue
                return

        def read() -> None:
            try:
                for item in items:
                    put((True, item))
                    if stopped.is_set():
                        return
                put((False, None))
            except BaseException as error:
                put((False, error))

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        try:
            while (entry := waiting.get())[0]:
                yield entry[1]
            if entry[1] is not None:
                raise entry[1]
        finally:
            stopped.set()
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
