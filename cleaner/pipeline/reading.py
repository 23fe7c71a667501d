"""The inputs as batches of records: read once, in order, with their digests."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from cleaner.core.config import Input
from cleaner.core.errors import InputError, UsageError
from cleaner.formats.base import Format, Record
from cleaner.formats.registry import FORMATS, format_of
from cleaner.storage.compress import SUFFIXES, codec_of, reading
from cleaner.storage.digests import DigestReader
from cleaner.storage.walk import Found, walk

# A batch is closed when it holds this many bytes: small enough to keep workers busy and memory low.
_BATCH_BYTES = 1 << 20


@dataclass
class SourceFile:
    """A file to read; digest, size and failure are known once it has been read to its end.

    A `protected` one is compared with and never written; its name is its path.
    """

    name: str
    path: Path
    format: str
    codec: str
    sha256: str = ""
    size: int = 0
    content_size: int = 0
    error: str | None = None
    protected: bool = False


@dataclass
class Inputs:
    """The files of a run, those passed over because no format fits their name, and errors.

    `second_names` gives, by further names of files that are read under another, that other.
    """

    files: list[SourceFile]
    skipped: list[str] = field(default_factory=list)
    errors: list[InputError] = field(default_factory=list)
    second_names: Mapping[str, str] = field(default_factory=dict)

    def total_bytes(self) -> int:
        """Return the size of all files as they stand on disk; what cannot be reached has none."""
        return sum(_size(file.path) for file in self.files)


class Entry(NamedTuple):
    """A record with the number of its file."""

    file: int
    record: Record


class Batch(NamedTuple):
    """Records that one worker handles, the batch's place among all; names and formats by file."""

    place: int
    entries: list[Entry]
    names: dict[int, str]
    formats: dict[int, str]


def find_inputs(paths: Sequence[Path]) -> Inputs:
    """Find the files that can be read; a file named outright is text where no format fits."""
    found = walk(paths)
    files = []
    skipped = []
    outright = {str(path) for path in paths}
    for file in found.files:
        format = format_of(file.name, tuple(SUFFIXES))
        if format is None and str(file.path) in outright:
            format = FORMATS["txt"]
        if format is None:
            skipped.append(file.name)
        else:
            files.append(_source_file(file, format))
    errors = list(found.errors)
    read = {file.path for file in files}
    for path in filter(os.path.isdir, paths):
        inside = [f.path for f in found.files if f.path.is_relative_to(path)]
        if inside and read.isdisjoint(inside):
            errors.append(
                InputError(
                    "no readable files in this folder",
                    where=str(path),
                    why=f"{len(inside)} passed over: no known suffix",
                    hint="name a file outright to read it as text",
                )
            )
    return Inputs(files, skipped, errors, found.second_names)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def add_protected(paths: Sequence[str], inputs: Inputs) -> None:
    """Add the reference texts at `paths` to `inputs`, after all that is to be cleaned.

    Raises UsageError where a file would be both.
    """
    if not paths:
        return
    own = {_identity(file.path) for file in inputs.files}
    known: set[tuple[int, int] | Path] = set()
    for path in sorted(set(paths)):
        found = find_inputs([Path(path)])
        inputs.errors += found.errors
        for file in found.files:
            identity = _identity(file.path)
            if identity in own:
                raise UsageError(
                    "is to be cleaned and protected",
                    where=str(file.path),
                    hint="leave it out of the inputs, or of --protect",
                )
            if identity not in known:
                known.add(identity)
                file.name, file.protected = str(file.path), True
                inputs.files.append(file)


def _identity(path: Path) -> tuple[int, int] | Path:
    """Return what two names of one file have in common; a file out of reach has its name."""
    try:
        status = path.stat()
    except OSError:
        return path
    return status.st_dev, status.st_ino


def _source_file(file: Found, format: Format) -> SourceFile:
    return SourceFile(file.name, file.path, format.name, codec_of(file.path))


def read_batches(
    inputs: Inputs,
    options: Input,
    on_error: Callable[[InputError], None],
    advance: Callable[[int], None],
) -> Iterator[Batch]:
    """Yield the records of all files in batches, noting digest, size and failure of each file.

    Where a file fails after some of its records were handed out, it is marked; none of its
    records counts then.
    """
    entries: list[Entry] = []
    held = 0
    index = 0
    for number, file in enumerate(inputs.files):
        try:
            for record in _records(file, options, advance):
                entries.append(Entry(number, record))
                held += len(record.raw)
                if held >= _BATCH_BYTES:
                    yield _batch(index, entries, inputs)
                    entries, held, index = [], 0, index + 1
        except InputError as error:
            file.error = str(error.at(str(file.path)))
            on_error(cast("InputError", error.at(str(file.path))))
        except OSError as error:
            problem = InputError("cannot be read", where=str(file.path), why=error.strerror or "")
            file.error = str(problem)
            on_error(problem)
    if entries:
        yield _batch(index, entries, inputs)


def _batch(index: int, entries: list[Entry], inputs: Inputs) -> Batch:
    numbers = sorted({entry.file for entry in entries})
    return Batch(
        index,
        entries,
        {number: inputs.files[number].name for number in numbers},
        {number: inputs.files[number].format for number in numbers},
    )


def _records(file: SourceFile, options: Input, advance: Callable[[int], None]) -> Iterator[Record]:
    with file.path.open("rb") as raw:
        tap = DigestReader(raw, advance)
        with reading(cast("BinaryIO", io.BufferedReader(tap, 1 << 16)), file.codec) as stream:
            for record in FORMATS[file.format].records(stream, options):
                file.content_size += len(record.raw)
                yield record
            tap.drain()
        file.sha256 = tap.hexdigest()
        file.size = tap.size
