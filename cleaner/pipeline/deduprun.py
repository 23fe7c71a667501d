"""Deduplication alone: nothing is repaired, what is no duplicate stays byte for byte."""

from __future__ import annotations

from pathlib import Path

from cleaner.core.config import Settings
from cleaner.core.errors import CleanerError, UsageError
from cleaner.pipeline.outputs import close_run
from cleaner.pipeline.reading import Inputs
from cleaner.pipeline.rulebook import selection_for
from cleaner.pipeline.watching import Watcher
from cleaner.reports.record import RunReport


def deduplicate_files(
    inputs: Inputs, output: Path, work: Path, settings: Settings, watcher: Watcher
) -> RunReport:
    """Write outputs, journal and report of the files without their duplicates."""
    selection_for(settings)
    if settings.dedup.scope == "none":
        raise UsageError("scope none leaves nothing to do", hint="give --scope corpus or file")
    problems: list[str] = []

    def report(error: CleanerError) -> None:
        problems.append(str(error))
        watcher.problem(error)

    for error in inputs.errors:
        report(error)
    if settings.dedup.unit == "record":
        from cleaner.pipeline.records import RecordRun

        run = RecordRun(inputs, settings, output, work, report, watcher.begin, watcher.advance)
        tallies, codes, remember = run.run()
    else:
        from cleaner.pipeline.texts import deduplicate_texts

        tallies, codes, remember = deduplicate_texts(
            inputs, settings, output, work, report, watcher.begin, watcher.advance
        )
    done = close_run(inputs, problems, tallies, codes, output, work, settings)
    remember()
    return done
