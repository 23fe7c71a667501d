"""Deduplication alone: nothing is repaired, what is no duplicate stays byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.core.errors import CleanerError, UsageError
from cleaner.core.settings.config import Settings
from cleaner.engines.local import jobs_for
from cleaner.engines.threads import ThreadEngine
from cleaner.formats.registry import FORMATS, base_of
from cleaner.reports.record import RunReport
from cleaner.runs.input.containers import ChangedSourceError, changed
from cleaner.runs.input.reading import Inputs, SourceFile
from cleaner.runs.output.close import close_run, export_outputs
from cleaner.runs.output.commit import drop_staged
from cleaner.runs.progress import Progress
from cleaner.runs.records.chunks import Stamp, read_chunks, stamp_of
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
    told: set[str] = set()

    def report(error: CleanerError) -> None:
        if str(error) in told:
            return
        told.add(str(error))
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
        while True:
            stamps = [stamp_of(file) for file in inputs.files]
            files = [(i, file) for i, file in enumerate(inputs.files) if file.error is None]
            chunks = threads.ahead(read_chunks(files, settings.input), _CHUNKS_AHEAD)
            run = _kind_of_run(unit)(
                inputs, stamps, threads, settings, output, work,
                report, progress.begin, progress.advance,
            )  # fmt: skip
            try:
                tallies, codes, emptied = run.run(chunks)
                break
            except ChangedSourceError as error:
                # What was decided of other files may depend on it, so all is decided again.
                for file in _changed_files(inputs.files, stamps, error):
                    problem = changed(file.where)
                    file.error = str(problem)
                    report(problem)
                drop_staged(output)
        exported = export_outputs(inputs, output, settings, tallies, problems, progress.problem)
        done = close_run(
            inputs, problems, tallies, codes, output, settings, (), emptied, exported=exported
        )
        run.remember()
    return done


def _check_marks(inputs: Inputs) -> None:
    """Raise UsageError where a file of records has no room for marks."""
    for file in inputs.files:
        if not (file.protected or file.format == "jsonl" or FORMATS[file.format].one_document):
            raise UsageError(
                f"records of {base_of(file.format)} cannot be marked",
                where=file.where,
                hint="--on-duplicate mark is for JSONL with one text field",
            )


def _changed_files(
    files: Sequence[SourceFile], stamps: Sequence[Stamp], error: ChangedSourceError
) -> list[SourceFile]:
    """Return the files that were changed since their stamps were taken, one as the error says."""
    found = [
        file
        for file, stamp in zip(files, stamps, strict=True)
        if file.error is None and (file.name == error.where or stamp_of(file) != stamp)
    ]
    if not found:
        raise error
    return found


def _kind_of_run(unit: Unit) -> type[FileRun]:
    """Return what deduplicates such units; reading has begun when it is loaded."""
    if unit == "record":
        from cleaner.runs.records.records import RecordRun

        return RecordRun
    from cleaner.runs.duplicates.texts import TextRun

    return TextRun
