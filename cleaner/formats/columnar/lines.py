"""Rows of a table as lines of JSON, in which what reads records finds them, and back.

A line has the text as its last member, and before it what tells of the document: its id, and where
it comes from. All else of a row stays in its file. A row has a line for each of its texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
import pyarrow as pa

from cleaner.core.settings.config import Input
from cleaner.formats.base import ADDRESSES, NESTED_ADDRESSES
from cleaner.formats.columnar.table import is_text, numbered, path_of
from cleaner.formats.jsonl_scan import scan_records

_ENCODE = msgspec.json.Encoder().encode


def columns_read(schema: pa.Schema, options: Input) -> list[str]:
    """Return the columns that lines are made of, but for those of texts."""
    read = []
    for field in schema:
        if field.name in options.text_fields:
            continue
        tells = field.name in (options.id_field, *ADDRESSES)
        if tells and (is_text(field.type) or pa.types.is_integer(field.type)):
            read.append(field.name)
        elif field.name in NESTED_ADDRESSES and pa.types.is_struct(field.type):
            inner = [one.name for one in field.type if is_text(one.type)]
            paths = (f"{field.name}.{name}" for name in inner if name in ADDRESSES)
            read += [path for path in paths if path not in options.text_fields]
    return read


def lines_of(rows: pa.RecordBatch, columns: Sequence[str], texts: Sequence[str]) -> Iterator[bytes]:
    """Yield the lines of each row, one for each of its texts."""
    outer = dict.fromkeys(path_of(rows.schema, name)[0] for name in columns)
    names = [rows.schema.names[number] for number in outer]
    values = [_told(rows.column(name), name, columns) for name in names]
    heads: Iterator[bytes] | list[bytes]
    if names:
        members = (dict(zip(names, row, strict=True)) for row in zip(*values, strict=True))
        heads = (_ENCODE(one)[:-1] + b"," for one in members)
    else:
        heads = [b"{"] * len(rows)
    keys = [_ENCODE(text) + b":" for text in texts]
    found = zip(*(_values(_column(rows, text)) for text in texts), strict=True)
    for head, row in zip(heads, found, strict=True):
        for key, value in zip(keys, row, strict=True):
            text = _ENCODE(value) if not isinstance(value, bytes) else _broken(value)
            yield head + key + text + b"}\n"


def _column(rows: pa.RecordBatch, name: str) -> pa.Array:
    """Return a column, or a field of one with the nulls of what it stands in."""
    first, *rest = path_of(rows.schema, name)
    column = rows.column(first)
    for number in rest:
        column = column.flatten()[number]
    return column


def _told(column: pa.Array, name: str, columns: Sequence[str]) -> list[object]:
    """Return the values of a column, or of those fields of it that are read."""
    if not pa.types.is_struct(column.type):
        return _values(column)
    fields = [one.partition(".")[2] for one in columns if one.startswith(f"{name}.")]
    own = {field.name: part for field, part in zip(column.type, column.flatten(), strict=True)}
    values = (_values(own[field]) for field in fields)
    return [dict(zip(fields, row, strict=True)) for row in zip(*values, strict=True)]


def _values(column: pa.Array) -> list[object]:
    """Return the values of a column; texts that are not in UTF-8 as bytes."""
    if not is_text(column.type):
        return list(column.to_pylist())
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        plain = column.cast(pa.large_binary()).to_pylist()
        return [value if value is None else _decoded(value) for value in plain]


def _decoded(value: bytes) -> str | bytes:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


def _broken(value: bytes) -> bytes:
    """Return a string of JSON that is not in UTF-8, as its value is not."""
    return b'"' + value.translate(_NO_SIGNS) + b'"'


_NO_SIGNS = bytes(c if c >= 32 and c not in b'"\\' else 32 for c in range(256))


def texts_by_field(lines: bytes | memoryview, fields: Sequence[str]) -> list[pa.Array]:
    """Return the texts of the lines of rows, by field."""
    if len(fields) == 1:
        return [texts_of(lines, fields[0])]
    all_lines = bytes(lines).splitlines(keepends=True)
    return [
        texts_of(b"".join(all_lines[number :: len(fields)]), field)
        for number, field in enumerate(fields)
    ]


def texts_of(lines: bytes | memoryview, field: str) -> pa.Array:
    """Return the texts of lines, none where there is none."""
    found = scan_records(lines, field)
    empty = np.zeros(len(found), dtype=bool)
    empty[list(found.errors)] = True
    parts = found.ends - found.starts
    if empty.any() or (found.starts[1:] != found.ends[:-1]).any():
        data = b"".join(
            found.texts[start:end].tobytes()
            for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True)
        )
        buffer = pa.py_buffer(data)
    else:
        buffer = pa.py_buffer(found.texts)
    offsets = np.zeros(len(found) + 1, dtype=np.int64)
    np.cumsum(parts, out=offsets[1:])
    valid = pa.py_buffer(np.packbits(~empty, bitorder="little")) if empty.any() else None
    return pa.Array.from_buffers(
        pa.large_string(), len(found), [valid, pa.py_buffer(offsets), buffer]
    )


def compact(texts: pa.Array) -> pa.Array:
    """Return texts that stand in buffers of their own, whose bytes depend on nothing else."""
    if not len(texts):
        return pa.nulls(0, pa.large_string())
    offsets = np.frombuffer(texts.buffers()[1], np.int64)
    offsets = offsets[texts.offset : texts.offset + len(texts) + 1]
    data = texts.buffers()[2]
    own = b"" if data is None else bytes(data[int(offsets[0]) : int(offsets[-1])])
    valid = None
    if texts.null_count:
        present = np.asarray(texts.is_valid()).astype(bool)
        valid = pa.py_buffer(np.packbits(present, bitorder="little"))
    ends = pa.py_buffer(offsets - offsets[0])
    return pa.Array.from_buffers(
        pa.large_string(), len(texts), [valid, ends, pa.py_buffer(own)], texts.null_count
    )


def like(texts: pa.Array, column: pa.DataType) -> pa.Array:
    """Return texts in the form that a column has them in."""
    if pa.types.is_dictionary(column):
        found = texts.dictionary_encode()
        values = found.dictionary.cast(column.value_type)
        return pa.DictionaryArray.from_arrays(
            numbered(found.indices, column), values, ordered=column.ordered
        )
    return texts.cast(column)
