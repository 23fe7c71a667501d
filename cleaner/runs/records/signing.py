"""The first reading: each unit is signed and told to the deduplicator, in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.core.errors import CleanerError, InputError
from cleaner.core.settings.config import Input
from cleaner.dedup.engine import Deduplicator, Interned
from cleaner.dedup.signing.sign import Batch, DedupConfig, Signed, joined, sign
from cleaner.engines.threads import ThreadEngine
from cleaner.formats.registry import fields_in
from cleaner.runs.duplicates.units.units import Unit
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.records.chunks import Chunk, too_large
from cleaner.runs.records.scanning import ChunkIndex, ScanChunk

# Files smaller than this are signed together.
_WORTH_A_CALL = 1 << 19


class Claimed(NamedTuple):
    """A batch whose bytes the deduplicator has taken note of.

    By unit, shape (n,): `documents`, uint32, the number of each unit's document; `protected`, bool.
    """

    batch: Batch
    interned: Interned
    documents: npt.NDArray[np.uint32]
    protected: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SignClaimed:
    """Signing as a picklable function of a claimed batch."""

    config: DedupConfig

    def __call__(self, claimed: Claimed) -> tuple[Signed, Claimed]:
        """Return the signed batch beside what it was made from."""
        batch, interned, _, _ = claimed
        signed = sign(batch, self.config, raw=interned.raw, units=interned.fresh)
        return signed, claimed


class Reading:
    """What the first reading told of each chunk; documents are numbered through all of them.

    `fields` are the texts that a record of each file has.

    `first_documents`: int64, the number of each chunk's first document, and one more. `counts`:
    uint32, units of each document; None where each is one.
    """

    def __init__(
        self, chunk_indexes: Sequence[ChunkIndex], names: Sequence[str], fields: Sequence[int]
    ) -> None:
        self.chunk_indexes = chunk_indexes
        self.names = list(names)
        self._fields = fields
        self._own_names = len(names)
        self.first_documents = np.zeros(len(chunk_indexes) + 1, dtype=np.int64)
        np.cumsum(
            [chunk_index.documents for chunk_index in chunk_indexes], out=self.first_documents[1:]
        )
        counts = [
            chunk_index.counts for chunk_index in chunk_indexes if chunk_index.counts is not None
        ]
        self.counts = np.concatenate(counts) if counts else None
        self._known_files = np.empty(0, dtype=np.int64)
        self._known_lines = np.empty(0, dtype=np.int64)

    @property
    def documents(self) -> int:
        """How many documents were read."""
        return int(self.first_documents[-1])

    @property
    def known_counts(self) -> npt.NDArray[np.uint32]:
        """Units of each document that the index has."""
        return np.ones(len(self._known_files), dtype=np.uint32)

    def append_known(self, sources: Sequence[str], lines: Sequence[int]) -> None:
        """Give numbers to what the index has, which comes after all chunks.

        Each unit of it is a document; it takes the place of what was appended before.
        """
        known = self.names[self._own_names :]
        names = dict.fromkeys([*known, *sources])
        self.names += list(names)[len(known) :]
        numbers = {name: self._own_names + i for i, name in enumerate(names)}
        self._known_files = np.array([numbers[name] for name in sources], dtype=np.int64)
        self._known_lines = np.array(lines, dtype=np.int64)

    def by_chunk(self, documents: npt.NDArray[np.int64]) -> Iterator[tuple[int, slice]]:
        """Yield each chunk that has some of the documents, which rise, and which these are."""
        borders = np.searchsorted(documents, self.first_documents)
        for number in np.flatnonzero(np.diff(borders)).tolist():
            yield number, slice(int(borders[number]), int(borders[number + 1]))

    def places(
        self, documents: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the file (a number into `names`) and the record, from 1, of each document.

        Of what the index has it is the line where it stands.
        """
        order = np.argsort(documents, kind="stable")
        in_order = documents[order]
        files = np.empty(len(documents), dtype=np.int64)
        records = np.empty(len(documents), dtype=np.int64)
        for number, own in self.by_chunk(in_order):
            chunk_index = self.chunk_indexes[number]
            inside = chunk_index.records(in_order[own] - self.first_documents[number])
            files[order[own]] = chunk_index.file
            texts_before = chunk_index.first + inside - 1
            records[order[own]] = texts_before // self._fields[chunk_index.file] + 1
        known = slice(int(np.searchsorted(in_order, self.documents)), len(documents))
        beyond = in_order[known] - self.documents
        files[order[known]] = self._known_files[beyond]
        records[order[known]] = self._known_lines[beyond]
        return files, records


