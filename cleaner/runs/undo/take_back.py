"""Some edits of a run taken back: a new output folder with a journal as true as the old one's."""

from __future__ import annotations

import base64
import io
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from cleaner.core.edits import Edit
from cleaner.core.errors import CleanerError, InputError, RestoreError, UsageError
from cleaner.core.findings import undo_steps
from cleaner.core.settings.config import Settings
from cleaner.core.undoing import Place, undo_some
from cleaner.formats.base import Format, Frame, Parsed, Record
from cleaner.formats.registry import FORMATS
from cleaner.journal.read import (
    Entry,
    broken_journal,
    read_files,
    read_journal,
    read_run,
    read_settings,
)
from cleaner.journal.tables import (
    EDIT,
    EDITS,
    RECORDS,
    REMOVED,
    EditRow,
    FileRow,
    RecordRow,
    columns,
    edit_of,
    escaped,
    form_of,
    numbered_again,
    record_row,
)
from cleaner.journal.write import JournalWriter, journal_writer
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.input.source_names import source_name
from cleaner.runs.output.commit import staged_files
from cleaner.runs.output.output import Output
from cleaner.runs.output.output_folder import check_output, drop_work, output_folder
from cleaner.runs.output.repetition import Gone, gone_lines
from cleaner.runs.restore import check_finished
from cleaner.runs.rule_registry import check_prefixes
from cleaner.runs.undo.new_report import Undone, write_undone_report
from cleaner.storage.below import (
    RUN_DIR,
    container_name,
    kind_below,
    open_below,
    rows_name,
)
from cleaner.storage.compress import output_name, reading
from cleaner.storage.digests import DigestReader
from cleaner.storage.replace import WholeFiles, whole_file

# Formats whose records are opened one by one, and written as what they were: tables, arrays and
# archives are more than their records, and of a page only its text is written.
_ONE_BY_ONE = ("txt", "jsonl")
# So many rows are held before they are written.
_ROWS = 4096


class Refused(NamedTuple):
    """An edit that stays because another was built on it: its place and the codes of both."""

    place: str
    rule: str
    later: str


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
    chosen = _choosing(output, codes, sources)
    check_finished(output)
    check_output(destination, [output], overwrite=overwrite)
    with output_folder(destination, (), overwrite=overwrite):
        work = _Work(output, destination, settings, chosen)
        try:
            return work.write()
        except BaseException:
            drop_work(destination)
            raise


def _choosing(
    output: Path, codes: Sequence[str], sources: Sequence[Path]
) -> Callable[[str, str], bool]:
    """Return what says of a file and a rule whether an edit is to be taken back."""
    check_prefixes(codes)
    names = {file.file for file in read_files(output)}
    files = {source_name(source, names, output) for source in sources} or names
    prefixes = tuple(code.removeprefix("ALL") for code in codes) or ("",)
    return lambda file, rule: file in files and rule.startswith(prefixes)


@dataclass
class _Written:
    """What becomes of a record."""

    output: bytes | None
    edits: Sequence[EditRow]
    row: RecordRow | None
    lines: tuple[Sequence[Gone], Sequence[Gone]] = ((), ())


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


