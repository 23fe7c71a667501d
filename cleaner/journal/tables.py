"""The journal's form: three Parquet tables, one row an edit, a record, a file.

``journal.parquet`` has every edit and note, and is what people ask. Where outputs and edits alone
do not give a record of a source back, what is missing stands in ``records.parquet``; a record that
is in neither is in the output byte for byte. ``files.parquet`` has digests and counts. Rows follow
the order of the sources; what describes the run stands in the metadata of each table.

A name or text that cannot stand in UTF-8 has escapes instead: see `escaped`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar, get_args, get_type_hints

import pyarrow as pa

from cleaner.core.document import record_of
from cleaner.core.edits import Edit, Survivor
from cleaner.journal.arrays import from_values
from cleaner.storage.below import RUN_DIR

VERSION = "4"
EDIT, NOTE, REMOVED = "edit", "note", "removed"


class EditRow(NamedTuple):
    """An edit; where ``start`` is None, of a record as a whole.

    Of records with several texts, ``record`` in a table is the record, and ``text_number`` counts
    the texts of all of them; in memory, these count as records: see `with_records`.
    """

    file: str
    record: int
    kind: str
    rule: str
    step: int | None = None
    start: int | None = None
    end: int | None = None
    before: str | None = None
    after: str | None = None
    survivor: str | None = None
    survivor_place: int | None = None
    similarity: float | None = None
    detail: str | None = None
    field: str | None = None
    text_number: int | None = None
    escaped: bool = False


class RecordRow(NamedTuple):
    """What is missing of a record; see ARCHITECTURE.md for what each column holds."""

    file: str
    record: int
    written: bool
    source: bytes | None = None
    error: str | None = None
    head: str | None = None
    tail: str | None = None
    text: str | None = None
    encoding: str | None = None
    lead: str | None = None
    line_end: str | None = None
    token: str | None = None
    ascii: bool | None = None
    bare: bool | None = None
    added_at: int | None = None
    added_size: int | None = None
    field: str | None = None
    text_number: int | None = None
    escaped: bool = False


class FileRow(NamedTuple):
    """A source file, each of whose records has so many `fields` with texts.

    There is no digest of an output where nothing was written. A member of an `archive`, which has a
    row of its own as well, comes back with that.

    `values_sha256` is of a table whose values come back, and not always its bytes.
    """

    file: str
    format: str
    codec: str
    size: int
    sha256: str
    output_sha256: str | None
    records: int
    edits: int
    container_kept: bool
    values_sha256: str | None = None
    fields: int = 1
    archive: str | None = None

    @property
    def texts(self) -> int:
        """How many texts its records have."""
        return self.records * self.fields


class Table(NamedTuple):
    """A table's path below an output folder, the type of its rows, their columns.

    `short` are columns with few values, `texts` those that may hold escapes.
    """

    path: str
    row: type[EditRow] | type[RecordRow] | type[FileRow]
    schema: pa.Schema
    short: tuple[str, ...]
    texts: tuple[str, ...] = ()


T = TypeVar("T", EditRow, RecordRow)

_TYPES = {
    str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), bytes: pa.binary(),
}  # fmt: skip


def _schema(row: type[Any]) -> pa.Schema:
    fields = []
    for name, hint in get_type_hints(row).items():
        kind, *none = get_args(hint) or (hint,)
        fields.append(pa.field(name, _TYPES[kind], nullable=bool(none)))
    return pa.schema(fields)


EDITS = Table(
    f"{RUN_DIR}/journal.parquet", EditRow, _schema(EditRow),
    ("file", "kind", "rule", "survivor"), ("before", "after", "detail", "field"),
)  # fmt: skip
RECORDS = Table(
    f"{RUN_DIR}/records.parquet", RecordRow, _schema(RecordRow),
    ("file", "encoding"),
    ("error", "head", "tail", "text", "lead", "line_end", "token", "field"),
)  # fmt: skip
FILES = Table(f"{RUN_DIR}/files.parquet", FileRow, _schema(FileRow), ("format", "codec"))
TABLES = (EDITS, RECORDS, FILES)


def journal_path(output: Path) -> Path:
    """Return where the journal of an output folder stands."""
    return output / EDITS.path


def run_metadata(version: str, settings: Mapping[str, Any], model: str = "") -> dict[str, str]:
    """Return what describes a run, as the metadata of its tables; `model` is the digest of one."""
    return {
        "cleaner.journal": VERSION,
        "cleaner.version": version,
        "cleaner.settings": json.dumps(settings),
        "cleaner.model": model,
    }


def escaped(text: str) -> str:
    r"""Return `text` so that it can stand in UTF-8: backslashes double, lone surrogates escaped.

    >>> print(escaped("caf\udce9.txt"), escaped("a\\b"), escaped("é"))
    caf\udce9.txt a\\b é
    """
    return text.replace("\\", "\\\\").encode("utf-8", "backslashreplace").decode("utf-8")


_ESCAPE = re.compile(r"\\(?:(\\)|u(d[89a-f][0-9a-f]{2})|)")


def unescaped(text: str) -> str:
    r"""Return what `escaped` was given. Raises ValueError for what it never returns.

    >>> unescaped(escaped("\\udce9 \udce9")) == "\\udce9 \udce9"
    True
    """

    def meant(escape: re.Match[str]) -> str:
        if escape[2]:
            return chr(int(escape[2], 16))
        if not escape[1]:
            raise ValueError(f"an escape that means nothing in {text[:100]!r}")
        return "\\"

    return _ESCAPE.sub(meant, text) if "\\" in text else text


def columns(table: Table, rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    """Return rows as columns; their names are escaped already, their texts are not."""
    rows = list(rows)
    if not rows:
        return filled(table, 0, {})
    try:
        return _columns(table, rows)
    except UnicodeEncodeError:
        return _columns(table, [_with_escapes(row, table.texts) for row in rows])


def _columns(table: Table, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    arrays = [
        from_values(values, field.type)
        for values, field in zip(zip(*rows, strict=True), table.schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=table.schema)


def _with_escapes(row: Any, texts: Iterable[str]) -> tuple[Any, ...]:
    given = {name: text for name in texts if (text := getattr(row, name)) is not None}
    try:
        "".join(given.values()).encode()
    except UnicodeEncodeError:
        given = {name: escaped(text) for name, text in given.items()}
        return tuple(row._replace(escaped=True, **given))
    return tuple(row)


def filled(table: Table, count: int, given: Mapping[str, pa.Array]) -> pa.Table:
    """Return a table of `count` rows with the given columns, nothing in the others."""
    arrays = [
        given[field.name] if field.name in given else pa.nulls(count, field.type)
        for field in table.schema
    ]
    return pa.Table.from_arrays(arrays, schema=table.schema)


def edit_rows(
    file: str, record: int, steps: Iterable[Iterable[Edit]], notes: Iterable[Edit]
) -> list[EditRow]:
    """Return the rows of a record's edits; `file` is its escaped name."""
    rows = [_edit_row(file, record, NOTE, None, note) for note in notes]
    for number, edits in enumerate(steps, 1):
        rows += [_edit_row(file, record, EDIT, number, edit) for edit in edits]
    return rows


