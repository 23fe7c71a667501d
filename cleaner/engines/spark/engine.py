"""Passes as tasks of Spark: which executors run them, and what is done again, is left to it.

Tasks and the process that starts them see one file system, on which the work folder lies: items
are names of parts there, and results are too, but for small ones.
"""

from __future__ import annotations

import os
import pickle
import secrets
import shutil
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count, islice
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, TypeVar

from cleaner.core.errors import UsageError
from cleaner.core.garbage import collect_rarely
from cleaner.engines.base import Again, Block, Question
from cleaner.engines.spark.session import DEFAULT_MASTER, first_line, open_session
from cleaner.storage.replace import whole_file

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

T = TypeVar("T")
R = TypeVar("R")

# A result of more bytes is left in the scratch folder, so that the driver holds one at a time.
_INLINE_BYTES = 1 << 12

# So many tasks a core: what they take differs, and the last ones should not be waited for long.
_TASKS_A_CORE = 4

# Items of so many go into one job: what the driver holds of them does not grow with the corpus.
_LEAST_ITEMS_A_JOB = 2048
_ITEMS_A_CORE = 64

# Where items meet in buckets, a bucket is of no more items than this: it lies in memory.
_ITEMS_A_BUCKET = 64


@dataclass(frozen=True)
class Cluster:
    """Where Spark runs: its master, and settings of its own by their names."""

    master: str = DEFAULT_MASTER
    conf: Mapping[str, str] | None = None

    @contextmanager
    def open(self, work: Path) -> Iterator[SparkEngine]:
        """Give an engine for one run, whose work folder executors see by the same name."""
        session = open_session(self.master, self.conf or {})
        try:
            with SparkEngine(session, work) as engine:
                yield engine
        finally:
            session.stop()


