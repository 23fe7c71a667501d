"""Documents that come as a stream: cleaned as they come, each by itself and the model.

Memory holds a few batches, so what single documents cannot tell is left to a model that was made
before, and duplicates are looked for inside each document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple

from cleaner.core.errors import InputError
from cleaner.core.findings import Finding
from cleaner.core.settings.config import Settings
from cleaner.core.unified import Line
from cleaner.core.version import VERSION
from cleaner.engines.base import Engine
from cleaner.engines.local import LocalEngine, jobs_for
from cleaner.formats.refused import HEAD_BYTES, refused_data
from cleaner.formats.registry import FORMATS, fields_in, joined, with_fields
from cleaner.reports.record import Emptied, RunReport, write_report
from cleaner.runs.clean import staged_findings
from cleaner.runs.diff import lines_of_file, named_diff
from cleaner.runs.input.parsing import stage
from cleaner.runs.input.reading import Batch, Entry, Failure, Inputs, SourceFile, read_batches
from cleaner.runs.input.spool import StagedDocument
from cleaner.runs.input.together import without_halves
from cleaner.runs.output.close import run_report
from cleaner.runs.output.commit import staged_files
from cleaner.runs.output.output import Output
from cleaner.runs.output.writing import (
    FileTally,
    Part,
    emptied_places,
    file_row,
    in_records,
    output_of,
    recorded,
    write_staged,
)
from cleaner.runs.passes.fit import Learned, load_tables
from cleaner.runs.progress import Progress
from cleaner.runs.text import clean_staged
from cleaner.storage.below import RUN_DIR
from cleaner.storage.replace import WholeFiles

if TYPE_CHECKING:
    import pyarrow as pa

    from cleaner.journal.write import JournalWriter

# How a stream is called where people read of it; in a journal it has the name of a file.
SHOWN = Path("-")

# A batch is closed when it holds so many bytes; what comes slowly should not wait for long.
_BATCH_BYTES = 1 << 18

# What a batch is to come to.
Wanted = Literal["findings", "diff", "output", "journal"]


def engine_for(settings: Settings) -> LocalEngine:
    """Return the engine of a stream: one process, unless more are asked for.

    Those beside it in a pipe need processors too, and a process more is as much memory again.
    """
    return LocalEngine(jobs_for(settings.jobs or 1, 0, 1))


class CleanedBatch(NamedTuple):
    """What a batch came to, by what was wanted of it, and what could not be read."""

    problems: list[str]
    findings: list[Finding] = []  # noqa: RUF012 - never changed
    lines: list[Line] = []  # noqa: RUF012
    part: Part | None = None
    journal: tuple[pa.Table, pa.Table] | None = None


@dataclass(frozen=True)
class CleanBatch:
    """The pass as a picklable function of a batch; `wanted` is what it is to give.

    `declared`: somebody said what the stream is, so its first bytes are not asked.
    """

    settings: Settings
    learned: Learned
    declared: bool
    wanted: Wanted

    def __call__(self, batch: Batch) -> CleanedBatch:
        """Return what the batch's documents come to."""
        format = batch.formats[0]
        tables = load_tables(self.learned)
        staged_documents = []
        for entry in batch.entries:
            staged = self._staged(entry, format)
            if staged.raw is None:
                clean_staged(staged, self.settings, tables)
            staged_documents.append(staged)
        staged_documents = without_halves(
            staged_documents, lambda file: format, self.settings.input
        )
        problems = [one.error for one in staged_documents if one.error is not None]
        if self.wanted == "findings":
            documents = (one for one in staged_documents if one.raw is None)
            findings = [
                finding for one in documents for finding in staged_findings(one, str(SHOWN), format)
            ]
            return CleanedBatch(problems, findings=findings)
        if self.wanted == "diff":
            return CleanedBatch(problems, lines=list(self._lines(staged_documents, format)))
        if self.wanted == "output":
            return CleanedBatch(problems, part=self._part(staged_documents, format))
        files = ((batch.names[0], format),)
        written = write_staged(staged_documents, self.settings, files, keep_unread=True)
        (part,) = written.parts
        return CleanedBatch(problems, part=part, journal=(written.edits, written.records))

    def _lines(self, staged_documents: list[StagedDocument], format: str) -> Iterator[Line]:
        """Yield the lines of a diff."""
        keep_empty = self.settings.output.keep_empty
        yield from lines_of_file(
            staged_documents, format, self.settings, keep_empty=keep_empty, keep_unread=True
        )

    def _part(self, staged_documents: list[StagedDocument], format: str) -> Part:
        """Return what is written; nothing that makes rows of a journal is loaded for it."""
        part = Part(0, b"", len(staged_documents), 0, Counter(), [], [])
        keep_empty = self.settings.output.keep_empty
        fields = fields_in(format, self.settings.input)
        outputs = [
            output_of(one, FORMATS[format], part, keep_empty=stays) if one.raw is None else one.raw
            for one, stays in in_records(staged_documents, fields, keep_empty=keep_empty)
        ]
        written = [output for output in outputs if output is not None]
        return part._replace(output=b"".join(written), written=len(written))

    def _staged(self, entry: Entry, format: str) -> StagedDocument:
        if not self.declared and FORMATS[format].one_document:
            refused = refused_data(entry.record.raw[:HEAD_BYTES])
            if refused is not None:
                hint = "say what it is with --as: jsonl reads records, txt any text as it stands"
                error = InputError(refused.what, where=str(SHOWN), hint=hint)
                return StagedDocument(0, entry.record.number, raw=b"", error=str(error))
        return stage(entry, str(SHOWN), format, self.settings)


