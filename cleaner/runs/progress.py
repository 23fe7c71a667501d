"""Whoever wants to know how a run goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from cleaner.core.errors import CleanerError
from cleaner.engines.base import Engine

T = TypeVar("T")
R = TypeVar("R")


class Progress(Protocol):
    """Is told how a run goes."""

    def begin(self, stage: str, total: int | None) -> None:
        """Hear that a stage begins, and what its reports will come to: bytes, or tasks."""

    def advance(self, count: int) -> None:
        """Hear that so much more of the stage is done."""

    def problem(self, error: CleanerError) -> None:
        """Hear what could not be read; the run goes on."""

    def passed_over(self, skipped: Mapping[str, str]) -> None:
        """Hear why files and folders are not read, by name."""

    def remark(self, message: str) -> None:
        """Hear what people may want to know of how the run goes on."""


class NullProgress:
    """Progress that nobody is told of."""

    def begin(self, stage: str, total: int | None) -> None:
        """Say nothing."""

    def advance(self, count: int) -> None:
        """Say nothing."""

    def problem(self, error: CleanerError) -> None:
        """Say nothing."""

    def passed_over(self, skipped: Mapping[str, str]) -> None:
        """Say nothing."""

    def remark(self, message: str) -> None:
        """Say nothing."""


class WatchedEngine:
    """An engine that tells of each of its results."""

    def __init__(self, engine: Engine, advance: Callable[[int], None]) -> None:
        self._engine = engine
        self._advance = advance
        self.cluster = engine.cluster

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield the function's results, and count each once it was taken."""
        for result in self._engine.map(function, items):
            yield result
            self._advance(1)

    def map_merged(
        self, function: Callable[[T], R], items: Iterable[T], merge: Callable[[R, R], R]
    ) -> Iterator[R]:
        """Yield results, some of them merged, and count each once it was taken."""
        for result in self._engine.map_merged(function, items, merge):
            yield result
            self._advance(1)
