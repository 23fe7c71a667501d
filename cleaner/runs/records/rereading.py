"""Documents read once more between the two readings: the texts of a few of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from cleaner.core.errors import InputError
from cleaner.core.openfile import open_file
from cleaner.core.settings.config import Input
from cleaner.formats.base import Record
from cleaner.formats.registry import FORMATS, fields_in
from cleaner.runs.duplicates.removals import Located, Steps, steps_without
from cleaner.runs.duplicates.units.looking import Question, UnitReader, answered
from cleaner.runs.input.containers import ChangedSourceError, changed
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.records.scanning import ScanChunk
from cleaner.runs.records.signing import Reading
from cleaner.storage.compress import reading

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class FileReader(UnitReader):
    """Looks at documents in their files, as they are after some `rounds`."""

    files: Sequence[SourceFile]
    options: Input
    read: Reading
    rounds: Sequence[Located] = ()

    def ask(self, question: Question, documents: Ints, units: Ints) -> Iterator[Any]:
        """Yield the answers on units of documents at hand, which rise, document by document."""
        opened = self.opened(np.unique(documents))
        return answered(question, opened, documents, units, self.unit)

    def opened(self, documents: Ints) -> Iterator[tuple[str, Steps]]:
        """Yield the text of each of some documents, which rise, and the edits that led to it.

        Raises ChangedSourceError where a file is no longer what it was.
        """
        numbers = iter(documents.tolist())
        names = self.read.names
        for file, records in self._records_of(documents).items():
            for source in self._sources(file, records):
                number = next(numbers)
                rounds = [
                    found.within(number, number + 1).by_document(names).get(0, {})
                    for found in self.rounds
                ]
                yield steps_without(source, rounds, self.unit)

    def _records_of(self, documents: Ints) -> dict[int, list[tuple[int, int]]]:
        """Return by file where the records of the documents start, and their sizes."""
        wanted: dict[int, list[tuple[int, int]]] = {}
        chunks = dict(self.read.by_chunk(documents))
        ends: dict[int, int] = {}
        for number, chunk_index in enumerate(self.read.chunk_indexes):
            first = ends.get(chunk_index.file, 0)
            ends[chunk_index.file] = first + int(chunk_index.sizes.sum())
            if number not in chunks:
                continue
            own = chunk_index.records(documents[chunks[number]] - self.read.first_documents[number])
            starts = first + np.cumsum(chunk_index.sizes, dtype=np.int64) - chunk_index.sizes
            places = zip(starts[own].tolist(), chunk_index.sizes[own].tolist(), strict=True)
            wanted.setdefault(chunk_index.file, []).extend(places)
        return wanted

    def _sources(self, number: int, records: list[tuple[int, int]]) -> Iterator[str]:
        """Yield the texts of records of a file, by rising start and by size."""
        file = self.files[number]
        scan = ScanChunk.of(self.files, self.options, self.unit)
        try:
            with open_file(file.place) as raw, reading(raw, file.codec) as stream:
                fields = fields_in(file.format, self.options)
                if fields > 1 and self.unit == "record":
                    for texts in _whole_records_at(records, stream, file, self.options):
                        yield scan.record_at(number, texts)
                    return
                for record in _records_at(records, stream, file, self.options):
                    text = scan.text_of(number, record)
                    if not isinstance(text, str):
                        raise changed(file.name, text.why if isinstance(text, InputError) else "")
                    yield text
        except ChangedSourceError:
            raise
        except (OSError, InputError) as error:
            raise changed(file.name) from error


def _records_at(
    places: list[tuple[int, int]], stream: BinaryIO, file: SourceFile, options: Input
) -> Iterator[Record]:
    """Yield the records of a file at some places: where each starts, which rises, and its size."""
    format = FORMATS[file.format]
    if format.one_document or file.format == "jsonl":
        for start, size in places:
            stream.seek(start)
            yield Record(1, stream.read(size))
        return
    at = 0
    wanted = {start for start, _ in places}
    for record in format.records(stream, options):
        if at in wanted:
            yield record
        at += len(record.raw)


def _whole_records_at(
    places: list[tuple[int, int]], stream: BinaryIO, file: SourceFile, options: Input
) -> Iterator[list[Record]]:
    """Yield the texts of records of a file whose first ones start at some places."""
    at = 0
    wanted = {start for start, _ in places}
    records = FORMATS[file.format].records(stream, options)
    fields = fields_in(file.format, options)
    while texts := list(islice(records, fields)):
        if at in wanted:
            yield texts
        at += sum(len(record.raw) for record in texts)
