"""Compressed files: read as a stream, written so that the same content gives the same bytes."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from cleaner.core.errors import InputError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SUFFIXES = {".gz": "gzip", ".zst": "zstd"}

_DAMAGE = (OSError, EOFError, zlib.error, zstd.ZstdError)


def codec_of(path: Path) -> str:
    """Return the codec that the last suffix names, or "plain".

    >>> codec_of(Path("a.jsonl.gz")), codec_of(Path("a.txt"))
    ('gzip', 'plain')
    """
    return SUFFIXES.get(path.suffix.lower(), "plain")


@contextmanager
def reading(raw: BinaryIO, codec: str) -> Iterator[BinaryIO]:
    """Give the decompressed content of `raw`; that of no bytes at all is empty.

    Raises InputError where the compressed data is broken or cut short.
    """
    stream: io.BufferedIOBase
    if codec != "plain" and isinstance(raw, io.BufferedReader) and not raw.peek(1):
        yield raw
        return
    if codec == "gzip":
        stream = gzip.GzipFile(fileobj=raw, mode="rb")
    elif codec == "zstd":
        stream = zstd.ZstdFile(raw)
    else:
        yield raw
        return
    try:
        yield cast("BinaryIO", stream)
    except _DAMAGE as error:
        raise InputError(
            f"broken {codec} data", why=str(error), hint="fetch or compress the file again"
        ) from error


@contextmanager
def writing(raw: BinaryIO, codec: str, *, checksum: bool = False) -> Iterator[BinaryIO]:
    """Give a stream whose content lands compressed in `raw`; no time or name is recorded.

    A `checksum` lets whoever reads zstd data know of any damage; gzip data has one always.
    """
    if codec == "gzip":
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0) as stream:
            yield cast("BinaryIO", stream)
    elif codec == "zstd":
        parameter = zstd.CompressionParameter
        options: dict[int, int] = {parameter.compression_level: 3}
        if checksum:
            options[parameter.checksum_flag] = 1
        with zstd.ZstdFile(raw, mode="wb", options=options) as writer:
            yield cast("BinaryIO", writer)
    else:
        yield raw


def reproduces(content: BinaryIO, packed: BinaryIO, codec: str) -> bool:
    """Whether `writing` turns `content` into exactly the bytes of `packed`.

    Both streams are read from where they stand and compared piece by piece.
    """
    sink = _Comparing(packed)
    with writing(cast("BinaryIO", sink), codec) as stream:
        while sink.same and (piece := content.read(1 << 20)):
            stream.write(piece)
    return sink.same and not packed.read(1)


class _Comparing(io.RawIOBase):
    """Takes what is written and compares it with an expected stream."""

    def __init__(self, expected: BinaryIO) -> None:
        self._expected = expected
        self.same = True

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.same = self.same and self._expected.read(len(data)) == bytes(data)
        return len(data)
