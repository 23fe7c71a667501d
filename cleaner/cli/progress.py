"""Progress on the terminal: a bar while it runs, problems as they come."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Never, Self

import click

from cleaner.core.errors import CleanerError

if TYPE_CHECKING:
    from tqdm import tqdm

STAGES = {
    "parse": "Reading",
    "learn": "Learning words and lines",
    "normalize": "Repairing",
    "sign": "Reading and signing",
    "deduplicate": "Comparing paragraphs",
    "write": "Writing",
}


class Progress:
    """A watcher that draws a bar on stderr, only on a terminal, and counts problems."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: tqdm[Never] | None = None
        self.problems = 0

    def begin(self, stage: str, total: int | None) -> None:
        """Replace the bar by that of the stage."""
        self._close()
        if not self._quiet and sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(
                desc=STAGES.get(stage, stage),
                total=total,
                unit="B",
                unit_scale=True,
                unit_divisor=1024,
                leave=False,
            )

    def advance(self, count: int) -> None:
        """Move the bar on by `count` bytes."""
        if self._bar is not None:
            self._bar.update(count)

    def problem(self, error: CleanerError) -> None:
        """Print the error above the bar; `quiet` does not hide errors."""
        self.problems += 1
        if self._bar is not None:
            self._bar.clear()
        click.echo(f"cleaner: error: {error}", err=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
