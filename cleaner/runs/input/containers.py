"""Compressed sources whose bytes their content alone would not give back: kept as they are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from cleaner.core.errors import InputError
from cleaner.core.openfile import open_file
from cleaner.core.settings.config import Input
from cleaner.formats.base import Format
from cleaner.formats.registry import FORMATS
from cleaner.runs.input.reading import SourceFile
from cleaner.storage.below import container_name
from cleaner.storage.compress import reading, reproduces
from cleaner.storage.digests import DigestReader
from cleaner.storage.replace import whole_file

_UNLIMITED = Input(max_document_size=2**60, max_line_size=2**60)


class ChangedSourceError(InputError):
    """A file that is no longer what it was when it was read."""


def keep_container(file: SourceFile, staged: Path) -> None:
    """Copy a compressed source, once it was read, among the `staged` files of the run if need be.

    Raises ChangedSourceError where the source is no longer what it was when it was read.
    """
    file.container_kept = False
    if file.codec == "plain":
        return
    try:
        with (
            open_file(file.place) as packed,
            open_file(file.place) as raw,
            reading(raw, file.codec) as content,
        ):
            tap = DigestReader(packed)
            pieces, members = _pieces(content, file.format)
            if reproduces(pieces, cast("BinaryIO", tap), file.codec, members=members):
                _check_unchanged(tap, file)
                return
        source = open_file(file.place)
    except (OSError, InputError) as error:
        raise changed(file.name) from error
    with source:
        _copy(source, file.sha256, staged, file.name)
    file.container_kept = True


def keep_whole(path: Path, sha256: str, staged: Path, name: str) -> None:
    """Copy a file among the `staged` ones as it is.

    Raises ChangedSourceError where it is no longer what it was when its digest was taken.
    """
    try:
        source = open_file(path)
    except OSError as error:
        raise changed(name) from error
    with source:
        _copy(source, sha256, staged, name)


def _copy(source: BinaryIO, sha256: str, staged: Path, name: str) -> None:
    with whole_file(staged, container_name(name)) as copy:
        tap = DigestReader(source)
        while data := tap.read(1 << 20):
            copy.write(data)
        if tap.hexdigest() != sha256:
            raise changed(name)


def _pieces(content: BinaryIO, format: str) -> tuple[Iterator[bytes], bool]:
    """Return content in the pieces in which it is written, and whether each is a member."""
    if FORMATS[format].member_per_record:
        return raw_records(content, FORMATS[format]), True
    return iter(partial(content.read, 1 << 20), b""), False


def raw_records(stream: BinaryIO, format: Format) -> Iterator[bytes]:
    """Yield the bytes of the records of what has been read, however large they are."""
    return (record.raw for record in format.records(stream, _UNLIMITED))


def _check_unchanged(source: DigestReader, file: SourceFile) -> None:
    if source.hexdigest() != file.sha256:
        raise changed(file.name)


def changed(where: str, why: str = "") -> ChangedSourceError:
    """Return the error on a file of which nothing is written, because it was changed."""
    return ChangedSourceError(
        "was changed while it was read", where=where, why=why, hint="run the same command again"
    )
