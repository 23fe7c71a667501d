"""Tables in Arrow's own form, as files and as streams: batch after batch, written as they were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

import pyarrow as pa

from cleaner.core.errors import InputError
from cleaner.formats.columnar.messages import body_of
from cleaner.formats.columnar.table import Piece, numbered, path_of, sound, told_of

WHAT = "Arrow"
_FILE, _OLD, _STREAM = b"ARROW1", b"FEA1", b"\xff\xff\xff\xff"
# So many rows are looked at at once.
_ROWS = 4096


class IpcTable:
    """An Arrow file or stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        stream.seek(0)
        head = stream.read(6)
        stream.seek(0)
        if head.startswith(_OLD):
            raise InputError(
                "is Feather of version 1, which is not read", hint="write it as version 2"
            )
        self.is_stream = head.startswith(_STREAM)
        if not (self.is_stream or head == _FILE):
            raise InputError("is no Arrow file", why=f"it begins with {head[:6]!r}")
        with told_of(WHAT):
            self._check_bodies()
            reader = self._opened()
            self.schema: pa.Schema = sound(reader.schema)

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[Piece]:
        """Yield the rows, each batch by itself."""
        own = None
        if columns is not None:
            own = sorted({path_of(self.schema, name)[0] for name in columns})
        with told_of(WHAT):
            reader = self._opened()
            for number, batch in enumerate(self._batches(reader)):
                batch = batch if own is None else batch.select(own)
                for column in batch.columns:
                    _check(column)
                for start in range(0, len(batch), _ROWS):
                    yield Piece(number, batch.slice(start, _ROWS))

    def _opened(self) -> Any:
        self._stream.seek(0)
        opening = pa.ipc.open_stream if self.is_stream else pa.ipc.open_file
        return opening(pa.PythonFile(self._stream, mode="r"))

    def _batches(self, reader: Any) -> Iterator[pa.RecordBatch]:
        if self.is_stream:
            yield from reader
        else:
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number)

    def _check_bodies(self) -> None:
        """Note how batches are compressed; InputError where one declares a size that none has."""
        self.compression: str | None = None
        self._stream.seek(8 if not self.is_stream else 0)
        while (body := body_of(self._stream)) is not None:
            self.compression = self.compression or body.compression


def _comparable(values: pa.Array) -> pa.Array:
    """Return values in a form that all of Arrow's functions take."""
    is_view = pa.types.is_string_view(values.type)
    return values.cast(pa.large_string()) if is_view else values


def _check(column: pa.Array) -> None:
    """Raise ArrowInvalid where values refer to places that are not their column's.

    Texts that are not in UTF-8 are no such trouble.
    """
    plain = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary()}
    kind = plain.get(column.type)
    (column if kind is None else column.view(kind)).validate(full=True)


def _has_dictionary(type: pa.DataType) -> bool:
    """Whether a struct has a dictionary in it."""
    return any(
        pa.types.is_dictionary(field.type)
        or (pa.types.is_struct(field.type) and _has_dictionary(field.type))
        for field in type
    )


class IpcSink:
    """An Arrow file or stream that is written like another one."""

    def __init__(self, sink: BinaryIO, like: IpcTable) -> None:
        options = pa.ipc.IpcWriteOptions(
            compression=like.compression, emit_dictionary_deltas=True, use_threads=False
        )
        opening = pa.ipc.new_stream if like.is_stream else pa.ipc.new_file
        self._writer = opening(pa.PythonFile(sink, mode="w"), like.schema, options=options)
        self._is_stream = like.is_stream
        self._dictionaries: dict[tuple[str, ...], pa.Array] = {}

    def write(self, rows: pa.Table) -> None:
        """Append a batch."""
        for batch in rows.combine_chunks().to_batches():
            self._writer.write_batch(batch if self._is_stream else self._with_dictionaries(batch))

    def close(self) -> None:
        """Write the end of the file."""
        self._writer.close()

    def abandon(self) -> None:
        """Let go of a file that will not be kept."""
        with suppress(pa.ArrowException, OSError, ValueError):
            self._writer.close()

    def _with_dictionaries(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """Return rows whose dictionaries go on from those before: a file has one for a column."""
        columns = [
            self._continued((name,), column)
            for name, column in zip(rows.schema.names, rows.columns, strict=True)
        ]
        return pa.RecordBatch.from_arrays(columns, schema=rows.schema)

    def _continued(self, path: tuple[str, ...], column: pa.Array) -> pa.Array:
        """Return a column, or a field of one, whose dictionary goes on from the one before."""
        if pa.types.is_dictionary(column.type):
            return self._with_dictionary(path, column)
        if not pa.types.is_struct(column.type) or not _has_dictionary(column.type):
            return column
        fields = [
            self._continued((*path, field.name), column.field(number))
            for number, field in enumerate(column.type)
        ]
        return pa.StructArray.from_arrays(fields, fields=list(column.type), mask=column.is_null())

    def _with_dictionary(
        self, path: tuple[str, ...], column: pa.DictionaryArray
    ) -> pa.DictionaryArray:
        import pyarrow.compute as pc

        values = column.dictionary
        known = self._dictionaries.get(path)
        if known is None and not len(values):
            # Arrow does not go on from nothing; what no value refers to means nothing.
            values = pa.nulls(1, values.type)
            column = pa.DictionaryArray.from_arrays(
                column.indices, values, ordered=column.type.ordered
            )
        if known is None or values.slice(0, len(known)).equals(known):
            self._dictionaries[path] = values
            return column
        own, all_known = _comparable(values), _comparable(known)
        new = own.filter(pc.invert(pc.is_in(own, all_known)))
        whole = pa.concat_arrays([known, new.cast(known.type)])
        self._dictionaries[path] = whole
        indices = pc.index_in(own, _comparable(whole)).take(column.indices)
        return pa.DictionaryArray.from_arrays(
            numbered(indices, column.type), whole, ordered=column.type.ordered
        )
