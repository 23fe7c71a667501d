"""Some edits of a run taken back: a new output folder with a journal as true as the old one's."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NamedTuple, cast

import msgspec

from cleaner.core.errors import InputError, UsageError
from cleaner.core.openfile import open_file
from cleaner.core.settings.config import Settings
from cleaner.formats.base import Format, Frame, Packed, Record
from cleaner.formats.registry import FORMATS
from cleaner.journal.read import (
    Entry,
    broken_journal,
    read_files,
    read_journal,
    read_run,
    read_settings,
)
from cleaner.journal.restore import restore_one
from cleaner.journal.tables import (
    EDITS,
    RECORDS,
    EditRow,
    FileRow,
    RecordRow,
    columns,
    escaped,
    escaped_file,
    numbered_again,
)
from cleaner.journal.write import JournalWriter, journal_writer
from cleaner.runs.input.reading import SourceFile, looks_around
from cleaner.runs.input.source_names import source_name
from cleaner.runs.output.commit import staged_files
from cleaner.runs.output.output import Output
from cleaner.runs.output.output_folder import check_output, drop_work, output_folder
from cleaner.runs.restore import check_finished
from cleaner.runs.rule_registry import check_prefixes
from cleaner.runs.undo.new_report import write_undone_report
from cleaner.runs.undo.records import Chosen, RecordAfter, RecordUndo, Refused, changed_output
from cleaner.storage.below import (
    RUN_DIR,
    container_name,
    kind_below,
    open_below,
    output_place,
    rows_name,
)
from cleaner.storage.compress import output_name, reading
from cleaner.storage.digests import DigestReader
from cleaner.storage.replace import WholeFiles, whole_file

# Tables whose outputs are made of the rows of their sources.
_MADE_OF_SOURCES = ("parquet", "arrow")
# Formats whose records are opened, and written again. Those of an archive tell their own length,
# and of a page only its text is written.
_OPENED = ("txt", "jsonl", "csv", "tsv", "json", *_MADE_OF_SOURCES)
# So many records of a file that is more than these are made at once.
_AT_ONCE = 1024
_ANY_SIZE = 2**60
# So many rows are held before they are written.
_ROWS = 4096


class TakenBack(NamedTuple):
    """How many edits were taken back, and those that could not be alone."""

    edits: int
    refused: Sequence[Refused]


def restore_some(
    output: Path,
    destination: Path,
    codes: Sequence[str],
    sources: Sequence[Path],
    *,
    overwrite: bool = False,
) -> TakenBack:
    """Write the run in `output` without some edits into `destination`.

    Those of rules whose code begins with one of `codes`, in `sources`; none of either means all.
    What the new folder's journal holds gives the same sources back. Raises UsageError, JournalError
    or RestoreError, and leaves nothing then.
    """
    settings = read_settings(output, Settings)
    _check_own_form(output, settings)
    chosen = _choosing(output, codes, sources)
    check_finished(output)
    check_output(destination, [output], overwrite=overwrite)
    return _taken_back(output, destination, settings, chosen, overwrite=overwrite)


def take_back_here(output: Path, chosen: Chosen) -> TakenBack:
    """Take back the chosen edits of the run in `output` where it stands, with those built on them.

    Those of files that can only be restored as a whole stay. The old outputs, journal and report
    stand until all of the new ones take their places. Raises as `restore_some` does, and changes
    nothing then.
    """
    settings = read_settings(output, Settings)
    _check_own_form(output, settings)
    check_finished(output)
    opened = {file.file for file in read_files(output) if file.format in _OPENED}

    def may_go(edit: EditRow) -> bool:
        return edit.file in opened and chosen(edit)

    return _taken_back(output, output, settings, may_go, overwrite=True, with_later=True)


def _taken_back(
    output: Path,
    destination: Path,
    settings: Settings,
    chosen: Chosen,
    *,
    overwrite: bool,
    with_later: bool = False,
) -> TakenBack:
    with output_folder(destination, (), overwrite=overwrite):
        work = _Work(output, destination, settings, chosen, with_later=with_later)
        try:
            return work.write()
        except BaseException:
            drop_work(destination)
            raise


def _check_own_form(output: Path, settings: Settings) -> None:
    """Raise UsageError where outputs are no longer files of their own, one for each source."""
    if settings.output.to != "same" or settings.output.shard_size:
        raise UsageError(
            "edits cannot be taken back alone",
            where=str(output),
            why="its outputs are of another format, or in shards",
            hint="restore the sources as a whole, or clean without --to and --shard-size",
        )


def _choosing(output: Path, codes: Sequence[str], sources: Sequence[Path]) -> Chosen:
    """Return what chooses the edits of some rules in some files."""
    check_prefixes(codes)
    names = {file.file for file in read_files(output)}
    files = {source_name(source, names, output) for source in sources} or names
    prefixes = tuple(code.removeprefix("ALL") for code in codes) or ("",)
    return lambda edit: edit.file in files and edit.rule.startswith(prefixes)


@dataclass
class _Rows:
    """Rows on their way into the journal."""

    journal: JournalWriter
    edits: list[EditRow] = field(default_factory=list)
    records: list[RecordRow] = field(default_factory=list)

    def add(self, edits: Sequence[EditRow], row: RecordRow | None, fields: int = 1) -> None:
        """Take the rows of a record, whose names and texts are the true ones.

        What counts as one is a text, where records have several `fields`.
        """
        edits = numbered_again(edits, fields)
        (row,) = (None,) if row is None else numbered_again((row,), fields)
        for edit in edits:
            survivor = None if edit.survivor is None else escaped(edit.survivor)
            self.edits.append(
                edit._replace(file=escaped(edit.file), survivor=survivor, escaped=False)
            )
        if row is not None:
            self.records.append(row._replace(file=escaped(row.file), escaped=False))
        if len(self.edits) + len(self.records) >= _ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        self.journal.write(columns(EDITS, self.edits), columns(RECORDS, self.records))
        self.edits, self.records = [], []


class _Some(NamedTuple):
    """Records as a file takes them: the bytes of those written, the numbers of the others."""

    output: bytes
    records: int
    written: int
    removed: Sequence[int]

    @classmethod
    def of(cls, records: Sequence[tuple[int, RecordAfter]]) -> _Some:
        """Return numbered records as such."""
        outputs = [one.output for _, one in records if one.output is not None]
        removed = [number for number, one in records if one.output is None]
        return cls(b"".join(outputs), len(records), len(outputs), removed)


class _Work:
    def __init__(
        self,
        output: Path,
        destination: Path,
        settings: Settings,
        chosen: Chosen,
        *,
        with_later: bool,
    ) -> None:
        self._output = output
        self._staged = staged_files(destination)
        self._options = msgspec.structs.replace(
            settings.input, max_document_size=_ANY_SIZE, max_line_size=_ANY_SIZE
        )
        self._undo = RecordUndo(output, settings, chosen, with_later)

    def write(self) -> TakenBack:
        """Write outputs, journal and report."""
        undone = self._undo.undone
        with (
            journal_writer(self._staged, RUN_DIR, read_run(self._output)) as journal,
            WholeFiles(self._staged, RUN_DIR) as outputs,
        ):
            rows = _Rows(journal)
            untouched = self._untouched_tables()
            for file, entries in read_journal(self._output):
                if file.format not in FORMATS:
                    raise broken_journal(self._output, f"unknown format {file.format!r}")
                opens = file.format in _OPENED and file.file not in untouched
                take = self._file if opens else self._copied
                journal.end_file(take(file, entries, outputs, rows))
            rows.flush()
        write_undone_report(self._output, self._staged, undone)
        return TakenBack(undone.edits, self._undo.refused)

    def _untouched_tables(self) -> set[str]:
        """Return the tables that keep all edits: made again, they would be others byte for byte."""
        if not any(file.format in _MADE_OF_SOURCES for file in read_files(self._output)):
            return set()
        return {
            file.file
            for file, entries in read_journal(self._output)
            if file.format in _MADE_OF_SOURCES
            and not [1 for entry in entries if any(map(self._undo.is_chosen, entry.edits))]
        }

    def _file(
        self, file: FileRow, entries: Iterator[Entry], outputs: WholeFiles, rows: _Rows
    ) -> FileRow:
        """Write a file's records anew, those as they stand of which no edit is taken back."""
        codes: Counter[str] = Counter()
        size = written = 0
        is_packed = isinstance(FORMATS[file.format], Packed)
        with ExitStack() as stack:
            source = self._source_of(file, stack)
            output = stack.enter_context(
                Output(source, outputs, self._staged, self._undo.settings.input)
            )
            if file.output_sha256 is not None and not is_packed:
                output.write(b"")
            records = enumerate(self._records(file, entries), 1)
            while some := list(islice(records, _AT_ONCE if is_packed else 1)):
                for _, one in some:
                    size += len(one.output or b"")
                    written += one.output is not None
                    rows.add(one.edits, one.row)
                    codes.update(edit.rule for edit in one.edits)
                    self._undo.undone.lines(file.file, *one.lines)
                output.add(_Some.of(some))
            if is_packed:
                output.finish()
        self._undo.undone.file(file.file, size, written, output.sha256, codes)
        if file.container_kept:
            self._copy(container_name(file.file))
        written_file = file._replace(output_sha256=output.sha256, edits=codes.total())
        return escaped_file(written_file)

    def _source_of(self, file: FileRow, stack: ExitStack) -> SourceFile:
        """Return what an output is made of: for a table its source, which is restored for that."""
        path = self._output / file.file
        if file.format in _MADE_OF_SOURCES:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="cleaner-")))
            path = restore_one(self._output, file.file, folder, FORMATS, Frame)
        source = SourceFile(file.file, path, file.format, file.codec, content_size=1)
        if file.format in _MADE_OF_SOURCES:
            with open_file(path) as stream:
                digest = DigestReader(stream)
                digest.drain()
            source.sha256 = digest.hexdigest()
        return source

    def _copied(
        self, file: FileRow, entries: Iterator[Entry], outputs: WholeFiles, rows: _Rows
    ) -> FileRow:
        """Keep a file as the run left it, with all that stands beside its output."""
        codes: Counter[str] = Counter()
        for entry in entries:
            if any(map(self._undo.is_chosen, entry.edits)):
                raise UsageError(
                    f"edits of {file.format} cannot be taken back alone",
                    where=str(self._output / file.file),
                    hint="name other files with --file, or restore the sources as a whole",
                )
            rows.add(entry.edits, entry.row, file.fields)
            codes.update(edit.rule for edit in entry.edits)
        self._undo.undone.codes.update(codes)
        name = output_name(file.file, FORMATS[file.format].written_suffix)
        place = output_place(self._output, name)
        if file.output_sha256 is not None and self._copy(name, place) != file.output_sha256:
            raise changed_output(self._output / name, "its digest is not the one in the journal")
        for beside in (container_name(file.file), rows_name(file.file)):
            if kind_below(self._output, beside):
                self._copy(beside)
        return escaped_file(file)

    def _copy(self, name: str, place: str = "") -> str:
        """Copy a file of the run, or what stands at another place; return its digest."""
        place = place or name
        with open_below(self._output, place) as source, whole_file(self._staged, name) as copy:
            tap = DigestReader(source)
            shutil.copyfileobj(cast("BinaryIO", tap), copy)
            return tap.hexdigest()

    def _records(self, file: FileRow, entries: Iterator[Entry]) -> Iterator[RecordAfter]:
        """Yield what becomes of the records of a file, whose output is as it was written."""
        if file.output_sha256 is None:
            yield from self._through(file, entries, iter(()))
            return
        path = self._output / file.file
        format = FORMATS[file.format]
        try:
            place = output_place(self._output, file.file)
            with open_below(self._output, place) as raw, ExitStack() as stack:
                digest = DigestReader(raw)
                if looks_around(format):
                    digest.drain()
                    raw.seek(0)
                    content: BinaryIO = raw
                else:
                    own = cast("BinaryIO", io.BufferedReader(cast("Any", digest)))
                    content = stack.enter_context(reading(own, file.codec))
                yield from self._through(file, entries, self._written(format, content))
                if not looks_around(format):
                    digest.drain()
        except (InputError, OSError) as error:
            raise changed_output(path, str(error)) from error
        if digest.hexdigest() != file.output_sha256:
            raise changed_output(path, "its digest is not the one in the journal")

    def _written(self, format: Format, content: BinaryIO) -> Iterator[Record]:
        """Yield the records of an output; however long they are, they were written."""
        if format.one_document:
            return iter([Record(1, content.read())])
        return format.records(content, self._options)

    def _through(
        self, file: FileRow, entries: Iterator[Entry], records: Iterator[Record]
    ) -> Iterator[RecordAfter]:
        done = 0
        written = Record(0, b"")
        for entry in entries:
            for written in self._some(file, records, entry.number - done - 1):
                yield RecordAfter(written.raw, (), None)
            # What the beginning of a file tells is needed of records that are in no output, too.
            own = Record(entry.number, b"", written.layout)
            if entry.row is None or entry.row.written:
                own = written = next(records, own)
            yield self._undo.undone_record(file, entry, own)
            done = entry.number
        for written in self._some(file, records, file.texts - done):
            yield RecordAfter(written.raw, (), None)

    def _some(self, file: FileRow, records: Iterator[Record], count: int) -> Iterator[Record]:
        for _ in range(count):
            one = next(records, None)
            if one is None:
                raise changed_output(self._output / file.file, "records are missing")
            yield one
