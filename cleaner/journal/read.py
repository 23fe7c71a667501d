"""Reading a journal, whoever wrote it.

Nothing of a table is used that was not checked: columns of other names or types, values that cannot
be, rows in another order, and pages that would grow beyond measure break the journal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeVar, cast

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cleaner.core.edits import Edit
from cleaner.core.errors import CleanerError, InputError, UsageError
from cleaner.journal.arrays import from_numpy
from cleaner.journal.pages import check_group
from cleaner.journal.tables import (
    EDIT,
    EDITS,
    FILES,
    NOTE,
    RECORDS,
    REMOVED,
    TABLES,
    VERSION,
    EditRow,
    FileRow,
    RecordRow,
    Table,
    edit_of,
    journal_path,
    unescaped,
)
from cleaner.storage.below import OLD_JOURNAL, kind_below, open_below, stays_below
from cleaner.storage.parquet_footer import Footer

# So many rows are objects at once.
_ROWS = 4096
# So many rows are columns at once.
_COLUMN_ROWS = 1 << 15
_MOST = 2**62
_MOST_FIELDS = 2**20

# Which rows of a batch are wanted: a mask as long as the batch.
Chosen = Callable[[pa.RecordBatch], "npt.NDArray[np.bool_]"]

Row = TypeVar("Row", EditRow, RecordRow, FileRow)
T = TypeVar("T")


class JournalError(InputError):
    """A journal that cannot be read on."""


def broken_journal(output: Path, why: str) -> JournalError:
    """Return the error on a journal of an output folder that cannot be used."""
    return JournalError("broken journal", where=str(journal_path(output)), why=why)


class Entry(NamedTuple):
    """What a journal says of a record; `row` is missing where its edits are enough."""

    number: int
    edits: list[EditRow]
    row: RecordRow | None

    def steps(self) -> list[list[Edit]]:
        """Return the edits, by step."""
        own = (row for row in self.edits if row.kind == EDIT)
        return [[edit_of(row) for row in rows] for _, rows in groupby(own, attrgetter("step"))]

    def notes(self) -> list[Edit]:
        """Return the notes that have a place in the text."""
        return [edit_of(row) for row in self.edits if row.kind == NOTE and row.start is not None]

    def whole(self) -> list[EditRow]:
        """Return what is said of the record as a whole."""
        return [row for row in self.edits if row.start is None]


def read_settings(output: Path, kind: type[T], section: str = "") -> T:
    """Return the settings of the run that wrote an output folder, or a `section` of them.

    Raises UsageError where there is no journal or its form is another, JournalError where it is
    broken.
    """
    runs = []
    for table in TABLES:
        with _opened(output, table) as (file, _):
            runs.append(file.metadata.metadata)
    with _broken(output):
        _check(runs.count(runs[0]) == len(runs), "its tables are of different runs")
        values = json.loads(runs[0].get(b"cleaner.settings", b"null"))
        if section:
            values = values.get(section) if isinstance(values, dict) else None
        try:
            return msgspec.convert(values, kind)
        except CleanerError as error:
            raise broken_journal(output, str(error)) from error


def read_run(output: Path) -> dict[str, str]:
    """Return what describes the run that wrote an output folder, as `tables.run_metadata` does."""
    with _opened(output, EDITS) as (file, _):
        metadata = file.metadata.metadata or {}
        return {
            key.decode(): value.decode()
            for key, value in metadata.items()
            if key.startswith(b"cleaner.") and key != b"cleaner.files"
        }


def read_files(output: Path) -> Iterator[FileRow]:
    """Yield the rows of files, by their true names; no name leaves the folder or comes twice."""
    names: set[str] = set()
    with _broken(output):
        for row in _rows(output, FILES, _checked_file):
            _check(stays_below(row.file), f"a file name leaves the folder: {row.file!r}")
            _check(row.file not in names, f"a file stands in it twice: {row.file!r}")
            names.add(row.file)
            yield row if row.archive is None else row._replace(archive=unescaped(row.archive))
        with _opened(output, FILES) as (file, _):
            told = file.metadata.metadata.get(b"cleaner.files")
            _check(told == b"%d" % len(names), f"{len(names)} files, not {told!r}")


def read_journal(output: Path) -> Iterator[tuple[FileRow, Iterator[Entry]]]:
    """Yield each file with its records that are not in the output as they were, in their order.

    What is left of a file's records is passed over when the next file is asked for.
    """
    with _broken(output):
        edits = _Ahead(_rows(output, EDITS, _checked_edit))
        records = _Ahead(_rows(output, RECORDS, _checked_record))
        for file in read_files(output):
            entries = _entries(output, file, edits, records)
            yield file, entries
            for _ in entries:
                pass
        for rest in (edits, records):
            _check(rest.first is None, f"rows of a file that is none: {rest.first!r}"[:300])


def read_batches(output: Path, table: Table, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield some columns of a table, some thousands of rows at a time, without an object a row.

    Texts are as the table has them, escapes and all; values are not checked beyond their types.
    """
    more = ["text_number"] if "record" in columns else []
    with _opened(output, table) as (file, descriptor):
        for group in _groups(file, descriptor, table):
            batches = file.iter_batches(
                _COLUMN_ROWS, row_groups=[group], columns=[*columns, *more], use_threads=False
            )
            yield from map(_counted, batches)


