"""The writing pass: drafts become output records, journal lines and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, cast

import msgspec

from cleaner.core.config import Settings
from cleaner.core.errors import InputError
from cleaner.core.version import VERSION
from cleaner.engines.base import Engine
from cleaner.formats.base import Format
from cleaner.formats.registry import FORMATS
from cleaner.journal import lines as journal
from cleaner.pipeline.outputfolder import announce_outputs
from cleaner.pipeline.reading import SourceFile
from cleaner.pipeline.repetition import Gone, RepeatedTally, gone_lines
from cleaner.pipeline.work import Draft, load_drafts
from cleaner.reports.record import Emptied
from cleaner.storage.below import WORK_FOLDER
from cleaner.storage.compress import reading, reproduces, writing
from cleaner.storage.digests import DigestReader, DigestWriter
from cleaner.storage.replace import WholeFiles, whole_file


class Written(NamedTuple):
    """What becomes of one record: its output bytes (None where it has none), its journal line.

    `emptied` is the number of a record that lost all its text.
    """

    file: int
    output: bytes | None
    line: bytes
    codes: dict[str, int]
    gone: tuple[Gone, ...] = ()
    emptied: int | None = None


@dataclass(frozen=True)
class FinishShard:
    """The worker's half of the pass, a picklable function of a shard.

    With `verbatim`, what no step touched is written as it stood in the source.
    """

    settings: Settings
    formats: tuple[str, ...]
    failed: frozenset[int]
    verbatim: bool

    def __call__(self, shard: Path) -> list[Written]:
        """Return the records of the shard's files that did not fail."""
        drafts = load_drafts(shard)
        return [self.written(draft) for draft in drafts if draft.file not in self.failed]

    def written(self, draft: Draft) -> Written:
        """Return what becomes of a record."""
        if draft.raw is not None:
            line = journal.raw_line(draft.number, draft.raw, draft.error)
            return Written(draft.file, None, journal.packed(line), {})
        format = FORMATS[self.formats[draft.file]]
        if self.verbatim and not draft.steps:
            return written_verbatim(draft, format)
        stays = bool(draft.text.strip()) or self.settings.output.keep_empty
        line = journal.record_line(
            draft.number,
            draft.form,
            draft.steps,
            [*draft.reading, *draft.notes],
            None if stays else draft.frame,
        )
        if not stays:
            line["left"] = draft.text
        codes = Counter(
            edit.code for edits in (*draft.steps, draft.reading, draft.notes) for edit in edits
        )
        output = format.written(draft.frame, draft.text) if stays else None
        gone = tuple(gone_lines(draft.steps, len(draft.text)))
        lost = not stays and any(edit.before.strip() for edits in draft.steps for edit in edits)
        emptied = draft.number if lost else None
        return Written(draft.file, output, journal.packed(line), dict(codes), gone, emptied)


def written_verbatim(draft: Draft, format: Format) -> Written:
    """Return what becomes of a record whose text stays: its own bytes, and its mark if it has one.

    A mark is a member at the end of the record's object: the frame's last character closes it.
    """
    source = format.source(draft.form, draft.frame, draft.text)
    codes = Counter(note.code for note in draft.notes)
    line: journal.Line = journal.kept_line(1)
    if draft.mark:
        place = source.rindex(b"}")
        source = source[:place] + draft.mark.encode("ascii") + source[place:]
        line = journal.marked_line(draft.number, {}, place, len(draft.mark))
    packed = journal.packed(line)
    if draft.notes:
        packed += journal.packed(journal.note_line(draft.number, {"notes": draft.notes}))
    return Written(draft.file, source, packed, dict(codes))


@dataclass
class FileTally:
    """What was written of one source file."""

    name: str
    records: int = 0
    records_written: int = 0
    output_bytes: int = 0
    output_sha256: str | None = None


