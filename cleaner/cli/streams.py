"""Standard input cleaned or checked: `-` in the place of an input."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.cli.log import Log
from cleaner.cli.process import drop_stream, give_back_large_arrays
from cleaner.cli.progress import Progress
from cleaner.core.errors import CleanerError, ExitStatus, UsageError
from cleaner.core.findings import Finding
from cleaner.runs.progress import NullProgress

if TYPE_CHECKING:
    from cleaner.api import Cleaner

# What stands for standard input, and for standard output.
STREAM = "-"

# The status of whoever a closed pipe ends, as shells see it.
_PIPE_CLOSED = 128 + signal.SIGPIPE


def reads_stream(inputs: Sequence[str], options: Mapping[str, Any]) -> bool:
    """Whether standard input is read; UsageError where it is not all that is read."""
    if STREAM not in inputs:
        return False
    if len(inputs) > 1:
        raise UsageError("standard input is read alone", hint="clean files in a run of their own")
    if options["scope"] == "corpus":
        raise UsageError(
            "in a stream duplicates are looked for inside each document",
            hint="leave out --scope, or clean files",
        )
    return True


def clean_stream(cleaner: Cleaner, format: str | None, journal: Path | None, *, quiet: bool) -> int:
    """Clean standard input into standard output; return the exit status."""
    from cleaner.reports.summary import stream_summary

    give_back_large_arrays()
    begun = time.monotonic()
    with Progress("clean", quiet=True) as progress:
        try:
            report = cleaner.clean_stream(
                sys.stdin.buffer,
                sys.stdout.buffer,
                format=format,
                journal=journal,
                progress=progress,
            )
        except BrokenPipeError:
            # Whoever asks is told that not all was written, as by any filter.
            drop_stream(1)
            return _PIPE_CLOSED
    if not quiet:
        said = stream_summary(report, time.monotonic() - begun)
        Log.current().tell(said, "done", counts=dict(report.counts))
    return ExitStatus.INPUT if report.problems else ExitStatus.OK


class StreamFindings(NullProgress):
    """The findings of standard input, which may be gone through once; hears of problems."""

    def __init__(self, cleaner: Cleaner, format: str | None, progress: Progress) -> None:
        self.problems: list[str] = []
        self.files: list[str] = []
        self._progress = progress
        self._findings = cleaner.find_in_stream(sys.stdin.buffer, format=format, progress=self)

    def __iter__(self) -> Iterator[Finding]:
        return self._findings

    def problem(self, error: CleanerError) -> None:
        """Keep the message, and say it."""
        self.problems.append(str(error))
        self._progress.problem(error)


@contextmanager
def findings_of_stream(
    cleaner: Cleaner, format: str | None, progress: Progress
) -> Iterator[StreamFindings]:
    """Give the findings of standard input."""
    yield StreamFindings(cleaner, format, progress)