def with_records(
    rows: Iterable[T], fields: int, names: Mapping[int, str] = MappingProxyType({})
) -> list[T]:
    """Return rows of texts that count as records as they stand in a table.

    Each record has so many `fields`; `names` are those of the fields, by text.
    """
    if fields == 1:
        return list(rows)
    return [
        row._replace(
            record=record_of(row.record, fields),
            text_number=row.record,
            field=names.get(row.record),
        )
        for row in rows
    ]


def escaped_file(file: FileRow) -> FileRow:
    """Return the row of a file as it stands in a table."""
    archive = None if file.archive is None else escaped(file.archive)
    return file._replace(file=escaped(file.file), archive=archive)


def numbered_again(rows: Sequence[T], fields: int) -> list[T]:
    """Return rows that were read from a table as they stand in one."""
    names = {row.record: row.field for row in rows if row.field is not None}
    return with_records(rows, fields, names)


def _edit_row(file: str, record: int, kind: str, step: int | None, edit: Edit) -> EditRow:
    start, end, before, after, code, detail, found = edit
    if found is None:
        return EditRow(
            file, record, kind, code, step, start, end, before, after, detail=detail or None
        )
    name = escaped(found.name)
    return EditRow(
        file,
        record,
        kind,
        code,
        step,
        start,
        end,
        before,
        after,
        name,
        found.place,
        found.similarity,
    )


def edit_of(row: EditRow) -> Edit:
    """Return the edit of a row, whose names and texts are as they were."""
    code, found = row.rule, None
    detail = row.detail or ""
    if row.survivor is not None and row.similarity is not None:
        found = Survivor(row.survivor, row.survivor_place, row.similarity)
        detail = found.words(code)
    start, end, before, after = row.start or 0, row.end or 0, row.before or "", row.after or ""
    return Edit(start, end, before, after, code, detail, found)


# What a format keeps of a record (`formats.base.Form`), and the columns it stands in.
_FORM = {"encoding": "encoding", "lead": "lead", "end": "line_end", "token": "token"}
_FLAGS = ("ascii", "bare")


def record_row(file: str, record: int, form: Mapping[str, Any], **more: Any) -> RecordRow:
    """Return the row of a record that its form gives back."""
    values: dict[str, Any] = {}
    for name, value in form.items():
        if name == "bytes":
            values["source"] = base64.b64decode(value)
        elif name in _FLAGS:
            values[name] = value
        else:
            values[_FORM[name]] = value
    return RecordRow(file, record, **{"written": True, **values, **more})


def form_of(row: RecordRow) -> dict[str, Any]:
    """Return the form of a record that has no bytes of its own."""
    form = {name: getattr(row, column) for name, column in _FORM.items()}
    form.update((name, getattr(row, name)) for name in _FLAGS)
    return {name: value for name, value in form.items() if value is not None}
