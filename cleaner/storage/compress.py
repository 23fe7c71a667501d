"""Compressed files: read as a stream, written so that the same content gives the same bytes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO, cast

from cleaner.core.errors import InputError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SUFFIXES = {".gz": "gzip", ".zst": "zstd", ".bz2": "bzip2", ".xz": "xz"}

# What compressed data begins with; no text does.
_HEADS = {
    "gzip": re.compile(rb"\x1f\x8b\x08"),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd"),
    "bzip2": re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
    "xz": re.compile(rb"\xfd7zXZ\0"),
}

# What xz data may ask for to be unpacked; `xz -9` asks for 65 MB. All of it could be filled.
_XZ_MEMORY = 256 << 20

# What an output is compressed with.
_ZSTD_LEVEL = 3

_DAMAGE = (OSError, EOFError, zlib.error, zstd.ZstdError, lzma.LZMAError)


def codec_of(path: Path, head: bytes = b"") -> str:
    r"""Return the codec of a file that begins with `head`, or else the one that its name tells.

    >>> codec_of(Path("a.jsonl.gz")), codec_of(Path("a.txt"))
    ('gzip', 'plain')
    >>> codec_of(Path("a.jsonl"), b"\x1f\x8b\x08\0")
    'gzip'
    """
    for codec, pattern in _HEADS.items():
        if pattern.match(head):
            return codec
    return SUFFIXES.get(path.suffix.lower(), "plain")


def output_name(name: str, suffix: str) -> str:
    """Return the name with another suffix before that of its compression.

    >>> output_name("a/b.html", ".txt"), output_name("a/b.html.gz", ".txt")
    ('a/b.html.txt', 'a/b.html.txt.gz')
    """
    packed = name[name.rfind(".") :] if suffix and PurePath(name).suffix.lower() in SUFFIXES else ""
    return name.removesuffix(packed) + suffix + packed


@contextmanager
def reading(raw: BinaryIO, codec: str) -> Iterator[BinaryIO]:
    """Give the decompressed content of `raw`; that of no bytes at all is empty.

    Raises InputError where the compressed data is broken or cut short.
    """
    if codec == "plain" or (isinstance(raw, io.BufferedReader) and not raw.peek(1)):
        yield raw
        return
    stream = _unpacking(raw, codec)
    try:
        yield cast("BinaryIO", stream)
    except _DAMAGE as error:
        raise InputError(
            f"broken {codec} data", why=str(error), hint="fetch or compress the file again"
        ) from error


@contextmanager
def writing(
    raw: BinaryIO,
    codec: str,
    *,
    checksum: bool = False,
    members: bool = False,
    level: int = _ZSTD_LEVEL,
) -> Iterator[BinaryIO]:
    """Give a stream whose content lands compressed in `raw`; no time or name is recorded.

    A `checksum` lets whoever reads zstd data know of any damage; gzip data has one always. With
    `members`, whatever is written at once can be decompressed without the rest. `level` is of zstd.
    """
    if codec == "plain":
        yield raw
    elif members:
        yield cast("BinaryIO", _Members(raw, codec))
    else:
        with _packing(raw, codec, checksum=checksum, level=level) as stream:
            yield cast("BinaryIO", stream)


def _unpacking(raw: BinaryIO, codec: str) -> io.BufferedIOBase:
    if codec == "gzip":
        return gzip.GzipFile(fileobj=raw, mode="rb")
    if codec == "zstd":
        return zstd.ZstdFile(raw)
    if codec == "bzip2":
        return bz2.BZ2File(raw)
    _check_memory(raw)
    return lzma.LZMAFile(raw)


def _packing(
    raw: BinaryIO, codec: str, *, checksum: bool, level: int = _ZSTD_LEVEL
) -> io.BufferedIOBase:
    if codec == "gzip":
        return gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0)
    if codec == "bzip2":
        return bz2.BZ2File(raw, "wb", compresslevel=9)
    if codec == "xz":
        return lzma.LZMAFile(raw, "wb", preset=6)
    options: dict[int, int] = {zstd.CompressionParameter.compression_level: level}
    if checksum:
        options[zstd.CompressionParameter.checksum_flag] = 1
    return zstd.ZstdFile(raw, mode="wb", options=options)


def _check_memory(raw: BinaryIO) -> None:
    """Raise InputError where xz data asks for more memory than any usual writer makes it ask."""
    if not isinstance(raw, io.BufferedReader):
        return
    try:
        lzma.LZMADecompressor(memlimit=_XZ_MEMORY).decompress(raw.peek(1), max_length=1)
    except lzma.LZMAError as error:
        if "limit" in str(error):
            raise InputError(
                "xz data that needs too much memory",
                why=f"more than {_XZ_MEMORY >> 20} MiB",
                hint="compress it with a smaller dictionary",
            ) from error


def reproduces(
    pieces: Iterable[bytes], packed: BinaryIO, codec: str, *, members: bool = False
) -> bool:
    """Whether `writing` turns `pieces` into exactly the bytes of `packed`.

    The stream is read from where it stands and compared piece by piece.
    """
    sink = _Comparing(packed)
    with writing(cast("BinaryIO", sink), codec, members=members) as stream:
        for piece in pieces:
            stream.write(piece)
            if not sink.same:
                return False
    return sink.same and not packed.read(1)


class _Members(io.RawIOBase):
    """Compresses what is written, each time as a member of its own."""

    def __init__(self, raw: BinaryIO, codec: str) -> None:
        self._raw = raw
        self._codec = codec

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        with _packing(self._raw, self._codec, checksum=False) as stream:
            stream.write(data)
        return len(data)


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