class _Work:
    def __init__(
        self,
        output: Path,
        destination: Path,
        settings: Settings,
        chosen: Callable[[str, str], bool],
    ) -> None:
        self._output = output
        self._staged = staged_files(destination)
        self._settings = settings
        self._chosen = chosen
        self._refused: list[Refused] = []
        self._undone = Undone()

    def write(self) -> TakenBack:
        """Write outputs, journal and report."""
        with (
            journal_writer(self._staged, RUN_DIR, read_run(self._output)) as journal,
            WholeFiles(self._staged, RUN_DIR) as outputs,
        ):
            rows = _Rows(journal)
            for file, entries in read_journal(self._output):
                if file.format not in FORMATS:
                    raise broken_journal(self._output, f"unknown format {file.format!r}")
                opens = file.format in _ONE_BY_ONE
                take = self._file if opens else self._copied
                journal.end_file(take(file, entries, outputs, rows))
            rows.flush()
        write_undone_report(self._output, self._staged, self._undone)
        return TakenBack(self._undone.edits, self._refused)

    def _file(
        self, file: FileRow, entries: Iterator[Entry], outputs: WholeFiles, rows: _Rows
    ) -> FileRow:
        codes: Counter[str] = Counter()
        size = written = 0
        source = SourceFile(file.file, self._output / file.file, file.format, file.codec)
        with Output(source, outputs, self._staged, self._settings.input) as output:
            if file.output_sha256 is not None:
                output.write(b"")
            for one in self._records(file, entries):
                if one.output is not None:
                    output.write(one.output)
                    size += len(one.output)
                    written += 1
                rows.add(one.edits, one.row)
                codes.update(edit.rule for edit in one.edits)
                self._undone.lines(file.file, *one.lines)
        self._undone.file(file.file, size, written, output.sha256, codes)
        if file.container_kept:
            self._copy(container_name(file.file))
        written_file = file._replace(output_sha256=output.sha256, edits=codes.total())
        return _with_escapes(written_file)

    def _copied(
        self, file: FileRow, entries: Iterator[Entry], outputs: WholeFiles, rows: _Rows
    ) -> FileRow:
        """Keep a file as the run left it, with all that stands beside its output."""
        codes: Counter[str] = Counter()
        for entry in entries:
            if any(self._is_chosen(file, edit) for edit in entry.edits):
                raise UsageError(
                    f"edits of {file.format} cannot be taken back alone",
                    where=str(self._output / file.file),
                    hint="name other files with --file, or restore the sources as a whole",
                )
            rows.add(entry.edits, entry.row, file.fields)
            codes.update(edit.rule for edit in entry.edits)
        self._undone.codes.update(codes)
        name = output_name(file.file, FORMATS[file.format].written_suffix)
        if file.output_sha256 is not None and self._copy(name) != file.output_sha256:
            raise _changed(self._output / name, "its digest is not the one in the journal")
        for beside in (container_name(file.file), rows_name(file.file)):
            if kind_below(self._output, beside):
                self._copy(beside)
        return _with_escapes(file)

    def _copy(self, name: str) -> str:
        """Copy a file of the run; return its digest."""
        with open_below(self._output, name) as source, whole_file(self._staged, name) as copy:
            tap = DigestReader(source)
            shutil.copyfileobj(cast("BinaryIO", tap), copy)
            return tap.hexdigest()

    def _is_chosen(self, file: FileRow, edit: EditRow) -> bool:
        return edit.kind in (EDIT, REMOVED) and self._chosen(file.file, edit.rule)

    def _records(self, file: FileRow, entries: Iterator[Entry]) -> Iterator[_Written]:
        """Yield what becomes of the records of a file, whose output is as it was written."""
        if file.output_sha256 is None:
            yield from self._through(file, entries, iter(()))
            return
        path = self._output / file.file
        try:
            with open_below(self._output, file.file) as raw:
                digest = DigestReader(raw)
                content = cast("BinaryIO", io.BufferedReader(cast("Any", digest)))
                with reading(content, file.codec) as records:
                    whole = FORMATS[file.format].one_document
                    data = iter(records.read, b"") if whole else iter(records)
                    yield from self._through(file, entries, data)
                digest.drain()
        except (InputError, OSError) as error:
            raise _changed(path, str(error)) from error
        if digest.hexdigest() != file.output_sha256:
            raise _changed(path, "its digest is not the one in the journal")

    def _through(
        self, file: FileRow, entries: Iterator[Entry], data: Iterator[bytes]
    ) -> Iterator[_Written]:
        done = 0
        for entry in entries:
            yield from self._as_they_are(file, data, entry.number - done - 1)
            own = b""
            if entry.row is None or entry.row.written:
                own = next(data, b"")
            yield self._record(file, entry, own)
            done = entry.number
        yield from self._as_they_are(file, data, file.texts - done)

    def _as_they_are(self, file: FileRow, data: Iterator[bytes], count: int) -> Iterator[_Written]:
        for _ in range(count):
            one = next(data, None)
            if one is None:
                raise _changed(self._output / file.file, "records are missing")
            yield _Written(one, (), None)

    def _record(self, file: FileRow, entry: Entry, data: bytes) -> _Written:
        row = entry.row
        out = data if row is None or row.written else None
        chosen = [self._is_chosen(file, edit) for edit in entry.edits]
        if not any(chosen):
            return _Written(out, entry.edits, row)
        place = file.file if FORMATS[file.format].one_document else f"{file.file}:{entry.number}"
        if entry.edits[chosen.index(True)].kind == REMOVED:
            if row is None or row.source is None:
                raise broken_journal(self._output, f"record {entry.number} has no source")
            left = [e for e, gone in zip(entry.edits, chosen, strict=True) if not gone]
            self._undone.edits += len(entry.edits) - len(left)
            self._undone.written.add(place)
            return _Written(row.source, left, None)
        try:
            return self._without(file, entry, data, chosen, place)
        except (CleanerError, ValueError, LookupError, TypeError) as error:
            path = self._output / file.file
            raise _changed(path, f"record {entry.number} does not fit the journal") from error

    def _without(
        self, file: FileRow, entry: Entry, data: bytes, chosen: Sequence[bool], place: str
    ) -> _Written:
        """Return a record with the chosen edits taken back."""
        format, row = FORMATS[file.format], entry.row
        others = [edit for edit in entry.edits if edit.kind != EDIT]
        own = [(e, c) for e, c in zip(entry.edits, chosen, strict=True) if e.kind == EDIT]
        steps = [list(rows) for _, rows in groupby(own, lambda one: one[0].step)]
        edits = [[edit_of(edit) for edit, _ in step] for step in steps]
        wanted = {
            (number, at)
            for number, step in enumerate(steps)
            for at, (_, gone) in enumerate(step)
            if gone
        }
        frame, text = self._source(format, file, entry, data, edits)
        undone = undo_some(text, edits, wanted)
        if undo_steps(undone.text, undone.steps) != text:
            raise ValueError("what is left does not lead back")
        self._tell(place, steps, undone.refused)
        kept = [
            steps[number][at][0]._replace(start=edit.start, end=edit.end)
            for new, places in zip(undone.steps, undone.kept, strict=True)
            for edit, (number, at) in zip(new, places, strict=True)
        ]
        self._undone.edits += len(wanted) - len(undone.refused)
        shorter = sum(len(e.before) - len(e.after) for step in edits for e in step)
        length = len(text) - shorter
        lines: tuple[Sequence[Gone], Sequence[Gone]] = (
            list(gone_lines(edits, length)),
            list(gone_lines(undone.steps, len(undone.text))),
        )
        form = {} if row is None else form_of(row)
        if row is not None and row.source is not None:
            form["bytes"] = base64.b64encode(row.source).decode("ascii")
        if row is not None and not row.written:
            if not undone.text.strip():
                return _Written(None, [*others, *kept], row._replace(text=undone.text), lines=lines)
            self._undone.written.add(place)
        output = format.written(frame, undone.text)
        needed = bool(form) if kept else output != format.source(form, frame, undone.text)
        new_row = record_row(file.file, entry.number, form) if needed else None
        return _Written(output, [*others, *kept], new_row, lines=lines)

    def _source(
        self,
        format: Format,
        file: FileRow,
        entry: Entry,
        data: bytes,
        steps: Sequence[Sequence[Edit]],
    ) -> tuple[Frame, str]:
        """Return frame and source text of a record."""
        row = entry.row
        if row is not None and row.source is not None:
            record = Record(entry.number, row.source)
            parsed = format.parse(record, file.file, self._settings.input)
            if not isinstance(parsed, Parsed):
                raise ValueError("a record without a text that has edits")
            return parsed.frame, parsed.document.text
        if row is not None and not row.written:
            return Frame(row.head or "", row.tail or ""), undo_steps(row.text or "", steps)
        frame, text = format.opened(Record(entry.number, data), self._settings.input)
        return frame, undo_steps(text, steps)

    def _tell(
        self,
        place: str,
        steps: Sequence[Sequence[tuple[EditRow, bool]]],
        refused: dict[Place, Place],
    ) -> None:
        for (number, at), (later, other) in sorted(refused.items()):
            rules = steps[number][at][0].rule, steps[later][other][0].rule
            self._refused.append(Refused(place, *rules))


def _with_escapes(file: FileRow) -> FileRow:
    archive = None if file.archive is None else escaped(file.archive)
    return file._replace(file=escaped(file.file), archive=archive)


def _changed(path: Path, why: str) -> RestoreError:
    return RestoreError(
        "was changed after cleaning",
        where=str(path),
        why=why,
        hint="restore needs the output as it was written",
    )
