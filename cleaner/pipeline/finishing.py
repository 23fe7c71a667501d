"""The second reading of texts that may lose units: what loses nothing is copied."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.core.config import Settings
from cleaner.core.edits import Edit
from cleaner.core.errors import InputError
from cleaner.formats.base import Record
from cleaner.formats.jsonl import members_of
from cleaner.formats.registry import FORMATS
from cleaner.journal.tables import EDITS, RECORDS, EditRow, RecordRow, columns, escaped
from cleaner.pipeline.deduplicating import Removed
from cleaner.pipeline.fates import MARK, Finished, said
from cleaner.pipeline.locating import Located, steps_without, unit_notes
from cleaner.pipeline.parsing import draft_of
from cleaner.pipeline.pieces import Piece
from cleaner.pipeline.reading import Entry
from cleaner.pipeline.rereading import changed
from cleaner.pipeline.scanning import Extent
from cleaner.pipeline.units import Unit, unit_spans
from cleaner.pipeline.work import Draft
from cleaner.pipeline.writing import Part, Written, written, written_verbatim


class TextTask(NamedTuple):
    """A piece, what is known of it, and by document, counted in the piece, what is said of it.

    `rounds` are the units that go, one round after the other, `noted` those only told of.
    """

    piece: Piece
    extent: Extent
    rounds: Sequence[Located]
    noted: Located | None
    alike: Mapping[int, Edit]


@dataclass(frozen=True)
class FinishTexts:
    """Finishing as a picklable function of a task.

    `files`: name and format of each; `names`: the same names, and those that an index has.
    """

    settings: Settings
    files: tuple[tuple[str, str], ...]
    names: tuple[str, ...]

    def __call__(self, task: TextTask) -> Finished:
        """Return what is written of the piece."""
        piece, extent, *_ = task
        name, _ = self.files[piece.file]
        count = len(extent.sizes)
        places = np.zeros(count + 1, dtype=np.int64)
        np.cumsum(extent.sizes, out=places[1:])
        if places[-1] != len(piece.data):
            raise changed(InputError("", where=name))
        part = Part(piece.file, b"", 0, 0, Counter(), [], [])
        touched = dict(self._touched(task, places, part))
        for record, error in extent.others.items():
            raw = piece.data[places[record] : places[record + 1]]
            row = RecordRow(
                escaped(name), extent.first + record, written=False, source=raw, error=said(error)
            )
            touched[record] = Written(None, [], row)
        output: list[bytes] = []
        edits: list[EditRow] = []
        rest: list[RecordRow] = []
        done = 0
        for record in sorted(touched):
            one = touched[record]
            output += [piece.data[places[done] : places[record]], one.output or b""]
            edits += one.edits
            rest += [] if one.row is None else [one.row]
            done = record + 1
        output.append(piece.data[places[done] :])
        gone = sum(one.output is None for one in touched.values())
        return Finished(
            piece.file, b"".join(output), columns(EDITS, edits), columns(RECORDS, rest), count,
            count - gone, part.codes, part.emptied,
        )  # fmt: skip

    def _touched(
        self, task: TextTask, places: npt.NDArray[np.int64], part: Part
    ) -> Iterator[tuple[int, Written]]:
        """Yield the records of which anything is said, and what becomes of them."""
        piece, extent, *_ = task
        name, format = self.files[piece.file]
        rounds = [found.by_document(self.names) for found in task.rounds]
        noted = {} if task.noted is None else task.noted.by_document(self.names)
        documents = np.array(sorted({*noted, *task.alike}.union(*rounds)), dtype=np.int64)
        keep_empty = self.settings.output.keep_empty
        own = escaped(name)
        for document, record in zip(
            documents.tolist(), extent.records(documents).tolist(), strict=True
        ):
            raw = piece.data[places[record] : places[record + 1]]
            entry = Entry(piece.file, Record(extent.first + record, raw))
            draft = draft_of(entry, name, format, self.settings, repairs=False)
            self._remove(draft, [found.get(document, {}) for found in rounds])
            unit = self.settings.dedup.unit
            notes = [*draft.notes]
            notes += unit_notes(draft.text, draft.steps, noted.get(document, {}), unit)
            notes += [task.alike[document]] if document in task.alike else []
            draft.notes = sorted(notes)
            if draft.steps:
                yield record, written(draft, own, FORMATS[format], part, keep_empty=keep_empty)
            else:
                yield record, written_verbatim(draft, own, raw, part)

    def _remove(self, draft: Draft, rounds: Sequence[Removed]) -> None:
        """Take the units of all rounds out, or mark them."""
        unit = self.settings.dedup.unit
        if self.settings.dedup.on_duplicate == "remove":
            draft.text, draft.steps = steps_without(draft.text, rounds, unit)
            return
        for found in filter(None, rounds):
            draft.notes = list(unit_notes(draft.text, [], found, unit))
            if not FORMATS[self.files[draft.file][1]].one_document:
                draft.mark = _mark(draft, found, unit)


def _mark(draft: Draft, found: Removed, unit: Unit) -> str:
    """Return the member that names what the units of a record repeat; nothing where it has one."""
    if MARK in members_of(f'{draft.frame.head}""{draft.frame.tail}'):
        return ""
    spans = unit_spans(draft.text, unit)
    values = []
    for number, (_, survivor) in sorted(found.items()):
        start, end = spans[number]
        values.append({"start": start, "end": end, "of": survivor.where()})
    return f', "{MARK}": {json.dumps(values)}'


def text_tasks(
    pieces: Iterable[Piece],
    extents: Iterable[tuple[int, Extent]],
    rounds: Sequence[Located],
    noted: Located | None,
    alike: Mapping[int, Edit],
    first_documents: npt.NDArray[np.int64],
) -> Iterator[TextTask]:
    """Yield each piece with what is said of its own documents."""
    for piece, (number, extent) in zip(pieces, extents, strict=True):
        first, end = first_documents[number : number + 2].tolist()
        yield TextTask(
            piece,
            extent,
            [found.within(first, end) for found in rounds],
            None if noted is None else noted.within(first, end),
            {
                document - first: alike[document]
                for document in range(first, end)
                if document in alike
            },
        )
