"""What the passes ask of an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Engine(Protocol):
    """Spreads a pass: calls a pure, picklable function on items read as they are needed."""

    @property
    def scratch(self) -> Path | None:
        """A folder of this run that all tasks see, where they read the inputs themselves.

        None where inputs are read here.
        """

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield the function's results in the order of the items."""

    def map_merged(
        self, function: Callable[[T], R], items: Iterable[T], merge: Callable[[R, R], R]
    ) -> Iterator[R]:
        """Yield the function's results, or some of them merged; order must not matter."""


# Gives an engine for one run, whose work folder it is told.
EngineFactory = Callable[[Path], AbstractContextManager[Engine]]
