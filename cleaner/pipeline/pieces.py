"""Files cut into pieces of whole records, the same ones at every reading."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, NamedTuple, cast

from cleaner.core.config import Input
from cleaner.core.errors import InputError
from cleaner.formats.registry import FORMATS
from cleaner.pipeline.reading import SourceFile
from cleaner.storage.compress import reading
from cleaner.storage.digests import DigestReader

# Large enough for compiled loops to be worth their call, small enough to have several at hand.
_PIECE_BYTES = 4 << 20


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
) -> Iterator[Piece]:
    """Yield the pieces of the numbered files, noting digest and size of each file.

    A file that fails after some of its pieces were handed out is told to `on_error`.
    """
    for number, file in files:
        file.content_size = 0
        try:
            for piece in _pieces(number, file, options, advance):
                file.content_size += len(piece.data)
                yield piece
        except InputError as error:
            on_error(number, cast("InputError", error.at(str(file.path))))
        except OSError as error:
            why = error.strerror or ""
            on_error(number, InputError("cannot be read", where=str(file.path), why=why))


def _pieces(
    number: int, file: SourceFile, options: Input, advance: Callable[[int], None]
) -> Iterator[Piece]:
    format = FORMATS[file.format]
    with file.path.open("rb", buffering=0) as raw:
        tap = DigestReader(cast("BinaryIO", raw), advance)
        plain = file.codec == "plain"
        source = cast("BinaryIO", tap if plain else io.BufferedReader(tap, 1 << 16))
        with reading(source, file.codec) as stream:
            if format.one_document:
                for record in format.records(stream, options):
                    yield Piece(number, record.number, record.raw)
            else:
                yield from _lines(number, stream, options)
            tap.drain()
        file.sha256 = tap.hexdigest()
        file.size = tap.size


def _lines(number: int, stream: BinaryIO, options: Input) -> Iterator[Piece]:
    first = 1
    rest: list[bytes] = []
    held = 0
    while data := stream.read(_PIECE_BYTES):
        cut = data.rfind(b"\n") + 1
        if cut:
            piece = b"".join([*rest, data[:cut]]) if rest else data[:cut]
            yield Piece(number, first, piece)
            first += piece.count(b"\n")
            rest, held = [], 0
        if cut < len(data):
            rest.append(data[cut:])
            held += len(data) - cut
        if held > options.max_document_size:
            raise too_large(first, options)
    if rest:
        yield Piece(number, first, b"".join(rest))
    elif first == 1:
        raise InputError("is empty", hint="nothing to clean")


def too_large(record: int, options: Input) -> InputError:
    """Return the error on a record that is larger than allowed."""
    return InputError(
        f"record {record:,} is larger than {options.max_document_size:,} bytes",
        hint="raise --max-document-size to read it",
    )
