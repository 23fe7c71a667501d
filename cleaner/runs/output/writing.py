"""The writing pass: staged documents become output records, journal lines and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

import msgspec

from cleaner.core.errors import InputError
from cleaner.core.openfile import open_file
from cleaner.core.settings.config import Settings
from cleaner.core.version import VERSION
from cleaner.engines.base import Engine
from cleaner.formats.base import Format
from cleaner.formats.registry import FORMATS
from cleaner.reports.record import Emptied
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.input.spool import StagedDocument, load_spool
from cleaner.runs.output.output_folder import announce_outputs
from cleaner.runs.output.repetition import Gone, RepeatedTally, gone_lines
from cleaner.storage.below import WORK_FOLDER, container_name
from cleaner.storage.compress import reading, reproduces, writing
from cleaner.storage.digests import DigestReader, DigestWriter
from cleaner.storage.replace import WholeFiles, whole_file

if TYPE_CHECKING:
    import pyarrow as pa

    from cleaner.journal.tables import EditRow, FileRow, RecordRow
    from cleaner.journal.write import JournalWriter
    from cleaner.runs.records.actions import Finished


class Part(NamedTuple):
    """What is written of one file's records in a spool part: the output, and what it came to.

    `gone`: the repeated lines that went, by record. `emptied`: records that lost all their text.
    """

    file: int
    output: bytes
    records: int
    written: int
    codes: Counter[str]
    gone: list[list[Gone]]
    emptied: list[int]


class WrittenPart(NamedTuple):
    """What is written of a spool part: outputs by file, and the journal's rows of all of them."""

    parts: list[Part]
    edits: pa.Table
    records: pa.Table


@dataclass(frozen=True)
class WritePart:
    """The worker's half of the pass, a picklable function of a part; `files`: name and format."""

    settings: Settings
    files: tuple[tuple[str, str], ...]
    failed: frozenset[int]

    def __call__(self, spool_part: Path) -> WrittenPart:
        """Return the records of the spool part's files that did not fail."""
        from cleaner.journal import tables

        keep_empty = self.settings.output.keep_empty
        edits: list[tables.EditRow] = []
        records: list[tables.RecordRow] = []
        parts = []
        staged_documents = (
            staged for staged in load_spool(spool_part) if staged.file not in self.failed
        )
        for number, own in groupby(staged_documents, attrgetter("file")):
            outputs: list[bytes] = []
            part = Part(number, b"", 0, 0, Counter(), [], [])
            name, format = self.files[number]
            count = 0
            for staged in own:
                count += 1
                one = written(
                    staged, tables.escaped(name), FORMATS[format], part, keep_empty=keep_empty
                )
                outputs += [] if one.output is None else [one.output]
                records += [] if one.row is None else [one.row]
                edits += one.edits
            parts.append(
                part._replace(output=b"".join(outputs), records=count, written=len(outputs))
            )
        return WrittenPart(
            parts, tables.columns(tables.EDITS, edits), tables.columns(tables.RECORDS, records)
        )


class Written(NamedTuple):
    """What becomes of one record: its output (None where it has none), its rows in the journal."""

    output: bytes | None
    edits: list[EditRow]
    row: RecordRow | None


def written(
    staged: StagedDocument, name: str, format: Format, part: Part, *, keep_empty: bool
) -> Written:
    """Return what becomes of a record, and count it in its part; `name` is its file's, escaped."""
    from cleaner.journal.tables import RecordRow, edit_rows, record_row

    if staged.raw is not None:
        row = RecordRow(name, staged.number, written=False, source=staged.raw, error=staged.error)
        return Written(None, [], row)
    edits = edit_rows(name, staged.number, staged.steps, [*staged.reading, *staged.notes])
    part.codes.update(row.rule for row in edits)
    if gone := list(gone_lines(staged.steps, len(staged.text))):
        part.gone.append(gone)
    if not staged.text.strip() and not keep_empty:
        around = {"head": staged.frame.head, "tail": staged.frame.tail, "text": staged.text}
        row = record_row(name, staged.number, staged.form, written=False, **around)
        if any(edit.before.strip() for edits in staged.steps for edit in edits):
            part.emptied.append(staged.number)
        return Written(None, edits, row)
    output = format.written(staged.frame, staged.text)
    if not staged.form if staged.steps else output == _source(staged, format):
        return Written(output, edits, None)
    return Written(output, edits, record_row(name, staged.number, staged.form))


def written_verbatim(staged: StagedDocument, name: str, source: bytes, part: Part) -> Written:
    """Return what becomes of a record whose text stays: its own bytes, and its mark if it has one.

    A mark is a member at the end of the record's object: the last brace closes it.
    """
    from cleaner.journal.tables import RecordRow, edit_rows

    edits = edit_rows(name, staged.number, (), staged.notes)
    part.codes.update(row.rule for row in edits)
    if not staged.mark:
        return Written(source, edits, None)
    place = source.rindex(b"}")
    mark = staged.mark.encode("ascii")
    row = RecordRow(name, staged.number, written=True, added_at=place, added_size=len(mark))
    return Written(source[:place] + mark + source[place:], edits, row)


def _source(staged: StagedDocument, format: Format) -> bytes:
    return format.source(staged.form, staged.frame, staged.text)


@dataclass
class FileTally:
    """What was written of one source file."""

    name: str
    records: int = 0
    records_written: int = 0
    output_bytes: int = 0
    edits: int = 0
    output_sha256: str | None = None

    def add(self, part: Part | Finished) -> None:
        """Count what is written of some of its records."""
        self.records += part.records
        self.records_written += part.written
        self.output_bytes += len(part.output)
        self.edits += sum(part.codes.values())


