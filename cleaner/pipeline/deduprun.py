"""Deduplication alone: nothing is repaired, what is no duplicate stays byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cleaner.core.config import Settings
from cleaner.core.errors import CleanerError, UsageError
from cleaner.engines.local import jobs_for
from cleaner.pipeline.reading import add_protected, find_inputs
from cleaner.pipeline.records import RecordRun
from cleaner.pipeline.rulebook import selection_for
from cleaner.pipeline.run import Prepared, Watcher, close_run
from cleaner.reports.record import RunReport

# Below this many bytes a second thread costs more time than it saves.
_WORTH_A_THREAD = 8 << 20


def deduplicate_files(
    paths: Sequence[Path], output: Path, work: Path, settings: Settings, watcher: Watcher
) -> RunReport:
    """Write outputs, journal and report of the files without their duplicates."""
    selection_for(settings)
    if settings.dedup.scope == "none":
        raise UsageError(
            "nothing to do with scope none", hint="give --scope corpus or --scope file"
        )
    inputs = find_inputs(paths)
    prepared = Prepared(inputs, [])

    def report(error: CleanerError) -> None:
        prepared.problems.append(str(error))
        watcher.problem(error)

    add_protected(settings.dedup.protect, inputs)
    for error in inputs.errors:
        report(error)
    run = RecordRun(
        inputs, settings, output, work, report, watcher.advance, watcher.begin
    )
    written = run.run(jobs_for(settings.jobs, inputs.total_bytes(), _WORTH_A_THREAD))
    return close_run(prepared, written.tallies, written.codes, output, work, settings)
