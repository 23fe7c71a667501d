"""What the messages of an Arrow file declare, read without Arrow.

A compressed column says itself how large it is, and a reader makes room for that before it looks.
"""

from __future__ import annotations

import struct
from typing import BinaryIO, NamedTuple

from cleaner.core.errors import InputError

# A column of a batch is never as large.
_MOST_COLUMN = 1 << 31

_MARK = b"\xff\xff\xff\xff"
# Numbers of the format: kinds of messages, codecs, and fields of tables.
_DICTIONARY, _BATCH = 2, 3
_CODECS = ("lz4", "zstd")
_KIND, _HEADER, _BODY_SIZE = 1, 2, 3
_DATA = 1
_BUFFERS, _COMPRESSION = 2, 3
_MOST_HEADER = 1 << 28
_ANY_FILE = 1 << 48


class Body(NamedTuple):
    """What a message says of its body: the codec, where it is compressed."""

    compression: str | None


def body_of(stream: BinaryIO) -> Body | None:
    """Read a message and go on to the next; None behind the last.

    Raises ValueError where it is broken, InputError where it declares too much.
    """
    start = stream.read(8)
    if len(start) < 8 or not start.startswith(_MARK):
        return None
    (size,) = struct.unpack_from("<i", start, 4)
    if not size:
        return None
    if not 0 < size <= _MOST_HEADER:
        raise ValueError("a message that is larger than any is")
    data = stream.read(size)
    try:
        return _body_of(stream, _Table.root(data))
    except (struct.error, IndexError) as error:
        raise ValueError("a message that is cut short") from error


def _body_of(stream: BinaryIO, message: _Table) -> Body:
    body = message.number(_BODY_SIZE, "<q")
    if not 0 <= body < _ANY_FILE:
        raise ValueError("a message of a size that none has")
    at = stream.tell()
    compression = None
    batch = message.table(_HEADER)
    kind = message.number(_KIND, "<B")
    if kind == _DICTIONARY and batch is not None:
        batch = batch.table(_DATA)
    if kind in (_DICTIONARY, _BATCH) and batch is not None:
        packing = batch.table(_COMPRESSION)
        if packing is not None:
            compression = _CODECS[packing.number(0, "<b")]
            for offset, size in batch.pairs(_BUFFERS):
                if size >= 8 and 0 <= offset <= body:
                    stream.seek(at + offset)
                    (grown,) = struct.unpack("<q", stream.read(8))
                    if grown > _MOST_COLUMN:
                        raise InputError(
                            f"a column that would grow to {grown:,} bytes",
                            why="no table is written like this",
                        )
    stream.seek(at + body)
    return Body(compression)


class _Table:
    """A table of a flat buffer: fields by number, at places that stand before it."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at

    @classmethod
    def root(cls, data: bytes) -> _Table:
        return cls(data, struct.unpack_from("<I", data, 0)[0])

    def _place(self, field: int) -> int:
        """Return where a field stands, 0 where there is none."""
        fields = self._at - struct.unpack_from("<i", self._data, self._at)[0]
        if fields < 0:
            raise IndexError
        (size,) = struct.unpack_from("<H", self._data, fields)
        if 4 + 2 * field + 2 > size:
            return 0
        (offset,) = struct.unpack_from("<H", self._data, fields + 4 + 2 * field)
        return self._at + offset if offset else 0

    def number(self, field: int, form: str) -> int:
        place = self._place(field)
        return struct.unpack_from(form, self._data, place)[0] if place else 0

    def table(self, field: int) -> _Table | None:
        place = self._place(field)
        if not place:
            return None
        return _Table(self._data, place + struct.unpack_from("<I", self._data, place)[0])

    def pairs(self, field: int) -> list[tuple[int, int]]:
        """Return the pairs of numbers in a vector."""
        place = self._place(field)
        if not place:
            return []
        start = place + struct.unpack_from("<I", self._data, place)[0]
        (count,) = struct.unpack_from("<I", self._data, start)
        if count * 16 > len(self._data):
            raise IndexError
        return [
            struct.unpack_from("<qq", self._data, start + 4 + 16 * number)
            for number in range(count)
        ]
