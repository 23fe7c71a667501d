"""The passes in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cleaner.core.document import Source
from cleaner.core.errors import CleanerError, InputError
from cleaner.core.findings import Finding, Placing, findings_of, undo_steps
from cleaner.core.settings.config import Settings
from cleaner.engines.base import Engine
from cleaner.engines.local import LocalEngine, jobs_for
from cleaner.formats.registry import FORMATS, base_of
from cleaner.model.model import Model
from cleaner.reports.record import RunReport
from cleaner.runs.duplicates.fixpoint import without_duplicates
from cleaner.runs.duplicates.index_sync import nothing_to_remember
from cleaner.runs.input.parsing import ParseBatch, Problem, parse_inputs
from cleaner.runs.input.reading import Inputs
from cleaner.runs.input.resume import drop_stale
from cleaner.runs.input.spool import Folders, StagedDocument, load_spool
from cleaner.runs.input.spread_reading import parse_spread
from cleaner.runs.output.close import close_run, export_outputs
from cleaner.runs.output.writing import OutputTree
from cleaner.runs.passes.apply_removals import RemoveAndTransformPart
from cleaner.runs.passes.fit import Learned, groups_of, learn, load_tables, store_model
from cleaner.runs.passes.transform import TransformPart
from cleaner.runs.progress import Progress, WatchedEngine
from cleaner.runs.rule_registry import all_rules

# Below this many bytes a second process costs more time than it saves.
_WORTH_A_PROCESS = 4 << 20

# Each look at the corpus sees less to do than the one before; two or three are enough.
_MOST_LOOKS = 5


@dataclass
class Prepared:
    """A corpus after repairing and deduplicating: the spool, whose texts are final.

    ``taught`` is what each look at it has taught, in order. ``stable`` says that the last look at
    it changed nothing any more.
    """

    inputs: Inputs
    spool_parts: list[Path]
    problems: list[str] = field(default_factory=list)
    taught: list[Learned] = field(default_factory=list)
    remember: Callable[[], None] = nothing_to_remember
    stable: bool = True

    @property
    def failed(self) -> frozenset[int]:
        """The numbers of the files that could not be read, and of those only compared with."""
        files = enumerate(self.inputs.files)
        return frozenset(i for i, f in files if f.error is not None or f.protected)


def engine_for(inputs: Inputs, settings: Settings) -> LocalEngine:
    """Return the engine that the settings ask for and the size of the inputs is worth."""
    return LocalEngine(jobs_for(settings.jobs, inputs.total_bytes(), _WORTH_A_PROCESS))


def prepare(
    inputs: Inputs,
    settings: Settings,
    folders: Folders,
    engine: Engine,
    progress: Progress,
    model: Model | None = None,
) -> Prepared:
    """Run the passes up to the point where every edit is known.

    A document is judged by `model` alone, where there is one, and else by what all inputs teach.
    """
    prepared = Prepared(inputs, [])

    def report(error: CleanerError) -> None:
        prepared.problems.append(str(error))
        progress.problem(error)

    def report_of(problem: Problem) -> None:
        file = inputs.files[problem.file]
        if FORMATS[file.format].one_document:
            file.error = problem.message
        report(InputError(problem.message))

    for error in inputs.errors:
        report(error)
    progress.begin("parse", inputs.total_bytes())
    work, staged = folders.work, folders.staged
    # Where tasks are many and far, one document does not end them all.
    tolerant = engine.cluster is not None
    parse = ParseBatch(settings, folders.spool, tolerant)
    if engine.cluster is None:
        parsed = parse_inputs(inputs, parse, engine, report, progress.advance, staged)
    else:
        parsed = parse_spread(inputs, parse, engine.cluster, report, progress.advance, staged)
    drop_stale(folders.spool, [spool_part.path for spool_part in parsed])
    paths_of = [spool_part.path for spool_part in parsed]
    documents = sum(spool_part.documents for spool_part in parsed)
    size = sum(spool_part.size for spool_part in parsed)
    prepared.spool_parts = paths_of
    watched = WatchedEngine(engine, progress.advance)
    given = None if model is None else store_model(model, work)
    known: Learned | None = None
    # What the cleaned corpus teaches may differ from what the dirty one did; a second run would go
    # by that, so this one does.
    for turn in range(_MOST_LOOKS):
        if given is None:
            progress.begin("learn", len(groups_of(prepared.spool_parts)))
        learned = given or learn(
            prepared.spool_parts, documents, prepared.failed, settings, watched, work
        )
        if learned == known:
            break
        known = learned
        prepared.taught.append(learned)
        progress.begin("normalize", size)
        normalized = []
        names = tuple((file.name, file.format) for file in inputs.files) if tolerant else ()
        normalize = TransformPart(settings, learned, names)
        for spool_part, one in zip(
            parsed, engine.map(normalize, prepared.spool_parts), strict=True
        ):
            normalized.append(one)
            for problem in one.problems:
                report_of(problem)
            progress.advance(spool_part.size)
        if turn and not any(one.changed for one in normalized):
            break
        # Signed, settled, signed again, and told of what stays.
        progress.begin("deduplicate", 4 * len(prepared.spool_parts))
        prepared.spool_parts, prepared.remember = without_duplicates(
            [one.path for one in normalized],
            inputs.files,
            settings,
            watched,
            folders,
            RemoveAndTransformPart(settings, learned),
            repaired=True,
        )
    else:
        prepared.stable = False
    return prepared


def findings(prepared: Prepared) -> Iterator[Finding]:
    """Yield the findings of every document, in order."""
    failed = prepared.failed
    for spool_part in prepared.spool_parts:
        for staged in load_spool(spool_part):
            if staged.file not in failed and staged.raw is None:
                file = prepared.inputs.files[staged.file]
                yield from staged_findings(staged, file.where, file.format, file.codec)


def staged_findings(
    staged: StagedDocument, where: str, format: str, codec: str = "plain"
) -> list[Finding]:
    """Return the findings of a document of a file, which is shown as `where`."""
    record = None if FORMATS[format].one_document else staged.record or staged.number
    source = Source(where, record, staged.field)
    text = undo_steps(staged.text, staged.steps)
    steps = [staged.reading, staged.notes, *staged.steps]
    placing = Placing.NOTHING
    if codec == "plain" and base_of(format) in ("txt", "jsonl"):
        # Where the bytes are no UTF-8, a reader may see other columns.
        is_text = format == "txt" and "encoding" not in staged.form
        placing = Placing.COLUMNS if is_text else Placing.LINE
    return findings_of(source, staged.id, text, steps, all_rules(), placing)


def write(
    prepared: Prepared,
    engine: Engine,
    output: Path,
    settings: Settings,
    tell: Callable[[CleanerError], None],
) -> RunReport:
    """Write outputs, journal and report of a prepared corpus; drop what an earlier run left."""
    digest = prepared.taught[-1].digest if prepared.taught else ""
    writer = OutputTree(output, settings, model=digest)
    tallies, codes = writer.write(prepared.spool_parts, prepared.inputs, engine)
    problems = prepared.problems
    exported = export_outputs(prepared.inputs, output, settings, tallies, problems, tell)
    repeated = writer.repeated.lines(load_tables(learned).lines for learned in prepared.taught)
    done = close_run(
        prepared.inputs,
        problems,
        tallies,
        codes,
        output,
        settings,
        repeated,
        writer.emptied,
        digest,
        stable=prepared.stable,
        exported=exported,
    )
    prepared.remember()
    return done