def read_edits(output: Path, chosen: Chosen) -> Iterator[EditRow]:
    """Yield those rows of edits and notes that are chosen, batch by batch."""
    with _broken(output):
        yield from _rows(output, EDITS, _checked_edit, chosen)


def read_records(output: Path, chosen: Chosen) -> Iterator[RecordRow]:
    """Yield those rows of records that are chosen, batch by batch."""
    with _broken(output):
        yield from _rows(output, RECORDS, _checked_record, chosen)


class _Ahead:
    """Rows, of which the first is known before it is taken."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self.first: Any = next(rows, None)

    def take(self) -> Any:
        """Return the first row and go on to the next."""
        taken, self.first = self.first, next(self._rows, None)
        return taken

    def number(self, name: str) -> int:
        """Return the record of the first row; where that is another file's, more than any."""
        return self.first.record if self.first is not None and self.first.file == name else _MOST


def _entries(output: Path, file: FileRow, edits: _Ahead, records: _Ahead) -> Iterator[Entry]:
    with _broken(output):
        last = told = 0
        while (number := min(edits.number(file.file), records.number(file.file))) < _MOST:
            _check(
                last < number <= file.texts, f"record {number} of {file.file!r} where none can be"
            )
            last = number
            own = []
            while edits.number(file.file) == number:
                own.append(edits.take())
            told += len(own)
            row = records.take() if records.number(file.file) == number else None
            entry = Entry(number, own, row)
            _check_entry(entry)
            yield entry
        _check(told == file.edits, f"{told} edits of {file.file!r}, which has {file.edits}")


def _check_entry(entry: Entry) -> None:
    """Raise ValueError where rows that are sound by themselves do not go together."""
    kinds = [row.kind for row in entry.edits]
    steps = [row.step or 0 for row in entry.edits]
    gone = entry.row is not None and not entry.row.written
    sound = steps == sorted(steps) and (gone or REMOVED not in kinds)
    _check(sound, f"edits of record {entry.number} that do not go together")


def _rows(
    output: Path, table: Table, checked: Callable[[Any], Row], chosen: Chosen | None = None
) -> Iterator[Row]:
    """Yield the rows of a table, or those that are chosen, each checked."""
    with _opened(output, table) as (file, descriptor):
        for group in _groups(file, descriptor, table):
            batches = file.iter_batches(_ROWS, row_groups=[group], use_threads=False)
            for batch in batches:
                batch = _counted(batch)
                if chosen is not None:
                    batch = batch.filter(from_numpy(chosen(batch)))
                values = [_values(column) for column in batch.columns]
                for row in map(table.row._make, zip(*values, strict=True)):
                    yield checked(_true(cast("Any", row), table))


