"""What the `Cleaner` gives back of files."""

from __future__ import annotations

from dataclasses import dataclass

from cleaner.core.errors import CleanerError
from cleaner.core.findings import Finding
from cleaner.reports.record import RunReport
from cleaner.runs.progress import NullProgress


@dataclass(frozen=True)
class Checked:
    """What `check_files` found: findings in order, and what could not be read."""

    findings: tuple[Finding, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class CleanedInPlace:
    """What `clean_in_place` did: how many files it replaced, its report, what it could not do.

    A run that goes on with one that was killed while it replaced files has no report of its own.
    """

    replaced: int
    report: RunReport | None
    problems: tuple[str, ...]


class Problems(NullProgress):
    """Collects what could not be read."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def problem(self, error: CleanerError) -> None:
        """Keep the message."""
        self.messages.append(str(error))
