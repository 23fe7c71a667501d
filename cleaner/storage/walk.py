"""The files that a command line names, in one fixed order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cleaner.core.errors import InputError, UsageError
from cleaner.storage.below import OWN_FOLDER


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, and the relative name ("/" between folders) its output gets."""

    path: Path
    name: str


@dataclass(frozen=True)
class Walk:
    """What was found: files by name, further names of those (by name), what could not be read."""

    files: tuple[Found, ...]
    errors: tuple[InputError, ...]
    second_names: Mapping[str, str] = field(default_factory=dict)


def walk(inputs: Iterable[Path]) -> Walk:
    """Find the files of `inputs`; a folder's files are named relative to it.

    The result does not depend on the order of `inputs`. A file counts once, under the first of its
    names, however often it is reached. Raises UsageError where two different files would get one
    name.
    """
    errors: list[InputError] = []
    by_name: dict[str, Path] = {}
    for start in sorted(set(inputs)):
        for found in _under(start, errors):
            other = by_name.setdefault(found.name, found.path)
            if other != found.path and not os.path.samefile(other, found.path):
                raise UsageError(
                    f"two inputs would be written as {found.name}",
                    where=f"{other} and {found.path}",
                    hint="clean them in runs of their own",
                )
    files: list[Found] = []
    names: dict[tuple[int, int], str] = {}
    second_names: dict[str, str] = {}
    for name, path in sorted(by_name.items()):
        first = names.setdefault(_identity(path) or (-1, len(files)), name)
        if first == name:
            files.append(Found(path, name))
        else:
            second_names[name] = first
    return Walk(tuple(files), tuple(errors), second_names)


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what all names of one file have in common; nothing for a file out of reach."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _under(start: Path, errors: list[InputError]) -> Iterator[Found]:
    try:
        is_folder = start.is_dir()
        if not is_folder:
            os.stat(start)
    except OSError as error:
        errors.append(_unreadable(start, error))
        return
    if not is_folder:
        if start.is_file():
            yield Found(start, start.name)
        else:
            errors.append(InputError("not a file or folder", where=str(start)))
        return
    count = 0
    for path in _files(start, errors, frozenset()):
        count += 1
        yield Found(path, path.relative_to(start).as_posix())
    if not count:
        errors.append(InputError("no files in this folder", where=str(start)))


def _files(
    folder: Path, errors: list[InputError], above: frozenset[tuple[int, int]]
) -> Iterator[Path]:
    """Yield the files below `folder`, sorted by name; `above` holds the folders it stands in."""
    try:
        status = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        errors.append(_unreadable(folder, error))
        return
    own = (status.st_dev, status.st_ino)
    if own in above:
        errors.append(InputError("links back to a folder that it stands in", where=str(folder)))
        return
    for entry in entries:
        path = folder / entry.name
        try:
            if entry.is_dir():
                if entry.name != OWN_FOLDER:
                    yield from _files(path, errors, above | {own})
            elif entry.is_file():
                yield path
            elif entry.is_symlink():
                os.stat(path)
        except OSError as error:
            errors.append(_unreadable(path, error))


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError("cannot be read", where=str(path), why=error.strerror or str(error))
