"""Duplicates by document, each with the place in its source of what it repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.core.edits import Edit, Survivor
from cleaner.core.inline_ignores import Use
from cleaner.core.settings.config import Settings
from cleaner.engines.base import Engine
from cleaner.formats.registry import FORMATS
from cleaner.runs.duplicates.deduplicating import (
    Alike,
    Duplicates,
    KeptUnits,
    Pairs,
)
from cleaner.runs.duplicates.index_sync import Kept
from cleaner.runs.duplicates.removals import Located, Removed, unit_notes
from cleaner.runs.duplicates.spared import uses_of
from cleaner.runs.duplicates.units.looking import Documents, UnitReader
from cleaner.runs.input.ignores import tell_unused
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.input.resume import WITHOUT_EFFECT, depending
from cleaner.runs.input.spool import load_spool, next_stage, save_spool

Ints = npt.NDArray[np.int64]


def located(
    pairs: Pairs, reader: UnitReader, documents: Documents, files: Sequence[SourceFile]
) -> Located:
    """Return duplicates with the places of their survivors."""
    places = unit_places(pairs.survivor_documents, pairs.survivor_units, reader, documents, files)
    return Located(*pairs[:4], *places)


def unit_places(
    own: Ints, units: Ints, reader: UnitReader, documents: Documents, files: Sequence[SourceFile]
) -> tuple[Ints, Ints]:
    """Return the file and the place there of each of some units of documents, in any order."""
    numbers, lines = documents.places(own)
    # Of a file that holds many records the record is enough.
    alone = np.array([FORMATS[file.format].one_document for file in files], dtype=bool)
    asked = np.flatnonzero(own < reader.documents)
    asked = asked[alone[numbers[asked]]]
    asked = asked[np.lexsort((units[asked], own[asked]))]
    lines[asked] = reader.lines(own[asked], units[asked])
    return numbers, lines


def alike_note(one: Alike, files: Sequence[SourceFile]) -> Edit:
    """Return the note on a document that repeats one other document."""
    file = files[one.file]
    place = None if FORMATS[file.format].one_document else one.number
    return Edit.duplicate(0, 0, "", "DUP430", Survivor(file.name, place, round(one.share, 6)))


def by_part(
    pairs: Pairs, found: Duplicates, files: Sequence[SourceFile]
) -> Iterator[dict[int, Removed]]:
    """Yield for each spool part, by document (counted there), its units and what they repeat."""
    all_told = located(pairs, found.reader, found.documents, files)
    for first, end in pairwise(found.reader.first_documents.tolist()):
        yield all_told.within(first, end).by_document(found.documents.names)


class NoteTask(NamedTuple):
    """A spool part as it was compared and as it is now, and what is told of its documents.

    `spared` has by document the units that its comments keep from a rule, and its code.
    """

    compared: Path
    spool_part: Path
    noted: dict[int, Removed]
    alike: dict[int, Edit]
    spared: dict[int, list[tuple[int, str]]]


@dataclass(frozen=True)
class AddNotes:
    """Adding notes as a picklable function of a spool part."""

    settings: Settings

    def __call__(self, telling: NoteTask) -> Path:
        """Write the spool part with its notes, where it gets some."""
        if not telling.noted and not telling.alike and not telling.spared:
            return telling.spool_part
        given = (telling.compared.name, telling.spool_part.name)
        told_of = [
            repr(sorted(one.items())) for one in (telling.noted, telling.alike, telling.spared)
        ]
        stage = f"told-{depending(self.settings, WITHOUT_EFFECT, *given, *told_of)}"
        spool_part = next_stage(telling.spool_part, stage)
        if spool_part.exists():
            return spool_part
        unit = self.settings.dedup.unit
        notes = {number: [note] for number, note in telling.alike.items()}
        used: dict[int, set[Use]] = {}
        for number, staged in enumerate(load_spool(telling.compared)):
            if told := telling.noted.get(number):
                notes.setdefault(number, []).extend(
                    unit_notes(staged.text, staged.steps, told, unit)
                )
            if spared := telling.spared.get(number):
                used[number] = uses_of(staged, spared, unit)
        staged_documents = list(load_spool(telling.spool_part))
        for number, own in notes.items():
            staged_documents[number].notes = sorted([*staged_documents[number].notes, *own])
        for number, own_uses in used.items():
            tell_unused(staged_documents[number], own_uses, self.settings)
        save_spool(spool_part, staged_documents)
        return spool_part


def alike_by_part(found: Duplicates, files: Sequence[SourceFile]) -> Iterator[dict[int, Edit]]:
    """Yield for each spool part the notes on documents that repeat one other document."""
    for first, end in pairwise(found.reader.first_documents.tolist()):
        own = (one for one in found.alike if first <= one.document < end)
        yield {one.document - first: alike_note(one, files) for one in own}


def spared_by_part(found: Duplicates) -> Iterator[dict[int, list[tuple[int, str]]]]:
    """Yield for each spool part, by document, the units that are spared, each with the code."""
    documents, units, kinds = (column.tolist() for column in found.spared[:3])
    for first, end in pairwise(found.reader.first_documents.tolist()):
        own: dict[int, list[tuple[int, str]]] = {}
        for document, unit, kind in zip(documents, units, kinds, strict=True):
            if first <= document < end:
                own.setdefault(document - first, []).append((unit, f"DUP{kind}"))
        yield own


def noted_parts(
    compared: Sequence[Path],
    spool_parts: Sequence[Path],
    last: Duplicates,
    alike: Sequence[dict[int, Edit]],
    files: Sequence[SourceFile],
    engine: Engine,
    settings: Settings,
) -> list[Path]:
    """Return the spool parts with what is told of their documents and changes nothing."""
    noted = by_part(last.noted, last, files)
    parts = zip(compared, spool_parts, noted, alike, spared_by_part(last), strict=True)
    tasks = (NoteTask(*task) for task in parts)
    return list(engine.map(AddNotes(settings), tasks))


def kept_units(
    kept: KeptUnits, reader: UnitReader, documents: Documents, files: Sequence[SourceFile]
) -> Kept:
    """Return what is kept with the places where it stands."""
    numbers, lines = unit_places(kept.documents, kept.units, reader, documents, files)
    names = [documents.names[number] for number in numbers.tolist()]
    return Kept(kept.signed, names, lines.tolist())
