"""From outputs and journal back to the sources, byte for byte."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol, cast, runtime_checkable

import msgspec

from cleaner.core.errors import CleanerError, InputError, RestoreError, UsageError
from cleaner.core.findings import undo_steps
from cleaner.core.settings.config import Input
from cleaner.journal.read import (
    Entry,
    JournalError,
    broken_journal,
    read_journal,
    read_settings,
)
from cleaner.journal.tables import FileRow, form_of
from cleaner.storage.below import container_name, kind_below, open_below, output_place, rows_name
from cleaner.storage.compress import output_name, reading, writing
from cleaner.storage.digests import DigestReader, DigestWriter
from cleaner.storage.replace import whole_file

_ANY_SIZE = 2**60
# So many records of a packed output are at hand at once.
_AT_ONCE = 1024


class Written(Protocol):
    """A record of an output."""

    @property
    def raw(self) -> bytes:
        """All its bytes."""


class _Whole(NamedTuple):
    """A file that is one document."""

    raw: bytes


class RecordFormat(Protocol):
    """What restoring asks of a file format."""

    @property
    def one_document(self) -> bool:
        """Whether a file is one document."""

    @property
    def member_per_record(self) -> bool:
        """Whether each record of a compressed file can be decompressed alone."""

    @property
    def written_suffix(self) -> str:
        """What the name of an output has more than that of its source."""

    def records(self, stream: BinaryIO, options: Input) -> Iterator[Written]:
        """Yield the records of an output."""

    def opened(self, written: Any, options: Input) -> tuple[Any, str]:
        """Return frame and text of an output record."""

    def source(self, form: dict[str, Any], frame: Any, text: str) -> bytes:
        """Return the bytes of the source record."""


class Packer(Protocol):
    """Makes a file of records."""

    def write(self, records: bytes | memoryview, kept: bytes) -> None:
        """Append records; `kept` has a byte for each, 1 where it is in the output."""

    def close(self) -> str | None:
        """Write the end of the file; return the digest of its values, if it has one."""

    def abandon(self) -> None:
        """Let go of a file that will not be kept."""


@runtime_checkable
class PackedFormat(Protocol):
    """What restoring asks of a format whose files are more than their records."""

    @property
    def looks_around(self) -> bool:
        """Whether records are read from a whole file, and no stream."""

    def restorer(
        self, output: BinaryIO, removed: BinaryIO | None, sink: BinaryIO, options: Input
    ) -> Packer:
        """Return what writes a source again: all its records are given."""


class Restored(NamedTuple):
    """The name of a restored file, or the error that kept it from being restored."""

    name: str
    error: CleanerError | None


def restore_sources(
    output: Path,
    destination: Path,
    formats: Mapping[str, RecordFormat],
    frame: Callable[[str, str], Any],
    staging: str | None = None,
) -> Iterator[Restored]:
    """Restore each source below `destination`, telling of each; one that fails is not written.

    Files stand in the folder `staging` below it, or their own by default, until they are whole.
    Neither there nor in `output` is a link followed.

    Raises UsageError where there is no journal, JournalError where it cannot be read on.
    `formats` goes by name; `frame` makes a frame from its two parts.
    """
    options = read_settings(output, Input, "input")
    for file, entries in read_journal(output):
        if file.format not in formats:
            raise broken_journal(output, f"unknown format {file.format!r}")
        if file.archive is not None:
            continue
        source = _Source(file, entries, output, destination, options, formats, frame, staging)
        try:
            source.restore()
        except JournalError:
            raise
        except CleanerError as error:
            yield Restored(file.file, error)
        else:
            yield Restored(file.file, None)


def restore_one(
    output: Path,
    name: str,
    destination: Path,
    formats: Mapping[str, RecordFormat],
    frame: Callable[[str, str], Any],
) -> Path:
    """Restore the source `name` below `destination` and return where it stands.

    Raises UsageError where the journal does not know it, and what `restore_sources` tells of.
    """
    options = read_settings(output, Input, "input")
    for file, entries in read_journal(output):
        if file.file == name:
            _Source(file, entries, output, destination, options, formats, frame).restore()
            return destination / name
    raise UsageError("is not in the journal", where=name, hint=f"see {output}/_cleaner/report.json")


class _Source:
    """One file of the journal."""

    def __init__(
        self,
        file: FileRow,
        entries: Iterator[Entry],
        output: Path,
        destination: Path,
        options: Input,
        formats: Mapping[str, RecordFormat],
        frame: Callable[[str, str], Any],
        staging: str | None = None,
    ) -> None:
        self._file = file
        self._name = file.file
        self._format = formats[file.format]
        self._output_name = output_place(
            output, output_name(file.file, self._format.written_suffix)
        )
        self._entries = entries
        self._output = output
        self._destination = destination
        self._options = options
        self._frame = frame
        self._staging = staging

    def restore(self) -> None:
        """Write the source whole, or raise CleanerError."""
        path = self._output / self._output_name
        try:
            self._restore(path)
        except JournalError:
            raise
        except InputError as error:
            raise _changed(path, error.what) from error
        except OSError as error:
            raise RestoreError(
                "cannot be restored", where=str(path), why=error.strerror or str(error)
            ) from error

    def _restore(self, path: Path) -> None:
        with whole_file(self._destination, self._name, self._staging) as raw:
            digest = DigestWriter(raw)
            members = self._format.member_per_record
            with writing(cast("BinaryIO", digest), self._file.codec, members=members) as stream:
                values = self._write_records(path, stream)
            if self._file.container_kept:
                raw.seek(0)
                raw.truncate()
                digest = DigestWriter(raw)
                with open_below(self._output, container_name(self._name)) as kept:
                    shutil.copyfileobj(kept, cast("BinaryIO", digest))
            if values is None:
                is_same = digest.hexdigest() == self._file.sha256
            else:
                is_same = values == self._file.values_sha256
            if not is_same:
                raise RestoreError(
                    "does not come out as it was",
                    where=str(path),
                    why="the digest of what was restored is not the source's",
                    hint="restore it from a backup, and report this",
                )

    def _write_records(self, path: Path, stream: BinaryIO) -> str | None:
        """Write the source records, the output's digest taken on the way.

        Returns the digest of their values, where it is these that come back.
        """
        if isinstance(self._format, PackedFormat):
            return self._write_packed(path, stream, self._format)
        if self._file.output_sha256 is None or not kind_below(self._output, self._output_name):
            stream.writelines(raw for raw, _ in self._records(path, None))
            self._check_output(None, path)
            return None
        with open_below(self._output, self._output_name) as file:
            digest = DigestReader(file)
            content = cast("BinaryIO", io.BufferedReader(digest))
            with reading(content, self._file.codec) as records:
                written = self._written(records)
                stream.writelines(raw for raw, _ in self._records(path, written))
            digest.drain()
            self._check_output(digest.hexdigest(), path)
        return None

    def _write_packed(self, path: Path, stream: BinaryIO, format: PackedFormat) -> str | None:
        """Write the source of an output that is more than its records."""
        with ExitStack() as opened:
            if not kind_below(self._output, self._output_name):
                raise RestoreError("is missing", where=str(path))
            output = opened.enter_context(open_below(self._output, self._output_name))
            digest = DigestReader(output)
            digest.drain()
            self._check_output(digest.hexdigest(), path)
            output.seek(0)
            source = opened.enter_context(open_below(self._output, self._output_name))
            removed = None
            if kind_below(self._output, rows_name(self._name)):
                place = rows_name(self._name)
                removed = opened.enter_context(open_below(self._output, place))
            packer = format.restorer(source, removed, stream, self._options)
            content = opened.enter_context(reading(output, self._file.codec))
            records = self._records(path, self._written(content))
            try:
                while some := list(islice(records, _AT_ONCE)):
                    packer.write(b"".join(raw for raw, _ in some), bytes(kept for _, kept in some))
                return packer.close()
            except BaseException:
                packer.abandon()
                raise

    def _written(self, stream: BinaryIO) -> Iterator[Written]:
        """Yield the records of the output; however long they are, they were written."""
        if self._format.one_document:
            return iter([_Whole(stream.read())])
        options = msgspec.structs.replace(
            self._options, max_document_size=_ANY_SIZE, max_line_size=_ANY_SIZE
        )
        return self._format.records(stream, options)

    def _records(
        self, path: Path, written: Iterator[Written] | None
    ) -> Iterator[tuple[bytes, bool]]:
        """Yield the bytes of the source's records, and whether each is among those `written`."""
        done = 0
        for entry in self._entries:
            for record in _untouched(path, written, entry.number - done - 1):
                yield record.raw, True
            yield self._source(path, entry, written)
            done = entry.number
        for record in _untouched(path, written, self._file.texts - done):
            yield record.raw, True

    def _source(
        self, path: Path, entry: Entry, written: Iterator[Written] | None
    ) -> tuple[bytes, bool]:
        """Return the source bytes of a record, and whether it is among those written."""
        row = entry.row
        record = None
        if row is None or row.written:
            record = next(_untouched(path, written, 1), None)
            if record is None:
                raise _changed(path, f"record {entry.number} is missing")
        is_written = record is not None
        data = b"" if record is None else record.raw
        steps = entry.steps()
        if row is None and not steps:
            return data, is_written
        if row is not None and row.source is not None:
            return row.source, is_written
        if row is not None and row.added_at is not None:
            added = row.added_at + (row.added_size or 0)
            return data[: row.added_at] + data[added:], is_written
        with _fitting(path, entry):
            if record is not None:
                frame, text = self._format.opened(record, self._options)
            elif row is not None:
                frame, text = self._frame(row.head or "", row.tail or ""), row.text or ""
            form = {} if row is None else form_of(row)
            return self._format.source(form, frame, undo_steps(text, steps)), is_written

    def _check_output(self, digest: str | None, path: Path) -> None:
        if digest != self._file.output_sha256:
            raise _changed(path, "its digest is not the one in the journal")


def _untouched(path: Path, written: Iterator[Written] | None, count: int) -> Iterator[Written]:
    """Yield so many of the written records."""
    if count and written is None:
        raise RestoreError("is missing", where=str(path), hint="the journal alone is not enough")
    return islice(written or (), count)


@contextmanager
def _fitting(path: Path, entry: Entry) -> Iterator[None]:
    """Tell of a record that the journal does not fit."""
    try:
        yield
    except (CleanerError, ValueError, LookupError, TypeError) as error:
        raise _changed(path, f"record {entry.number} does not fit the journal") from error


def _changed(path: Path, why: str) -> RestoreError:
    return RestoreError(
        "was changed after cleaning",
        where=str(path),
        why=why,
        hint="restore needs the output as it was written",
    )
