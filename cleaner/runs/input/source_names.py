"""Which source of a run is meant by a path."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from cleaner.core.errors import UsageError


def source_name(file: Path, names: Collection[str], output: Path) -> str:
    """Return the name of a source: the longest one that the path of `file` ends with.

    >>> source_name(Path("corpus/b/a.txt"), {"a.txt", "b/a.txt"}, Path("out"))
    'b/a.txt'
    """
    path = PurePosixPath(file.as_posix())
    for start in range(len(path.parts)):
        name = PurePosixPath(*path.parts[start:]).as_posix()
        if name in names:
            return name
    near = difflib.get_close_matches(path.name, list(names), n=1)
    raise UsageError(
        "this run read no such file",
        where=str(file),
        hint=f"did you mean {near[0]}?" if near else f"{output} may be another run's",
    )
