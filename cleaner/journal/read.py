"""Reading a journal, whoever wrote it.

Nothing of a line is used that was not checked: a line in which a key stands twice, or a field has
another type or a value that cannot be, breaks the journal, and so do lines in another order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from cleaner.core.edits import Edit
from cleaner.core.errors import InputError, UsageError
from cleaner.journal.lines import JOURNAL, VERSION, Line, journal_path
from cleaner.journal.removed import read_removed
from cleaner.storage.below import kind_below, open_below, stays_below
from cleaner.storage.compress import reading


class JournalError(InputError):
    """A journal that cannot be read on."""


def broken_journal(output: Path, why: str) -> JournalError:
    """Return the error on a journal of an output folder that cannot be used."""
    return JournalError("broken journal", where=str(journal_path(output)), why=why)


Count = Annotated[int, Meta(ge=0, lt=2**62)]
Number = Annotated[int, Meta(ge=1, lt=2**62)]


class _Run(msgspec.Struct, tag="run"):
    journal: int
    settings: dict[str, Any]


class _File(msgspec.Struct, tag="file"):
    name: str
    format: str
    codec: str


class _Record(msgspec.Struct, tag="record"):
    number: Number
    steps: list[list[Edit]]
    form: dict[str, Any] = {}
    notes: list[Edit] = []
    dropped: tuple[str, str] | None = None
    left: str = ""


class _Raw(msgspec.Struct, tag="raw"):
    number: Number
    bytes: str


class _Kept(msgspec.Struct, tag="kept"):
    count: Count


class _Duplicate(msgspec.Struct):
    """What is said of a record that repeats another; all of it or nothing."""

    number: Number
    code: str | None = None
    survivor: str | None = None
    line: Count | None = None
    similarity: float | None = None

    def __post_init__(self) -> None:
        said = (self.code, self.survivor, self.line, self.similarity)
        if None in said and said != (None, None, None, None):
            raise ValueError("a duplicate without code, survivor, line or similarity")


class _Removed(_Duplicate, tag="removed"):
    raw: bytes = b""


class _Marked(_Duplicate, tag="marked", kw_only=True):
    place: Count
    size: Count


class _Note(_Duplicate, tag="note"):
    notes: list[Edit] = []


class _End(msgspec.Struct, tag="end"):
    sha256: str
    output_sha256: str | None
    container_kept: bool


_Checked = _Run | _File | _Record | _Raw | _Kept | _Removed | _Marked | _Note | _End


def read_journal(output: Path) -> Iterator[Line]:
    """Yield the lines of the journal of an output folder, the run's own first.

    Raises UsageError where there is none or its version is another, JournalError where it is
    broken: every line has the fields that its readers need, of the right types, and stands where
    such a line may stand.
    """
    path = journal_path(output)
    try:
        if not kind_below(output, JOURNAL):
            raise UsageError(
                "no journal here",
                where=str(output),
                why=f"{path} does not exist",
                hint="name a folder that `cleaner clean` wrote to its end",
            )
        order = _Order()
        with open_below(output, JOURNAL) as raw, reading(raw, "zstd") as stream:
            for data in stream:
                line = _checked(read_removed(data, _loaded) or _loaded(data))
                order.check(line)
                if line["type"] == "run" and line["journal"] != VERSION:
                    raise UsageError(
                        "a journal of another version",
                        where=str(path),
                        hint="use the version of cleaner that wrote it",
                    )
                yield line
    except (ValueError, RecursionError, OverflowError) as error:
        raise broken_journal(output, str(error)) from error
    except InputError as error:
        raise broken_journal(output, error.what) from error
    except OSError as error:
        raise JournalError("cannot be read", where=str(path), why=error.strerror or "") from error


def _loaded(data: bytes) -> Any:
    return json.loads(data, object_pairs_hook=_without_repeats)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in a line")
    return found


def _checked(line: Any) -> Line:
    # The lines go on as they are: what later versions add to them does no harm.
    msgspec.convert(line, _Checked)
    checked: Line = line
    return checked


class _Order:
    """What may follow what: the run, then files, each with its records and its end."""

    def __init__(self) -> None:
        self._begun = False
        self._inside = False
        self._names: set[str] = set()

    def check(self, line: Line) -> None:
        """Raise ValueError where `line` cannot stand after those before it."""
        kind = line["type"]
        if self._begun == (kind == "run"):
            raise ValueError("the first line, and no other, tells of the run")
        self._begun = True
        if kind == "file":
            name = line["name"]
            if not stays_below(name):
                raise ValueError(f"a file name leaves the folder: {name!r}")
            if name in self._names:
                raise ValueError(f"a file stands in it twice: {name!r}")
            self._names.add(name)
        if kind != "run" and self._inside == (kind == "file"):
            raise ValueError(f"a line of type {kind!r} where none can be")
        self._inside = kind not in ("run", "end")
