"""The passes in their order."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
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
from cleaner.normalize.boilerplate.mining import mine_rules
from cleaner.pipeline.deduplicating import find_duplicates, removals_by_shard
from cleaner.pipeline.learning import learn, load_tables
from cleaner.pipeline.normalizing import NormalizeShard
from cleaner.pipeline.parsing import ParseBatch, Shard
from cleaner.pipeline.reading import Inputs, SourceFile, read_batches
from cleaner.pipeline.rulebook import all_rules, context_for
from cleaner.pipeline.settling import SettleShard, Task
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


def engine_for(inputs: Inputs, settings: Settings) -> LocalEngine:
    """Return the engine that the settings ask for and the size of the inputs is worth."""
    return LocalEngine(jobs_for(settings.jobs, inputs.total_bytes(), _WORTH_A_PROCESS))


def prepare(
    inputs: Inputs, settings: Settings, work: Path, engine: Engine, watcher: Watcher
) -> Prepared:
    """Run the passes up to the point where every edit is known; `work` holds what they leave."""
    context_for(settings)
    prepared = Prepared(inputs, [])

    def report(error: CleanerError) -> None:
        prepared.problems.append(str(error))
        watcher.problem(error)

    parsed = _parsed(inputs, settings, work, engine, report, watcher)
    failed = prepared.failed
    paths_of = [shard.path for shard in parsed]
    watcher.begin("learn", None)
    documents = sum(shard.documents for shard in parsed)
    learned = learn(paths_of, documents, failed, settings, engine, work)
    size = sum(shard.size for shard in parsed)
    watcher.begin("normalize", size)
    shards = []
    for shard, normal in zip(
        parsed, engine.map(NormalizeShard(settings, learned), paths_of), strict=True
    ):
        shards.append(normal)
        watcher.advance(shard.size)
    watcher.begin("deduplicate", None)
    for turn in range(_MOST_ROUNDS):
        found = find_duplicates(shards, size, failed, settings, engine, work)
        if not found:
            break
        removals = removals_by_shard(shards, found, inputs.files, engine)
        tasks = (Task(*task) for task in zip(shards, removals, strict=True))
        settled = list(engine.map(SettleShard(settings, learned, turn), tasks))
        shards = [one.shard for one in settled]
        if not any(one.changed for one in settled):
            break
    prepared.shards = shards
    return prepared


def _parsed(
    inputs: Inputs,
    settings: Settings,
    work: Path,
    engine: Engine,
    report: Callable[[CleanerError], None],
    watcher: Watcher,
) -> list[Shard]:
    """Parse all inputs; files that fail are marked, bad records reported."""
    for error in inputs.errors:
        report(error)
    watcher.begin("parse", inputs.total_bytes())
    shards = []
    batches = read_batches(inputs, settings.input, report, watcher.advance)
    for shard in engine.map(ParseBatch(settings, work), batches):
        shards.append(shard)
        for problem in shard.problems:
            file = inputs.files[problem.file]
            if FORMATS[file.format].one_document:
                file.error = problem.message
            report(InputError(problem.message))
    return shards


def mine(inputs: Inputs, settings: Settings, work: Path, engine: Engine, watcher: Watcher) -> str:
    """Return a rule file that proposes rules for the lines which repeat in the inputs."""
    parsed = _parsed(inputs, settings, work, engine, watcher.problem, watcher)
    failed = frozenset(i for i, file in enumerate(inputs.files) if file.error is not None)
    watcher.begin("learn", None)
    only_lines = msgspec.structs.replace(settings, select=("BOI350",), ignore=())
    documents = sum(shard.documents for shard in parsed)
    learned = learn([s.path for s in parsed], documents, failed, only_lines, engine, work)
    return mine_rules(load_tables(learned).lines)


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
            yield from findings_of(
                source, draft.id, text, [draft.reading, draft.notes, *draft.steps], summaries
            )


def write(
    prepared: Prepared, engine: Engine, output: Path, work: Path, settings: Settings
) -> RunReport:
    """Write outputs, journal and report of a prepared corpus; drop what an earlier run left."""
    files = prepared.inputs.files
    earlier = outputs_of(output)
    tallies, codes = OutputTree(output, work, settings).write(prepared.shards, files, engine)
    by_name = {file.name: file for file in files}
    reports = [_file_report(by_name[tally.name], tally) for tally in tallies]
    written = {report.name for report in reports if report.output_sha256 is not None}
    for name in earlier:
        if name not in written and (output / name).is_file():
            (output / name).unlink()
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
