"""Whoever wants to know how a run goes."""

from __future__ import annotations

from typing import Protocol

from cleaner.core.errors import CleanerError


class Watcher(Protocol):
    """Is told how a run goes."""

    def begin(self, stage: str, total: int | None) -> None:
        """Hear that a stage begins; `total` is in bytes."""

    def advance(self, count: int) -> None:
        """Hear that so many bytes more were read."""

    def problem(self, error: CleanerError) -> None:
        """Hear what could not be read; the run goes on."""


class Silence:
    """A watcher that tells nobody."""

    def begin(self, stage: str, total: int | None) -> None:
        """Say nothing."""

    def advance(self, count: int) -> None:
        """Say nothing."""

    def problem(self, error: CleanerError) -> None:
        """Say nothing."""
