"""Texts of documents, before each step and at the end, from outputs and journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from cleaner.core.edits import Edit, apply_edits
from cleaner.core.errors import CleanerError
from cleaner.core.findings import undo_steps
from cleaner.core.settings.config import Input
from cleaner.formats.base import Format, Parsed, Record
from cleaner.formats.registry import FORMATS
from cleaner.journal.arrays import to_numpy
from cleaner.journal.read import read_records
from cleaner.journal.tables import EDIT, EditRow, FileRow, RecordRow, edit_of
from cleaner.runs.report.survey import Array, Numbers, document_key, document_keys, file_and_record
from cleaner.storage.below import open_below, output_place
from cleaner.storage.compress import output_name, reading

# A longer text is not taken apart for a report.
_LONGEST = 4_000_000
# However long records are, they were written.
_UNLIMITED = Input(max_document_size=2**60, max_line_size=2**60)


@dataclass(frozen=True)
class Document:
    """A source text and its steps; `texts` begins with it and ends with what they left of it."""

    texts: Sequence[str]
    steps: Sequence[Sequence[Edit]]

    @property
    def source(self) -> str:
        """The text as it was read."""
        return self.texts[0]


class Outputs:
    """The outputs of a run, gone through for some of their documents."""

    def __init__(
        self,
        output: Path,
        files: Sequence[FileRow],
        numbers: Numbers,
        unwritten: Array,
        options: Input,
    ) -> None:
        self._output = output
        self._files = files
        self._numbers = numbers
        self._unwritten = unwritten
        self._options = options

    def texts(self, wanted: Array) -> Iterator[tuple[int, str]]:
        """Yield the texts of those of the wanted documents that are in the output, in order."""
        for key, (_, text) in self._opened(wanted):
            yield key, text

    def raw(self, wanted: Array) -> Iterator[tuple[int, bytes]]:
        """Yield the records of those of the wanted documents that are in the output, in order."""
        for key, (data, _) in self._opened(wanted):
            yield key, data

    def lengths(self, wanted: Array) -> dict[int, int]:
        """Return the bytes of text that are left of the wanted documents which can be read."""
        found = {int(key): 0 for key in wanted[np.isin(wanted, self._unwritten)].tolist()}
        for key, text in self.texts(wanted):
            found[key] = len(text.encode("utf-8", "surrogatepass"))
        return found

    def documents(
        self, wanted: Array, rows: Mapping[int, Sequence[EditRow]]
    ) -> dict[int, Document]:
        """Return the wanted documents of which everything is at hand; `rows` go by document."""
        records = {self._key(row): row for row in read_records(self._output, self._chosen(wanted))}
        left = dict(self.texts(wanted))
        documents = {}
        for key in wanted.tolist():
            file = self._file(key)
            if file is None or file.format not in FORMATS:
                continue
            # What does not fit is left out here; restoring says what is wrong.
            with suppress(CleanerError, ValueError, LookupError, TypeError):
                text, row = left.get(key), records.get(key)
                steps = _steps(rows.get(key, ()))
                source = self._source(FORMATS[file.format], file.file, row, text, steps)
                if source is not None:
                    documents[key] = _document(source, steps)
        return documents

    def _source(
        self,
        format: Format,
        name: str,
        row: RecordRow | None,
        text: str | None,
        steps: Sequence[Sequence[Edit]],
    ) -> str | None:
        if row is not None and row.source is not None:
            parsed = format.parse(Record(row.record, row.source), name, self._options)
            return parsed.document.text if isinstance(parsed, Parsed) else None
        if text is None and row is not None:
            text = row.text
        return None if text is None else undo_steps(text, steps)

    def _opened(self, wanted: Array) -> Iterator[tuple[int, tuple[bytes, str]]]:
        """Yield record and text of those of the wanted documents that are in the output."""
        in_output = np.unique(wanted[~np.isin(wanted, self._unwritten)])
        for number, keys in groupby(in_output.tolist(), lambda key: file_and_record(key)[0]):
            file = self._file(document_key(number, 0))
            if file is None or file.output_sha256 is None or file.format not in FORMATS:
                continue
            # An output that is gone or was changed has no texts to show.
            with suppress(CleanerError, OSError, ValueError, LookupError, TypeError):
                yield from self._opened_of(file, number, list(keys))

    def _opened_of(
        self, file: FileRow, number: int, keys: Sequence[int]
    ) -> Iterator[tuple[int, tuple[bytes, str]]]:
        format = FORMATS[file.format]
        first, end = np.searchsorted(
            self._unwritten, [document_key(number, 0), document_key(number + 1, 0)]
        )
        missing = self._unwritten[first:end]
        # How many records stand before each in the output.
        places = {
            file_and_record(key)[1] - 1 - int(np.searchsorted(missing, key)): key for key in keys
        }
        last = max(places)
        name = output_place(self._output, output_name(file.file, format.written_suffix))
        with open_below(self._output, name) as raw, reading(raw, file.codec) as stream:
            for place, record in enumerate(_records(format, stream)):
                if place in places and len(record.raw) <= _LONGEST:
                    yield places[place], (record.raw, format.opened(record, self._options)[1])
                if place == last:
                    return

    def _file(self, key: int) -> FileRow | None:
        number = file_and_record(key)[0]
        return self._files[number] if number < len(self._files) else None

    def _key(self, row: RecordRow) -> int:
        return key_of(self._numbers, row)

    def _chosen(self, wanted: Array) -> ChosenDocuments:
        return ChosenDocuments(self._numbers, wanted)


def _records(format: Format, stream: BinaryIO) -> Iterator[Record]:
    """Yield the records of an output."""
    if format.one_document:
        return iter([Record(1, stream.read())])
    return format.records(stream, _UNLIMITED)


@dataclass(frozen=True)
class ChosenDocuments:
    """Chooses the rows of some documents."""

    numbers: Numbers
    wanted: Array

    def __call__(self, batch: pa.RecordBatch) -> Array:
        """Return which rows of a batch are of these documents."""
        files = self.numbers.of(batch.column("file"))
        keys = document_keys(files, to_numpy(batch.column("record")))
        return np.isin(keys, self.wanted)


def key_of(numbers: Numbers, row: EditRow | RecordRow) -> int:
    """Return the number of the document of a row, whose name is the true one."""
    from cleaner.journal.tables import escaped

    return document_key(numbers.number(escaped(row.file)), row.record)


def _steps(rows: Sequence[EditRow]) -> list[list[Edit]]:
    own = (row for row in rows if row.kind == EDIT)
    return [[edit_of(row) for row in step] for _, step in groupby(own, attrgetter("step"))]


def _document(source: str, steps: Sequence[Sequence[Edit]]) -> Document:
    texts = [source]
    for edits in steps:
        texts.append(apply_edits(texts[-1], edits))
    return Document(texts, steps)