@dataclass
class Written:
    """What was written of a stream."""

    tally: FileTally
    codes: Counter[str]
    emptied: Emptied

    def add(self, part: Part, emptied: Iterable[str]) -> None:
        """Count what was written of a batch, and name what was `emptied`."""
        self.tally.add(part)
        self.codes.update(part.codes)
        for place in emptied:
            self.emptied.add(place)


@dataclass
class Stream:
    """One stream of documents, and how it is cleaned.

    Without a `format` it is plain text, unless its first bytes are those of something else.
    """

    source: BinaryIO
    format: str | None
    settings: Settings
    learned: Learned
    engine: Engine
    progress: Progress

    def __post_init__(self) -> None:
        kind = FORMATS[self.format or "txt"]
        name = f"stdin{kind.suffixes[0]}"
        format = with_fields(kind.name, self.settings.input)
        self._file = SourceFile(name, SHOWN, format, "plain", stream=self.source)
        self.inputs = Inputs([self._file])
        self._problems: list[str] = []
        self._failures: list[Failure] = []

    def findings(self) -> Iterator[Finding]:
        """Yield the findings of each document, in order."""
        for cleaned in self._cleaned("findings"):
            yield from cleaned.findings
        self._tell()

    def diff(self) -> Iterator[str]:
        """Yield a unified diff of what comes and what would be written, hunk by hunk."""
        batches = self._cleaned("diff")
        yield from named_diff(str(SHOWN), (line for cleaned in batches for line in cleaned.lines))
        self._tell()

    def _tell(self) -> None:
        """Tell why the stream could not be read to its end, if so."""
        for failure in self._failures:
            self.progress.problem(failure.error)

    def write(self, sink: BinaryIO) -> RunReport:
        """Write every document as soon as it is cleaned.

        Raises InputError where the stream cannot be read to its end.
        """
        return self._report(self._write(sink))

    def write_with_journal(self, sink: BinaryIO, folder: Path) -> RunReport:
        """Write every document, and into `folder`, held for this run, what a run writes of a file.

        So there is a copy of the output, from which the stream can be restored.
        """
        from cleaner.journal.tables import run_metadata
        from cleaner.journal.write import journal_writer

        staged = staged_files(folder)
        run = run_metadata(VERSION, recorded(self.settings), self.learned.digest)
        with (
            journal_writer(staged, RUN_DIR, run) as journal,
            WholeFiles(staged, RUN_DIR) as outputs,
        ):
            with Output(self._file, outputs, staged, self.settings.input) as copy:
                written = self._write(sink, copy, journal)
                copy.finish()
            written.tally.output_sha256 = copy.sha256
            journal.end_file(file_row(self._file, written.tally, self.settings.input))
        report = self._report(written)
        write_report(staged, report)
        return report

    def _write(
        self, sink: BinaryIO, copy: Output | None = None, journal: JournalWriter | None = None
    ) -> Written:
        written = Written(FileTally(self._file.name), Counter(), Emptied())
        shown = replace(self._file, name=str(SHOWN))
        for cleaned in self._cleaned("output" if journal is None else "journal"):
            if cleaned.part is not None:
                emptied = emptied_places(cleaned.part.emptied, shown, self.settings.input)
                written.add(cleaned.part, emptied)
                sink.write(joined(cleaned.part.output, self._file.format))
                sink.flush()
                if copy is not None:
                    copy.add(cleaned.part)
            if journal is not None and cleaned.journal is not None:
                journal.write(*cleaned.journal)
        for failure in self._failures:
            raise failure.error
        return written

    def _cleaned(self, wanted: Wanted) -> Iterator[CleanedBatch]:
        """Yield what batches come to, in order, until the stream ends or cannot be read on."""
        self.progress.begin("normalize", None)
        batches = read_batches(
            self.inputs,
            self.settings.input,
            self._failures.append,
            lambda count: None,
            most=_BATCH_BYTES,
        )
        clean = CleanBatch(self.settings, self.learned, self.format is not None, wanted)
        for cleaned in self.engine.map(clean, batches):
            if cleaned.problems and FORMATS[self._file.format].one_document:
                self._failures.append(Failure(0, 0, InputError(cleaned.problems[0])))
                return
            for message in cleaned.problems:
                self._problems.append(message)
                self.progress.problem(InputError(message))
            yield cleaned

    def _report(self, written: Written) -> RunReport:
        return run_report(
            self.inputs,
            self._problems,
            [written.tally],
            written.codes,
            self.settings,
            (),
            written.emptied,
            self.learned.digest,
        )
