"""Arguments as people give them."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike, fsdecode
from pathlib import Path

from cleaner.core.errors import UsageError

AnyPath = str | PathLike[str]
AnyPaths = AnyPath | Iterable[AnyPath]


def paths_of(inputs: AnyPaths) -> list[Path]:
    """Return the paths of inputs: one path, or any number of them."""
    given = [inputs] if isinstance(inputs, str | bytes | PathLike) else inputs
    if not isinstance(given, Iterable):
        raise TypeError(f"inputs is a path or a sequence of paths, not a {kind_of(inputs)}")
    paths = [path_of(path) for path in given]
    if not paths:
        raise UsageError("nothing to read", hint="name files or folders")
    return paths


def path_of(path: AnyPath | bytes) -> Path:
    """Return a path as it was given; TypeError where it is none."""
    if not isinstance(path, str | bytes | PathLike):
        raise TypeError(f"a path is a str or a Path, not a {kind_of(path)}")
    return Path(fsdecode(path))


def kind_of(value: object) -> str:
    """Return the name of a value's type, as an error says it."""
    return type(value).__name__
