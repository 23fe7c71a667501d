"""Writing records as what people ask for: lines of JSON, Parquet, CSV, plain text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.runs.export.rows import Row, as_json
from cleaner.runs.export.shards import Shards

# Rows that are looked at, and written, at once.
_ROWS = 1024
# A row group ends when it holds so much, or an eighth of a shard.
_GROUP_BYTES = 64 << 20
_PER_SHARD = 8

Rows = Callable[[], Iterable[Row]]


def write_jsonl(rows: Rows, shards: Shards, options: Input) -> None:
    """Write each record as a line of JSON."""
    for row in rows():
        shards.write(as_json(row))


def write_txt(rows: Rows, shards: Shards, options: Input) -> None:
    """Write the texts, with a blank line between two of them."""
    first = True
    for row in rows():
        texts = (_field(row, name) for name in options.text_fields)
        text = "\n\n".join(text.strip("\n") for text in texts if isinstance(text, str) and text)
        data = text.encode("utf-8", "surrogateescape") + b"\n"
        first = first or shards.is_full(len(data) + 1)
        shards.write(data if first else b"\n" + data)
        first = False


def _field(row: Row, path: str) -> Any:
    """Return the value of a field; ``a.b`` is ``b`` inside of ``a``."""
    if path in row:
        return row[path]
    for place in reversed(range(len(path))):
        outer = row.get(path[:place]) if path[place] == "." else None
        if isinstance(outer, dict):
            return _field(outer, path[place + 1 :])
    # What is no field of a record is the text of a document.
    return row.get("text")


def write_csv(rows: Rows, shards: Shards, options: Input) -> None:
    """Write a table of all fields that a record has; what is no text or number is JSON there."""
    names: dict[str, None] = {}
    for row in rows():
        names.update(dict.fromkeys(row))
    header = _csv_line([*names])
    fresh = True
    for row in rows():
        line = _csv_line([_cell(row.get(name)) for name in names])
        fresh = fresh or shards.is_full(len(line))
        shards.write(header + line if fresh else line)
        fresh = False
    if fresh and names:
        shards.write(header)


def _csv_line(cells: list[str]) -> bytes:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\n").writerow(cells)
    return sink.getvalue().encode("utf-8", "surrogatepass")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | dict | list):
        return as_json({"": value})[5:-2].decode().strip() if value != {} else "{}"
    return str(value)


def write_parquet(rows: Rows, shards: Shards, options: Input) -> None:
    """Write a table, with the types that hold all values of a field; JSON where there is none."""
    columns = _columns(rows())
    schema = pa.schema([(name, kind or pa.string()) for name, kind in columns.items()])
    tables = (
        pa.Table.from_arrays(
            [_array(batch, name, kind) for name, kind in columns.items()], schema=schema
        )
        for batch in _batches(rows())
    )
    write_tables(tables, schema, shards, {"compression": "zstd"})


def write_tables(
    tables: Iterable[pa.Table], schema: pa.Schema, shards: Shards, options: dict[str, Any]
) -> None:
    """Write tables as Parquet, in row groups that have room in a shard."""
    writer: pq.ParquetWriter | None = None
    most = min(_GROUP_BYTES, shards.most // _PER_SHARD or _GROUP_BYTES)
    last = 0
    try:
        for group in _groups(tables, most):
            if writer is not None and shards.is_full(last):
                writer.close()
                shards.end()
                writer = None
            if writer is None:
                sink = pa.PythonFile(shards.stream, mode="w")
                writer = pq.ParquetWriter(sink, schema, **options)
            before = shards.size
            writer.write_table(group, row_group_size=max(1, len(group)))
            last = shards.size - before
            shards.count(last)
        if writer is None:
            writer = pq.ParquetWriter(pa.PythonFile(shards.stream, mode="w"), schema, **options)
        writer.close()
    except (pa.ArrowException, UnicodeEncodeError, OverflowError) as error:
        why = str(error).partition("\n")[0]
        raise InputError("has values that cannot be written as Parquet", why=why) from error
    finally:
        if writer is not None:
            writer.is_open = False


def _groups(tables: Iterable[pa.Table], most: int) -> Iterator[pa.Table]:
    """Yield tables of some bytes."""
    held: list[pa.Table] = []
    size = 0
    for table in tables:
        for part in _parts(table, most):
            if held and size + part.nbytes > most:
                yield pa.concat_tables(held)
                held, size = [], 0
            held.append(part)
            size += part.nbytes
    if held:
        yield pa.concat_tables(held)


def _parts(table: pa.Table, most: int) -> Iterator[pa.Table]:
    """Yield the rows of a table in parts of some bytes."""
    count = max(1, -(-table.nbytes // max(1, most)))
    rows = max(1, -(-len(table) // count))
    for start in range(0, len(table), rows):
        yield table.slice(start, rows)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _ROWS)):
        yield batch


def _columns(rows: Iterable[Row]) -> dict[str, pa.DataType | None]:
    """Return the fields of records with the types that hold their values, None where none does."""
    found: dict[str, pa.DataType | None] = {}
    for batch in _batches(rows):
        for name in dict.fromkeys(name for row in batch for name in row):
            kind = _kind([row.get(name) for row in batch])
            if name in found:
                kind = _common(found[name], kind)
            found[name] = kind
    return {
        name: pa.string() if kind is not None and pa.types.is_null(kind) else kind
        for name, kind in found.items()
    }


def _kind(values: list[Any]) -> pa.DataType | None:
    try:
        kind = pa.array(values).type
    except (pa.ArrowException, OverflowError, TypeError, ValueError):
        return None
    return kind if _is_written(kind) else None


def _is_written(kind: pa.DataType) -> bool:
    """Whether Parquet has a form for a type: it has none for structs without fields."""
    if pa.types.is_struct(kind) and not kind.num_fields:
        return False
    return all(_is_written(kind.field(number).type) for number in range(kind.num_fields))


def _common(one: pa.DataType | None, other: pa.DataType | None) -> pa.DataType | None:
    if one is None or other is None:
        return None
    try:
        schemas = [pa.schema([("x", kind)]) for kind in (one, other)]
        return pa.unify_schemas(schemas, promote_options="permissive").field("x").type
    except pa.ArrowException:
        return None


def _array(rows: list[Row], name: str, kind: pa.DataType | None) -> pa.Array:
    values = [row.get(name) for row in rows]
    try:
        if kind is not None:
            return pa.array(values, type=kind)
        texts = [None if v is None else v if isinstance(v, str) else _json(v) for v in values]
        return pa.array(texts, type=pa.string())
    except (pa.ArrowException, UnicodeEncodeError, OverflowError, TypeError) as error:
        why = f"field {name!r}: {str(error).partition(chr(10))[0]}"
        raise InputError("has values that cannot be written as Parquet", why=why) from error


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


WRITERS = {
    "jsonl": write_jsonl, "csv": write_csv, "txt": write_txt, "parquet": write_parquet,
}  # fmt: skip
