"""From outputs and journal back to the sources, byte for byte."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol, cast

import msgspec

from cleaner.core.config import Input
from cleaner.core.errors import CleanerError, InputError, RestoreError, UsageError
from cleaner.core.findings import undo_steps
from cleaner.journal.lines import Line, container_name, raw_bytes, steps_of
from cleaner.journal.read import JournalError, broken_journal, read_journal
from cleaner.storage.below import kind_below, open_below
from cleaner.storage.compress import reading, writing
from cleaner.storage.digests import DigestReader, DigestWriter
from cleaner.storage.replace import whole_file


class RecordFormat(Protocol):
    """What restoring asks of a file format."""

    @property
    def one_document(self) -> bool:
        """Whether a file is one document."""

    def opened(self, written: bytes, options: Input) -> tuple[Any, str]:
        """Return frame and text of an output record."""

    def source(self, form: dict[str, Any], frame: Any, text: str) -> bytes:
        """Return the bytes of the source record."""


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
    lines = read_journal(output)
    options = _options(next(lines, None), output)
    for line in lines:
        if line["type"] == "file":
            if line["format"] not in formats:
                raise broken_journal(output, f"unknown format {line['format']!r}")
            source = _Source(line, lines, output, destination, options, formats, frame, staging)
            try:
                source.restore()
            except JournalError:
                raise
            except CleanerError as error:
                source.skip()
                yield Restored(line["name"], error)
            else:
                yield Restored(line["name"], None)


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
    lines = read_journal(output)
    options = _options(next(lines, None), output)
    for line in lines:
        if line["type"] == "file":
            source = _Source(line, lines, output, destination, options, formats, frame)
            if line["name"] == name:
                source.restore()
                return destination / name
            source.skip()
    raise UsageError("is not in the journal", where=name, hint=f"see {output}/_cleaner/report.json")


def _options(run: Line | None, output: Path) -> Input:
    if run is None:
        raise broken_journal(output, "it is empty")
    try:
        return msgspec.convert(run["settings"].get("input"), Input)
    except msgspec.ValidationError as error:
        raise broken_journal(output, str(error)) from error


class _Source:
    """One file of the journal."""

    def __init__(
        self,
        head: Line,
        lines: Iterator[Line],
        output: Path,
        destination: Path,
        options: Input,
        formats: Mapping[str, RecordFormat],
        frame: Callable[[str, str], Any],
        staging: str | None = None,
    ) -> None:
        self._name: str = head["name"]
        self._codec: str = head["codec"]
        self._format = formats[head["format"]]
        self._lines = lines
        self._output = output
        self._destination = destination
        self._options = options
        self._frame = frame
        self._staging = staging
        self._ended = False

    def restore(self) -> None:
        """Write the source whole, or raise CleanerError."""
        path = self._output / self._name
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
            with writing(cast("BinaryIO", digest), self._codec) as stream:
                end = self._write_records(path, stream)
            if end["container_kept"]:
                raw.seek(0)
                raw.truncate()
                digest = DigestWriter(raw)
                with open_below(self._output, container_name(self._name)) as kept:
                    shutil.copyfileobj(kept, cast("BinaryIO", digest))
            if digest.hexdigest() != end["sha256"]:
                raise RestoreError(
                    "does not come out as it was",
                    where=str(path),
                    why="the digest of the restored bytes is not the source's",
                    hint="restore it from a backup, and report this",
                )

    def skip(self) -> None:
        """Pass over what is left of this file's lines."""
        while not self._ended:
            self._next()

    def _write_records(self, path: Path, stream: BinaryIO) -> Line:
        """Write the source records, the output's digest taken on the way; return the end line."""
        if not kind_below(self._output, self._name):
            line = self._next()
            while line["type"] != "end":
                if line["type"] != "note":
                    stream.write(self._unwritten(line, path))
                line = self._next()
            self._check_output(line, None, path)
            return line
        with open_below(self._output, self._name) as file:
            digest = DigestReader(file)
            with reading(cast("BinaryIO", io.BufferedReader(digest)), self._codec) as records:
                line = self._next()
                while line["type"] != "end":
                    stream.writelines(self._pieces(line, records, path))
                    line = self._next()
            digest.drain()
            self._check_output(line, digest.hexdigest(), path)
            return line

    def _next(self) -> Line:
        line = next(self._lines, None)
        if line is None:
            raise broken_journal(self._output, f"it ends too early, in {self._name}")
        self._ended = line["type"] == "end"
        return line

    def _pieces(self, line: Line, records: BinaryIO, path: Path) -> Iterable[bytes]:
        """Return the source bytes that a line stands for."""
        kind = line["type"]
        if kind == "note":
            return ()
        if kind == "kept":
            return islice(self._next_records(records), line["count"])
        if kind == "marked":
            data = next(self._next_records(records), b"")
            return (data[: line["place"]], data[line["place"] + line["size"] :])
        stays = kind == "record" and "dropped" not in line
        return (self._kept(line, records, path) if stays else self._unwritten(line, path),)

    def _next_records(self, records: BinaryIO) -> Iterator[bytes]:
        return iter(records.read, b"") if self._format.one_document else iter(records)

    def _kept(self, line: Line, records: BinaryIO, path: Path) -> bytes:
        data = next(self._next_records(records), b"")
        with _fitting(path, line):
            frame, text = self._format.opened(data, self._options)
            source = undo_steps(text, steps_of(line))
            return self._format.source(line.get("form", {}), frame, source)

    def _unwritten(self, line: Line, path: Path) -> bytes:
        if line["type"] == "removed":
            raw: bytes = line["raw"]
            return raw
        if line["type"] not in ("raw", "record") or (
            line["type"] == "record" and line.get("dropped") is None
        ):
            raise RestoreError(
                "is missing", where=str(path), hint="the journal alone is not enough"
            )
        with _fitting(path, line):
            if line["type"] == "raw":
                return raw_bytes(line)
            frame = self._frame(*line["dropped"])
            source = undo_steps(line["left"], steps_of(line))
            return self._format.source(line.get("form", {}), frame, source)

    def _check_output(self, end: Line, digest: str | None, path: Path) -> None:
        if digest != end["output_sha256"]:
            raise _changed(path, "its digest is not the one in the journal")


@contextmanager
def _fitting(path: Path, line: Line) -> Iterator[None]:
    """Tell of a record that the journal's line does not fit."""
    try:
        yield
    except (CleanerError, ValueError, LookupError, TypeError) as error:
        why = f"record {line.get('number')} does not fit the journal"
        raise _changed(path, why) from error


def _changed(path: Path, why: str) -> RestoreError:
    return RestoreError(
        "was changed after cleaning",
        where=str(path),
        why=why,
        hint="restore needs the output as it was written",
    )
