"""Reading a journal, whoever wrote it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from cleaner.core.errors import InputError, UsageError
from cleaner.journal.lines import VERSION, Line, journal_path
from cleaner.journal.removed import read_removed
from cleaner.storage.compress import reading


def read_journal(output: Path) -> Iterator[Line]:
    """Yield the lines of the journal of an output folder, the run's own first.

    Raises UsageError where there is none or its version is another, InputError where it is broken.
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
                line = read_removed(data) or _checked(json.loads(data))
                if number == 0 and (line["type"] != "run" or line["journal"] != VERSION):
                    raise UsageError(
                        "a journal of another version",
                        where=str(path),
                        hint="use the version of cleaner that wrote it",
                    )
                yield line
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("broken journal", where=str(path), why=repr(error)) from error
    except InputError as error:
        raise error.at(str(path)) from error


def _checked(line: Line) -> Line:
    if line["type"] == "file":
        name = PurePosixPath(line["name"])
        if name.is_absolute() or ".." in name.parts or not name.parts:
            raise ValueError(f"a file name leaves the folder: {line['name']!r}")
    return line
