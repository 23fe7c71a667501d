"""The records of an output, as what other formats can hold: tables, or mappings by field."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import pyarrow as pa

from cleaner.core.settings.config import Input
from cleaner.formats.base import Parsed, PassedOn
from cleaner.formats.columnar.formats import Columnar
from cleaner.formats.columnar.table import TableFile
from cleaner.formats.csv import Csv
from cleaner.formats.registry import FORMATS, base_of
from cleaner.runs.input.reading import SourceFile
from cleaner.storage.below import kind_below, open_below
from cleaner.storage.compress import reading

Row = Mapping[str, Any]

# What a member of a web archive is called elsewhere.
_NAMES = {"warc-target-uri": "url", "warc-date": "date"}


def rows_of(file: SourceFile, folder: Path, name: str, options: Input) -> Iterator[Row]:
    """Yield the records of the output `name` of a file, with all their fields."""
    if not kind_below(folder, name):
        return
    options = unlimited(options)
    format = FORMATS[base_of(file.format)]
    with open_below(folder, name) as raw:
        if isinstance(format, Columnar):
            for table in tables_of(format.table(raw)):
                yield from table.to_pylist()
            return
        with reading(raw, file.codec) as stream:
            if format.one_document:
                yield {"id": file.name, "text": stream.read().decode("utf-8", "replace")}
            elif isinstance(format, Csv):
                yield from _cells(format, stream, options)
            else:
                yield from _records(file, stream, options)


def tables_of(table: TableFile) -> Iterator[pa.Table]:
    """Yield the rows of a table by columns."""
    for piece in table.pieces():
        yield pa.Table.from_batches([piece.rows], table.schema)


def unlimited(options: Input) -> Input:
    """Return options by which whatever was written is read."""
    return msgspec.structs.replace(options, max_document_size=2**60, max_line_size=2**60)


def _cells(format: Csv, stream: BinaryIO, options: Input) -> Iterator[Row]:
    for record in format.records(stream, options):
        if record.layout is not None and record.raw != record.layout.header and record.raw.strip():
            yield format.cells_of(record)


def _records(file: SourceFile, stream: BinaryIO, options: Input) -> Iterator[Row]:
    format = FORMATS[base_of(file.format)]
    for record in format.records(stream, options):
        if format.name in ("jsonl", "json"):
            line = record.raw.removeprefix(b",").strip()
            if line.startswith((b"{", b"\xef\xbb\xbf")):
                yield json.loads(line.decode("utf-8-sig"))
            continue
        parsed = format.parse(record, file.name, options)
        if parsed is not None and not isinstance(parsed, PassedOn):
            yield _of_document(parsed)


def _of_document(parsed: Parsed) -> Row:
    document = parsed.document
    told = {_NAMES.get(name, name): value for name, value in document.metadata.items()}
    return {"id": document.id, **told, "text": document.text}


def as_json(row: Row) -> bytes:
    """Return a record as a line of JSON; what JSON has no form for is text."""
    text = json.dumps(row, ensure_ascii=False, default=_plain)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(row, default=_plain).encode() + b"\n"


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value)