@dataclass(frozen=True)
class UnitSigner:
    """The first reading of some files; `problems` gets what is wrong with each, by its number."""

    files: Sequence[SourceFile]
    options: Input
    unit: Unit
    engine: ThreadEngine
    advance: Callable[[int], None]
    problems: dict[int, list[CleanerError]]

    def read(self, chunks: Iterable[Chunk], deduplicator: Deduplicator) -> Reading | None:
        """Sign every unit of the files, whose `chunks` come in order.

        Returns None where a file failed after some of its units were signed: nothing of it counts,
        so all must be done again without it.
        """
        chunk_indexes: list[ChunkIndex] = []
        failed: set[int] = set()
        scanned = self._scanned(chunks, chunk_indexes, failed)
        claimed = self._claimed(scanned, deduplicator)
        sign_claimed = SignClaimed(deduplicator.config)
        for signed, (_, interned, documents, protected) in self.engine.map(sign_claimed, claimed):
            deduplicator.add(signed, interned=interned, files=documents, protected=protected)
        if any(
            chunk_index.file in failed and chunk_index.documents for chunk_index in chunk_indexes
        ):
            return None
        fields = [fields_in(file.format, self.options) for file in self.files]
        return Reading(chunk_indexes, [file.name for file in self.files], fields)

    def _scanned(
        self, chunks: Iterable[Chunk], chunk_indexes: list[ChunkIndex], failed: set[int]
    ) -> Iterator[tuple[ChunkIndex, Batch]]:
        """Yield what is found in the chunks of files that have not failed."""
        firsts: defaultdict[int, int] = defaultdict(lambda: 1)
        scan = ScanChunk.of(self.files, self.options, self.unit)
        for found, units in self.engine.map(scan, self._read(chunks)):
            file = self.files[found.file]
            fields = fields_in(file.format, self.options)
            chunk_index = found.placed(firsts[found.file], file.name, fields)
            if firsts[found.file] == 1:
                self.problems[found.file] = []
            firsts[found.file] += len(found.sizes)
            if file.error is not None:
                continue
            told = self.problems[found.file]
            told += [error for error in chunk_index.others.values() if error is not None]
            error = _error_of(chunk_index, self.options)
            if error is not None:
                failed.add(chunk_index.file)
                error = _placed(error, file)
                # How many of its bad records were seen before depends on the size of chunks.
                told[:] = [error]
                file.error = str(error)
            else:
                chunk_indexes.append(chunk_index)
                yield chunk_index, units

    def _read(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        for chunk in chunks:
            self.advance(chunk.read)
            yield chunk

    def _claimed(
        self, scanned: Iterable[tuple[ChunkIndex, Batch]], deduplicator: Deduplicator
    ) -> Iterator[Claimed]:
        """Yield the units in batches that are worth a call, in order."""
        first = 0
        for parts in _batches(scanned):
            chunk_indexes = [chunk_index for chunk_index, _ in parts]
            documents, protected = [], []
            for chunk_index in chunk_indexes:
                numbers = np.arange(first, first + chunk_index.documents, dtype=np.uint32)
                first += chunk_index.documents
                documents.append(
                    numbers
                    if chunk_index.counts is None
                    else np.repeat(numbers, chunk_index.counts)
                )
                is_protected = self.files[chunk_index.file].protected
                protected.append(np.full(len(documents[-1]), is_protected))
            numbers = np.concatenate(documents)
            batch = replace(joined([units for _, units in parts]), files=numbers.astype(np.uint64))
            yield Claimed(batch, deduplicator.intern(batch), numbers, np.concatenate(protected))


def _batches(
    scanned: Iterable[tuple[ChunkIndex, Batch]],
) -> Iterator[list[tuple[ChunkIndex, Batch]]]:
    parts: list[tuple[ChunkIndex, Batch]] = []
    size = 0
    for chunk_index, units in scanned:
        parts.append((chunk_index, units))
        size += len(units.data)
        if size >= _WORTH_A_CALL:
            yield parts
            parts, size = [], 0
    if parts:
        yield parts


def _error_of(chunk_index: ChunkIndex, options: Input) -> InputError | None:
    """Return what is wrong with the whole file of a chunk."""
    large = np.flatnonzero(chunk_index.sizes > options.max_document_size)
    if chunk_index.error is None and len(large):
        return too_large(chunk_index.first + int(large[0]), options)
    return chunk_index.error


def _placed(error: InputError, file: SourceFile) -> InputError:
    return (
        error
        if error.where
        else InputError(error.what, where=file.where, why=error.why, hint=error.hint)
    )
