"""The writing pass: staged documents become output records, journal lines and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cleaner.core.document import place_in, record_of
from cleaner.core.settings.config import Input, Settings
from cleaner.core.version import VERSION
from cleaner.engines.base import Engine
from cleaner.formats.base import Format
from cleaner.formats.registry import ARCHIVE, FORMATS, fields_in
from cleaner.reports.record import Emptied
from cleaner.runs.input.containers import keep_whole
from cleaner.runs.input.reading import Inputs, SourceFile
from cleaner.runs.input.spool import StagedDocument, load_spool
from cleaner.runs.output.commit import staged_files
from cleaner.runs.output.output import Output
from cleaner.runs.output.repetition import Gone, RepeatedTally, gone_lines
from cleaner.storage.below import RUN_DIR
from cleaner.storage.replace import WholeFiles

if TYPE_CHECKING:
    import pyarrow as pa

    from cleaner.journal.tables import EditRow, FileRow, RecordRow
    from cleaner.journal.write import JournalWriter
    from cleaner.runs.records.actions import Finished


class Part(NamedTuple):
    """What is written of one file's records in a spool part: the output, and what it came to.

    `gone`: the repeated lines that went, by record. `emptied`: records that lost all their text.
    `removed`: records that are not written.
    """

    file: int
    output: bytes
    records: int
    written: int
    codes: Counter[str]
    gone: list[list[Gone]]
    emptied: list[int]
    removed: Sequence[int] = ()


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
        staged_documents = (
            staged for staged in load_spool(spool_part) if staged.file not in self.failed
        )
        return write_staged(staged_documents, self.settings, self.files)


def write_staged(
    staged_documents: Iterable[StagedDocument],
    settings: Settings,
    files: tuple[tuple[str, str], ...],
    *,
    keep_unread: bool = False,
) -> WrittenPart:
    """Return what is written of documents; `files` gives name and format by number.

    With `keep_unread`, what is no document goes into the output as it stands.
    """
    from cleaner.journal import tables

    keep_empty = settings.output.keep_empty
    edits: list[tables.EditRow] = []
    records: list[tables.RecordRow] = []
    parts = []
    for number, own in groupby(staged_documents, attrgetter("file")):
        outputs: list[bytes] = []
        part = Part(number, b"", 0, 0, Counter(), [], [])
        name, format = files[number]
        name = tables.escaped(name)
        removed: list[int] = []
        count = 0
        fields = fields_in(format, settings.input)
        own_edits: list[tables.EditRow] = []
        own_records: list[tables.RecordRow] = []
        names: dict[int, str] = {}
        for staged, stays in in_records(own, fields, keep_empty=keep_empty):
            count += 1
            if staged.field:
                names[staged.number] = staged.field
            if staged.raw is not None:
                one = _unread(staged, staged.raw, name, keep=keep_unread, stays=stays)
            else:
                one = written(staged, name, FORMATS[format], part, keep_empty=stays)
            if one.output is None:
                removed.append(staged.number)
            else:
                outputs.append(one.output)
            own_records += [] if one.row is None else [one.row]
            own_edits += one.edits
        edits += tables.with_records(own_edits, fields, names)
        records += tables.with_records(own_records, fields, names)
        parts.append(
            part._replace(
                output=b"".join(outputs), records=count, written=len(outputs), removed=removed
            )
        )
    return WrittenPart(
        parts, tables.columns(tables.EDITS, edits), tables.columns(tables.RECORDS, records)
    )


def in_records(
    staged_documents: Iterable[StagedDocument], fields: int, *, keep_empty: bool
) -> Iterator[tuple[StagedDocument, bool]]:
    """Yield documents, and of each whether it is written even when it is empty.

    Of a record with several texts all are, unless it has lost all of them.
    """
    if fields == 1:
        yield from ((one, keep_empty or one.passed_on) for one in staged_documents)
        return
    for _, record in groupby(staged_documents, lambda one: record_of(one.number, fields)):
        texts = list(record)
        stays = keep_empty or not _lost_all(texts)
        yield from ((staged, stays) for staged in texts)


def _lost_all(texts: Sequence[StagedDocument]) -> bool:
    """Whether the texts of a record are gone, by edits."""
    own = [staged for staged in texts if staged.raw is None]
    edits = (edit for staged in own for edits in staged.steps for edit in edits)
    is_left = any(staged.text.strip() for staged in own)
    return not is_left and any(edit.before.strip() for edit in edits)


def _unread(staged: StagedDocument, raw: bytes, name: str, *, keep: bool, stays: bool) -> Written:
    """Return what becomes of a record that is no document; it is kept as it stands, or left out.

    What was passed on is written, but with the texts of its record.
    """
    from cleaner.journal.tables import RecordRow

    if staged.passed_on and stays:
        return Written(raw, [], None)
    row = RecordRow(name, staged.number, written=keep, source=raw, error=staged.error)
    return Written(raw if keep else None, [], row)


class Written(NamedTuple):
    """What becomes of one record: its output (None where it has none), its rows in the journal."""

    output: bytes | None
    edits: list[EditRow]
    row: RecordRow | None


def written(
    staged: StagedDocument, name: str, format: Format, part: Part, *, keep_empty: bool
) -> Written:
    """Return what becomes of a record, and count it in its part; `name` is its file's, escaped."""
    from cleaner.journal.tables import edit_rows, record_row

    edits = edit_rows(name, staged.number, staged.steps, [*staged.reading, *staged.notes])
    output = output_of(staged, format, part, keep_empty=keep_empty)
    if output is None:
        around = {"head": staged.frame.head, "tail": staged.frame.tail, "text": staged.text}
        row = record_row(name, staged.number, staged.form, written=False, **around)
        return Written(None, edits, row)
    if not staged.form if staged.steps else output == _source(staged, format):
        return Written(output, edits, None)
    return Written(output, edits, record_row(name, staged.number, staged.form))


