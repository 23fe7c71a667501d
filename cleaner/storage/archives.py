"""Zip and tar archives, read member by member: what is in them is unpacked below a folder.

Anybody may have written an archive. No name in one leaves the folder, nothing but files is made,
and no more is unpacked than its size speaks for.
"""

from __future__ import annotations

import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, NamedTuple, cast

from cleaner.core.errors import InputError
from cleaner.storage.archive_kinds import Kind
from cleaner.storage.below import create_below, remove_below, stays_below
from cleaner.storage.compress import reading

# Text becomes a tenth of its size, and logs a fiftieth; a bomb is made of nothing.
_MOST_GROWTH = 200
_ALWAYS_ALLOWED = 16 << 20
_MOST_MEMBERS = 5_000_000

_PIECE = 1 << 20
_ENCRYPTED = 0x1
_DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, LZMAError, EOFError, ValueError,
    NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


class Member(NamedTuple):
    """A member: its name, and whether it was unpacked, or else why not."""

    name: str
    error: str = ""


class _Opened(NamedTuple):
    """A member whose content is at hand until the next one is asked for."""

    name: str
    content: IO[bytes] | None
    error: str = ""


class TooLargeError(InputError):
    """An archive that unpacks to more than it may."""


def unpack(
    raw: BinaryIO, kind: Kind, codec: str, most: int, folder: Path, size: int
) -> Iterator[Member]:
    """Unpack an archive of some `size` below a folder, telling of each member; folders are none.

    Raises InputError where the archive is broken, and TooLargeError where its members come to more
    than `most` bytes, or to what no text does.
    """
    limit = _Limit(size, most)
    names = _Names()
    try:
        found = _of_zip(raw) if kind == "zip" else _of_tar(raw, codec, limit)
        for number, member in enumerate(found):
            if number == _MOST_MEMBERS:
                raise TooLargeError(f"has more than {_MOST_MEMBERS:,} members")
            name, error = names.taken(member.name) if not member.error else (member.name, "")
            if member.content is None or error:
                yield Member(member.name, member.error or error or "it has no content")
                continue
            # A tar archive is counted as a whole.
            counted = limit if kind == "zip" else None
            yield Member(name, _write(member.content, folder, name, counted))
    except InputError:
        raise
    except _DAMAGE as error:
        why = str(error).partition("\n")[0]
        raise InputError(
            f"broken {kind} archive", why=why, hint="fetch or pack it again"
        ) from error


def _write(content: IO[bytes], folder: Path, name: str, limit: _Limit | None) -> str:
    """Write a member below a folder; return what is wrong with it, which is the end of a tar."""
    try:
        with create_below(folder, name) as file:
            while data := content.read(_PIECE):
                if limit is not None:
                    limit.add(len(data))
                file.write(data)
    except InputError:
        raise
    except _DAMAGE as error:
        if limit is None:
            raise
        remove_below(folder, name)
        return f"it is broken: {str(error).partition(chr(10))[0]}"
    return ""


class _Names:
    """The names that members have got."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def taken(self, given: str) -> tuple[str, str]:
        """Return the name that a member gets, and what is wrong with it, if anything is."""
        name = "/".join(part for part in given.split("/") if part not in ("", "."))
        if given.startswith("/") or ".." in given.split("/"):
            return name, "its name leads out of the archive"
        if not stays_below(name):
            return name, "its name can be that of no file"
        if name in self._files:
            return name, "another member has the same name"
        above = {parent.as_posix() for parent in PurePosixPath(name).parents}
        if name in self._folders or self._files & above:
            return name, "another member has its name for a folder"
        self._files.add(name)
        self._folders |= above
        return name, ""


class _Limit:
    """Counts what is unpacked."""

    def __init__(self, size: int, most: int) -> None:
        self._most = most
        self._growth = _ALWAYS_ALLOWED + _MOST_GROWTH * size
        self._read = 0

    def add(self, count: int) -> None:
        """Count some bytes; TooLargeError where they are too many."""
        self._read += count
        if self._read > self._most:
            raise TooLargeError(
                f"unpacks to more than {self._most:,} bytes",
                hint="raise --max-archive-size to read it",
            )
        if self._read > self._growth:
            raise TooLargeError(
                f"unpacks to more than {_MOST_GROWTH} times its size",
                hint="unpack it, and clean what is in it",
            )


class _Counted:
    """A stream whose bytes are counted as they are read."""

    def __init__(self, stream: IO[bytes], limit: _Limit) -> None:
        self._stream = stream
        self._limit = limit

    def read(self, size: int = -1) -> bytes:
        """Return some bytes, never more than a piece where no size is given."""
        data = self._stream.read(_PIECE if size < 0 else size)
        self._limit.add(len(data))
        return data


def _of_zip(raw: BinaryIO) -> Iterator[_Opened]:
    with zipfile.ZipFile(raw) as archive:
        for info in archive.infolist():
            name = info.filename
            if info.is_dir():
                continue
            if info.flag_bits & _ENCRYPTED:
                yield _Opened(name, None, "it is encrypted")
            elif stat.S_ISLNK(info.external_attr >> 16):
                yield _Opened(name, None, "it is a link")
            else:
                try:
                    content = archive.open(info)
                except _DAMAGE as error:
                    yield _Opened(name, None, f"it is broken: {error}")
                else:
                    with content:
                        yield _Opened(name, content)


def _of_tar(raw: BinaryIO, codec: str, limit: _Limit) -> Iterator[_Opened]:
    with reading(raw, codec) as stream:
        counted = cast("IO[bytes]", _Counted(stream, limit))
        with tarfile.open(fileobj=counted, mode="r|") as archive:
            while (info := archive.next()) is not None:
                if info.issym() or info.islnk():
                    yield _Opened(info.name, None, "it is a link")
                elif info.isreg():
                    yield _Opened(info.name, archive.extractfile(info))
                elif not info.isdir():
                    yield _Opened(info.name, None, "it is no file, but a pipe or a device")
                # Or all of them would be kept.
                cast("list[tarfile.TarInfo]", getattr(archive, "members")).clear()  # noqa: B009
