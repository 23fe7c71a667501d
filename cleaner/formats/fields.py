"""Records with several texts, one in each of some fields: on their way each text is a record.

So what handles records need not know of fields. A record of ``n`` fields goes as ``n`` *pieces*,
which have its bytes one after the other; a packer puts them together again. A piece without a text
is passed on, or goes where its record goes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from cleaner.core.document import Document, Source, record_of
from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.base import (
    ADDRESSES,
    NESTED_ADDRESSES,
    FieldFormat,
    Form,
    Frame,
    Packed,
    Packer,
    Parsed,
    PassedOn,
    Record,
    Token,
)
from cleaner.formats.txt import check_lines

# What a format that stands for another is called more.
SUFFIX = "-fields"

_DECODER = json.JSONDecoder()
_TEXT, _PASSED, _BLANK, _BAD = "text", "passed", "blank", "bad"


class Fields:
    """A format whose records have several texts, by `Input.text_fields`."""

    suffixes: tuple[str, ...] = ()
    one_document = False
    member_per_record = False
    written_suffix = ""
    looks_around = False

    def __init__(self, base: FieldFormat) -> None:
        self._base = base
        self.name = f"{base.name}{SUFFIX}"

    def records(self, stream: BinaryIO, options: Input) -> Iterator[Record]:
        """Yield the pieces of the records."""
        number = 0
        for record in self._base.records(stream, options):
            for raw in self._pieces(record, options):
                number += 1
                yield Record(number, raw, record.layout)

    def _pieces(self, record: Record, options: Input) -> list[bytes]:
        """Return as many pieces of a record as there are fields."""
        count = len(options.text_fields)
        try:
            found = self._base.texts_in(record, options)
        except InputError:
            return [_piece([_BAD], record.raw), *[_piece([_BLANK], b"")] * (count - 1)]
        if found is None:
            return [_piece([_BLANK], record.raw), *[_piece([_BLANK], b"")] * (count - 1)]
        if isinstance(found, PassedOn) or not found.texts:
            return [_piece([_PASSED], record.raw), *[_piece([_PASSED], b"")] * (count - 1)]
        told = _told(found.members, options)
        pieces = []
        done = 0
        texts = sorted(found.texts, key=lambda one: one.start)
        for number, (field, start, end, mark) in enumerate(texts, 1):
            last = len(found.line) if number == len(texts) else end
            meta = [_TEXT, options.text_fields.index(field), start - done, mark, *told]
            pieces.append(_piece(meta, found.line[done:last].encode()))
            done = last
        return pieces + [_piece([_PASSED], b"")] * (count - len(pieces))

    def parse(self, record: Record, name: str, options: Input) -> Parsed | PassedOn | None:
        """Return the document of a piece."""
        meta, content = _opened(record.raw)
        number = record_of(record.number, len(options.text_fields))
        if meta[0] == _BAD:
            self._base.texts_in(Record(number, content, record.layout), options)
            raise InputError("not readable")
        if meta[0] != _TEXT:
            return None if meta[0] == _BLANK else PassedOn()
        _, field, at, mark, id, members = meta
        line = content.decode()
        token = self._base.token_at(line, at, mark)
        check_lines(token.text.encode("utf-8", "surrogatepass"), options)
        document = Document(
            id if id is not None else f"{name}:{number}",
            Source(name, number, options.text_fields[field]),
            token.text,
            members,
        )
        return Parsed(document, _frame(meta, line, at, token), token.form)

    def written(self, frame: Frame, text: str) -> bytes:
        """Return the piece with `text` in its place."""
        meta, at = _DECODER.raw_decode(frame.head)
        token = self._base.token_of(text, meta[3])
        return _framed(frame.head[:at], f"{frame.head[at:]}{token}{frame.tail}".encode())

    def opened(self, written: Record, options: Input) -> tuple[Frame, str]:
        """Return frame and text of a piece of an output."""
        meta, content = _opened(written.raw)
        if meta[0] != _TEXT:
            return Frame(json.dumps(meta) + content.decode()), ""
        line = content.decode()
        token = self._base.token_at(line, meta[2], meta[3])
        return _frame(meta, line, meta[2], token), token.text

    def source(self, form: Form, frame: Frame, text: str) -> bytes:
        """Return the piece of a source."""
        meta, at = _DECODER.raw_decode(frame.head)
        token = self._base.source_token(text, form, meta[3])
        return _framed(frame.head[:at], f"{frame.head[at:]}{token}{frame.tail}".encode())

    def joined(self, pieces: bytes) -> bytes:
        """Return the bytes of the records that some pieces are of."""
        return b"".join(content for _, content in _taken_apart(pieces))

    def packer(
        self, source: BinaryIO, sink: BinaryIO, removed: Callable[[], BinaryIO], options: Input
    ) -> Packer:
        """Return what puts the pieces of an output together."""
        base = self._base
        inner = base.packer(source, sink, removed, options) if isinstance(base, Packed) else None
        return _FieldsPacker(self.joined, sink, inner)

    def restorer(
        self, output: BinaryIO, removed: BinaryIO | None, sink: BinaryIO, options: Input
    ) -> Packer:
        """Return what puts the pieces of a source together."""
        base = self._base
        inner = base.restorer(output, removed, sink, options) if isinstance(base, Packed) else None
        return _FieldsPacker(self.joined, sink, inner)


class _FieldsPacker:
    """Writes pieces without what stands before them."""

    def __init__(
        self, joined: Callable[[bytes], bytes], sink: BinaryIO, inner: Packer | None
    ) -> None:
        self._joined = joined
        self._sink = sink
        self._inner = inner

    def write(self, records: bytes | memoryview, kept: bytes) -> None:
        """Append pieces."""
        data = self._joined(bytes(records))
        if self._inner is not None:
            self._inner.write(data, kept)
        else:
            self._sink.write(data)

    def close(self) -> None:
        """Write the end of the file."""
        if self._inner is not None:
            self._inner.close()

    def abandon(self) -> None:
        """Let go of files that will not be kept."""
        if self._inner is not None:
            self._inner.abandon()


def _told(members: dict[str, Any], options: Input) -> list[Any]:
    """Return what tells of a record in each of its pieces: its id, and where it comes from."""
    id = members.get(options.id_field)
    known = {name: members[name] for name in ADDRESSES if isinstance(members.get(name), str)}
    for name in NESTED_ADDRESSES:
        inner = members.get(name)
        if isinstance(inner, dict):
            own = {key: inner[key] for key in ADDRESSES if isinstance(inner.get(key), str)}
            known.update({name: own} if own else {})
    return [None if id is None else str(id), known]


# A piece is the sizes of two parts, in hexadecimal digits, and these: what it is, as JSON, and its
# bytes of the record.


def _piece(meta: list[Any], content: bytes) -> bytes:
    return _framed(json.dumps(meta), content)


def _framed(meta: str, content: bytes) -> bytes:
    told = meta.encode()
    return b"%x,%x:" % (len(told), len(content)) + told + content


def _taken_apart(pieces: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the two parts of each piece. Raises InputError for what is no piece."""
    at = 0
    while at < len(pieces):
        begin = pieces.find(b":", at) + 1
        try:
            told, content = (int(size, 16) for size in pieces[at : begin - 1].split(b","))
        except ValueError:
            raise InputError("has records that are none") from None
        at = begin + told + content
        yield pieces[begin : begin + told], pieces[begin + told : at]


def _opened(piece: bytes) -> tuple[list[Any], bytes]:
    """Return what a piece is, and its bytes of the record."""
    told, content = next(_taken_apart(piece))
    return json.loads(told), content


def _frame(meta: list[Any], line: str, at: int, token: Token) -> Frame:
    return Frame(f"{json.dumps(meta)}{line[:at]}", line[token.end :])
