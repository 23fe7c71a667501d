"""Deduplicating the units inside texts: rounds of what goes, until nothing is found any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.signing.sign import Batch, DedupConfig, Signed, sign
from cleaner.runs.dedup_files import FileRun
from cleaner.runs.duplicates.deduplicating import (
    Alike,
    Found,
    acts_on_duplicates,
    alike_places,
    chosen,
)
from cleaner.runs.duplicates.fixpoint import MOST_ROUNDS
from cleaner.runs.duplicates.index_sync import remember
from cleaner.runs.duplicates.removals import Located
from cleaner.runs.duplicates.survivor_locations import alike_note, kept_units, located
from cleaner.runs.duplicates.units.looking import ask_all_texts
from cleaner.runs.records.actions import Finished
from cleaner.runs.records.chunks import Chunk
from cleaner.runs.records.rereading import FileReader
from cleaner.runs.records.signing import Reading
from cleaner.runs.records.write_texts import FinishTexts, text_tasks

Ints = npt.NDArray[np.int64]

# So many units are given to the next deduplicator at once, or are read and signed at once.
_AT_ONCE = 1 << 14


@dataclass(frozen=True)
class SignTexts:
    """Signing as a picklable function of units of documents, see `_batches`."""

    config: DedupConfig

    def __call__(self, units: tuple[list[int], list[str], Ints]) -> tuple[list[int], Signed]:
        """Return the counts of units, and the units signed."""
        counts, texts, documents = units
        return counts, sign(Batch.from_texts(texts, documents.astype(np.uint64)), self.config)


@dataclass
class TextRun(FileRun):
    """One run over the paragraphs or lines of texts.

    What is left of a document may fall into other units than before, which may be copies as well,
    and what a passage stood beside may be gone; so all is compared again until nothing is found.
    """

    _reading: Reading = field(init=False)
    _reader: FileReader = field(init=False)
    _found: Found | None = field(default=None, init=False)
    _rounds: list[Located] = field(default_factory=list, init=False)
    _noted: Located | None = field(default=None, init=False)
    _alike: Sequence[Alike] = field(default=(), init=False)

    def compare(self, deduplicator: Deduplicator, reading: Reading) -> None:
        """Decide what goes, round by round; close the deduplicator."""
        self._reading = reading
        counts = reading.counts
        if counts is None or not acts_on_duplicates(self.settings):
            deduplicator.close()
            return
        files = self.inputs.files
        for turn in range(MOST_ROUNDS + 1):
            with deduplicator:
                self.add_known(deduplicator, reading)
                self._reader = self._reader_of(np.append(counts, reading.known_counts))
                last = turn == MOST_ROUNDS
                found = self._found = chosen(
                    deduplicator, self._references(), self._reader, self.settings, last=last,
                    spared=self.spared(reading, self._reader),
                )  # fmt: skip
                if not turn:
                    self._alike = alike_places(found.alike, reading)
                if last or not len(found.going.units):
                    break
                self._rounds.append(located(found.going, self._reader, reading, files))
                if self.settings.dedup.on_duplicate == "mark":
                    break
                deduplicator, counts = self._without(deduplicator, counts, self._rounds[-1])
        self._noted = located(found.noted, self._reader, reading, files)

    def _reader_of(self, counts: npt.NDArray[np.uint32]) -> FileReader:
        """Return what looks at documents as they are by now, given how many units they have."""
        reading = self._reading
        unit = self.settings.dedup.unit
        return FileReader(
            np.append(0, np.cumsum(counts, dtype=np.int64)), reading.documents, unit,
            self.inputs.files, self.settings.input, reading, tuple(self._rounds),
        )  # fmt: skip

    def _references(self) -> npt.NDArray[np.bool_]:
        """Return the documents that are only compared with."""
        reading = self._reading
        sizes = np.append(np.diff(reading.first_documents), len(reading.known_counts))
        protected = [
            self.inputs.files[chunk_index.file].protected for chunk_index in reading.chunk_indexes
        ]
        return np.repeat(np.array([*protected, True]), sizes)

    def _without(
        self, deduplicator: Deduplicator, counts: npt.NDArray[np.uint32], gone: Located
    ) -> tuple[Deduplicator, npt.NDArray[np.uint32]]:
        """Return a deduplicator that knows what is left of all documents, and their units.

        Only what has changed is read and signed again.
        """
        changed, lost = np.unique(gone.documents, return_counts=True)
        left = changed[lost < counts[changed]]
        parts = list(self._signed_again(deduplicator, left))
        new_counts = counts.copy()
        new_counts[changed] = 0
        new_counts[left] = np.array([n for own, _, _ in parts for n in own], dtype=np.uint32)
        is_changed = np.zeros(len(counts), dtype=bool)
        is_changed[changed] = True
        stays, is_new = np.repeat(~is_changed, counts), np.repeat(is_changed, new_counts)
        columns: list[npt.NDArray[Any]] = []
        for old, new in (
            (deduplicator.groups(), [groups for _, groups, _ in parts]),
            (deduplicator.flaws(), [flaws for _, _, flaws in parts]),
        ):
            column = np.zeros(len(is_new), dtype=old.dtype)
            if len(old):
                column[~is_new] = old[: len(stays)][stays]
                column[is_new] = np.concatenate([old[:0], *new])
            columns.append(column)
        documents = np.repeat(np.arange(len(counts), dtype=np.uint32), new_counts)
        protected = self._references()[documents]
        following = self.deduplicator()
        for first in range(0, len(documents), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            signed = deduplicator.signed_again(*(column[some] for column in columns))
            following.add(signed, files=documents[some], protected=protected[some])
        return following, new_counts

    def _signed_again(
        self, deduplicator: Deduplicator, documents: Ints
    ) -> Iterator[tuple[list[int], npt.NDArray[np.int32], npt.NDArray[np.uint32]]]:
        """Yield for some documents at a time units of each, and groups and flaws of all these."""
        reader = self._reader_of(np.empty(0, dtype=np.uint32))
        batches = _batches(
            documents, reader.ask(ask_all_texts, documents, np.zeros_like(documents))
        )
        for counts, signed in self.engine.map(SignTexts(deduplicator.config), batches):
            yield counts, deduplicator.groups_of(signed), signed.flaws

    def finished(self, chunks: Iterator[Chunk]) -> Iterator[Finished]:
        """Yield what is written of each chunk of files that are to be written."""
        files = self.inputs.files
        names_and_formats = tuple((file.name, file.format) for file in files)
        finish = FinishTexts(self.settings, names_and_formats, tuple(self._reading.names))
        notes = {one.document: alike_note(one, files) for one in self._alike}
        chunk_indexes = self.chunk_indexes(self._reading)
        first_documents = self._reading.first_documents
        tasks = text_tasks(chunks, chunk_indexes, self._rounds, self._noted, notes, first_documents)
        return self.engine.map(finish, tasks)

    def remember(self) -> None:
        """Add what was kept to the index, where there is one."""
        if self._found is not None and self._found.kept is not None:
            files = self.inputs.files
            kept = kept_units(self._found.kept, self._reader, self._reading, files)
            remember(self.settings.dedup, kept, files, self.work)


def _batches(
    documents: Ints, texts: Iterable[list[str]]
) -> Iterator[tuple[list[int], list[str], Ints]]:
    """Yield units of each of some documents, the texts of these, and the documents of these."""
    counts: list[int] = []
    held: list[str] = []
    first = 0
    for at, own in enumerate(texts, 1):
        counts.append(len(own))
        held += own
        if len(held) >= _AT_ONCE or at == len(documents):
            yield counts, held, np.repeat(documents[first:at], counts)
            counts, held, first = [], [], at
