"""Tables written with other texts, or without some rows, and put together again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from cleaner.core.errors import InputError
from cleaner.formats.columnar.digest import ValuesDigest
from cleaner.formats.columnar.lines import compact, like, texts_by_field
from cleaner.formats.columnar.table import Piece, TableFile, TableWriter, path_of

# A group ends where that of the source does, or when it holds so much.
_GROUP_BYTES = 256 << 20


class _Texts:
    """The texts of rows to come, by field, and which rows are kept."""

    def __init__(self, fields: Sequence[str]) -> None:
        self._fields = fields
        self._kept = np.empty(0, dtype=bool)
        self._texts: list[list[pa.Array]] = []

    def add(self, lines: bytes | memoryview, kept: bytes) -> None:
        """Append what is said of some rows, for each of their fields."""
        flags = np.frombuffer(kept, dtype=bool)[:: len(self._fields)]
        self._kept = np.concatenate([self._kept, flags])
        if len(lines):
            self._texts.append(texts_by_field(lines, self._fields))

    def kept(self) -> np.ndarray:
        """Return which of the rows at hand are kept."""
        return self._kept

    def take(self, rows: int, texts: int) -> list[pa.Array]:
        """Take so many rows off, and so many texts of each field, and return these."""
        self._kept = self._kept[rows:]
        if not self._texts:
            return [compact(pa.nulls(0, pa.large_string()))] * len(self._fields)
        whole = [pa.concat_arrays(of_field) for of_field in zip(*self._texts, strict=True)]
        self._texts = [[one.slice(texts) for one in whole]] if texts < len(whole[0]) else []
        return [compact(one.slice(0, texts)) for one in whole]


class _Groups:
    """Rows on their way into a file, a group at a time."""

    def __init__(self, writer: TableWriter) -> None:
        self._writer = writer
        self._held: list[pa.Table] = []
        self._bytes = 0
        self._group = -1

    def add(self, group: int, rows: pa.Table) -> None:
        """Append rows of a group."""
        if group != self._group or self._bytes > _GROUP_BYTES:
            self.flush()
        self._group = group
        if len(rows):
            self._held.append(rows)
            self._bytes += rows.nbytes

    def flush(self) -> None:
        """Write what is held."""
        held, self._held, self._bytes = self._held, [], 0
        if held:
            self._writer.write(pa.concat_tables(held))

    def close(self) -> None:
        """Write what is held, and the end of the file."""
        self.flush()
        self._writer.close()

    def abandon(self) -> None:
        """Let go of a file that will not be kept."""
        self._writer.abandon()


class TablePacker:
    """Writes the rows of a source that are kept with their texts, and the others beside them."""

    def __init__(
        self,
        source: TableFile,
        writer: TableWriter,
        removed: Callable[[], TableWriter],
        fields: Sequence[str],
    ) -> None:
        self._fields = fields
        self._schema = source.schema
        self._texts = _Texts(fields)
        self._output = _Groups(writer)
        self._pieces = source.pieces()
        try:
            self._next = next(self._pieces, None)
        except BaseException:
            writer.abandon()
            raise
        self._open_removed = removed
        self._removed: _Groups | None = None
        self._digest = ValuesDigest(source.schema)

    def write(self, records: bytes | memoryview, kept: bytes) -> None:
        """Append rows."""
        self._texts.add(records, kept)
        while self._next is not None and len(self._next.rows) <= len(self._texts.kept()):
            self._write(self._next)
            self._next = next(self._pieces, None)

    def close(self) -> str:
        """Write the ends of both files."""
        if self._next is not None or len(self._texts.kept()):
            raise InputError("has other rows than when it was read")
        self._output.close()
        if self._removed is not None:
            self._removed.close()
        return self._digest.hexdigest()

    def abandon(self) -> None:
        """Let go of files that will not be kept."""
        self._output.abandon()
        if self._removed is not None:
            self._removed.abandon()

    def _write(self, piece: Piece) -> None:
        rows = piece.rows
        self._digest.add(rows)
        kept = self._texts.kept()[: len(rows)]
        texts = self._texts.take(len(rows), int(kept.sum()))
        table = pa.Table.from_batches([rows], self._schema)
        if not kept.all():
            if self._removed is None:
                self._removed = _Groups(self._open_removed())
            self._removed.add(piece.group, _chosen(table, ~kept))
            table = _chosen(table, kept)
        for field, own in zip(self._fields, texts, strict=True):
            table = with_texts(table, own, field)
        self._output.add(piece.group, table)


class TableRestorer:
    """Puts the rows of an output and those that were removed together, with their first texts."""

    def __init__(
        self,
        output: TableFile,
        removed: TableFile | None,
        writer: TableWriter,
        fields: Sequence[str],
    ) -> None:
        self._fields = fields
        self._schema = output.schema
        self._texts = _Texts(fields)
        self._output = _Rows(output.schema, output.pieces())
        self._removed = _Rows(output.schema, removed.pieces() if removed else iter(()))
        self._writer = _Groups(writer)
        self._digest = ValuesDigest(output.schema)

    def write(self, records: bytes | memoryview, kept: bytes) -> None:
        """Append rows."""
        self._texts.add(records, kept)
        flags = self._texts.kept()
        texts = self._texts.take(len(flags), len(flags))
        ends = [*(np.flatnonzero(np.diff(flags)) + 1).tolist(), len(flags)]
        start = 0
        for end in ends:
            if start == end:
                continue
            source = self._output if flags[start] else self._removed
            for group, table in source.take(end - start):
                rows = table
                if flags[start]:
                    for field, own in zip(self._fields, texts, strict=True):
                        rows = with_texts(rows, own.slice(start, len(table)), field)
                self._add(self._output.group if group is None else group, rows)
                start += len(table)

    def close(self) -> str:
        """Write the end of the file."""
        if not (self._output.is_done() and self._removed.is_done()):
            raise InputError("has more rows than the journal tells of")
        self._writer.close()
        return self._digest.hexdigest()

    def abandon(self) -> None:
        """Let go of a file that will not be kept."""
        self._writer.abandon()

    def _add(self, group: int, rows: pa.Table) -> None:
        for batch in rows.to_batches():
            self._digest.add(batch)
        self._writer.add(group, rows)


class _Rows:
    """The rows of a table, taken off one after the other."""

    def __init__(self, schema: pa.Schema, pieces: Iterator[Piece]) -> None:
        self._schema = schema
        self._pieces = pieces
        self._rest: pa.Table = schema.empty_table()
        self.group = 0

    def take(self, count: int) -> Iterator[tuple[int | None, pa.Table]]:
        """Yield so many rows in tables, each with its group."""
        while count:
            if not len(self._rest):
                piece = next(self._pieces, None)
                if piece is None:
                    raise InputError("has fewer rows than the journal tells of")
                self.group = piece.group
                self._rest = pa.Table.from_batches([piece.rows])
                if not self._rest.schema.equals(self._schema):
                    raise InputError("has other columns than the rows beside it")
            taken = self._rest.slice(0, count)
            self._rest = self._rest.slice(len(taken))
            count -= len(taken)
            yield self.group, taken

    def is_done(self) -> bool:
        """Whether no rows are left."""
        return not len(self._rest) and next(self._pieces, None) is None


def with_texts(table: pa.Table, texts: pa.Array, field: str) -> pa.Table:
    """Return a table with other texts."""
    first, *inner = path_of(table.schema, field)
    own = table.schema.field(first)
    if not inner:
        return table.set_column(first, own, like(texts, own.type))
    whole = table.column(first).combine_chunks()
    return table.set_column(first, own, _with_field(whole, inner, texts))


def _with_field(values: pa.StructArray, path: Sequence[int], texts: pa.Array) -> pa.StructArray:
    """Return structs with other texts in a field, or in a field of one; nulls stay."""
    fields = [values.field(number) for number in range(values.type.num_fields)]
    first, *inner = path
    own = values.type.field(first).type
    fields[first] = _with_field(fields[first], inner, texts) if inner else like(texts, own)
    return pa.StructArray.from_arrays(fields, fields=list(values.type), mask=values.is_null())


def _chosen(table: pa.Table, rows: np.ndarray) -> pa.Table:
    """Return some rows of a table."""
    ends = [*(np.flatnonzero(np.diff(rows)) + 1).tolist(), len(rows)]
    starts = [0, *ends[:-1]]
    taken = [
        table.slice(start, end - start)
        for start, end in zip(starts, ends, strict=True)
        if start < end and rows[start]
    ]
    return pa.concat_tables(taken) if taken else table.slice(0, 0)
