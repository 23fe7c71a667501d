"""The processors of this machine."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")

# Items handed out ahead of the one awaited, a worker: enough to keep all busy, little memory.
_AHEAD = 2


class LocalEngine:
    """Runs passes in `jobs` processes, the same ones for all passes; one job runs in this process.

    Use it as a context manager; leaving it by an exception kills the workers.
    """

    def __init__(self, jobs: int = 1) -> None:
        self._jobs = jobs
        self._executor: Any = None

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield ``function(item)`` in the order of the items."""
        if self._jobs <= 1:
            yield from map(function, items)
            return
        if self._executor is None:
            from loky import ProcessPoolExecutor

            # Workers keep what they have loaded (word lists, compiled kernels) from pass to pass.
            self._executor = ProcessPoolExecutor(
                max_workers=self._jobs, timeout=None, initializer=_prepare_worker
            )
        waiting: deque[Future[R]] = deque()
        for item in items:
            waiting.append(self._executor.submit(function, item))
            if len(waiting) > self._jobs * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=kind is not None)


def _prepare_worker() -> None:
    """Leave interrupts to the process that ends the workers, and let these keep what they load."""
    from loky import process_executor

    # A terminal's interrupt reaches workers too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Where psutil is installed, loky takes word lists of many languages for a leak and restarts
    # the worker; it has no public setting for that.
    process_executor._USE_PSUTIL = False


def jobs_for(asked: int, total_bytes: int, worth: int) -> int:
    """Return how many processes to start: those asked for, or as many as the data keeps busy.

    `worth` is the number of bytes below which another process costs more than it saves.

    >>> jobs_for(3, 10, 1000), jobs_for(0, 10, 1000)
    (3, 1)
    """
    return asked or max(1, min(len(os.sched_getaffinity(0)), total_bytes // worth))
