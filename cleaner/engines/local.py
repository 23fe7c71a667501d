"""The processors of this machine."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

from cleaner.core.errors import UsageError
from cleaner.core.garbage import collect_rarely

T = TypeVar("T")
R = TypeVar("R")

# Items handed out ahead of the one awaited, a worker: enough to keep all busy, little memory.
_AHEAD = 2

# More processes than this for each core only take memory from each other.
_MOST_A_CORE = 4

# How often a worker looks whether the process that started it is still there.
_LOOK_UP_SECONDS = 0.3

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class LocalEngine:
    """Runs passes in `jobs` processes, the same ones for all passes; one job runs in this process.

    Use it as a context manager; leaving it by an exception kills the workers.
    """

    cluster = None

    def __init__(self, jobs: int = 1) -> None:
        self._jobs = jobs
        self._executor: Any = None

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield ``function(item)`` in the order of the items."""
        if self._jobs <= 1:
            yield from map(function, items)
            return
        if self._executor is None:
            self._executor = _started(self._jobs)
        waiting: deque[Future[R]] = deque()
        for item in items:
            with _told_of_death():
                waiting.append(self._executor.submit(function, item))
            if len(waiting) > self._jobs * _AHEAD:
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())

    def map_merged(
        self, function: Callable[[T], R], items: Iterable[T], merge: Callable[[R, R], R]
    ) -> Iterator[R]:
        """Yield the function's results as they are: who merges them here need not send them."""
        return self.map(function, items)

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


def _started(jobs: int) -> Any:
    """Return an executor of so many processes; UsageError where the system gives none."""
    from multiprocessing import resource_tracker

    from loky import ProcessPoolExecutor

    try:
        with _hangups_ignored():
            # Workers keep what they have loaded (word lists, kernels) from pass to pass.
            executor = ProcessPoolExecutor(
                max_workers=jobs,
                timeout=None,
                initializer=_prepare_worker,
                initargs=(os.getpid(),),
            )
            # Whoever starts it later lets signals through.
            resource_tracker.ensure_running()
        with _signals_held():
            executor.submit(int)  # the first task starts them
    except OSError as error:
        raise UsageError(
            "no further process can be started",
            why=error.strerror or "",
            hint="run the same command again with --jobs 1",
        ) from error
    return executor


def _result(future: Future[R]) -> R:
    with _told_of_death():
        return future.result()


@contextmanager
def _told_of_death() -> Iterator[None]:
    """Raise UsageError where a worker was ended from outside."""
    from loky.process_executor import BrokenProcessPool

    try:
        yield
    except BrokenProcessPool as error:
        raise UsageError(
            "a worker process was ended from outside",
            why="the system does so where memory runs out",
            hint="run the same command again, with fewer --jobs",
        ) from error


@contextmanager
def _hangups_ignored() -> Iterator[None]:
    """Start processes that a hangup, which reaches all of a terminal's, does not end.

    loky has one that keeps count of its semaphores; without it, it complains at length.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@contextmanager
def _signals_held() -> Iterator[None]:
    """Start workers with signals held back, which they let go of once they can leave them be.

    What comes meanwhile reaches this process afterwards, and not in the middle of a start.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare_worker(parent: int) -> None:
    """Leave signals to the process that ends the workers, and let these keep what they load."""
    from loky import process_executor

    # What a terminal or a supervisor sends reaches workers too.
    for one in _ENDING:
        signal.signal(one, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    # Where psutil is installed, loky takes word lists of many languages for a leak and restarts
    # the worker; it has no public setting for that.
    process_executor._USE_PSUTIL = False
    collect_rarely()


def _end_with(parent: int) -> None:
    """End this process soon after its parent has ended, however that came about."""
    while os.getppid() == parent:
        time.sleep(_LOOK_UP_SECONDS)
    os._exit(1)


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def jobs_for(asked: int, total_bytes: int, worth: int) -> int:
    """Return how many processes to start: those asked for, or as many as the data keeps busy.

    More than a few a core are never started. `worth` is the number of bytes below which another
    process costs more than it saves.

    >>> jobs_for(3, 10, 1000), jobs_for(0, 10, 1000)
    (3, 1)
    """
    if asked:
        return min(asked, _MOST_A_CORE * max(2, cores()))
    return max(1, min(cores(), total_bytes // worth))
