"""The second reading of whole records: what stays is copied, what goes stands in the journal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleaner.core.errors import InputError
from cleaner.formats.jsonl import members_of
from cleaner.journal.arrays import LARGEST, chosen, from_numpy, from_values, too_large
from cleaner.journal.tables import EDITS, NOTE, RECORDS, REMOVED, RecordRow, columns, filled
from cleaner.runs.input.containers import changed
from cleaner.runs.records.chunks import Chunk
from cleaner.runs.records.scanning import ChunkIndex

# The field that a marked record gets.
MARK = "duplicate_of"


class Found(NamedTuple):
    """Duplicates of a chunk, by rising record; arrays of shape (n,).

    `records`: int64, counted in the chunk; `codes`: uint16, the numbers of the rules; `files`:
    int32, the survivor's, an index into the names; `lines`: int64, the survivor's record;
    `similarities`: float64.
    """

    records: npt.NDArray[np.int64]
    codes: npt.NDArray[np.uint16]
    files: npt.NDArray[np.int32]
    lines: npt.NDArray[np.int64]
    similarities: npt.NDArray[np.float64]

    def taken(self, chosen: npt.NDArray[Any] | slice) -> Found:
        """Return some of them."""
        return Found(
            self.records[chosen],
            self.codes[chosen],
            self.files[chosen],
            self.lines[chosen],
            self.similarities[chosen],
        )

    def and_also(self, more: Found) -> Found:
        """Return these and more, in no order."""
        columns: Iterable[Any] = zip(self, more, strict=True)
        return Found(*(np.concatenate(pair) for pair in columns))


class Task(NamedTuple):
    """A chunk, what is known of it, the duplicates in it, and those only told of."""

    chunk: Chunk
    chunk_index: ChunkIndex
    found: Found
    noted: Found


class Finished(NamedTuple):
    """Output and journal of a chunk, how many records it has and writes, and edits by code.

    `emptied` are the numbers of records that lost all their text, `removed` of those that are not
    written.
    """

    file: int
    output: bytes | memoryview
    edits: pa.Table
    rest: pa.Table
    records: int
    written: int
    codes: Mapping[str, int]
    emptied: Sequence[int] = ()
    removed: Sequence[int] = ()


@dataclass(frozen=True)
class FinishChunk:
    """Finishing as a picklable function of a task; `one_document` goes by file number.

    So do `markable`: whether records have room for a mark, and `fields`: how many texts each has,
    of which the first one stands for all. `names` are those of files as the journal has them.
    """

    names: pa.Array
    plain_names: tuple[str, ...]
    one_document: tuple[bool, ...]
    markable: tuple[bool, ...]
    mark: bool
    fields: tuple[int, ...]

    def __call__(self, task: Task) -> Finished:
        """Return what is written of the chunk."""
        chunk, chunk_index, found, noted = task
        count = len(chunk_index.sizes)
        places = np.zeros(count + 1, dtype=np.int64)
        np.cumsum(chunk_index.sizes, out=places[1:])
        if places[-1] != len(chunk.data):
            raise changed(self.plain_names[chunk.file])
        if len(chunk.data) >= LARGEST:
            raise too_large().at(self.plain_names[chunk.file])
        gone = np.zeros(count, dtype=bool)
        gone[list(chunk_index.others)] = True
        marks: dict[int, tuple[int, bytes]] = {}
        if self.mark:
            marks = self._marks(chunk, places, found)
        else:
            for text in range(self.fields[chunk.file]):
                gone[found.records + text] = True
        told = found.and_also(noted)
        edits = self._edits(chunk.file, chunk_index.first, told, len(found.records))
        rest = self._rest(chunk, chunk_index, places, gone, marks)
        numbers, counts = np.unique(told.codes, return_counts=True)
        codes = {f"DUP{n}": c for n, c in zip(numbers.tolist(), counts.tolist(), strict=True)}
        output = _written(chunk.data, places, gone, marks)
        written = count - int(gone.sum())
        # A text file is gone with its text.
        alone = self.one_document[chunk.file] and not self.mark
        emptied = (chunk_index.first + found.records).tolist() if alone else ()
        removed = (chunk_index.first + np.flatnonzero(gone)).tolist()
        return Finished(chunk.file, output, edits, rest, count, written, codes, emptied, removed)

    def _marks(
        self, chunk: Chunk, places: npt.NDArray[np.int64], found: Found
    ) -> dict[int, tuple[int, bytes]]:
        """Return the marks of duplicates and their places in the chunk, by record.

        What has no room for a mark, or has one, gets none.
        """
        marks: dict[int, tuple[int, bytes]] = {}
        if not self.markable[chunk.file]:
            return marks
        files, lines = found.files.tolist(), found.lines.tolist()
        for record, file, line in zip(found.records.tolist(), files, lines, strict=True):
            raw = chunk.data[places[record] : places[record + 1]]
            if MARK not in members_of(raw.decode("utf-8")):
                survivor = json.dumps(f"{self.plain_names[file]}:{line}")
                at = int(places[record]) + raw.rindex(b"}")
                marks[record] = at, f', "{MARK}": {survivor}'.encode("ascii")
        return marks

    def _edits(self, file: int, first: int, told: Found, found: int) -> pa.Table:
        """Return the journal's rows of duplicates, the first `found` of which were looked for."""
        if not len(told.records):
            return filled(EDITS, 0, {})
        kinds = np.ones(len(told.records), dtype=np.int64)
        kinds[:found] = self.mark
        order = np.argsort(told.records, kind="stable")
        told = told.taken(order)
        rules, numbers = np.unique(told.codes, return_inverse=True)
        return filled(
            EDITS,
            len(order),
            {
                "file": chosen(self.names, np.full(len(order), file)),
                **self._records(file, first + told.records),
                "kind": chosen(from_values([REMOVED, NOTE], pa.string()), kinds[order]),
                "rule": chosen(from_values([f"DUP{one}" for one in rules], pa.string()), numbers),
                "survivor": chosen(self.names, told.files),
                "survivor_place": from_numpy(told.lines),
                "similarity": from_numpy(np.round(told.similarities, 6)),
                "escaped": from_numpy(np.zeros(len(order), dtype=bool)),
            },
        )

    def _rest(
        self,
        chunk: Chunk,
        chunk_index: ChunkIndex,
        places: npt.NDArray[np.int64],
        gone: npt.NDArray[np.bool_],
        marks: Mapping[int, tuple[int, bytes]],
    ) -> pa.Table:
        """Return the journal's rows of records that are not in the output as they were."""
        if marks:
            return columns(RECORDS, self._rows(chunk, chunk_index, places, marks))
        records = np.flatnonzero(gone)
        if not len(records):
            return filled(RECORDS, 0, {})
        given = {
            "file": chosen(self.names, np.full(len(records), chunk.file)),
            **self._records(chunk.file, chunk_index.first + records),
            "written": from_numpy(np.zeros(len(records), dtype=bool)),
            "source": _records(chunk.data, places).filter(from_numpy(gone)).cast(pa.binary()),
            "escaped": from_numpy(np.zeros(len(records), dtype=bool)),
        }
        if chunk_index.others:
            errors = [said(chunk_index.others.get(record)) for record in records.tolist()]
            given["error"] = from_values(errors, pa.string())
        return filled(RECORDS, len(records), given)

    def _records(self, file: int, numbers: npt.NDArray[np.int64]) -> dict[str, pa.Array]:
        """Return the columns that tell of records."""
        fields = self.fields[file]
        if fields == 1:
            return {"record": from_numpy(numbers)}
        return {
            "record": from_numpy((numbers - 1) // fields + 1),
            "text_number": from_numpy(numbers),
        }

    def _rows(
        self,
        chunk: Chunk,
        chunk_index: ChunkIndex,
        places: npt.NDArray[np.int64],
        marks: Mapping[int, tuple[int, bytes]],
    ) -> Iterator[RecordRow]:
        """Yield the rows of records that are marked, or are none."""
        name = self.names[chunk.file].as_py()
        for record in sorted({*chunk_index.others, *marks}):
            number = chunk_index.first + record
            if record in marks:
                at, mark = marks[record]
                at -= int(places[record])
                yield RecordRow(name, number, written=True, added_at=at, added_size=len(mark))
            else:
                raw = chunk.data[places[record] : places[record + 1]]
                error = said(chunk_index.others[record])
                yield RecordRow(name, number, written=False, source=raw, error=error)


def said(error: InputError | None) -> str | None:
    """Return what a row of the journal says of a record that is none."""
    return None if error is None else str(error)


def _records(data: bytes, places: npt.NDArray[np.int64]) -> pa.Array:
    """Return the records of a chunk, which stand where they are."""
    buffers = [None, pa.py_buffer(places), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.large_binary(), len(places) - 1, buffers)


def _written(
    data: bytes,
    places: npt.NDArray[np.int64],
    gone: npt.NDArray[np.bool_],
    marks: Mapping[int, tuple[int, bytes]],
) -> bytes | memoryview:
    """Return the records that stay, with their marks."""
    if marks:
        chunks = []
        upto = 0
        for record in sorted({*np.flatnonzero(gone).tolist(), *marks}):
            at, mark = marks.get(record, (int(places[record]), b""))
            chunks += [data[upto:at], mark]
            upto = at if record in marks else int(places[record + 1])
        return b"".join([*chunks, data[upto:]])
    if not gone.any():
        return data
    kept = _records(data, places).filter(from_numpy(~gone))
    return memoryview(kept.buffers()[2])[: int(np.diff(places)[~gone].sum())]


def tasks_of(
    chunks: Iterable[Chunk],
    chunk_indexes: Iterable[tuple[int, ChunkIndex]],
    found: Found,
    noted: Found,
    first_documents: npt.NDArray[np.int64],
) -> Iterator[Task]:
    """Yield each chunk with its own duplicates; `found` and `noted` are given by unit number."""
    for chunk, (number, chunk_index) in zip(chunks, chunk_indexes, strict=True):
        own = []
        for all_found in (found, noted):
            begin, end = np.searchsorted(all_found.records, first_documents[number : number + 2])
            part = all_found.taken(slice(int(begin), int(end)))
            records = part.records - first_documents[number]
            own.append(part._replace(records=chunk_index.records(records)))
        yield Task(chunk, chunk_index, *own)
