"""What the passes ask of an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar, runtime_checkable

T = TypeVar("T")
R = TypeVar("R")
T_contra = TypeVar("T_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


class Engine(Protocol):
    """Spreads a pass: calls a pure, picklable function on items read as they are needed."""

    @property
    def cluster(self) -> ClusterEngine | None:
        """The engine, where its tasks run elsewhere; None where they run beside this process."""

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield the function's results in the order of the items."""

    def map_merged(
        self, function: Callable[[T], R], items: Iterable[T], merge: Callable[[R, R], R]
    ) -> Iterator[R]:
        """Yield the function's results, or some of them merged; order must not matter."""


@runtime_checkable
class Again(Protocol[T_contra, R_co]):
    """A function of an item that wants to know when a try before this one ended with its process.

    Then it is called by this name.
    """

    def again(self, item: T_contra) -> R_co:
        """Return what the function returns."""


class Block(NamedTuple):
    """What an item has for a bucket, or a bucket for an item: the number of that, and bytes."""

    place: int
    data: bytes


class Question(Protocol[T_contra, R_co]):
    """What items ask of each other, by way of buckets, where all who ask the same meet."""

    def ask(self, item: T_contra, buckets: int) -> Iterable[Block]:
        """Yield what an item has for each of some buckets, of which there are so many."""

    def answer(self, asked: Iterable[Block]) -> Iterable[Block]:
        """Yield what a bucket has for items, whose numbers came with what they asked."""

    def finish(self, item: T_contra, answers: Iterable[bytes]) -> R_co:
        """Return what an item comes to, given its answers, in any order."""


class ClusterEngine(Engine, Protocol):
    """An engine whose tasks run anywhere, and see the file system of this process."""

    @property
    def scratch(self) -> Path:
        """A folder of this run that all tasks see."""

    def consult(self, question: Question[T, R], items: Iterable[T]) -> Iterator[R]:
        """Yield what each item comes to, in their order, after all of them asked their buckets."""


# Gives an engine for one run, whose work folder it is told.
EngineFactory = Callable[[Path], AbstractContextManager[Engine]]
