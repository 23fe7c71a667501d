"""The units of a chunk, the texts they stand in, and what of it is no text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import cast

import numpy as np
import numpy.typing as npt

from cleaner.core.document import place_in
from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.dedup.signing.sign import Batch
from cleaner.formats.base import Parsed, PassedOn, Record
from cleaner.formats.jsonl import Jsonl
from cleaner.formats.registry import FORMATS, fields_in
from cleaner.runs.duplicates.units.units import Unit, units_of
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.records.chunks import Chunk


@dataclass(frozen=True)
class ChunkIndex:
    """What is kept of a chunk between the two readings.

    `sizes`: uint32 or int64, shape (records,), bytes of each record. `texts`: int64, the records
    (counted in the chunk) that are texts, which are the documents; None where all are. `others`:
    those that are none and do not stay, with the error of bad ones. `counts`: uint32, units of each
    text; None where each is one. `error`: what is wrong with the whole file. `first`: the number of
    the first record, once it is `placed`.
    """

    file: int
    sizes: npt.NDArray[np.uint32] | npt.NDArray[np.int64]
    texts: npt.NDArray[np.int64] | None = None
    others: Mapping[int, InputError | None] = field(default_factory=dict)
    counts: npt.NDArray[np.uint32] | None = None
    error: InputError | None = None
    first: int = 1

    def placed(self, first: int, name: str, fields: int) -> ChunkIndex:
        """Return it at a record number of the file `name`, which its errors then tell.

        So many `fields` are the texts of one record.
        """
        others = {
            record: error
            and (error if error.where else _at(error, place_in(name, first + record, fields)))
            for record, error in self.others.items()
        }
        return replace(self, first=first, others=others)

    @property
    def documents(self) -> int:
        """How many texts there are."""
        return len(self.sizes) if self.texts is None else len(self.texts)

    def records(self, documents: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the records that some of the texts, counted in the chunk, stand in."""
        return documents if self.texts is None else self.texts[documents]


