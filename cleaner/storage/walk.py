"""The files that a command line names, in one fixed order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from cleaner.core.errors import InputError, UsageError
from cleaner.storage.below import RUN_DIR
from cleaner.storage.ignoring import EXCLUDED, Ignoring, Rules


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, and the relative name ("/" between folders) its output gets."""

    path: Path
    name: str


@dataclass(frozen=True)
class Walk:
    """What was found: files by name, further names of those (by name), what could not be read.

    `passed_over` says why, by name, of what is no file, of folders that a run wrote, and of what
    nobody asked for.
    """

    files: tuple[Found, ...]
    errors: tuple[InputError, ...]
    second_names: Mapping[str, str] = field(default_factory=dict)
    passed_over: Mapping[str, str] = field(default_factory=dict)


def walk(inputs: Iterable[Path], ignoring: Ignoring | None = None) -> Walk:
    """Find the files of `inputs`, each with its name; pass over those that `ignoring` tells of.

    The files of a folder that is the only input are named as seen from it; those of several inputs,
    as seen from the folder that all of these stand in, so that their paths are kept. The result
    does not depend on the order of `inputs`. A file counts once, under the first of its names,
    however often it is reached. Raises UsageError where two different files would get one name.
    """
    errors: list[InputError] = []
    passed_over: dict[str, str] = {}
    by_name: dict[str, Path] = {}
    folders = _Folders(ignoring or Ignoring(hidden=True, gitignore=False), errors, passed_over)
    for start, prefix in _named(inputs):
        for found in folders.under(start, prefix):
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
    if len(distinct) < 2:
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


@dataclass(frozen=True)
class _Folders:
    """Walks folders; tells what cannot be read, and why other things are passed over."""

    ignoring: Ignoring
    errors: list[InputError]
    passed_over: dict[str, str]

    def under(self, start: Path, prefix: str) -> Iterator[Found]:
        """Yield the files of an input; their names begin with `prefix`."""
        try:
            is_folder = start.is_dir()
            if not is_folder:
                os.stat(start)
        except OSError as error:
            self.errors.append(_unreadable(start, error))
            return
        own_name = prefix or ("" if is_folder else start.name)
        if own_name and self.ignoring.excludes(own_name, folder=is_folder):
            self.passed_over[own_name] = f"{EXCLUDED} folder" if is_folder else EXCLUDED
        elif is_folder:
            place = _Place(start, Path(os.path.realpath(start)), PurePosixPath(prefix))
            before = len(self.passed_over)
            files = 0
            for found in self._files(place, frozenset(), self.ignoring.rules_of(start)):
                files += 1
                yield found
            if not files and len(self.passed_over) == before:
                self.errors.append(InputError("no files in this folder", where=str(start)))
        elif start.is_file():
            yield Found(start, own_name)
        else:
            self.errors.append(InputError("not a file or folder", where=str(start)))

    def _files(
        self, folder: _Place, above: frozenset[tuple[int, int]], rules: Rules
    ) -> Iterator[Found]:
        """Yield the files below `folder`, sorted; `above` holds the folders it stands in."""
        try:
            status = folder.path.stat()
            entries = sorted(os.scandir(folder.path), key=lambda entry: entry.name)
        except OSError as error:
            self.errors.append(_unreadable(folder.path, error))
            return
        own = (status.st_dev, status.st_ino)
        if own in above:
            why = "links back to a folder that it stands in"
            self.errors.append(InputError(why, where=str(folder.path)))
            return
        for entry in entries:
            place = folder.inside(entry.name)
            name = place.name.as_posix()
            try:
                is_folder = entry.is_dir()
                if is_folder and entry.name == RUN_DIR:
                    self.passed_over[name] = "journal of a run"
                elif why := self.ignoring.why(place.real, name, rules, folder=is_folder):
                    self.passed_over[name] = f"{why} folder" if is_folder else why
                elif is_folder:
                    inner = rules.below(place.real)
                    yield from self._files(place, above | {own}, inner)
                elif entry.is_file():
                    yield Found(place.path, name)
                else:
                    os.stat(place.path)  # tells of a link that leads nowhere
                    self.passed_over[name] = "no file, but a pipe, a socket or a device"
            except OSError as error:
                self.errors.append(_unreadable(place.path, error))


@dataclass(frozen=True)
class _Place:
    """Where something stands, as it was named and really, and how the run calls it."""

    path: Path
    real: Path
    name: PurePosixPath

    def inside(self, name: str) -> _Place:
        """Return the place of what this folder holds."""
        return _Place(self.path / name, self.real / name, self.name / name)


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError("cannot be read", where=str(path), why=error.strerror or str(error))