class OutputTree:
    """Writes outputs and the journal of a run below one folder, each file whole or not at all.

    `repeated` counts the repeated lines that what was written has lost, `emptied` the documents
    that lost everything.
    """

    def __init__(self, folder: Path, settings: Settings, *, verbatim: bool = False) -> None:
        self._folder = folder
        self._settings = settings
        self._verbatim = verbatim
        self.repeated = RepeatedTally()
        self.emptied = Emptied()

    def write(
        self, shards: Iterable[Path], files: list[SourceFile], engine: Engine
    ) -> tuple[list[FileTally], Counter[str]]:
        """Write everything; return what each file came to and the number of edits by code."""
        failed = frozenset(i for i, f in enumerate(files) if f.error is not None or f.protected)
        formats = tuple(file.format for file in files)
        announce_outputs(self._folder, files)
        finish = FinishShard(self._settings, formats, failed, self._verbatim)
        records = (record for part in engine.map(finish, shards) for record in part)
        codes: Counter[str] = Counter()
        tallies = []
        with (
            whole_file(self._folder, journal.JOURNAL, WORK_FOLDER) as raw,
            writing(raw, "zstd") as stream,
            WholeFiles(self._folder, WORK_FOLDER) as outputs,
        ):
            settings = recorded(self._settings)
            stream.write(journal.packed(journal.run_line(VERSION, settings)))
            upcoming = next(records, None)
            for number, file in enumerate(files):
                if number in failed:
                    continue
                tally = FileTally(file.name)
                stream.write(journal.packed(journal.file_line(file.name, file.format, file.codec)))
                with Output(file.name, outputs, file.codec) as output:
                    while upcoming is not None and upcoming.file == number:
                        stream.write(upcoming.line)
                        codes.update(upcoming.codes)
                        self.repeated.add(upcoming.gone, file.name)
                        if upcoming.emptied is not None:
                            alone = FORMATS[file.format].one_document
                            record = "" if alone else f":{upcoming.emptied}"
                            self.emptied.add(f"{file.name}{record}")
                        tally.records += 1
                        if upcoming.output is not None:
                            output.write(upcoming.output)
                            tally.records_written += 1
                            tally.output_bytes += len(upcoming.output)
                        upcoming = next(records, None)
                    if not file.content_size:
                        output.write(b"")  # an empty file is written as it is
                tally.output_sha256 = output.sha256
                kept = keep_container(file, self._folder)
                end = journal.end_line(file.sha256, file.size, output.sha256, kept)
                stream.write(journal.packed(end))
                tallies.append(tally)
        return tallies, codes


def recorded(settings: Settings) -> dict[str, Any]:
    """Return the settings as a run records them: without those that change no byte of it."""
    values: dict[str, Any] = msgspec.to_builtins(settings)
    del values["jobs"], values["dedup"]["memory"]
    return values


def keep_container(file: SourceFile, folder: Path) -> bool:
    """Copy a compressed source whose bytes its content alone would not give back.

    Raises InputError where the source is no longer what it was when it was read.
    """
    if file.codec == "plain":
        return False
    try:
        with (
            file.path.open("rb") as packed,
            file.path.open("rb") as raw,
            reading(raw, file.codec) as content,
        ):
            tap = DigestReader(packed)
            if reproduces(content, cast("BinaryIO", tap), file.codec):
                _check_unchanged(tap, file)
                return False
        source = file.path.open("rb")
    except (OSError, InputError) as error:
        raise _changed(file) from error
    place = journal.container_name(file.name)
    with source, whole_file(folder, place, WORK_FOLDER) as copy:
        tap = DigestReader(source)
        while data := tap.read(1 << 20):
            copy.write(data)
        _check_unchanged(tap, file)
    return True


def _check_unchanged(source: DigestReader, file: SourceFile) -> None:
    if source.hexdigest() != file.sha256:
        raise _changed(file)


def _changed(file: SourceFile) -> InputError:
    return InputError(
        "was changed while it was being cleaned",
        where=str(file.path),
        hint="run the same command again",
    )


class Output(AbstractContextManager["Output"]):
    """An output file that comes into being with its first record."""

    def __init__(self, name: str, outputs: WholeFiles, codec: str) -> None:
        self._name = name
        self._outputs = outputs
        self._codec = codec
        self._stack = ExitStack()
        self._digest: DigestWriter | None = None
        self._stream: BinaryIO | None = None

    def write(self, data: bytes | memoryview) -> None:
        """Append the bytes of a record."""
        if self._stream is None:
            raw = self._stack.enter_context(self._outputs.open(self._name))
            self._digest = DigestWriter(raw)
            packed = writing(cast("BinaryIO", self._digest), self._codec)
            self._stream = self._stack.enter_context(packed)
        self._stream.write(data)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        return self._stack.__exit__(kind, error, trace)

    @property
    def sha256(self) -> str | None:
        """The digest of the file, once it is closed; None where nothing was written."""
        return None if self._digest is None else self._digest.hexdigest()