def _counted(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return rows whose records are texts, where a record has several of these."""
    at = batch.schema.get_field_index("text_number")
    if at < 0 or batch.column(at).null_count == len(batch):
        return batch
    records = pc.coalesce(batch.column(at), batch.column("record"))
    place = batch.schema.get_field_index("record")
    return batch.set_column(place, batch.schema.field(place), records)


def _groups(file: pq.ParquetFile, descriptor: int, table: Table) -> Iterator[int]:
    """Yield the numbers of the row groups that have rows, each found to be no larger than any."""
    footer = Footer(descriptor)
    _check(len(footer.group_rows) == file.metadata.num_row_groups, "a footer that cannot be")
    for group, rows in enumerate(footer.group_rows):
        if rows:
            check_group(descriptor, footer.columns(group), rows, table.short)
            yield group


def _values(column: pa.Array) -> list[Any]:
    """Return the values of a column; those that repeat are one object."""
    if not isinstance(column, pa.DictionaryArray):
        return cast("list[Any]", column.to_pylist())
    known = column.dictionary.to_pylist()
    return [None if at is None else known[at] for at in column.indices.to_pylist()]


def _true(row: Any, table: Table) -> Any:
    """Return a row with its names and texts as they were."""
    escapes: tuple[str, ...] = ("file", "survivor") if table is EDITS else ("file",)
    if table.texts and row.escaped:
        escapes += table.texts
    texts = ((name, getattr(row, name)) for name in escapes)
    changed = {name: unescaped(text) for name, text in texts if text and "\\" in text}
    return row._replace(**changed) if changed else row


def _checked_edit(row: EditRow) -> EditRow:
    placed = (row.start, row.end, row.before, row.after)
    copied = (row.survivor, row.similarity)
    if row.start is None:
        sound = placed == (None,) * 4 and row.step is None
        sound &= row.kind in (NOTE, REMOVED) and None not in copied
    else:
        sound = None not in placed and (row.step is not None) == (row.kind == EDIT)
        sound &= row.kind in (EDIT, NOTE) and 0 <= row.start <= (row.end or 0) < _MOST
    sound &= (copied[0] is None) == (copied[1] is None) and 0 < row.record < _MOST
    sound &= (row.step is None or row.step > 0) and 0 <= (row.survivor_place or 0) < _MOST
    _check(sound, f"an edit of record {row.record} of {row.file!r} that cannot be")
    return row


def _checked_record(row: RecordRow) -> RecordRow:
    added = (row.added_at, row.added_size)
    around = (row.head, row.tail, row.text)
    sound = 0 < row.record < _MOST and (None in added) == (added == (None, None))
    sound &= all(value is None or 0 <= value < _MOST for value in added)
    # A record that is not in the output has its bytes, or what they can be made of.
    sound &= row.written or row.source is not None or None not in around
    _check(sound, f"record {row.record} of {row.file!r} that cannot be")
    return row


def _checked_file(row: FileRow) -> FileRow:
    sound = all(0 <= value < _MOST for value in (row.size, row.records, row.edits))
    sound &= 0 < row.fields < _MOST_FIELDS
    _check(sound, f"a file that cannot be: {row.file!r}")
    return row


@contextmanager
def _opened(output: Path, table: Table) -> Iterator[tuple[pq.ParquetFile, int]]:
    """Open a table of the journal, whose form is the one read here; give its descriptor too."""
    path = output / table.path
    with _broken(output):
        if not kind_below(output, table.path):
            if kind_below(output, OLD_JOURNAL):
                raise UsageError(
                    "a journal of an older form",
                    where=str(output / OLD_JOURNAL),
                    hint="use the version of cleaner that wrote it, or clean the sources again",
                )
            raise UsageError(
                "no journal here",
                where=str(output),
                why=f"{path} does not exist",
                hint="name a folder that `cleaner clean` wrote to its end",
            )
        with open_below(output, table.path) as raw:
            yield _checked_table(raw, table, path), raw.fileno()


def _checked_table(raw: BinaryIO, table: Table, path: Path) -> pq.ParquetFile:
    metadata = pq.read_metadata(raw)
    version = (metadata.metadata or {}).get(b"cleaner.journal", b"").decode("ascii", "replace")
    _check(bool(version), f"{path.name} tells of no run")
    if version != VERSION:
        raise UsageError(
            "a journal of another version",
            where=str(path),
            hint="use the version of cleaner that wrote it",
        )
    sound = metadata.schema.to_arrow_schema().equals(table.schema)
    _check(sound, f"{path.name} has other columns than it should")
    return pq.ParquetFile(
        raw,
        metadata=metadata,
        read_dictionary=list(table.short),
        pre_buffer=False,
        page_checksum_verification=True,
    )


def _check(sound: bool, otherwise: str) -> None:
    if not sound:
        raise ValueError(otherwise)


@contextmanager
def _broken(output: Path) -> Iterator[None]:
    """Tell of a journal that cannot be read on."""
    try:
        yield
    except (ValueError, RecursionError, OverflowError, MemoryError, pa.ArrowException) as error:
        raise broken_journal(output, str(error).partition("\n")[0]) from error
    except OSError as error:
        if error.errno is None:  # Arrow's word for what is no Parquet
            raise broken_journal(output, str(error).partition("\n")[0]) from error
        raise JournalError(
            "cannot be read", where=str(journal_path(output)), why=error.strerror or ""
        ) from error
