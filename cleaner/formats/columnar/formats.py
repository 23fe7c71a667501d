"""The formats of tables by columns: rows are records, of which only the text is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec

from cleaner.core.document import Document, Source, record_of
from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.base import Form, Frame, Packer, Parsed, PassedOn, Record
from cleaner.formats.jsonl import Jsonl
from cleaner.formats.txt import check_lines

if TYPE_CHECKING:
    from cleaner.formats.columnar.table import TableFile, TableWriter

_ENCODE = msgspec.json.Encoder().encode


class Columnar(Jsonl, ABC):
    """A table by columns; a row that has a text is a record, as a line of JSON (see `lines.py`).

    Where several columns hold texts, a row is a record for each of them, in the order of names.
    """

    looks_around = True

    def records(self, stream: BinaryIO, options: Input) -> Iterator[Record]:
        """Yield the rows; InputError where the file is broken, or has no column of texts."""
        from cleaner.formats.columnar.lines import columns_read, lines_of
        from cleaner.formats.columnar.table import text_column

        table = self._open(stream)
        for name in options.text_fields:
            text_column(table.schema, name)
        columns = columns_read(table.schema, options)
        number = 0
        for _, rows in table.pieces([*columns, *options.text_fields]):
            for line in lines_of(rows, columns, options.text_fields):
                number += 1
                if len(line) > options.max_document_size:
                    raise InputError(
                        f"record {number:,} is larger than {options.max_document_size:,} bytes",
                        hint="raise --max-document-size to read it",
                    )
                yield Record(number, line)

    def parse(self, record: Record, name: str, options: Input) -> Parsed | PassedOn:
        """Return the row's document; a row without a text is none."""
        field, frame, text = self._parts(record.raw, options)
        if not text:
            return PassedOn()
        check_lines(text.encode(), options)
        members = msgspec.json.decode(f"{frame.head}0{frame.tail}")
        del members[field]
        given = members.get(options.id_field)
        fields = options.text_fields
        number = record_of(record.number, len(fields))
        return Parsed(
            Document(
                str(given) if given is not None else f"{name}:{number}",
                Source(name, number, field if len(fields) > 1 else ""),
                text,
                members,
            ),
            frame,
            {},
        )

    def written(self, frame: Frame, text: str) -> bytes:
        """Return the line with `text` in its place."""
        return frame.head.encode() + _ENCODE(text) + frame.tail.encode() + b"\n"

    def opened(self, written: Record, options: Input) -> tuple[Frame, str]:
        """Return frame and text of a line."""
        _, frame, text = self._parts(written.raw, options)
        return frame, text or ""

    def source(self, form: Form, frame: Frame, text: str) -> bytes:
        """Return the line of the source."""
        return self.written(frame, text)

    def _parts(self, raw: bytes, options: Input) -> tuple[str, Frame, str | None]:
        """Return the field of the text of a line, what stands around it, and the text, if any."""
        # Inside of a string a quote has a backslash before it, so no key can be seen there.
        keys = ((field, _ENCODE(field) + b":") for field in options.text_fields)
        at, field = max((raw.rfind(key) + len(key), field) for field, key in keys if key in raw)
        try:
            head = raw[:at].decode()
            text: str | None = msgspec.json.decode(raw[at:-2], type=str | None)
        except (UnicodeDecodeError, msgspec.DecodeError) as error:
            raise InputError("not valid UTF-8", hint="repair the text") from error
        return field, Frame(head, "}"), text

    def packer(
        self, source: BinaryIO, sink: BinaryIO, removed: Callable[[], BinaryIO], options: Input
    ) -> Packer:
        """Return what writes the rows of a source with other texts; those not kept go beside."""
        from cleaner.formats.columnar.packing import TablePacker

        table = self._open(source)
        return TablePacker(
            table,
            self._writer(sink, table),
            lambda: self._writer(removed(), table),
            options.text_fields,
        )

    def restorer(
        self, output: BinaryIO, removed: BinaryIO | None, sink: BinaryIO, options: Input
    ) -> Packer:
        """Return what writes a source again from its output and the rows beside it."""
        from cleaner.formats.columnar.packing import TableRestorer

        table = self._open(output)
        beside = None if removed is None else self._open(removed)
        return TableRestorer(table, beside, self._writer(sink, table), options.text_fields)

    def table(self, stream: BinaryIO) -> TableFile:
        """Return the table in a file; InputError where there is none, or none that is written."""
        return self._open(stream)

    @abstractmethod
    def _open(self, stream: BinaryIO) -> TableFile:
        """Return the table in a file; InputError where there is none, or none that is written."""

    @abstractmethod
    def _writer(self, sink: BinaryIO, like: TableFile) -> TableWriter:
        """Return what writes a table like another one."""


class Parquet(Columnar):
    """A table in Parquet."""

    name = "parquet"
    suffixes = (".parquet", ".pq")

    def _open(self, stream: BinaryIO) -> TableFile:
        from cleaner.formats.columnar.parquet import ParquetTable

        return ParquetTable(stream)

    def _writer(self, sink: BinaryIO, like: TableFile) -> TableWriter:
        from cleaner.formats.columnar.parquet import ParquetSink, ParquetTable

        return ParquetSink(sink, cast("ParquetTable", like))


class Arrow(Columnar):
    """A table in Arrow's own form."""

    name = "arrow"
    suffixes = (".arrow", ".feather", ".ipc", ".arrows")

    def _open(self, stream: BinaryIO) -> TableFile:
        from cleaner.formats.columnar.ipc import IpcTable

        return IpcTable(stream)

    def _writer(self, sink: BinaryIO, like: TableFile) -> TableWriter:
        from cleaner.formats.columnar.ipc import IpcSink, IpcTable

        return IpcSink(sink, cast("IpcTable", like))