class OutputTree:
    """Writes outputs and the journal of a run below one folder, each file whole or not at all.

    `model` is the digest of the model that the run went by. `repeated` counts the repeated lines
    that what was written has lost, `emptied` the documents that lost everything.
    """

    def __init__(self, folder: Path, settings: Settings, *, model: str = "") -> None:
        self._folder = folder
        self._settings = settings
        self._model = model
        self.repeated = RepeatedTally()
        self.emptied = Emptied()

    def write(
        self, spool_parts: Iterable[Path], files: list[SourceFile], engine: Engine
    ) -> tuple[list[FileTally], Counter[str]]:
        """Write everything; return what each file came to and the number of edits by code."""
        failed = frozenset(i for i, f in enumerate(files) if f.error is not None or f.protected)
        names = tuple((file.name, file.format) for file in files)
        announce_outputs(self._folder, files)
        finish = WritePart(self._settings, names, failed)
        codes: Counter[str] = Counter()
        tallies = []
        from cleaner.journal.tables import run_metadata
        from cleaner.journal.write import journal_writer

        run = run_metadata(VERSION, recorded(self._settings), self._model)
        with (
            journal_writer(self._folder, WORK_FOLDER, run) as journal,
            WholeFiles(self._folder, WORK_FOLDER) as outputs,
        ):
            parts = self._parts(engine.map(finish, spool_parts), journal)
            upcoming = next(parts, None)
            for number, file in enumerate(files):
                if number in failed:
                    continue
                tally = FileTally(file.name)
                with Output(file.name, outputs, file.codec) as output:
                    while upcoming is not None and upcoming.file == number:
                        tally.add(upcoming)
                        codes.update(upcoming.codes)
                        for gone in upcoming.gone:
                            self.repeated.add(gone, file.name)
                        for record in upcoming.emptied:
                            alone = FORMATS[file.format].one_document
                            self.emptied.add(file.name if alone else f"{file.name}:{record}")
                        if upcoming.written:
                            output.write(upcoming.output)
                        upcoming = next(parts, None)
                    if not file.content_size:
                        output.write(b"")  # an empty file is written as it is
                tally.output_sha256 = output.sha256
                kept = keep_container(file, self._folder)
                journal.end_file(file_row(file, tally, container_kept=kept))
                tallies.append(tally)
        return tallies, codes

    def _parts(self, finished: Iterable[WrittenPart], journal: JournalWriter) -> Iterator[Part]:
        """Yield what goes into outputs; what goes into the journal is written on the way."""
        for spool_part in finished:
            journal.write(spool_part.edits, spool_part.records)
            yield from spool_part.parts


def file_row(file: SourceFile, tally: FileTally, *, container_kept: bool) -> FileRow:
    """Return the journal's row of a file."""
    from cleaner.journal.tables import FileRow, escaped

    return FileRow(
        escaped(file.name),
        file.format,
        file.codec,
        file.size,
        file.sha256,
        tally.output_sha256,
        tally.records,
        tally.edits,
        container_kept,
    )


def recorded(settings: Settings) -> dict[str, Any]:
    """Return the settings as a run records them: without those that change no byte of it."""
    values: dict[str, Any] = msgspec.to_builtins(settings)
    del values["jobs"], values["dedup"]["memory"], values["budget"]
    return values


def keep_container(file: SourceFile, folder: Path) -> bool:
    """Copy a compressed source whose bytes its content alone would not give back.

    Raises InputError where the source is no longer what it was when it was read.
    """
    if file.codec == "plain":
        return False
    try:
        with (
            open_file(file.path) as packed,
            open_file(file.path) as raw,
            reading(raw, file.codec) as content,
        ):
            tap = DigestReader(packed)
            if reproduces(content, cast("BinaryIO", tap), file.codec):
                _check_unchanged(tap, file)
                return False
        source = open_file(file.path)
    except (OSError, InputError) as error:
        raise _changed(file) from error
    place = container_name(file.name)
    with source, whole_file(folder, place, WORK_FOLDER) as copy:
        tap = DigestReader(source)
        while data := tap.read(1 << 20):
            copy.write(data)
        _check_unchanged(tap, file)
    file.container_kept = True
    return True


def _check_unchanged(source: DigestReader, file: SourceFile) -> None:
    if source.hexdigest() != file.sha256:
        raise _changed(file)


def _changed(file: SourceFile) -> InputError:
    return InputError(
        "was changed while it was being cleaned",
        where=str(file.path),
        hint="run the same command again",
    )


class Output(AbstractContextManager["Output"]):
    """An output file that comes into being with its first record."""

    def __init__(self, name: str, outputs: WholeFiles, codec: str) -> None:
        self._name = name
        self._outputs = outputs
        self._codec = codec
        self._stack = ExitStack()
        self._digest: DigestWriter | None = None
        self._stream: BinaryIO | None = None

    def write(self, data: bytes | memoryview) -> None:
        """Append the bytes of a record."""
        if self._stream is None:
            raw = self._stack.enter_context(self._outputs.open(self._name))
            self._digest = DigestWriter(raw)
            packed = writing(cast("BinaryIO", self._digest), self._codec)
            self._stream = self._stack.enter_context(packed)
        self._stream.write(data)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        return self._stack.__exit__(kind, error, trace)

    @property
    def sha256(self) -> str | None:
        """The digest of the file, once it is closed; None where nothing was written."""
        return None if self._digest is None else self._digest.hexdigest()
