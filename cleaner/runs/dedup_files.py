"""Deduplicating files and repairing nothing: the passes in their order."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cleaner.core.errors import CleanerError
from cleaner.core.settings.config import Settings
from cleaner.core.version import VERSION
from cleaner.dedup.engine import Deduplicator
from cleaner.engines.threads import ThreadEngine
from cleaner.journal.tables import run_metadata
from cleaner.journal.write import JournalWriter, journal_writer
from cleaner.reports.record import Emptied
from cleaner.runs.duplicates.config import dedup_config, memory_of
from cleaner.runs.duplicates.index_sync import add_known
from cleaner.runs.duplicates.spared import AskSpared, Spared, bits_of_file, of_duplicates
from cleaner.runs.input.containers import changed, keep_container
from cleaner.runs.input.ignores import comments_of
from cleaner.runs.input.reading import Inputs, SourceFile
from cleaner.runs.output.commit import staged_files
from cleaner.runs.output.output import Output
from cleaner.runs.output.writing import FileTally, archive_rows, emptied_places, file_row, recorded
from cleaner.runs.records.actions import Finished
from cleaner.runs.records.chunks import Chunk, Stamp, read_chunks, stamp_of
from cleaner.runs.records.rereading import FileReader
from cleaner.runs.records.scanning import ChunkIndex
from cleaner.runs.records.signing import Reading, UnitSigner
from cleaner.storage.below import RUN_DIR
from cleaner.storage.replace import WholeFiles


class Written(NamedTuple):
    """What was written of each file, and edits by code.

    `emptied`: documents that lost all their text.
    """

    tallies: list[FileTally]
    codes: Counter[str]
    emptied: Emptied


@dataclass
class FileRun(ABC):
    """One run over files, which are read twice in the same chunks: to sign, and to copy what stays.

    `stamps` were taken of the files before they were read; `work` is a folder for what does not
    fit memory.
    """

    inputs: Inputs
    stamps: Sequence[Stamp]
    engine: ThreadEngine
    settings: Settings
    output: Path
    work: Path
    report: Callable[[CleanerError], None]
    begin: Callable[[str, int | None], None]
    advance: Callable[[int], None]

    @abstractmethod
    def compare(self, deduplicator: Deduplicator, reading: Reading) -> None:
        """Decide what goes; close the deduplicator."""

    @abstractmethod
    def finished(self, chunks: Iterator[Chunk]) -> Iterator[Finished]:
        """Yield what is written of each chunk of files that are to be written."""

    @abstractmethod
    def remember(self) -> None:
        """Add what was kept to the index, where there is one."""

    def run(self, chunks: Iterator[Chunk]) -> Written:
        """Read, decide, write; `chunks` are those of all files.

        Raises ChangedSourceError where one was changed meanwhile; nothing is told of it then.
        """
        self.compare(*self._signed(chunks))
        self.begin("write", self.inputs.total_bytes())
        return self._write()

    def _signed(self, chunks: Iterator[Chunk]) -> tuple[Deduplicator, Reading]:
        """Return a deduplicator that was given all units, and what was read."""
        files, options = self.inputs.files, self.settings.input
        problems: dict[int, list[CleanerError]] = {}
        signer = UnitSigner(
            files, options, self.settings.dedup.unit, self.engine, self.advance, problems
        )
        reading = None
        while reading is None:
            self.begin("sign", self.inputs.total_bytes())
            deduplicator = self.deduplicator()
            try:
                reading = signer.read(chunks, deduplicator)
            finally:
                if reading is None:
                    deduplicator.close()
            whole = [(i, file) for i, file in enumerate(files) if file.error is None]
            if reading is None:
                chunks = self.engine.ahead(read_chunks(whole, options))
        for number in sorted(problems):
            for error in problems[number]:
                self.report(error)
        self.begin("deduplicate", None)
        return deduplicator, reading

    def deduplicator(self) -> Deduplicator:
        """Return a new deduplicator."""
        dedup = self.settings.dedup
        return Deduplicator(
            dedup_config(dedup),
            survivor=dedup.survivor,
            memory=memory_of(dedup),
            folder=str(self.work),
            spread=self.engine.map,
        )

    def add_known(self, deduplicator: Deduplicator, reading: Reading) -> None:
        """Let the deduplicator know what the index has."""
        dedup, files = self.settings.dedup, self.inputs.files
        known = add_known(dedup, deduplicator, reading.documents, files, self.work)
        reading.append_known(*known)

    def spared(self, reading: Reading, reader: FileReader) -> Spared:
        """Return which units the settings of their files, or comments in them, keep from rules."""
        files = self.inputs.files
        bits = np.array([bits_of_file(file.ignored) for file in files], dtype=np.uint8)
        has_comments = np.array([comments_of(f.name, f.format) != "" for f in files], dtype=bool)
        numbers = [chunk_index.file for chunk_index in reading.chunk_indexes]
        left = of_duplicates(self.settings.ignore_texts)
        if not bits[numbers].any() and not has_comments[numbers].any() and not left:
            return Spared()
        of_document = np.repeat(numbers, np.diff(reading.first_documents))
        counts = np.diff(reader.first_units)
        found = np.zeros(reader.first_units[-1], dtype=np.uint8)
        found[: reader.first_units[len(of_document)]] = np.repeat(
            bits[of_document], counts[: len(of_document)]
        )
        asked = np.flatnonzero(has_comments[of_document] | bool(left))
        answers = reader.ask(AskSpared(left), asked, np.zeros_like(asked))
        for document, (own,) in zip(asked.tolist(), answers, strict=True):
            file = files[of_document[document]]
            start, end = reader.first_units[document : document + 2]
            units = own[comments_of(file.name, file.format)]
            found[start:end] |= np.array(units, dtype=np.uint8)
        return Spared(found if found.any() else None)

    def _write(self) -> Written:
        files = self.inputs.files
        whole = [(i, f) for i, f in enumerate(files) if f.error is None and not f.protected]
        chunks = self.engine.ahead(read_chunks(whole, self.settings.input, again=True))
        written = Written([], Counter(), Emptied())
        staged = staged_files(self.output)
        run = run_metadata(VERSION, recorded(self.settings))
        with (
            journal_writer(staged, RUN_DIR, run) as journal,
            WholeFiles(staged, RUN_DIR) as outputs,
        ):
            finished = self.finished(self._same(chunks))
            self._write_files(finished, whole, outputs, journal, written)
            for row in archive_rows(self.inputs, staged):
                journal.end_file(row)
        return written

    def chunk_indexes(self, reading: Reading) -> Iterator[tuple[int, ChunkIndex]]:
        """Yield the numbered chunk indexes of the chunks that are to be written."""
        for number, chunk_index in enumerate(reading.chunk_indexes):
            file = self.inputs.files[chunk_index.file]
            if file.error is None and not file.protected:
                yield number, chunk_index

    def _same(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        """Yield the chunks of the second reading; ChangedSourceError where one cannot be read."""
        for chunk in chunks:
            if chunk.error is not None:
                raise changed(self.inputs.files[chunk.file].name)
            self.advance(chunk.read)
            yield chunk

    def _write_files(
        self,
        finished: Iterator[Finished],
        whole: list[tuple[int, SourceFile]],
        outputs: WholeFiles,
        journal: JournalWriter,
        written: Written,
    ) -> None:
        """Write the outputs and the journal's rows."""
        upcoming = next(finished, None)
        for number, file in whole:
            tally = FileTally(file.name)
            with Output(file, outputs, staged_files(self.output), self.settings.input) as output:
                while upcoming is not None and upcoming.file == number:
                    journal.write(upcoming.edits, upcoming.rest)
                    output.add(upcoming)
                    tally.add(upcoming)
                    written.codes.update(upcoming.codes)
                    for place in emptied_places(upcoming.emptied, file, self.settings.input):
                        written.emptied.add(place)
                    upcoming = next(finished, None)
                output.finish()
                if stamp_of(file) != self.stamps[number]:
                    raise changed(file.name)
            tally.output_sha256 = output.sha256
            tally.values_sha256 = output.values_sha256
            if not file.archive:
                keep_container(file, staged_files(self.output))
            journal.end_file(file_row(file, tally, self.settings.input))
            written.tallies.append(tally)
