"""Files cut into chunks of whole records, the same ones at every reading.

Reading begins while arrays and kernels are still being loaded, so nothing here needs them.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple, cast

from cleaner.core.errors import InputError
from cleaner.core.openfile import open_file
from cleaner.core.settings.config import Input
from cleaner.formats.base import Record
from cleaner.formats.refused import refuse_content
from cleaner.formats.registry import FORMATS, fields_in
from cleaner.runs.input.reading import SourceFile, content, follow, looks_around
from cleaner.storage.compress import reading
from cleaner.storage.digests import DigestReader

# Large enough for compiled loops to be worth their call, small enough to have several at hand.
_PIECE_BYTES = 4 << 20


class Chunk(NamedTuple):
    """Whole records of one file: the file's number and all their bytes.

    `sizes` are those of the records, and `layout` is theirs (see `formats.base.Record`), where they
    are no lines. `read` tells how many bytes of the file, as it stands on disk, were read since the
    chunk before. The last chunk of a file that cannot be read to its end has no records, but an
    error.
    """

    file: int
    data: bytes
    read: int = 0
    error: InputError | None = None
    sizes: Sequence[int] | None = None
    layout: Any = None


class Stamp(NamedTuple):
    """What tells that a file was changed between two readings."""

    size: int
    changed: int
    node: int


def stamp_of(file: SourceFile) -> Stamp:
    """Return the stamp of a file as it stands now; one that is gone has one of its own."""
    try:
        status = os.stat(file.place)
    except OSError:
        return Stamp(-1, -1, -1)
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ino)


def read_chunks(
    files: Sequence[tuple[int, SourceFile]], options: Input, *, again: bool = False
) -> Iterator[Chunk]:
    """Yield the chunks of the numbered files, noting digest and size of each file.

    Read `again`, chunks are all that is wanted, and nothing is noted.
    """
    cut = _chunks_again if again else _chunks
    for number, file in files:
        try:
            yield from cut(number, file, options)
        except InputError as error:
            yield Chunk(number, b"", error=cast("InputError", error.at(file.where)))
        except OSError as error:
            why = error.strerror or ""
            failed = InputError("cannot be read", where=file.where, why=why)
            yield Chunk(number, b"", error=failed)


def _chunks(number: int, file: SourceFile, options: Input) -> Iterator[Chunk]:
    with open_file(file.place, buffering=0) as raw:
        tap = DigestReader(raw)
        plain = file.codec == "plain"
        source = cast("BinaryIO", tap if plain else io.BufferedReader(tap, 1 << 16))
        size = told = 0
        with content(file, source) as stream:
            around = looks_around(FORMATS[file.format])
            for data, sizes, layout in _cut(stream, file, options):
                size += len(data)
                if around:
                    follow(tap, stream)
                yield Chunk(number, data, tap.size - told, sizes=sizes, layout=layout)
                told = tap.size
            tap.drain()
        file.content_size, file.sha256, file.size = size, tap.hexdigest(), tap.size


def _chunks_again(number: int, file: SourceFile, options: Input) -> Iterator[Chunk]:
    with (
        open_file(file.place) as raw,
        reading(raw, file.codec) as stream,
    ):
        for data, sizes, layout in _cut(stream, file, options):
            yield Chunk(number, data, len(data), sizes=sizes, layout=layout)


class _Cut(NamedTuple):
    """Whole records: their bytes, and what a chunk says of them."""

    data: bytes
    sizes: Sequence[int] | None = None
    layout: Any = None


def _cut(stream: BinaryIO, file: SourceFile, options: Input) -> Iterator[_Cut]:
    if file.format == "jsonl":
        return map(_Cut, _lines(stream, options))
    format = FORMATS[file.format]
    records = format.records(stream, options)
    if format.one_document:
        return (_Cut(record.raw) for record in records)
    return _grouped(records, fields_in(file.format, options))


def _grouped(records: Iterable[Record], fields: int) -> Iterator[_Cut]:
    """Yield records in groups, the texts of each in one."""
    held: list[bytes] = []
    size = 0
    layout = None
    for number, raw, layout in records:
        held.append(raw)
        size += len(raw)
        if size >= _PIECE_BYTES and not number % fields:
            yield _Cut(b"".join(held), [*map(len, held)], layout)
            held, size = [], 0
    if held:
        yield _Cut(b"".join(held), [*map(len, held)], layout)


def _lines(stream: BinaryIO, options: Input) -> Iterator[bytes]:
    """Yield whole lines; one that grows larger than allowed comes cut short, as the last."""
    rest: list[bytes] = []
    held = 0
    is_first = True
    while held <= options.max_document_size and (data := stream.read(_PIECE_BYTES)):
        if is_first:
            refuse_content(data)
            is_first = False
        cut = data.rfind(b"\n") + 1
        if cut:
            yield b"".join([*rest, data[:cut]]) if rest else data[:cut]
            rest, held = [], 0
        if cut < len(data):
            rest.append(data[cut:])
            held += len(data) - cut
    if rest:
        yield b"".join(rest)


def too_large(record: int, options: Input) -> InputError:
    """Return the error on a record that is larger than allowed."""
    return InputError(
        f"record {record:,} is larger than {options.max_document_size:,} bytes",
        hint="raise --max-document-size to read it",
    )
