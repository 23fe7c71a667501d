"""Deduplicating whole records: the passes in their order.

The files are read twice, in the same pieces: once to sign every record, once to copy what stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleaner.core.config import Settings
from cleaner.core.errors import CleanerError, InputError
from cleaner.core.version import VERSION
from cleaner.dedup.decisions import Decisions
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.scanning import Signed
from cleaner.engines.threads import ThreadEngine
from cleaner.formats.registry import FORMATS
from cleaner.journal.arrays import from_values
from cleaner.journal.tables import escaped, run_metadata
from cleaner.journal.write import JournalWriter, journal_writer
from cleaner.pipeline.fates import Finished, FinishPiece, Found, tasks_of
from cleaner.pipeline.outputfolder import announce_outputs
from cleaner.pipeline.pieces import Piece, Stamp, read_pieces, stamp_of
from cleaner.pipeline.reading import Inputs, SourceFile
from cleaner.pipeline.remembering import Kept, add_known, nothing_to_remember, remember
from cleaner.pipeline.rereading import RecordReader, changed
from cleaner.pipeline.rulebook import selection_for
from cleaner.pipeline.second_looks import damaged_copies, with_damaged, with_parts
from cleaner.pipeline.signing import Reading, sign_records
from cleaner.pipeline.terms import (
    CONTAINED,
    REMOVING,
    TELLING,
    contained_wanted,
    memory_of,
    terms_of,
)
from cleaner.pipeline.writing import FileTally, Output, file_row, keep_container, recorded
from cleaner.reports.record import Emptied
from cleaner.storage.below import WORK_FOLDER
from cleaner.storage.replace import WholeFiles


class Written(NamedTuple):
    """What was written of each file, edits by code, and what puts the kept into the index.

    `emptied`: text files that were copies.
    """

    tallies: list[FileTally]
    codes: Counter[str]
    remember: Callable[[], None]
    emptied: Emptied


@dataclass
class RecordRun:
    """One run over whole records.

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

    def run(self, pieces: Iterator[Piece]) -> Written:
        """Read, decide, write; `pieces` are those of all files."""
        total = self.inputs.total_bytes()
        reading, found, noted, kept = self._decide(pieces, total)
        self.begin("write", total)
        written = self._write(reading, found, noted)
        if kept is not None:
            units, signed = kept
            numbers, records = reading.places(units)
            names = [reading.names[number] for number in numbers.tolist()]
            kept_units = Kept(signed, names, records.tolist())
            written = written._replace(
                remember=partial(
                    remember, self.settings.dedup, kept_units, self.inputs.files, self.work
                )
            )
        return written

    def _decide(
        self, pieces: Iterator[Piece], total: int
    ) -> tuple[Reading, Found, Found, tuple[npt.NDArray[np.int64], Signed] | None]:
        dedup = self.settings.dedup
        files = self.inputs.files
        while True:
            self.begin("sign", total)
            with Deduplicator(
                terms_of(dedup),
                survivor=dedup.survivor,
                memory=memory_of(dedup),
                folder=str(self.work),
                spread=self.engine.map,
            ) as deduplicator:
                reading = sign_records(
                    files, pieces, deduplicator, self.settings.input, self.engine,
                    report=self.report, advance=self.advance,
                )  # fmt: skip
                if reading is None:
                    whole = [(i, file) for i, file in enumerate(files) if file.error is None]
                    pieces = self.engine.ahead(read_pieces(whole, self.settings.input))
                    continue
                self.begin("deduplicate", None)
                known = add_known(dedup, deduplicator, deduplicator.count, files, self.work)
                reading.append_known(*known)
                reader = RecordReader(files, self.settings.input, reading)
                going, told = self._chosen(deduplicator, reader)
                kept = deduplicator.kept() if dedup.index else None
            # Its memory is given back before places are looked up.
            del deduplicator
            return reading, _located(reading, going), _located(reading, told), kept

    def _chosen(
        self, deduplicator: Deduplicator, reader: RecordReader
    ) -> tuple[Decisions, Decisions]:
        """Return what goes and what is only told of."""
        acts = selection_for(self.settings).acts
        best = self.settings.dedup.survivor == "best"
        found = deduplicator.decide()
        variants = deduplicator.variants()
        damaged = damaged_copies(variants, found, deduplicator, reader.texts, best=best)
        going = with_damaged(found, variants.taken(damaged))
        told = variants.taken(~damaged)
        wanted = contained_wanted(self.settings, acts)
        if wanted != "off":
            inside = deduplicator.contained()
            kinds = np.full(len(inside.units), CONTAINED, dtype=np.uint16)
            parts = Decisions(inside.units, inside.containers, kinds, inside.shares)
            if wanted == "remove":
                going, parts = with_parts(going, parts, reader.texts)
            told = told.and_also(parts)
        codes = [int(code[3:]) for code in (*REMOVING, *TELLING) if acts(code)]
        return going.taken(np.isin(going.kinds, codes)), told.taken(np.isin(told.kinds, codes))

    def _write(
        self,
        reading: Reading,
        found: Found,
        noted: Found,
    ) -> Written:
        files = self.inputs.files
        finish = FinishPiece(
            from_values([escaped(name) for name in reading.names], pa.string()),
            tuple(reading.names),
            tuple(FORMATS[file.format].one_document for file in files),
            self.settings.dedup.on_duplicate == "mark",
        )
        whole = [(i, f) for i, f in enumerate(files) if f.error is None and not f.protected]
        extents = [
            (number, extent)
            for number, extent in enumerate(reading.extents)
            if files[extent.file].error is None and not files[extent.file].protected
        ]
        pieces = self.engine.ahead(read_pieces(whole, self.settings.input, again=True))
        tasks = tasks_of(self._same(pieces), extents, found, noted, reading.first_units)
        written = Written([], Counter(), nothing_to_remember, Emptied())
        announce_outputs(self.output, files)
        run = run_metadata(VERSION, recorded(self.settings))
        with (
            journal_writer(self.output, WORK_FOLDER, run) as journal,
            WholeFiles(self.output, WORK_FOLDER) as outputs,
        ):
            self._write_files(self.engine.map(finish, tasks), whole, outputs, journal, written)
        return written

    def _same(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        """Yield the pieces of the second reading; stop the run where one cannot be read."""
        for piece in pieces:
            if piece.error is not None:
                raise changed(piece.error)
            self.advance(piece.read)
            yield piece

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
            with Output(file.name, outputs, file.codec) as output:
                while upcoming is not None and upcoming.file == number:
                    journal.write(upcoming.edits, upcoming.rest)
                    if len(upcoming.output):
                        output.write(upcoming.output)
                    tally.add(upcoming)
                    written.codes.update(upcoming.codes)
                    upcoming = next(finished, None)
                if not file.content_size:
                    output.write(b"")  # an empty file is written as it is
                if stamp_of(file) != self.stamps[number]:
                    raise changed(InputError("was changed", where=str(file.path)))
            tally.output_sha256 = output.sha256
            if FORMATS[file.format].one_document and tally.records > tally.records_written:
                written.emptied.add(file.name)
            kept = keep_container(file, self.output)
            journal.end_file(file_row(file, tally, container_kept=kept))
            written.tallies.append(tally)


def _located(reading: Reading, found: Decisions) -> Found:
    files, lines = reading.places(found.survivors)
    return Found(found.units, found.kinds, files.astype(np.int32), lines, found.similarities)
