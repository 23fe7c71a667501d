"""The files that a command line names, in one fixed order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from cleaner.core.errors import InputError, UsageError
from cleaner.storage.below import RUN_DIR


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, and the relative name ("/" between folders) its output gets."""

    path: Path
    name: str


@dataclass(frozen=True)
class Walk:
    """What was found: files by name, further names of those (by name), what could not be read.

    `passed_over` says why, by name, of what is no file, and of folders that a run wrote.
    """

    files: tuple[Found, ...]
    errors: tuple[InputError, ...]
    second_names: Mapping[str, str] = field(default_factory=dict)
    passed_over: Mapping[str, str] = field(default_factory=dict)


def walk(inputs: Iterable[Path]) -> Walk:
    """Find the files of `inputs`, each with its name.

    The files of a folder that is the only input are named as seen from it; those of several inputs,
    as seen from the folder that all of these stand in, so that their paths are kept. The result
    does not depend on the order of `inputs`. A file counts once, under the first of its names,
    however often it is reached. Raises UsageError where two different files would get one name.
    """
    errors: list[InputError] = []
    passed_over: dict[str, str] = {}
    by_name: dict[str, Path] = {}
    for start, prefix in _named(inputs):
        for found in _under(start, prefix, errors, passed_over):
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
    return Walk(tuple(files), tuple(errors), second_names, passed_over)


def _named(inputs: Iterable[Path]) -> list[tuple[Path, str]]:
    """Return each input with its name as seen from the folder of all; "" for the only one.

    >>> _named([Path("a/x.txt"), Path("b")])
    [(PosixPath('a/x.txt'), 'a/x.txt'), (PosixPath('b'), 'b')]
    >>> _named([Path("a")])
    [(PosixPath('a'), '')]
    """
    # Two ways to write one path are one input, unless a link makes two of it.
    distinct: dict[tuple[str, tuple[int, int] | None], Path] = {}
    for path in sorted(set(inputs)):
        place = os.path.abspath(path)
        distinct.setdefault((place, _identity(path)), path)
    if len(distinct) == 1:
        return [(path, "") for path in distinct.values()]
    above = os.path.commonpath([os.path.dirname(place) for place, _ in distinct])
    return [
        (path, Path(place).relative_to(above).as_posix()) for (place, _), path in distinct.items()
    ]


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what all names of one file have in common; nothing for a file out of reach."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _under(
    start: Path, prefix: str, errors: list[InputError], passed_over: dict[str, str]
) -> Iterator[Found]:
    try:
        is_folder = start.is_dir()
        if not is_folder:
            os.stat(start)
    except OSError as error:
        errors.append(_unreadable(start, error))
        return
    if not is_folder:
        if start.is_file():
            yield Found(start, prefix or start.name)
        else:
            errors.append(InputError("not a file or folder", where=str(start)))
        return
    count = 0
    own_passed_over: dict[Path, str] = {}
    for path in _files(start, errors, own_passed_over, frozenset()):
        count += 1
        yield Found(path, _name_below(start, prefix, path))
    for path, why in own_passed_over.items():
        passed_over[_name_below(start, prefix, path)] = why
    if not count:
        errors.append(InputError("no files in this folder", where=str(start)))


def _name_below(start: Path, prefix: str, path: Path) -> str:
    return (PurePosixPath(prefix) / path.relative_to(start).as_posix()).as_posix()


def _files(
    folder: Path,
    errors: list[InputError],
    passed_over: dict[Path, str],
    above: frozenset[tuple[int, int]],
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
                if entry.name == RUN_DIR:
                    passed_over[path] = "journal of a run"
                else:
                    yield from _files(path, errors, passed_over, above | {own})
            elif entry.is_file():
                yield path
            else:
                os.stat(path)  # tells of a link that leads nowhere
                passed_over[path] = "no file, but a pipe, a socket or a device"
        except OSError as error:
            errors.append(_unreadable(path, error))


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError("cannot be read", where=str(path), why=error.strerror or str(error))
