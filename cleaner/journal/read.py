"""Reading a journal, whoever wrote it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from cleaner.core.edits import Edit
from cleaner.core.errors import InputError, UsageError
from cleaner.journal.lines import VERSION, Line, journal_path
from cleaner.journal.removed import read_removed
from cleaner.storage.compress import reading
from cleaner.storage.walk import stays_inside


class JournalError(InputError):
    """A journal that cannot be read on."""


class _Run(msgspec.Struct, tag="run"):
    journal: int
    settings: dict[str, Any]


class _File(msgspec.Struct, tag="file"):
    name: str
    format: str
    codec: str


class _Record(msgspec.Struct, tag="record"):
    number: int
    steps: list[list[Edit]]
    form: dict[str, Any] = {}
    dropped: tuple[str, str] | None = None
    left: str = ""


class _Raw(msgspec.Struct, tag="raw"):
    number: int
    bytes: str


class _Kept(msgspec.Struct, tag="kept"):
    count: int


class _Marked(msgspec.Struct, tag="marked"):
    place: int
    size: int


class _Note(msgspec.Struct, tag="note"):
    number: int


class _End(msgspec.Struct, tag="end"):
    sha256: str
    output_sha256: str | None
    container_kept: bool


_Checked = _Run | _File | _Record | _Raw | _Kept | _Marked | _Note | _End


def read_journal(output: Path) -> Iterator[Line]:
    """Yield the lines of the journal of an output folder, the run's own first.

    Raises UsageError where there is none or its version is another, JournalError where it is
    broken: every line has the fields that restoring needs, of the right types.
    """
    path = journal_path(output)
    if not path.is_file():
        raise UsageError(
            "no journal here",
            where=str(output),
            why=f"{path} does not exist",
            hint="name a folder that `cleaner clean` wrote to its end",
        )
    try:
        with path.open("rb") as raw, reading(raw, "zstd") as stream:
            for number, data in enumerate(stream):
                line = read_removed(data) or _checked(json.loads(data), first=number == 0)
                if number == 0 and line["journal"] != VERSION:
                    raise UsageError(
                        "a journal of another version",
                        where=str(path),
                        hint="use the version of cleaner that wrote it",
                    )
                yield line
    except (ValueError, RecursionError) as error:
        raise JournalError("broken journal", where=str(path), why=str(error)) from error
    except InputError as error:
        raise JournalError("broken journal", where=str(path), why=error.what) from error
    except OSError as error:
        raise JournalError("cannot be read", where=str(path), why=error.strerror or "") from error


def _checked(line: Line, *, first: bool) -> Line:
    # The lines go on as they are: what later versions add to them does no harm.
    msgspec.convert(line, _Checked)
    if first != (line["type"] == "run"):
        raise ValueError("the first line, and no other, tells of the run")
    if line["type"] == "file" and not stays_inside(line["name"]):
        raise ValueError(f"a file name leaves the folder: {line['name']!r}")
    return line
