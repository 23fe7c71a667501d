"""The units that documents lose, and what is said of units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.core.edits import Edit, SourceMap, Survivor, apply_edits
from cleaner.dedup.removal import removal_edits
from cleaner.runs.duplicates.units.units import Unit, unit_spans

Ints = npt.NDArray[np.int64]
Steps = Sequence[Sequence[Edit]]

# Of a document, the units that go, by number: code and survivor.
Removed = dict[int, tuple[str, Survivor]]


class Located(NamedTuple):
    """Duplicates by rising document and unit, each with the place of what it repeats; (n,) each.

    `documents`, `units`: int64, the unit counted in its document; `kinds`: int64, the numbers of
    the rules; `similarities`: float64; `files`: int64, the survivor's, an index into the names;
    `lines`: int64, where it stands there.
    """

    documents: Ints
    units: Ints
    kinds: Ints
    similarities: npt.NDArray[np.float64]
    files: Ints
    lines: Ints

    def within(self, first: int, end: int) -> Located:
        """Return those of the documents from `first` on and before `end`, counted from there."""
        begin, stop = np.searchsorted(self.documents, (first, end)).tolist()
        columns: Iterator[Any] = (column[begin:stop] for column in self)
        own = Located(*columns)
        return own._replace(documents=own.documents - first)

    def by_document(self, names: Sequence[str]) -> dict[int, Removed]:
        """Return what is said of the units of each document."""
        told: dict[int, Removed] = {}
        columns = (column.tolist() for column in self)
        for document, unit, kind, similarity, file, line in zip(*columns, strict=True):
            said = f"DUP{kind}", Survivor(names[file], line, round(similarity, 6))
            told.setdefault(document, {})[unit] = said
        return told


def remove_paragraphs(text: str, removed: Removed, unit: Unit = "paragraph") -> list[Edit]:
    """Return the edits that take the numbered units out of a document's text."""
    return removal_edits(text, unit_spans(text, unit), removed)


def steps_without(text: str, rounds: Sequence[Removed], unit: Unit) -> tuple[str, list[list[Edit]]]:
    """Return what is left of a text after some rounds, and the edits of those that took any."""
    steps = []
    for removed in filter(None, rounds):
        edits = remove_paragraphs(text, removed, unit)
        text = apply_edits(text, edits)
        steps.append(edits)
    return text, steps


def unit_notes(text: str, steps: Steps, told: Removed, unit: Unit) -> Iterator[Edit]:
    """Yield a note for each numbered unit, placed where it begins in the source."""
    source = SourceMap()
    for edits in steps:
        source.add(edits)
    spans = unit_spans(text, unit)
    for number, (code, survivor) in sorted(told.items()):
        start = source.locate(*spans[number])[0]
        yield Edit.duplicate(start, start, "", code, survivor)
