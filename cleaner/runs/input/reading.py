"""The inputs as batches of records: read once, in order, with their digests."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

import msgspec

from cleaner.core.errors import InputError, UsageError
from cleaner.core.openfile import open_file
from cleaner.core.settings.config import Input
from cleaner.formats.base import Format, Packed, Record
from cleaner.formats.jsonl import fields_of
from cleaner.formats.registry import FORMATS, base_of, fields_in, with_fields
from cleaner.runs.input.archives import Archives, archive_of
from cleaner.runs.input.recognition import Recognized, recognize
from cleaner.storage.compress import output_name, reading
from cleaner.storage.digests import DigestReader
from cleaner.storage.ignoring import Ignoring, how_to_read
from cleaner.storage.walk import Found, walk

# Records of each file in which the field with the text is looked for, and fields named to people.
_LOOKED_AT = 20
_MOST_SHOWN = 12

# Reasons for which the files of a folder are passed over, where none of them is read.
_MOST_REASONS = 3

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
    archive: str = ""
    unpacked: Path | None = None

    @property
    def place(self) -> Path:
        """Where it can be opened."""
        return self.unpacked or self.path

    @property
    def output(self) -> str:
        """The name of what is written."""
        return output_name(self.name, FORMATS[self.format].written_suffix)


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


def find_inputs(
    paths: Sequence[Path], options: Input | None = None, output: Path | None = None
) -> Inputs:
    """Find the files that can be read, as what they are or as the format that is asked for.

    What the options do not ask for is passed over, and so is what stands in `output`.

    What is named outright and cannot be read is an error, what stands in a folder is passed over.
    """
    archives = Archives()
    try:
        return _find_inputs(paths, options or Input(), output, archives)
    except BaseException:
        archives.close()
        raise


def _find_inputs(
    paths: Sequence[Path], options: Input, output: Path | None, archives: Archives
) -> Inputs:
    ignoring = Ignoring(options.exclude, options.hidden, options.respect_gitignore, output)
    found = walk(paths, ignoring)
    files: list[SourceFile] = []
    skipped = dict(found.passed_over)
    errors = list(found.errors)
    remarks: dict[str, str] = {}
    outright = {str(path) for path in paths}
    opened: set[Path] = set()
    archives = Archives()

    def add(file: Found, place: Path | None = None, *, outright: bool, archive: str = "") -> None:
        known = recognize(place or file.path, file.name, options, outright=outright)
        if isinstance(known, Recognized):
            format = with_fields(known.format, options)
            one = SourceFile(file.name, file.path, format, known.codec)
            one.archive, one.unpacked = archive, place
            files.append(one)
            if known.remark:
                remarks[file.name] = known.remark
        elif outright:
            errors.append(cast("InputError", known.at(str(file.path))))
        else:
            skipped[file.name] = known.what.removeprefix("is ")

    for file in found.files:
        is_named = str(file.path) in outright
        kind = archive_of(file.path, file.name)
        if kind is None:
            add(file, outright=is_named)
            continue
        opened.add(file.path)
        before = len(files), len(errors)
        try:
            for member in archives.members(file, kind, options, skipped, errors):
                add(member.found, member.place, outright=False, archive=file.name)
        except InputError as error:
            errors.append(cast("InputError", error.at(str(file.path))))
        if is_named and before == (len(files), len(errors)):
            errors.append(InputError("nothing in it that is read", where=str(file.path)))
    # What was wrong with an archive was told.
    read = {*opened, *(file.path for file in files)}
    for path in filter(os.path.isdir, paths):
        inside = [f.path for f in found.files if f.path.is_relative_to(path)]
        if inside and read.isdisjoint(inside):
            errors.append(
                InputError(
                    "no readable files in this folder",
                    where=str(path),
                    why=f"{len(inside)} passed over: {_reasons(inside, found.files, skipped)}",
                    hint="name a file outright, or give --as txt, to read it as text",
                )
            )
    if not files and not errors and skipped:
        reasons = ", ".join(f"{n:,} {why}" for why, n in sorted(Counter(skipped.values()).items()))
        errors.append(
            InputError("nothing to read", why=f"passed over: {reasons}", hint=how_to_read(skipped))
        )
    files.sort(key=lambda file: file.name)
    skipped = dict(sorted(skipped.items()))
    return Inputs(files, skipped, errors, found.second_names, remarks, archives)


def _reasons(paths: Sequence[Path], found: Sequence[Found], skipped: Mapping[str, str]) -> str:
    """Return why these files were passed over, the commonest reasons first."""
    names = {file.path: file.name for file in found}
    counts = Counter(skipped[names[path]] for path in paths if names[path] in skipped)
    reasons = [why for why, _ in counts.most_common(_MOST_REASONS)]
    return "; ".join(reasons) + ("; and others" if len(counts) > _MOST_REASONS else "")


def check_text_field(inputs: Inputs, options: Input) -> None:
    """Raise UsageError where no record looked at has the field that holds the text.

    Some records of each file of records are looked at until one has it. A field that was not asked
    for may be missing where there are other files to read. A table tells of its columns when it is
    read.
    """
    own = [file for file in inputs.files if not file.protected]
    of_records = [file for file in own if base_of(file.format) in ("jsonl", "json")]
    fields: dict[str, None] = {}
    for file in of_records:
        with suppress(OSError, InputError), closing(records_of(file, options)) as records:
            for record in islice(records, _LOOKED_AT):
                fields.update(dict.fromkeys(fields_of(record, options.text_fields)))
        if fields.keys() >= set(options.text_fields):
            return
    asked_for = options.text_field != Input().text_field
    if fields and (asked_for or len(of_records) == len(own)):
        missing = next(name for name in options.text_fields if name not in fields)
        raise UsageError(
            f"no record has a field {missing!r}",
            where=str(of_records[0].path),
            why=f"they have {', '.join(map(repr, islice(fields, _MOST_SHOWN)))}",
            hint="name the right one with --text-field",
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def add_protected(paths: Sequence[str], inputs: Inputs, options: Input) -> None:
    """Add the reference texts at `paths` to `inputs`, after all that is to be cleaned.

    They are what they are, whatever format is asked for.

    Raises UsageError where a file would be both, or cannot be found.
    """
    if not paths:
        return
    own = {_identity(file.place) for file in inputs.files}
    known: set[tuple[int, int] | Path] = set()
    for path in sorted(set(paths)):
        found = find_inputs([Path(path)], msgspec.structs.replace(options, format=""))
        inputs.archives.keep(found.archives)
        if found.errors:
            # Whoever protects a text must not find out afterwards that nobody looked at it.
            error = found.errors[0]
            raise UsageError(
                "a reference text cannot be read",
                where=error.where,
                why=error.why or error.what,
                hint="mend that, or leave it out of --protect",
            )
        for file in found.files:
            identity = _identity(file.place)
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
        return cast("InputError", error.at(str(file.path)))
    return InputError("cannot be read", where=str(file.path), why=error.strerror or "")


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


def follow(tap: DigestReader, stream: BinaryIO, file: SourceFile) -> None:
    """Take the digest of a table as far as it was read, elsewhere: so progress shows."""
    if looks_around(FORMATS[file.format]):
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
            for record in FORMATS[file.format].records(stream, options):
                file.content_size += len(record.raw)
                follow(tap, stream, file)
                yield record
            tap.drain()
        file.sha256 = tap.hexdigest()
        file.size = tap.size
    if keep is not None:
        keep(file)
