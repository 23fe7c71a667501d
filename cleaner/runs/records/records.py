"""Deduplicating whole records: what goes, and what is only told of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleaner.dedup.decisions import Decisions, no_decisions
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.signing.sign import Signed
from cleaner.formats.registry import FORMATS, fields_in
from cleaner.journal.arrays import from_values
from cleaner.journal.tables import escaped
from cleaner.runs.dedup_files import FileRun
from cleaner.runs.duplicates.index_sync import Kept, remember
from cleaner.runs.duplicates.whole_texts import choose_texts
from cleaner.runs.records.actions import FinishChunk, Finished, Found, tasks_of
from cleaner.runs.records.chunks import Chunk
from cleaner.runs.records.rereading import FileReader
from cleaner.runs.records.signing import Reading


@dataclass
class RecordRun(FileRun):
    """One run over whole records, each of which is a document of one unit."""

    _reading: Reading = field(init=False)
    _going: Decisions = field(default_factory=no_decisions, init=False)
    _told: Decisions = field(default_factory=no_decisions, init=False)
    _kept: tuple[npt.NDArray[np.int64], Signed] | None = field(default=None, init=False)

    def compare(self, deduplicator: Deduplicator, reading: Reading) -> None:
        """Decide what goes; close the deduplicator."""
        self._reading = reading
        with deduplicator:
            self.add_known(deduplicator, reading)
            units = np.arange(deduplicator.count + 1)
            files, options = self.inputs.files, self.settings.input
            reader = FileReader(units, reading.documents, "record", files, options, reading)
            spared = self.spared(reading, reader)
            self._going, self._told = choose_texts(
                deduplicator, reader.texts, self.settings, spared
            )
            if self.settings.dedup.index:
                self._kept = deduplicator.kept()

    def finished(self, chunks: Iterator[Chunk]) -> Iterator[Finished]:
        """Yield what is written of each chunk of files that are to be written."""
        reading = self._reading
        finish = FinishChunk(
            from_values([escaped(name) for name in reading.names], pa.string()),
            tuple(reading.names),
            tuple(FORMATS[file.format].one_document for file in self.inputs.files),
            tuple(file.format == "jsonl" for file in self.inputs.files),
            self.settings.dedup.on_duplicate == "mark",
            tuple(fields_in(file.format, self.settings.input) for file in self.inputs.files),
        )
        found, noted = (_located(reading, one) for one in (self._going, self._told))
        chunk_indexes = self.chunk_indexes(reading)
        tasks = tasks_of(chunks, chunk_indexes, found, noted, reading.first_documents)
        return self.engine.map(finish, tasks)

    def remember(self) -> None:
        """Add what was kept to the index, where there is one."""
        if self._kept is None:
            return
        units, signed = self._kept
        numbers, records = self._reading.places(units)
        names = [self._reading.names[number] for number in numbers.tolist()]
        kept = Kept(signed, names, records.tolist())
        remember(self.settings.dedup, kept, self.inputs.files, self.work)


def _located(reading: Reading, found: Decisions) -> Found:
    files, lines = reading.places(found.survivors)
    return Found(found.units, found.kinds, files.astype(np.int32), lines, found.similarities)