def output_of(
    staged: StagedDocument, format: Format, part: Part, *, keep_empty: bool
) -> bytes | None:
    """Return the output of a document, None where it has none, and count it in its part."""
    edits = [edit for edits in staged.steps for edit in edits]
    part.codes.update(edit.code for edit in [*staged.reading, *staged.notes, *edits])
    if gone := list(gone_lines(staged.steps, len(staged.text))):
        part.gone.append(gone)
    if staged.text.strip() or keep_empty:
        return format.written(staged.frame, staged.text)
    if any(edit.before.strip() for edit in edits):
        part.emptied.append(staged.number)
    return None


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
    values_sha256: str | None = None

    def add(self, part: Part | Finished) -> None:
        """Count what is written of some of its records."""
        self.records += part.records
        self.records_written += part.written
        self.output_bytes += len(part.output)
        self.edits += sum(part.codes.values())


def emptied_places(numbers: Iterable[int], file: SourceFile, options: Input) -> Iterator[str]:
    """Yield the places of records of a file that lost all their text; `numbers` are of texts."""
    if FORMATS[file.format].one_document:
        yield from (file.name for _ in numbers)
        return
    fields = fields_in(file.format, options)
    yield from dict.fromkeys(place_in(file.name, number, fields) for number in numbers)


class OutputTree:
    """Writes outputs and the journal of a run for one folder, where they get by its commit.

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
        self, spool_parts: Iterable[Path], inputs: Inputs, engine: Engine
    ) -> tuple[list[FileTally], Counter[str]]:
        """Write everything; return what each file came to and the number of edits by code."""
        files = inputs.files
        failed = frozenset(i for i, f in enumerate(files) if f.error is not None or f.protected)
        names = tuple((file.name, file.format) for file in files)
        staged = staged_files(self._folder)
        finish = WritePart(self._settings, names, failed)
        codes: Counter[str] = Counter()
        tallies = []
        from cleaner.journal.tables import run_metadata
        from cleaner.journal.write import journal_writer

        run = run_metadata(VERSION, recorded(self._settings), self._model)
        with (
            journal_writer(staged, RUN_DIR, run) as journal,
            WholeFiles(staged, RUN_DIR) as outputs,
        ):
            parts = self._parts(engine.map(finish, spool_parts), journal)
            upcoming = next(parts, None)
            for number, file in enumerate(files):
                if number in failed:
                    continue
                tally = FileTally(file.name)
                with Output(file, outputs, staged, self._settings.input) as output:
                    while upcoming is not None and upcoming.file == number:
                        tally.add(upcoming)
                        codes.update(upcoming.codes)
                        for gone in upcoming.gone:
                            self.repeated.add(gone, file.name)
                        for place in emptied_places(upcoming.emptied, file, self._settings.input):
                            self.emptied.add(place)
                        output.add(upcoming)
                        upcoming = next(parts, None)
                    output.finish()
                tally.output_sha256 = output.sha256
                tally.values_sha256 = output.values_sha256
                journal.end_file(file_row(file, tally, self._settings.input))
                tallies.append(tally)
            for row in archive_rows(inputs, staged):
                journal.end_file(row)
        return tallies, codes

    def _parts(self, finished: Iterable[WrittenPart], journal: JournalWriter) -> Iterator[Part]:
        """Yield what goes into outputs; what goes into the journal is written on the way."""
        for spool_part in finished:
            journal.write(spool_part.edits, spool_part.records)
            yield from spool_part.parts


def file_row(file: SourceFile, tally: FileTally, options: Input) -> FileRow:
    """Return the journal's row of a file that was read by these options."""
    from cleaner.journal.tables import FileRow, escaped

    fields = fields_in(file.format, options)
    return FileRow(
        escaped(file.name),
        file.format,
        file.codec,
        file.size,
        file.sha256,
        tally.output_sha256,
        tally.records // fields,
        tally.edits,
        file.container_kept,
        tally.values_sha256,
        fields,
        escaped(file.archive) if file.archive else None,
    )


def archive_rows(inputs: Inputs, folder: Path) -> Iterator[FileRow]:
    """Keep the archives of which something was read; yield the journal's rows of them."""
    from cleaner.journal.tables import FileRow, escaped

    names = {file.archive for file in inputs.files if not file.protected}
    for one in inputs.archives.archives:
        if one.name not in names:
            continue
        keep_whole(one.path, one.sha256, folder, one.name)
        yield FileRow(
            escaped(one.name), ARCHIVE, "plain", one.size, one.sha256, None, 0, 0,
            container_kept=True,
        )  # fmt: skip


def recorded(settings: Settings) -> dict[str, Any]:
    """Return the settings as a run records them: without those that change no byte of it."""
    values: dict[str, Any] = msgspec.to_builtins(settings)
    del values["jobs"], values["dedup"]["memory"], values["budget"]
    return values
