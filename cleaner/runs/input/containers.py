"""Compressed sources whose bytes their content alone would not give back: kept as they are."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, cast

from cleaner.core.errors import InputError
from cleaner.core.openfile import open_file
from cleaner.runs.input.reading import SourceFile
from cleaner.storage.below import container_name
from cleaner.storage.compress import reading, reproduces
from cleaner.storage.digests import DigestReader
from cleaner.storage.replace import whole_file


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
            open_file(file.path) as packed,
            open_file(file.path) as raw,
            reading(raw, file.codec) as content,
        ):
            tap = DigestReader(packed)
            if reproduces(content, cast("BinaryIO", tap), file.codec):
                _check_unchanged(tap, file)
                return
        source = open_file(file.path)
    except (OSError, InputError) as error:
        raise changed(file.name) from error
    with source, whole_file(staged, container_name(file.name)) as copy:
        tap = DigestReader(source)
        while data := tap.read(1 << 20):
            copy.write(data)
        _check_unchanged(tap, file)
    file.container_kept = True


def _check_unchanged(source: DigestReader, file: SourceFile) -> None:
    if source.hexdigest() != file.sha256:
        raise changed(file.name)


def changed(where: str, why: str = "") -> ChangedSourceError:
    """Return the error on a file of which nothing is written, because it was changed."""
    return ChangedSourceError(
        "was changed while it was read", where=where, why=why, hint="run the same command again"
    )