class SparkEngine:
    """Runs passes as jobs of a session, one job a pass.

    Use it as a context manager: what tasks leave for each other goes when the block ends.
    """

    def __init__(self, session: SparkSession, work: Path) -> None:
        self._session = session
        self._context = session.sparkContext
        # Nobody else could put anything here before: what lies in it is unpickled.
        self._scratch = work.absolute() / f"scratch-{secrets.token_hex(8)}"
        self._numbers = count(1)

    @property
    def cluster(self) -> SparkEngine:
        """The engine itself: its tasks run elsewhere."""
        return self

    @property
    def scratch(self) -> Path:
        """The folder of this run that all tasks see."""
        return self._scratch

    def consult(self, question: Question[T, R], items: Iterable[T]) -> Iterator[R]:
        """Yield what each item comes to, in their order, after all of them asked their buckets."""
        own = list(enumerate(items))
        if not own:
            return
        pairs = self._spread(own, len(own) // _ITEMS_A_BUCKET)
        tasks = pairs.getNumPartitions()
        folder = os.getcwd()
        keep = _Keeping(_Finish(question), self._scratch, f"{next(self._numbers):06d}", folder)
        asked = pairs.flatMap(_Asking(question, tasks, folder)).partitionBy(tasks, int)
        answers = asked.mapPartitions(_Answering(question))
        # What an item is goes the way of its answers, to the task that finishes it.
        met = answers.union(pairs).partitionBy(tasks, _Share(tasks, len(own)))
        with _told_of_spark():
            results = met.mapPartitions(_Finishing(keep)).collect()
        for _, result in sorted(results, key=itemgetter(0)):
            yield _opened(result)

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield ``function(item)`` in the order of the items, once some thousands are done."""
        upcoming = iter(items)
        most = max(_LEAST_ITEMS_A_JOB, _ITEMS_A_CORE * self._context.defaultParallelism)
        # The cluster is at the next job while results of the one before are taken.
        with ThreadPoolExecutor(1) as ahead:
            begun: deque[Future[list[_Result]]] = deque()
            while True:
                if own := list(islice(upcoming, most)):
                    begun.append(ahead.submit(self._run, function, own))
                if len(begun) > 1 or (begun and not own):
                    yield from map(_opened, begun.popleft().result())
                elif not own:
                    return

    def _run(self, function: Callable[[T], R], items: list[T]) -> list[_Result]:
        """Run one job; return its results in the order of the items."""
        task = _Keeping(function, self._scratch, f"{next(self._numbers):06d}", os.getcwd())
        with _told_of_spark():
            results: list[_Result] = self._spread(list(enumerate(items))).map(task).collect()
        return results

    def map_merged(
        self, function: Callable[[T], R], items: Iterable[T], merge: Callable[[R, R], R]
    ) -> Iterator[R]:
        """Yield what the results come to, merged by tasks as far as they go."""
        own = list(items)
        if not own:
            return
        with _told_of_spark():
            merged = self._spread(own).mapPartitions(_Folding(function, merge, os.getcwd()))
            result = merged.treeReduce(_Merging(merge))
        yield _opened(_Result(result.value, None, result.error))

    def _spread(self, items: list[T], least: int = 1) -> Any:
        tasks = min(len(items), max(least, _TASKS_A_CORE * self._context.defaultParallelism))
        return self._context.parallelize(items, tasks)

    def __enter__(self) -> Self:
        self._scratch.mkdir()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._scratch, ignore_errors=True)


class _Error(NamedTuple):
    """What a task raised, and where: it is raised again by the driver, and not tried again."""

    error: BaseException
    trace: str


class _Result(NamedTuple):
    """What a task gives back: a value, or the file that holds it, or an error."""

    value: Any
    path: Path | None
    error: _Error | None


class _Merged(NamedTuple):
    value: Any
    error: _Error | None


@dataclass(frozen=True)
class _Keeping(Generic[T, R]):
    """A function of an item with its number; large results are written to the scratch folder.

    It is called in the `folder` of the driver, as seen from which files are named.
    """

    function: Callable[[T], R]
    scratch: Path
    job: str
    folder: str

    def __call__(self, numbered: tuple[int, T]) -> _Result:
        number, item = numbered
        try:
            _enter(self.folder)
            value = _of_this_try(self.function)(item)
        except Exception as error:
            return _Result(None, None, _caught(error))
        data = pickle.dumps(value)
        if len(data) <= _INLINE_BYTES:
            return _Result(value, None, None)
        name = f"{self.job}-{number:08d}.result"
        with whole_file(self.scratch, name) as file:
            file.write(data)
        return _Result(None, self.scratch / name, None)


@dataclass(frozen=True)
class _Folding(Generic[T, R]):
    """A function of some items, merged."""

    function: Callable[[T], R]
    merge: Callable[[R, R], R]
    folder: str

    def __call__(self, items: Iterator[T]) -> Iterator[_Merged]:
        found: list[R] = []
        try:
            _enter(self.folder)
            for item in items:
                value = self.function(item)
                found[:] = [self.merge(found[0], value)] if found else [value]
        except Exception as error:
            yield _Merged(None, _caught(error))
            return
        if found:
            yield _Merged(found[0], None)


@dataclass(frozen=True)
class _Merging(Generic[R]):
    merge: Callable[[R, R], R]

    def __call__(self, one: _Merged, other: _Merged) -> _Merged:
        if failed := one.error or other.error:
            return _Merged(None, failed)
        return _Merged(self.merge(one.value, other.value), None)


@dataclass(frozen=True)
class _Asking(Generic[T, R]):
    """What a numbered item asks, by bucket; what it raises is sent to its own end."""

    question: Question[T, R]
    buckets: int
    folder: str

    def __call__(self, numbered: tuple[int, T]) -> Iterator[tuple[int, Any]]:
        number, item = numbered
        try:
            _enter(self.folder)
            for bucket, data in self.question.ask(item, self.buckets):
                yield bucket, Block(number, data)
        except Exception as error:
            yield 0, (number, _caught(error))


@dataclass(frozen=True)
class _Answering(Generic[T, R]):
    """What a bucket answers, by item."""

    question: Question[T, R]

    def __call__(self, asked: Iterator[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
        blocks = []
        for _, block in asked:
            if isinstance(block, Block):
                blocks.append(block)
            else:
                yield block
        for place, data in self.question.answer(blocks):
            yield place, _Answer(data)


class _Answer(NamedTuple):
    data: bytes


@dataclass(frozen=True)
class _Finish(Generic[T, R]):
    """Finishing as a function of an item and its answers."""

    question: Question[T, R]

    def __call__(self, met: tuple[T, list[Any]]) -> R:
        item, answers = met
        for answer in answers:
            if isinstance(answer, _Error):
                raise answer.error
        return self.question.finish(item, [answer.data for answer in answers])


@dataclass(frozen=True)
class _Finishing:
    """What the items of a partition come to, by number, once each has met its answers."""

    keep: _Keeping[Any, Any]

    def __call__(self, met: Iterator[tuple[int, Any]]) -> Iterator[tuple[int, _Result]]:
        items: dict[int, Any] = {}
        answers: dict[int, list[Any]] = {}
        for number, one in met:
            if isinstance(one, _Answer | _Error):
                answers.setdefault(number, []).append(one)
            else:
                items[number] = one
        for number, item in sorted(items.items()):
            yield number, self.keep((number, (item, answers.get(number, []))))


@dataclass(frozen=True)
class _Share:
    """The task that finishes an item, given its number: neighbours go together."""

    tasks: int
    count: int

    def __call__(self, number: int) -> int:
        return number * self.tasks // self.count


def _enter(folder: str) -> None:
    """Work in the driver's folder, where there is one by its name: relative names mean the same."""
    collect_rarely()
    with suppress(OSError):
        os.chdir(folder)


def _of_this_try(function: Callable[[T], R]) -> Callable[[T], R]:
    """Return what is called: something else, if wanted, where a try ended with its process.

    What a task raises is no reason to try again.
    """
    from pyspark import TaskContext

    context = TaskContext.get()
    if isinstance(function, Again) and context is not None and context.attemptNumber():
        return function.again
    return function


def _caught(error: Exception) -> _Error:
    trace = traceback.format_exc()
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:
        return _Error(RuntimeError(f"{type(error).__name__}: {error}"), trace)
    return _Error(error, trace)


def _opened(result: _Result) -> Any:
    """Return a result, read where it was written; raise what a task raised."""
    if result.error is not None:
        error, trace = result.error
        error.add_note(f"raised by a task of Spark:\n{trace}")
        raise error
    if result.path is None:
        return result.value
    with result.path.open("rb") as file:
        value = pickle.load(file)  # noqa: S301 - of a folder that nobody had before this run
    result.path.unlink()
    return value


@contextmanager
def _told_of_spark() -> Iterator[None]:
    """Raise UsageError where Spark gives a job up: it has tried again what can be."""
    from py4j.protocol import Py4JError

    try:
        yield
    except Py4JError as error:
        raise UsageError(
            "Spark gave up",
            why=first_line(error),
            hint="the same command goes on where it stood",
        ) from error
