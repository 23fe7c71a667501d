"""Files cut into pieces of whole records, the same ones at every reading."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, NamedTuple, cast

import numpy as np

from cleaner.core.config import Input
from cleaner.core.errors import InputError
from cleaner.formats.registry import FORMATS
from cleaner.pipeline.reading import SourceFile
from cleaner.storage.compress import reading
from cleaner.storage.digests import DigestReader

# Large enough for compiled loops to be worth their call, small enough to have several at hand.
_PIECE_BYTES = 4 << 20
_LINE_FEED = 10


class Piece(NamedTuple):
    """Whole records of one file: the file's number, its first record's number, all their bytes."""

    file: int
    first: int
    data: bytes


class Stamp(NamedTuple):
    """What tells that a file was changed between two readings."""

    size: int
    changed: int
    node: int


def stamp_of(file: SourceFile) -> Stamp:
    """Return the stamp of a file as it stands now."""
    status = os.stat(file.path)
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ino)


def read_pieces(
    files: Sequence[tuple[int, SourceFile]],
    options: Input,
    on_error: Callable[[int, InputError], None],
    advance: Callable[[int], None],
    *,
    again: bool = False,
) -> Iterator[Piece]:
    """Yield the pieces of the numbered files, noting digest and size of each file.

    A file that fails after some of its pieces were handed out is told to `on_error`. Read `again`,
    pieces are all that is wanted: nothing is noted, and records are not counted.
    """
    for number, file in files:
        size = 0
        try:
            for piece in _pieces(number, file, options, advance, again=again):
                size += len(piece.data)
                yield piece
            file.content_size = size
        except InputError as error:
            on_error(number, cast("InputError", error.at(str(file.path))))
        except OSError as error:
            why = error.strerror or ""
            on_error(number, InputError("cannot be read", where=str(file.path), why=why))


def _pieces(
    number: int,
    file: SourceFile,
    options: Input,
    advance: Callable[[int], None],
    *,
    again: bool,
) -> Iterator[Piece]:
    with file.path.open("rb", buffering=0) as raw:
        if again:
            with reading(cast("BinaryIO", raw), file.codec) as stream:
                for piece in _cut(number, stream, file, options, count=False):
                    advance(len(piece.data))
                    yield piece
            return
        tap = DigestReader(cast("BinaryIO", raw), advance)
        plain = file.codec == "plain"
        source = cast("BinaryIO", tap if plain else io.BufferedReader(tap, 1 << 16))
        with reading(source, file.codec) as stream:
            yield from _cut(number, stream, file, options, count=True)
            tap.drain()
        file.sha256 = tap.hexdigest()
        file.size = tap.size


def _cut(
    number: int, stream: BinaryIO, file: SourceFile, options: Input, *, count: bool
) -> Iterator[Piece]:
    """Yield the pieces of a stream; uncounted, each says that its first record is the first."""
    format = FORMATS[file.format]
    if not format.one_document:
        yield from _lines(number, stream, options, count=count)
        return
    for record in format.records(stream, options):
        yield Piece(number, record.number, record.raw)


def _lines(number: int, stream: BinaryIO, options: Input, *, count: bool) -> Iterator[Piece]:
    first = 1
    rest: list[bytes] = []
    held = 0
    any_lines = False
    while data := stream.read(_PIECE_BYTES):
        cut = data.rfind(b"\n") + 1
        if cut:
            any_lines = True
            piece = b"".join([*rest, data[:cut]]) if rest else data[:cut]
            yield Piece(number, first, piece)
            if count:
                first += int(np.count_nonzero(np.frombuffer(piece, dtype=np.uint8) == _LINE_FEED))
            rest, held = [], 0
        if cut < len(data):
            rest.append(data[cut:])
            held += len(data) - cut
        if held > options.max_document_size:
            raise too_large(first, options)
    if rest:
        yield Piece(number, first, b"".join(rest))
    elif not any_lines:
        raise InputError("is empty", hint="nothing to clean")


def too_large(record: int, options: Input) -> InputError:
    """Return the error on a record that is larger than allowed."""
    return InputError(
        f"record {record:,} is larger than {options.max_document_size:,} bytes",
        hint="raise --max-document-size to read it",
    )
