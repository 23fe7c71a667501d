"""The second reading of texts that may lose units: what loses nothing is copied."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.core.edits import Edit
from cleaner.core.settings.config import Settings
from cleaner.formats.base import Form, Record
from cleaner.formats.jsonl import Jsonl, members_of
from cleaner.formats.jsonl_scan import scan_records
from cleaner.formats.registry import FORMATS, fields_in
from cleaner.journal.tables import (
    EDITS,
    RECORDS,
    EditRow,
    RecordRow,
    columns,
    edit_rows,
    escaped,
    record_row,
    with_records,
)
from cleaner.runs.duplicates.removals import (
    Located,
    Removed,
    Steps,
    remove_paragraphs,
    steps_without,
    unit_notes,
)
from cleaner.runs.duplicates.units.units import Unit, unit_spans
from cleaner.runs.input.containers import changed
from cleaner.runs.input.parsing import stage
from cleaner.runs.input.reading import Entry
from cleaner.runs.input.spool import StagedDocument
from cleaner.runs.output.writing import Part, Written, written, written_verbatim
from cleaner.runs.records.actions import MARK, Finished, said
from cleaner.runs.records.chunks import Chunk
from cleaner.runs.records.scanning import ChunkIndex


class TextTask(NamedTuple):
    """A chunk, what is known of it, and by document, counted in the chunk, what is said of it.

    `rounds` are the units that go, one round after the other, `noted` those only told of.
    """

    chunk: Chunk
    chunk_index: ChunkIndex
    rounds: Sequence[Located]
    noted: Located | None
    alike: Mapping[int, Edit]


class _Told(NamedTuple):
    """A record, and what is said of it: the units that go, those only told of, and of all of it.

    `units` is how many it had before the first round that took some.
    """

    entry: Entry
    rounds: Sequence[Removed]
    noted: Removed
    alike: Edit | None
    units: int

    def notes(self, text: str, steps: Steps, unit: Unit) -> list[Edit]:
        """Return the notes on the record, given what is left of its text and how."""
        notes = [] if self.alike is None else [self.alike]
        if self.noted:
            notes += unit_notes(text, steps, self.noted, unit)
        return sorted(notes)


@dataclass(frozen=True)
class FinishTexts:
    """Finishing as a picklable function of a task.

    `files`: name and format of each; `names`: the same names, and those that an index has.
    """

    settings: Settings
    files: tuple[tuple[str, str], ...]
    names: tuple[str, ...]

    def __call__(self, task: TextTask) -> Finished:
        """Return what is written of the chunk."""
        chunk, chunk_index, *_ = task
        name, _ = self.files[chunk.file]
        count = len(chunk_index.sizes)
        places = np.zeros(count + 1, dtype=np.int64)
        np.cumsum(chunk_index.sizes, out=places[1:])
        if places[-1] != len(chunk.data):
            raise changed(name)
        part = Part(chunk.file, b"", 0, 0, Counter(), [], [])
        names: dict[int, str] = {}
        touched = dict(self._touched(task, places, part, names))
        fields = fields_in(self.files[chunk.file][1], self.settings.input)
        for record, error in chunk_index.others.items():
            raw = chunk.data[places[record] : places[record + 1]]
            row = RecordRow(
                escaped(name),
                chunk_index.first + record,
                written=False,
                source=raw,
                error=said(error),
            )
            touched[record] = Written(None, [], row)
        output: list[bytes] = []
        edits: list[EditRow] = []
        rest: list[RecordRow] = []
        done = 0
        for record in sorted(touched):
            one = touched[record]
            output += [chunk.data[places[done] : places[record]], one.output or b""]
            edits += one.edits
            rest += [] if one.row is None else [one.row]
            done = record + 1
        output.append(chunk.data[places[done] :])
        removed = [r for r, one in sorted(touched.items()) if one.output is None]
        edits, rest = with_records(edits, fields, names), with_records(rest, fields, names)
        return Finished(
            chunk.file, b"".join(output), columns(EDITS, edits), columns(RECORDS, rest), count,
            count - len(removed), part.codes, part.emptied,
            [chunk_index.first + record for record in removed],
        )  # fmt: skip

    def _touched(
        self, task: TextTask, places: npt.NDArray[np.int64], part: Part, names: dict[int, str]
    ) -> Iterator[tuple[int, Written]]:
        """Yield the records of which anything is said, and what becomes of them.

        `names` gets those of the fields that hold the texts.
        """
        if (fields := fields_in(self.files[task.chunk.file][1], self.settings.input)) > 1:
            yield from self._in_fields(task, places, part, names, fields)
            return
        all_told = list(self._told(task, places))
        texts = self._texts(task.chunk, len(all_told))
        for record, told in all_told:
            text = texts(record)
            one = None if text is None else self._quickly(told, text, part)
            yield record, one or self._by_staging(told, part)

    def _in_fields(
        self,
        task: TextTask,
        places: npt.NDArray[np.int64],
        part: Part,
        names: dict[int, str],
        fields: int,
    ) -> Iterator[tuple[int, Written]]:
        """Yield texts of records with several, which go where none of them has anything left."""
        chunk, chunk_index, *_ = task
        count = len(chunk_index.sizes)
        is_text = np.zeros(count, dtype=bool)
        is_text[chunk_index.records(np.arange(chunk_index.documents))] = True
        for _, own in groupby(self._told(task, places), lambda one: one[0] // fields):
            by_text = dict(own)
            first = next(iter(by_text)) // fields * fields
            texts = np.flatnonzero(is_text[first : first + fields]) + first
            staged_texts = {record: self._staged(told) for record, told in by_text.items()}
            names.update((one.number, one.field) for one in staged_texts.values())
            goes = not self.settings.output.keep_empty and all(
                record in staged_texts and not staged_texts[record].text.strip()
                for record in texts.tolist()
            )
            for record, staged in staged_texts.items():
                told = by_text[record]
                yield record, self._written(staged, told, part, keep_empty=not goes)
            rest = {*range(first, first + fields)} - {*staged_texts} if goes else set()
            for record in sorted(rest):
                raw = chunk.data[places[record] : places[record + 1]]
                number = chunk_index.first + record
                name = escaped(self.files[chunk.file][0])
                yield record, Written(None, [], RecordRow(name, number, written=False, source=raw))

    def _told(self, task: TextTask, places: npt.NDArray[np.int64]) -> Iterator[tuple[int, _Told]]:
        """Yield the records of which anything is said, and what."""
        chunk, chunk_index, *_ = task
        rounds = [found.by_document(self.names) for found in task.rounds]
        noted = {} if task.noted is None else task.noted.by_document(self.names)
        documents = np.array(sorted({*noted, *task.alike}.union(*rounds)), dtype=np.int64)
        for document, record in zip(
            documents.tolist(), chunk_index.records(documents).tolist(), strict=True
        ):
            raw = chunk.data[places[record] : places[record + 1]]
            yield (
                record,
                _Told(
                    Entry(chunk.file, Record(chunk_index.first + record, raw, chunk.layout)),
                    [found[document] for found in rounds if document in found],
                    noted.get(document, {}),
                    task.alike.get(document),
                    1 if chunk_index.counts is None else int(chunk_index.counts[document]),
                ),
            )

    def _quickly(self, told: _Told, text: str, part: Part) -> Written | None:
        """Return what becomes of a record that stays as it is or goes as a whole; None of others.

        These are most by far, and nothing of their form need be known.
        """
        file, (number, raw, _) = told.entry
        name, _ = self.files[file]
        unit = self.settings.dedup.unit
        removes = self.settings.dedup.on_duplicate == "remove"
        if not told.rounds:
            rows = edit_rows(escaped(name), number, (), told.notes(text, (), unit))
            part.codes.update(row.rule for row in rows)
            return Written(raw, rows, None)
        whole = len(told.rounds[0]) == told.units and not self.settings.output.keep_empty
        around = _around(raw, text) if whole and removes else None
        if around is None:
            return None
        edits = remove_paragraphs(text, told.rounds[0], unit)
        rows = edit_rows(escaped(name), number, (edits,), told.notes("", (edits,), unit))
        part.codes.update(row.rule for row in rows)
        part.emptied.append(number)
        head, tail, form = around
        row = record_row(escaped(name), number, form, written=False, head=head, tail=tail, text="")
        return Written(None, rows, row)

    def _by_staging(self, told: _Told, part: Part) -> Written:
        """Return what becomes of any record."""
        keep_empty = self.settings.output.keep_empty
        return self._written(self._staged(told), told, part, keep_empty=keep_empty)

    def _staged(self, told: _Told) -> StagedDocument:
        """Return any record without the units that go."""
        unit = self.settings.dedup.unit
        name, format_name = self.files[told.entry.file]
        staged = stage(told.entry, name, format_name, self.settings, repairs=False)
        if self.settings.dedup.on_duplicate == "remove":
            staged.text, staged.steps = steps_without(staged.text, told.rounds, unit)
        else:
            for found in told.rounds:
                staged.notes += unit_notes(staged.text, (), found, unit)
                staged.mark = _mark(staged, found, unit) if format_name == "jsonl" else ""
        staged.notes = sorted([*staged.notes, *told.notes(staged.text, staged.steps, unit)])
        return staged

    def _written(
        self, staged: StagedDocument, told: _Told, part: Part, *, keep_empty: bool
    ) -> Written:
        name, format_name = self.files[told.entry.file]
        format = FORMATS[format_name]
        if not staged.steps:
            return written_verbatim(staged, escaped(name), told.entry.record.raw, part)
        return written(staged, escaped(name), format, part, keep_empty=keep_empty)

    def _texts(self, chunk: Chunk, wanted: int) -> Callable[[int], str | None]:
        """Return what gives the text of a record; None where the format has to be asked."""
        if not wanted or not isinstance(FORMATS[self.files[chunk.file][1]], Jsonl):
            return lambda record: None
        found = scan_records(chunk.data, self.settings.input.text_fields[0])

        def text_of(record: int) -> str | None:
            if record in found.errors:
                return None
            try:
                return found.texts[found.starts[record] : found.ends[record]].tobytes().decode()
            except UnicodeDecodeError:  # a lone surrogate
                return None

        return text_of


def _around(raw: bytes, text: str) -> tuple[str, str, Form] | None:
    """Return what stands around the text in a record that is not written, and its form.

    These need only give its bytes when they are put together. None where that is not certain.
    """
    if not (raw.startswith(b"{") and raw.endswith(b"}\n")):
        return None
    for is_ascii in (False, True):
        head, found, tail = raw.partition(json.dumps(text, ensure_ascii=is_ascii).encode())
        if found:
            return head.decode(), tail[:-1].decode(), {"ascii": True} if is_ascii else {}
    return None


def _mark(staged: StagedDocument, found: Removed, unit: Unit) -> str:
    """Return the member that names what the units of a record repeat; nothing where it has one."""
    if MARK in members_of(f'{staged.frame.head}""{staged.frame.tail}'):
        return ""
    spans = unit_spans(staged.text, unit)
    values = []
    for number, (_, survivor) in sorted(found.items()):
        start, end = spans[number]
        values.append({"start": start, "end": end, "of": survivor.where()})
    return f', "{MARK}": {json.dumps(values)}'


def text_tasks(
    chunks: Iterable[Chunk],
    chunk_indexes: Iterable[tuple[int, ChunkIndex]],
    rounds: Sequence[Located],
    noted: Located | None,
    alike: Mapping[int, Edit],
    first_documents: npt.NDArray[np.int64],
) -> Iterator[TextTask]:
    """Yield each chunk with what is said of its own documents."""
    told = np.array(sorted(alike), dtype=np.int64)
    for chunk, (number, chunk_index) in zip(chunks, chunk_indexes, strict=True):
        first, end = first_documents[number : number + 2].tolist()
        own = np.searchsorted(told, (first, end)).tolist()
        yield TextTask(
            chunk,
            chunk_index,
            [found.within(first, end) for found in rounds],
            None if noted is None else noted.within(first, end),
            {document - first: alike[document] for document in told[slice(*own)].tolist()},
        )
