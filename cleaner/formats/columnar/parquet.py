"""Tables in Parquet: row group after row group, written as they were."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.core.errors import InputError
from cleaner.formats.columnar.table import Piece, sound, told_of
from cleaner.storage.parquet_footer import Column, Footer
from cleaner.storage.parquet_pages import DICTIONARY, pages_of

WHAT = "Parquet"

# The names of codecs by their numbers in the format; others cannot be written.
_CODECS = {0: "none", 1: "snappy", 2: "gzip", 4: "brotli", 6: "zstd", 7: "lz4"}

# No writer makes pages as large; a reader makes room for what a page declares.
_MOST_PAGE = 1 << 30
# So many rows are decoded at once, or fewer where single values are large.
_ROWS = 4096
_DECODED = 128 << 20


class ParquetTable:
    """A Parquet file."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        with told_of(WHAT):
            self._footer = Footer(stream.fileno())
            self._file = self._opened()
            self.schema: pa.Schema = sound(self._file.schema_arrow)
            metadata = self._file.metadata
            if metadata.num_row_groups != len(self._footer.group_rows):
                raise ValueError("the footer is broken")
            columns = self._footer.columns(0) if self._footer.group_rows else []
            has_schema = b"ARROW:schema" in (metadata.metadata or {})
            self.options = _options(self.schema, columns, has_schema=has_schema)

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[Piece]:
        """Yield the rows, each row group by itself."""
        with told_of(WHAT):
            for group, rows in enumerate(self._footer.group_rows):
                if not rows:
                    continue
                at_once = self._rows_at_once(group, columns)
                batches = self._file.iter_batches(
                    at_once, row_groups=[group], columns=columns, use_threads=False
                )
                for batch in batches:
                    yield Piece(group, batch)

    def _opened(self, dictionaries: Sequence[str] | None = None) -> pq.ParquetFile:
        return pq.ParquetFile(
            self._stream,
            read_dictionary=dictionaries,
            pre_buffer=False,
            page_checksum_verification=True,
        )

    def _rows_at_once(self, number: int, columns: Sequence[str] | None) -> int:
        """Return how many rows of a row group can be decoded at once.

        A few bytes may refer to a long value of a dictionary again and again. Raises InputError for
        a page that declares a size that none has.
        """
        shared: dict[str, int] = {}
        for column in self._footer.columns(number):
            path = column.path
            if columns is not None and path.partition(".")[0] not in {
                name.partition(".")[0] for name in columns
            }:
                continue
            for page in pages_of(self._stream.fileno(), column):
                if page.grown > _MOST_PAGE:
                    raise InputError(
                        f"a page of column {path!r} that would grow to {page.grown:,} bytes",
                        why="no table is written like this",
                    )
                if page.kind == DICTIONARY:
                    shared[path] = shared.get(path, 0) + page.grown
        if sum(shared.values()) * _ROWS <= _DECODED:
            return _ROWS
        return max(1, min(_ROWS, _DECODED // max(1, self._longest(number, list(shared)))))

    def _longest(self, group: int, paths: Sequence[str]) -> int:
        """Return how long the longest values of dictionaries are together."""
        texts = [
            path
            for path in paths
            if path in self.schema.names and _has_bytes(self.schema.field(path).type)
        ]
        if not texts:
            return 1
        file = self._opened(texts)
        batches = file.iter_batches(1, row_groups=[group], columns=texts, use_threads=False)
        return sum(
            _longest_value(column) for batch in itertools.islice(batches, 1) for column in batch
        )


def _has_bytes(type: pa.DataType) -> bool:
    return bool(pa.types.is_string(type) or pa.types.is_binary(type)) or (
        bool(pa.types.is_large_string(type) or pa.types.is_large_binary(type))
    )


def _longest_value(column: pa.Array) -> int:
    import pyarrow.compute as pc

    values = column.dictionary if pa.types.is_dictionary(column.type) else column
    return int(pc.max(pc.binary_length(values)).as_py() or 0)


class ParquetSink:
    """A Parquet file that is written like another one: its codecs, dictionaries, metadata."""

    def __init__(self, sink: BinaryIO, like: ParquetTable) -> None:
        self._writer = pq.ParquetWriter(pa.PythonFile(sink, mode="w"), like.schema, **like.options)

    def write(self, rows: pa.Table) -> None:
        """Append a row group."""
        self._writer.write_table(rows, row_group_size=max(1, len(rows)))

    def close(self) -> None:
        """Write the end of the file."""
        self._writer.close()

    def abandon(self) -> None:
        """Let go of a file that will not be kept."""
        with suppress(pa.ArrowException, OSError, ValueError):
            self._writer.close()
        self._writer.is_open = False  # or it would be closed once more


def _options(schema: pa.Schema, columns: Sequence[Column], *, has_schema: bool) -> dict[str, Any]:
    """Return the options with which a table of this schema is written as it was, and reads so.

    `columns` are those of its first row group. Raises InputError where there are none.
    """
    options: dict[str, Any] = {"compression": "snappy", "version": "2.6"}
    if columns:
        options["compression"] = {one.path: _CODECS.get(one.codec, "unknown") for one in columns}
        options["use_dictionary"] = [one.path for one in columns if one.dictionary_at is not None]
        options["write_statistics"] = [one.path for one in columns if one.has_statistics]
        options["write_page_index"] = any(one.has_index for one in columns)
    for store, compliant in ((has_schema, True), (has_schema, False), (True, True), (True, False)):
        tried = {**options, "store_schema": store, "use_compliant_nested_type": compliant}
        if _keeps(schema, tried):
            return tried
    raise InputError(
        "has columns that could not be written again as they are",
        hint="write its texts to a .jsonl file, and clean that",
    )


def _keeps(schema: pa.Schema, options: dict[str, Any]) -> bool:
    """Whether a table of this schema has it when it is written and read."""
    sink = pa.BufferOutputStream()
    try:
        pq.write_table(schema.empty_table(), sink, **options)
        read = pq.ParquetFile(pa.BufferReader(sink.getvalue())).schema_arrow
    except (pa.ArrowException, OSError, ValueError):
        return False
    return bool(read.equals(schema, check_metadata=True))