@dataclass(frozen=True)
class ScanChunk:
    """Scanning as a picklable function of a chunk; `names` and `formats` go by file number."""

    options: Input
    names: Sequence[str]
    formats: Sequence[str]
    unit: Unit

    @classmethod
    def of(cls, files: Sequence[SourceFile], options: Input, unit: Unit) -> ScanChunk:
        """Return the scan of these files."""
        names, formats = [file.name for file in files], [file.format for file in files]
        return cls(options, names, formats, unit)

    def __call__(self, chunk: Chunk) -> tuple[ChunkIndex, Batch]:
        """Return what the chunk holds, and the units of its texts."""
        chunk_index, texts = self._texts(chunk)
        if self.unit == "record":
            return chunk_index, texts
        units, counts = units_of(texts, self.unit)
        return replace(chunk_index, counts=counts), units

    def _texts(self, chunk: Chunk) -> tuple[ChunkIndex, Batch]:
        if chunk.error is not None:
            nothing = np.empty(0, dtype=np.int64)
            return ChunkIndex(chunk.file, nothing, error=chunk.error), Batch.from_texts([])
        format = self.formats[chunk.file]
        if isinstance(FORMATS[format], Jsonl) and fields_in(format, self.options) == 1:
            return self._scanned(chunk)
        if chunk.sizes is None:
            return self._parsed(chunk, [chunk.data])
        ends = np.cumsum(chunk.sizes).tolist()
        return self._parsed(chunk, [chunk.data[a:b] for a, b in pairwise([0, *ends])])

    def _scanned(self, chunk: Chunk) -> tuple[ChunkIndex, Batch]:
        from cleaner.formats.jsonl_scan import scan_records

        found = scan_records(chunk.data, self.options.text_fields[0])
        sizes = np.diff(np.append(found.line_starts, len(chunk.data)))
        passed_on: set[int] = set()
        others: dict[int, InputError | None] = dict.fromkeys(np.flatnonzero(found.blank).tolist())
        long = np.flatnonzero(found.ends - found.starts > self.options.max_line_size)
        more, filled = [found.texts], len(found.texts)
        starts, ends = found.starts, found.ends
        for index in sorted({*found.errors, *long.tolist()}):
            at = int(found.line_starts[index])
            raw = chunk.data[at : at + int(sizes[index])]
            text = self.text_of(chunk.file, Record(1, raw, chunk.layout))
            if isinstance(text, PassedOn):
                passed_on.add(index)
            elif not isinstance(text, str):
                others[index] = text
            elif index in found.errors:
                own = np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)
                starts[index] = filled
                filled += len(own)
                ends[index] = filled
                more.append(own)
        texts = np.concatenate(more) if len(more) > 1 else found.texts
        documents = _without({*others, *passed_on}, len(sizes))
        if documents is not None:
            starts, ends = starts[documents], ends[documents]
        chunk_index = ChunkIndex(chunk.file, _narrow(sizes, len(chunk.data)), documents, others)
        return chunk_index, Batch(texts, starts, ends)

    def _parsed(self, chunk: Chunk, records: list[bytes]) -> tuple[ChunkIndex, Batch]:
        sizes = np.array([len(record) for record in records], dtype=np.int64)
        error = None
        alone = FORMATS[self.formats[chunk.file]].one_document
        texts: list[str] = []
        passed_on: set[int] = set()
        others: dict[int, InputError | None] = {}
        for index, raw in enumerate(records):
            text = self.text_of(chunk.file, Record(1, raw, chunk.layout))
            if isinstance(text, InputError) and alone:
                error = text = _at(text, self.names[chunk.file])
            if isinstance(text, PassedOn):
                passed_on.add(index)
            elif not isinstance(text, str):
                others[index] = text
            else:
                texts.append(text)
        fields = fields_in(self.formats[chunk.file], self.options)
        if fields > 1:
            texts = _without_halves(texts, others, passed_on, len(records), fields)
        documents = _without({*others, *passed_on}, len(records))
        if fields > 1 and self.unit == "record":
            own = np.arange(len(records)) if documents is None else documents
            documents, texts = _records_of(own, texts, fields)
        narrow = _narrow(sizes, len(chunk.data))
        chunk_index = ChunkIndex(chunk.file, narrow, documents, others, error=error)
        return chunk_index, Batch.from_texts(texts)

    def record_at(self, file: int, texts: Sequence[Record]) -> str:
        """Return the texts of a record as one, as it is compared with others."""
        found = (self.text_of(file, record) for record in texts)
        return _as_one([text for text in found if isinstance(text, str)])

    def text_of(self, file: int, record: Record) -> str | InputError | PassedOn | None:
        """Return the text of a record, what is wrong with it, or that it is blank or passed on.

        The record's number is not known yet, and matters to the document's id alone.
        """
        format = FORMATS[self.formats[file]]
        try:
            parsed = format.parse(record, self.names[file], self.options)
        except InputError as error:
            return error
        return parsed.document.text if isinstance(parsed, Parsed) else parsed


def _without_halves(
    texts: Sequence[str],
    others: dict[int, InputError | None],
    passed_on: set[int],
    count: int,
    fields: int,
) -> list[str]:
    """Let all texts of a record be none where one is bad; return those that are left."""
    bad = {number // fields for number, error in others.items() if error is not None}
    are_texts = [number for number in range(count) if number not in {*others, *passed_on}]
    left = [
        text for number, text in zip(are_texts, texts, strict=True) if number // fields not in bad
    ]
    for record in bad:
        for number in range(record * fields, (record + 1) * fields):
            others.setdefault(number, None)
            passed_on.discard(number)
    return left


def _as_one(texts: Iterable[str]) -> str:
    """Return the texts of a record as one."""
    return "\n\n".join(texts)


def _records_of(
    documents: npt.NDArray[np.int64], texts: Sequence[str], fields: int
) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Return the first text of each record that has some, and all of its texts as one."""
    by_record: dict[int, list[str]] = {}
    for number, text in zip(documents.tolist(), texts, strict=True):
        by_record.setdefault(number // fields * fields, []).append(text)
    return np.array([*by_record], dtype=np.int64), [*map(_as_one, by_record.values())]


def _at(error: InputError, where: str) -> InputError:
    return cast("InputError", error.at(where))


def _without(others: Collection[int], count: int) -> npt.NDArray[np.int64] | None:
    if not others:
        return None
    texts = np.ones(count, dtype=bool)
    texts[list(others)] = False
    return np.flatnonzero(texts)


def _narrow(
    sizes: npt.NDArray[np.int64], total: int
) -> npt.NDArray[np.uint32] | npt.NDArray[np.int64]:
    return sizes.astype(np.uint32) if total < 2**32 else sizes
