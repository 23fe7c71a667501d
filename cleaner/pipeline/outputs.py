"""The output folder of a run: opened, closed, and reported on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from cleaner.core.config import Settings
from cleaner.core.errors import UsageError
from cleaner.core.version import VERSION
from cleaner.pipeline.reading import Inputs, SourceFile
from cleaner.pipeline.writing import FileTally, recorded
from cleaner.reports.record import (
    Emptied,
    FileReport,
    RepeatedLine,
    RunReport,
    outputs_of,
    write_report,
)
from cleaner.storage.walk import OWN_FOLDER


def close_run(
    inputs: Inputs,
    problems: Sequence[str],
    tallies: Sequence[FileTally],
    codes: Mapping[str, int],
    output: Path,
    work: Path,
    settings: Settings,
    repeated: Sequence[RepeatedLine] = (),
    emptied: Emptied | None = None,
) -> RunReport:
    """Write and return the report of what was written; drop what only an earlier run wrote."""
    by_name = {file.name: file for file in inputs.files if not file.protected}
    reports = [_file_report(by_name[tally.name], tally) for tally in tallies]
    written = {report.name for report in reports if report.output_sha256 is not None}
    for name in outputs_of(output):
        if name not in written and (output / name).is_file():
            (output / name).unlink()
    report = RunReport(
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
    )
    write_report(output, work, report)
    return report


def _file_report(file: SourceFile, tally: FileTally) -> FileReport:
    return FileReport(
        name=file.name,
        sha256=file.sha256,
        bytes_before=file.content_size,
        bytes_after=tally.output_bytes,
        records=tally.records,
        records_written=tally.records_written,
        output_sha256=tally.output_sha256,
    )


def open_output(output: Path, inputs: Sequence[Path], *, overwrite: bool) -> Path:
    """Make the output folder ready and return its work folder.

    A folder that a killed run left is gone on with. Raises UsageError where the folder must not
    be written.
    """
    real = Path(os.path.realpath(output))
    for path in inputs:
        source = Path(os.path.realpath(path))
        if source.is_relative_to(real) and os.path.exists(path):
            raise UsageError(
                "an input lies inside the output folder",
                where=str(path),
                why="its cleaned text could take its place",
                hint="choose another folder with -o",
            )
        if real.is_relative_to(source) and os.path.isdir(path):
            raise UsageError(
                "the output folder lies inside an input folder",
                where=str(output),
                why=f"it is inside {path}",
                hint="choose another with -o",
            )
    work = output / OWN_FOLDER / "work"
    try:
        if output.exists() and not output.is_dir():
            raise UsageError(
                "the output is not a folder", where=str(output), hint="choose another with -o"
            )
        if output.is_dir() and any(output.iterdir()) and not work.is_dir() and not overwrite:
            raise UsageError(
                "the output folder is not empty",
                where=str(output),
                hint="choose another with -o, or write into it with --overwrite",
            )
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            "the output folder cannot be written", where=str(output), why=error.strerror or ""
        ) from error
    return work


def close_output(work: Path) -> None:
    """Remove the work folder: the run is whole."""
    shutil.rmtree(work)
