"""The end of a run: its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cleaner.core.errors import CleanerError
from cleaner.core.settings.config import Input, Settings
from cleaner.core.version import VERSION
from cleaner.formats.registry import fields_in
from cleaner.reports.record import (
    Emptied,
    Exported,
    FileReport,
    RepeatedLine,
    RunReport,
    write_report,
)
from cleaner.runs.input.reading import Inputs, SourceFile
from cleaner.runs.output.commit import staged_files
from cleaner.runs.output.writing import FileTally, recorded


def close_run(
    inputs: Inputs,
    problems: Sequence[str],
    tallies: Sequence[FileTally],
    codes: Mapping[str, int],
    output: Path,
    settings: Settings,
    repeated: Sequence[RepeatedLine] = (),
    emptied: Emptied | None = None,
    model: str = "",
    *,
    stable: bool = True,
    exported: Sequence[Exported] = (),
) -> RunReport:
    """Write and return the report of what was written."""
    report = run_report(
        inputs, problems, tallies, codes, settings, repeated, emptied, model, stable=stable
    )
    report = replace(report, exported=exported)
    write_report(staged_files(output), report)
    return report


def export_outputs(
    inputs: Inputs,
    output: Path,
    settings: Settings,
    tallies: Iterable[FileTally],
    problems: list[str],
    tell: Callable[[CleanerError], None],
) -> list[Exported]:
    """Make of outputs what was asked for; tell of those of which nothing can be made."""
    if all(file.target is None for file in inputs.files):
        return []
    from cleaner.runs.export.export import export

    def told(error: CleanerError) -> None:
        problems.append(str(error))
        tell(error)

    lost = {tally.name for tally in tallies if tally.records_written < tally.records}
    return export(inputs.files, staged_files(output), settings.input, lost, told)


def run_report(
    inputs: Inputs,
    problems: Sequence[str],
    tallies: Sequence[FileTally],
    codes: Mapping[str, int],
    settings: Settings,
    repeated: Sequence[RepeatedLine] = (),
    emptied: Emptied | None = None,
    model: str = "",
    *,
    stable: bool = True,
) -> RunReport:
    """Return the report of a run."""
    by_name = {file.name: file for file in inputs.files if not file.protected}
    reports = [_file_report(by_name[tally.name], tally, settings.input) for tally in tallies]
    return RunReport(
        version=VERSION,
        settings=recorded(settings),
        bytes_before=sum(report.bytes_before for report in reports),
        bytes_after=sum(report.bytes_after for report in reports),
        counts=dict(sorted(codes.items())),
        files=reports,
        skipped=inputs.skipped,
        second_names=dict(inputs.second_names),
        problems=problems,
        repeated=repeated,
        emptied=emptied or Emptied(),
        model=model,
        stable=stable,
        skipped_counts=dict(sorted(Counter(inputs.skipped.values()).items())),
        remarks=inputs.remarks,
    )


def _file_report(file: SourceFile, tally: FileTally, options: Input) -> FileReport:
    fields = fields_in(file.format, options)
    return FileReport(
        name=file.name,
        sha256=file.sha256,
        bytes_before=file.content_size,
        bytes_after=tally.output_bytes,
        records=tally.records // fields,
        records_written=tally.records_written // fields,
        output_sha256=tally.output_sha256,
        output=file.written_name,
    )
