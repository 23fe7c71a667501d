"""The passes in their order."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from cleaner.core.config import Settings
from cleaner.core.document import Source
from cleaner.core.errors import CleanerError, InputError, UsageError
from cleaner.core.findings import Finding, findings_of, undo_steps
from cleaner.core.version import VERSION
from cleaner.engines.base import Engine
from cleaner.engines.local import LocalEngine, jobs_for
from cleaner.formats.registry import FORMATS
from cleaner.pipeline.deduplicating import find_duplicates, removals_by_shard
from cleaner.pipeline.normalizing import NormalizeBatch, Shard
from cleaner.pipeline.reading import Inputs, SourceFile, find_inputs, read_batches
from cleaner.pipeline.rulebook import all_rules, context_for
from cleaner.pipeline.settling import Settled, SettleShard, Task
from cleaner.pipeline.work import load_drafts
from cleaner.pipeline.writing import FileTally, OutputTree
from cleaner.reports.record import FileReport, RunReport, outputs_of, write_report
from cleaner.storage.walk import OWN_FOLDER

# Below this many bytes a second process costs more time than it saves.
_WORTH_A_PROCESS = 4 << 20

# Removing paragraphs rarely changes how the rest is read, and never often.
_MOST_ROUNDS = 8


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


@dataclass
class Prepared:
    """A corpus after normalizing and deduplicating: shards of drafts whose texts are final."""

    inputs: Inputs
    shards: list[Path]
    problems: list[str] = field(default_factory=list)

    @property
    def failed(self) -> frozenset[int]:
        """The numbers of the files that could not be read."""
        return frozenset(i for i, f in enumerate(self.inputs.files) if f.error is not None)


def prepare(
    paths: Sequence[Path], settings: Settings, work: Path, watcher: Watcher
) -> tuple[Prepared, Engine]:
    """Run the passes up to the point where every edit is known; `work` holds what they leave."""
    context_for(settings)
    inputs = find_inputs(paths)
    total = inputs.total_bytes()
    engine = LocalEngine(jobs_for(settings.jobs, total, _WORTH_A_PROCESS))
    prepared = Prepared(inputs, [])

    def report(error: CleanerError) -> None:
        prepared.problems.append(str(error))
        watcher.problem(error)

    for error in inputs.errors:
        report(error)
    watcher.begin("normalize", total)
    shards = _normalized(inputs, settings, work, engine, report, watcher.advance)
    watcher.begin("deduplicate", None)
    prepared.shards = _deduplicated(shards, inputs.files, settings, engine, work)
    return prepared, engine


def _normalized(
    inputs: Inputs,
    settings: Settings,
    work: Path,
    engine: Engine,
    report: Callable[[CleanerError], None],
    advance: Callable[[int], None],
) -> list[Path]:
    batches = read_batches(inputs, settings.input, report, advance)
    shards = []
    shard: Shard
    for shard in engine.map(NormalizeBatch(settings, work), batches):
        shards.append(shard.path)
        for problem in shard.problems:
            file = inputs.files[problem.file]
            if FORMATS[file.format].one_document:
                file.error = problem.message
            report(InputError(problem.message))
    return shards


def _deduplicated(
    shards: list[Path], files: list[SourceFile], settings: Settings, engine: Engine, work: Path
) -> list[Path]:
    """Return shards without duplicates, each document normalized again after it lost some."""
    failed = frozenset(i for i, file in enumerate(files) if file.error is not None)
    for turn in range(_MOST_ROUNDS):
        found = find_duplicates(shards, failed, settings, engine, work)
        if not found:
            break
        removals = removals_by_shard(shards, found, files, engine)
        tasks = (Task(*task) for task in zip(shards, removals, strict=True))
        settled: list[Settled] = list(engine.map(SettleShard(settings, turn), tasks))
        shards = [one.shard for one in settled]
        if not any(one.changed for one in settled):
            break
    return shards


def findings(prepared: Prepared) -> Iterator[Finding]:
    """Yield the findings of every document, in order."""
    summaries = {code: rule.summary for code, rule in all_rules().items()}
    failed = prepared.failed
    for shard in prepared.shards:
        for draft in load_drafts(shard):
            if draft.file in failed or draft.raw is not None:
                continue
            file = prepared.inputs.files[draft.file]
            alone = FORMATS[file.format].one_document
            source = Source(str(file.path), None if alone else draft.number)
            text = undo_steps(draft.text, draft.steps)
            yield from findings_of(source, draft.id, text, [draft.notes, *draft.steps], summaries)


def write(
    prepared: Prepared, engine: Engine, output: Path, work: Path, settings: Settings
) -> RunReport:
    """Write outputs, journal and report of a prepared corpus; drop what an earlier run left."""
    writer = OutputTree(output, work, settings)
    tallies, codes = writer.write(prepared.shards, prepared.inputs.files, engine)
    return close_run(prepared, tallies, codes, output, work, settings)


def close_run(
    prepared: Prepared,
    tallies: Sequence[FileTally],
    codes: Mapping[str, int],
    output: Path,
    work: Path,
    settings: Settings,
) -> RunReport:
    """Write and return the report of what was written; drop what only an earlier run wrote."""
    by_name = {file.name: file for file in prepared.inputs.files if not file.protected}
    reports = [_file_report(by_name[tally.name], tally) for tally in tallies]
    written = {report.name for report in reports if report.output_sha256 is not None}
    for name in outputs_of(output):
        if name not in written:
            (output / name).unlink(missing_ok=True)
    report = RunReport(
        version=VERSION,
        settings=msgspec.to_builtins(settings),
        bytes_before=sum(report.bytes_before for report in reports),
        bytes_after=sum(report.bytes_after for report in reports),
        counts=dict(sorted(codes.items())),
        files=reports,
        skipped=prepared.inputs.skipped,
        problems=prepared.problems,
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
    real = output.resolve()
    for path in inputs:
        if path.is_dir() and (real == path.resolve() or path.resolve() in real.parents):
            raise UsageError(
                "the output folder lies inside an input folder",
                where=str(output),
                why=f"it is inside {path}",
                hint="choose another with -o",
            )
    work = output / OWN_FOLDER / "work"
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
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            "the output folder cannot be written", where=str(output), why=error.strerror or ""
        ) from error
    return work


def close_output(work: Path) -> None:
    """Remove the work folder: the run is whole."""
    shutil.rmtree(work)
