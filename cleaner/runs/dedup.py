"""Deduplication alone: nothing is repaired, what is no duplicate stays byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.core.errors import CleanerError, UsageError
from cleaner.core.settings.config import Settings
from cleaner.engines.local import jobs_for
from cleaner.engines.threads import ThreadEngine
from cleaner.formats.registry import FORMATS
from cleaner.reports.record import RunReport
from cleaner.runs.input.reading import Inputs
from cleaner.runs.output.close import close_run
from cleaner.runs.progress import Progress
from cleaner.runs.records.chunks import read_chunks, stamp_of
from cleaner.runs.rule_registry import selection_for

if TYPE_CHECKING:
    from cleaner.runs.dedup_files import FileRun
    from cleaner.runs.duplicates.units.units import Unit

# Below so many bytes a second thread costs more time than it saves.
_WORTH_A_THREAD = 8 << 20

# So many chunks can be read and digested while arrays and kernels are loaded.
_CHUNKS_AHEAD = 16


def deduplicate_files(
    inputs: Inputs, output: Path, work: Path, settings: Settings, progress: Progress
) -> RunReport:
    """Write outputs, journal and report of the files without their duplicates."""
    selection_for(settings)
    if settings.dedup.scope == "none":
        raise UsageError("scope none leaves nothing to do", hint="give --scope corpus or file")
    problems: list[str] = []

    def report(error: CleanerError) -> None:
        problems.append(str(error))
        progress.problem(error)

    for error in inputs.errors:
        report(error)
    unit, scope = settings.dedup.unit, settings.dedup.scope
    if unit == "record" and scope == "file":
        raise UsageError(
            "scope file looks inside one text file or record, unit record compares whole ones",
            hint="leave out one of the two",
        )
    if settings.dedup.on_duplicate == "mark":
        _check_marks(inputs)
    with ThreadEngine(jobs_for(settings.jobs, inputs.total_bytes(), _WORTH_A_THREAD)) as threads:
        stamps = [stamp_of(file) for file in inputs.files]
        files = list(enumerate(inputs.files))
        chunks = threads.ahead(read_chunks(files, settings.input), _CHUNKS_AHEAD)
        run = _kind_of_run(unit)(
            inputs, stamps, threads, settings, output, work,
            report, progress.begin, progress.advance,
        )  # fmt: skip
        tallies, codes, emptied = run.run(chunks)
        done = close_run(inputs, problems, tallies, codes, output, settings, (), emptied)
        run.remember()
    return done


def _check_marks(inputs: Inputs) -> None:
    """Raise UsageError where a file of records has no room for marks."""
    for file in inputs.files:
        if not (file.protected or file.format == "jsonl" or FORMATS[file.format].one_document):
            raise UsageError(
                f"records of {file.format} cannot be marked",
                where=str(file.path),
                hint="--on-duplicate mark is for JSONL",
            )


def _kind_of_run(unit: Unit) -> type[FileRun]:
    """Return what deduplicates such units; reading has begun when it is loaded."""
    if unit == "record":
        from cleaner.runs.records.records import RecordRun

        return RecordRun
    from cleaner.runs.duplicates.texts import TextRun

    return TextRun
