"""Duplicates by shard, each with the place in its source of what it repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.core.config import Dedup
from cleaner.core.edits import Edit, SourceMap, Survivor
from cleaner.core.findings import Lines, undo_steps
from cleaner.engines.base import Engine
from cleaner.formats.registry import FORMATS
from cleaner.pipeline.deduplicating import Alike, Duplicates, Pairs, Removed
from cleaner.pipeline.looking import Wanted, units_by_shard
from cleaner.pipeline.reading import SourceFile
from cleaner.pipeline.remembering import Kept, remember
from cleaner.pipeline.units import Unit, unit_spans
from cleaner.pipeline.work import load_drafts, next_stage, save_drafts


class Place(NamedTuple):
    """Where a unit begins: the number of its file, and the line there."""

    file: int
    line: int


@dataclass(frozen=True)
class LocateUnits:
    """Finding units in their sources, as a picklable function of a shard."""

    one_document: tuple[bool, ...]
    unit: Unit

    def __call__(self, wanted: Wanted) -> list[Place]:
        """Return the places of the wanted units."""
        if not len(wanted.documents):
            return []
        drafts = list(load_drafts(wanted.shard))
        places = []
        known = -1
        for document, unit in zip(wanted.documents.tolist(), wanted.units.tolist(), strict=True):
            draft = drafts[document]
            line = draft.number
            if self.one_document[draft.file]:
                if document != known:
                    known = document
                    source = SourceMap()
                    for edits in draft.steps:
                        source.add(edits)
                    lines = Lines(undo_steps(draft.text, draft.steps))
                    spans = unit_spans(draft.text, self.unit)
                line = lines.place(source.locate(*spans[unit])[0])[0]
            places.append(Place(draft.file, line))
        return places


def by_shard(
    shards: Sequence[Path],
    pairs: Pairs,
    found: Duplicates,
    files: Sequence[SourceFile],
    engine: Engine,
    unit: Unit,
) -> Iterator[dict[int, Removed]]:
    """Yield for each shard, by document (counted in the shard), its units and what they repeat."""
    first_documents = found.first_documents
    order = np.lexsort((pairs.survivor_units, pairs.survivor_documents))
    locate = LocateUnits(tuple(FORMATS[file.format].one_document for file in files), unit)
    documents, units = pairs.survivor_documents[order], pairs.survivor_units[order]
    wanted = units_by_shard(shards, documents, units, first_documents)
    located = [place for places in engine.map(locate, wanted) for place in places]
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    shard_of = np.searchsorted(first_documents, pairs.documents, side="right") - 1
    borders = np.searchsorted(shard_of, np.arange(len(shards) + 1))
    for number in range(len(shards)):
        told: dict[int, Removed] = {}
        for i in range(borders[number], borders[number + 1]):
            beyond = int(pairs.survivor_documents[i] - first_documents[-1])
            if beyond < 0:
                place = located[rank[i]]
                name, line = files[place.file].name, place.line
            else:
                name, line = found.known.sources[beyond], int(found.known.lines[beyond])
            document = int(pairs.documents[i] - first_documents[number])
            told.setdefault(document, {})[int(pairs.units[i])] = (
                f"DUP{pairs.kinds[i]}",
                Survivor(name, line, round(float(pairs.similarities[i]), 6)),
            )
        yield told


class Telling(NamedTuple):
    """A shard as it was compared and as it is now, and what is told of its documents."""

    compared: Path
    shard: Path
    noted: dict[int, Removed]
    alike: dict[int, Survivor]


@dataclass(frozen=True)
class TellShard:
    """Adding notes as a picklable function of a shard."""

    unit: Unit

    def __call__(self, telling: Telling) -> Path:
        """Write the shard with its notes, where it gets some."""
        if not telling.noted and not telling.alike:
            return telling.shard
        notes: dict[int, list[Edit]] = {
            number: [Edit.duplicate(0, 0, "", "DUP430", other)]
            for number, other in telling.alike.items()
        }
        for number, draft in enumerate(load_drafts(telling.compared)):
            if told := telling.noted.get(number):
                notes.setdefault(number, []).extend(
                    unit_notes(draft.text, draft.steps, told, self.unit)
                )
        drafts = list(load_drafts(telling.shard))
        for number, own in notes.items():
            drafts[number].notes = sorted([*drafts[number].notes, *own])
        shard = next_stage(telling.shard, "told")
        save_drafts(shard, drafts)
        return shard


def unit_notes(
    text: str, steps: Sequence[Sequence[Edit]], told: Removed, unit: Unit
) -> Iterator[Edit]:
    """Yield a note for each numbered unit, placed where it begins in the source."""
    source = SourceMap()
    for edits in steps:
        source.add(edits)
    spans = unit_spans(text, unit)
    for number, (code, survivor) in sorted(told.items()):
        start = source.locate(*spans[number])[0]
        yield Edit.duplicate(start, start, "", code, survivor)


def alike_by_shard(
    alike: Sequence[Alike], first_documents: npt.NDArray[np.int64], files: Sequence[SourceFile]
) -> Iterator[dict[int, Survivor]]:
    """Yield for each shard the documents that repeat one other document, and that."""
    for first, end in zip(first_documents[:-1].tolist(), first_documents[1:].tolist(), strict=True):
        own = {}
        for one in alike:
            if first <= one.document < end:
                file = files[one.file]
                alone = FORMATS[file.format].one_document
                place = None if alone else one.number
                own[one.document - first] = Survivor(file.name, place, round(one.share, 6))
        yield own


def told_shards(
    compared: Sequence[Path],
    shards: Sequence[Path],
    last: Duplicates,
    alike: Sequence[dict[int, Survivor]],
    files: Sequence[SourceFile],
    engine: Engine,
    unit: Unit,
) -> list[Path]:
    """Return the shards with what is told of their documents and changes nothing."""
    noted = by_shard(compared, last.noted, last, files, engine, unit)
    tasks = (Telling(*task) for task in zip(compared, shards, noted, alike, strict=True))
    return list(engine.map(TellShard(unit), tasks))


def remember_kept(
    compared: Sequence[Path],
    found: Duplicates,
    files: Sequence[SourceFile],
    settings: Dedup,
    engine: Engine,
    work: Path,
) -> None:
    """Add what was kept to the index, where there is one."""
    if found.kept is None:
        return
    documents, units, signed = found.kept
    order = np.lexsort((units, documents))
    locate = LocateUnits(tuple(FORMATS[file.format].one_document for file in files), settings.unit)
    wanted = units_by_shard(compared, documents[order], units[order], found.first_documents)
    places: list[Place | None] = [None] * len(order)
    located = (place for places in engine.map(locate, wanted) for place in places)
    for at, place in zip(order.tolist(), located, strict=True):
        places[at] = place
    known = [place for place in places if place is not None]
    kept = Kept(signed, [files[p.file].name for p in known], [p.line for p in known])
    remember(settings, kept, files, work)
