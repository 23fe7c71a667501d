"""The inputs as batches of records: read once, in order, with their digests."""

from __future__ import annotations

import io
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple, cast

from cleaner.core.errors import InputError
from cleaner.core.openfile import open_file
from cleaner.core.settings.config import Input
from cleaner.formats.base import Format, Packed, Record
from cleaner.formats.registry import FORMATS, base_of, fields_in
from cleaner.runs.input.archives import Archives
from cleaner.runs.input.target import Target
from cleaner.storage.below import kept_name
from cleaner.storage.compress import output_name, reading
from cleaner.storage.digests import DigestReader

# A batch is closed when it holds this many bytes: small enough to keep workers busy and memory low.
_BATCH_BYTES = 1 << 20

# So much of a table's file is digested at once.
_AHEAD = 1 << 20


@dataclass
class SourceFile:
    """A file to read; digest, size and failure are known once it has been read to its end.

    Whether its container was kept is known then, too, of files that are to be written.
    A `protected` one is compared with and never written; its name is its path.
    One that comes as a `stream` is read from that, once. A member of the `archive` of that name is
    opened where it was `unpacked`; its path is what people read. In one, codes may be `ignored`.
    What is written of it becomes its `target`, if it has one. What was fetched is `shown` as a URL.
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
    container_kept: bool = False
    stream: BinaryIO | None = None
    ignored: tuple[str, ...] = ()
    target: Target | None = None
    archive: str = ""
    unpacked: Path | None = None
    shown: str = ""

    @property
    def place(self) -> Path:
        """Where it can be opened."""
        return self.unpacked or self.path

    @property
    def on_disk(self) -> Path:
        """The file that it is, or that of its archive."""
        if not self.archive:
            return self.path
        inside = PurePosixPath(self.name).relative_to(self.archive)
        return self.path.parents[len(inside.parts) - 1]

    @property
    def where(self) -> str:
        """The file as people are told of it: its path, or the URL that it was fetched from."""
        return self.shown or str(self.path)

    @property
    def output(self) -> str:
        """The name of what is written, in the form of the source."""
        return output_name(self.name, FORMATS[self.format].written_suffix)

    @property
    def output_place(self) -> str:
        """Where that is written: beside what it becomes, if it has a target."""
        return self.output if self.target is None else kept_name(self.output)

    @property
    def written_name(self) -> str:
        """The name of what people find."""
        return self.output if self.target is None else self.target.name


@dataclass
class Inputs:
    """The files of a run, why others are passed over, by name, and errors.

    `second_names` gives, by further names of files that are read under another, that other;
    `remarks`, by name, what is to be said of files that are read.
    """

    files: list[SourceFile]
    skipped: Mapping[str, str] = field(default_factory=dict)
    errors: list[InputError] = field(default_factory=list)
    second_names: Mapping[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    archives: Archives = field(default_factory=Archives)

    def close(self) -> None:
        """Let go of what was unpacked of archives."""
        self.archives.close()

    def total_bytes(self) -> int:
        """Return the size of all files as they stand on disk; what cannot be reached has none."""
        return sum(_size(file.place) for file in self.files)


class Entry(NamedTuple):
    """A record with the number of its file."""

    file: int
    record: Record


class Batch(NamedTuple):
    """Records that one worker handles, and the batch's place among all.

    By file: its name, its format and the codes that are ignored in it.
    """

    place: int
    entries: list[Entry]
    names: dict[int, str]
    formats: dict[int, str]
    ignored: dict[int, tuple[str, ...]]


class Failure(NamedTuple):
    """A file that failed while a batch was being filled: the places of batch and file, and why."""

    batch: int
    file: int
    error: InputError


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def read_batches(
    inputs: Inputs,
    options: Input,
    on_error: Callable[[Failure], None],
    advance: Callable[[int], None],
    keep: Callable[[SourceFile], None] | None = None,
    *,
    most: int = _BATCH_BYTES,
) -> Iterator[Batch]:
    """Yield the records of all files in batches, noting digest, size and failure of each file.

    A batch is closed when it holds `most` bytes. Where a file fails after some of its records were
    handed out, it is marked; none of its records counts then. `on_error` hears of it before the
    batch that the file failed in is yielded. `keep` is called with each file that was read to its
    end, and may raise InputError.
    """
    entries: list[Entry] = []
    held = 0
    index = 0
    for number, file in enumerate(inputs.files):
        try:
            for record in _noted_records(file, options, advance, keep):
                entries.append(Entry(number, record))
                held += len(record.raw)
                # The texts of a record come into one batch.
                if held >= most and not record.number % fields_in(file.format, options):
                    yield _batch(index, entries, inputs)
                    entries, held, index = [], 0, index + 1
        except (InputError, OSError) as error:
            problem = _told_of(file, error)
            file.error = str(problem)
            on_error(Failure(index, number, problem))
    if entries:
        yield _batch(index, entries, inputs)


def _told_of(file: SourceFile, error: InputError | OSError) -> InputError:
    """Return the error on a file that cannot be read."""
    if isinstance(error, InputError):
        return cast("InputError", error.at(file.where))
    return InputError("cannot be read", where=file.where, why=error.strerror or "")


def _batch(index: int, entries: list[Entry], inputs: Inputs) -> Batch:
    numbers = sorted({entry.file for entry in entries})
    return Batch(
        index,
        entries,
        {number: inputs.files[number].name for number in numbers},
        {number: inputs.files[number].format for number in numbers},
        {number: inputs.files[number].ignored for number in numbers},
    )


@contextmanager
def content(file: SourceFile, raw: BinaryIO) -> Iterator[BinaryIO]:
    """Give what the format of a file reads: the decompressed content of `raw`, or the file itself.

    Raises InputError where a file that must be at hand as a whole is compressed.
    """
    if not looks_around(FORMATS[file.format]):
        with reading(raw, file.codec) as stream:
            yield stream
        return
    if file.codec != "plain":
        raise InputError(
            f"is a {file.codec} file around a table, which is not read", hint="decompress it"
        )
    with open_file(file.place) as own:
        yield own


def follow(tap: DigestReader, stream: BinaryIO) -> None:
    """Take the digest of a table as far as it was read, elsewhere: so progress shows."""
    while tap.size < stream.tell() and tap.read(_AHEAD):
        pass


def looks_around(format: Format) -> bool:
    """Whether a format reads whole files, and no streams."""
    return isinstance(format, Packed) and format.looks_around


def records_of(file: SourceFile, options: Input) -> Generator[Record]:
    """Yield the records of a file, of which nothing is noted."""
    with open_file(file.place) as raw, reading(raw, file.codec) as stream:
        yield from FORMATS[base_of(file.format)].records(stream, options)


def _noted_records(
    file: SourceFile,
    options: Input,
    advance: Callable[[int], None],
    keep: Callable[[SourceFile], None] | None,
) -> Iterator[Record]:
    with open_file(file.place) if file.stream is None else nullcontext(file.stream) as raw:
        tap = DigestReader(raw, advance)
        with content(file, cast("BinaryIO", io.BufferedReader(tap, 1 << 16))) as stream:
            around = looks_around(FORMATS[file.format])
            for record in FORMATS[file.format].records(stream, options):
                file.content_size += len(record.raw)
                if around:
                    follow(tap, stream)
                yield record
            tap.drain()
        file.sha256 = tap.hexdigest()
        file.size = tap.size
    if keep is not None:
        keep(file)
