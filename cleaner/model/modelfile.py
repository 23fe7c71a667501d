"""The file of a model: a line that says so, a line of JSON about it, columns packed with zstd.

Nothing in it is executed, and nothing is made larger than the bounds of `columns.COLUMNS`, so that
a model from anywhere can be opened. The same model gives the same bytes.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
import numpy as np
from msgspec import Meta

from cleaner.core.errors import InputError, UsageError
from cleaner.core.version import VERSION
from cleaner.model.columns import COLUMNS, MOST_DOCUMENTS, Columns, problem_of
from cleaner.storage.compress import reading, writing
from cleaner.storage.replace import whole_file

FORMAT = 1
_FIRST_LINE = b"cleaner-model\n"
_MOST_HEADER = 1 << 14

Documents = Annotated[int, Meta(ge=0, le=MOST_DOCUMENTS)]


class About(msgspec.Struct, frozen=True):
    """What a file says of its model: ``lines_of`` are the documents whose lines were counted."""

    documents: Documents
    lines_of: Documents
    digest: str


class _Header(About, frozen=True, kw_only=True):
    format: int
    cleaner: str
    columns: dict[str, int]


class _Format(msgspec.Struct):
    format: int


def check_place(path: Path, *, overwrite: bool) -> None:
    """Raise UsageError where no model must be written."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(
            "cannot be written", where=str(path), why=error.strerror or "", hint="choose another -o"
        ) from error
    if not stat.S_ISREG(status.st_mode):
        raise UsageError("is no file", where=str(path), hint="choose another -o")
    if not overwrite:
        raise UsageError(
            "the file exists",
            where=str(path),
            hint="choose another with -o, or write it anew with --overwrite",
        )


def write_model(path: Path, about: About, columns: Columns) -> None:
    """Write a model, whole or not at all."""
    header = {
        "format": FORMAT,
        "cleaner": VERSION,
        **msgspec.to_builtins(about),
        "columns": {name: len(column) for name, column in columns.items()},
    }
    with whole_file(path.parent, path.name) as file:
        file.write(_FIRST_LINE + msgspec.json.encode(header) + b"\n")
        with writing(file, "zstd", checksum=True) as stream:
            for column in columns.values():
                stream.write(column.data)


def read_model(path: Path) -> tuple[About, Columns]:
    """Read a model; UsageError where the file is none that can be used."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UsageError("is no model", where=str(path), why="it is no file")
            header = _header(file, path)
            try:
                with reading(file, "zstd") as stream:
                    return header, _columns(stream, header, path)
            except InputError as error:
                raise _damaged(path, error.why) from error
    except OSError as error:
        raise UsageError(
            "cannot be read",
            where=str(path),
            why=error.strerror or "",
            hint="`cleaner fit` makes a model",
        ) from error


def _header(file: BinaryIO, path: Path) -> _Header:
    if file.read(len(_FIRST_LINE)) != _FIRST_LINE:
        raise UsageError("is no model", where=str(path), hint="make one with `cleaner fit`")
    line = file.readline(_MOST_HEADER)
    try:
        made = msgspec.json.decode(line, type=_Format).format
        if made > FORMAT:
            raise UsageError(
                "was made by a later cleaner",
                where=str(path),
                why=f"its format is {made}, and this one reads {FORMAT}",
                hint="update cleaner, or fit the model again",
            )
        header = msgspec.json.decode(line, type=_Header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _damaged(path, "its second line is not what it should be") from error
    if header.format != FORMAT or list(header.columns) != list(COLUMNS):
        raise _damaged(path, "its columns are not those of its format")
    for name, column in COLUMNS.items():
        if not column.least <= header.columns[name] <= column.most:
            raise _damaged(path, f"{header.columns[name]:,} numbers in {name}")
    return header


def _columns(stream: BinaryIO, header: _Header, path: Path) -> Columns:
    columns = {}
    for name, column in COLUMNS.items():
        numbers = np.empty(header.columns[name], column.dtype)
        room = numbers.data.cast("B")
        while room:
            read = stream.readinto(room)  # type: ignore[attr-defined]
            if not read:
                raise _damaged(path, "it is cut short")
            room = room[read:]
        columns[name] = numbers
    if stream.read(1):
        raise _damaged(path, "there is more in it than it says")
    if problem := problem_of(columns):
        raise _damaged(path, problem)
    return columns


def _damaged(path: Path, why: str) -> UsageError:
    hint = "fetch it again, or make it anew with `cleaner fit`"
    return UsageError("is a damaged model", where=str(path), why=why, hint=hint)
