"""A second look at documents: what their units are and how they read, where deduplication asks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from cleaner.blocks import give_survey
from cleaner.core.edits import SourceMap
from cleaner.core.findings import Lines, undo_steps
from cleaner.engines.base import Engine
from cleaner.runs.duplicates.removals import Steps
from cleaner.runs.duplicates.units.units import Unit, unit_spans
from cleaner.runs.input.spool import StagedDocument, load_spool

Ints = npt.NDArray[np.int64]


class Documents(Protocol):
    """Says where documents stand; those of an index come last."""

    @property
    def names(self) -> Sequence[str]:
        """The names of all files."""

    def places(self, documents: Ints) -> tuple[Ints, Ints]:
        """Return the file (a number into `names`) and the record, from 1, of each document.

        Of what an index has it is the line where it stands.
        """


# What is asked of some units of a document, given its text and the edits that led to it.
Question = Callable[[str, Steps, list[int], Unit], Any]


def ask_traits(text: str, steps: Steps, units: list[int], unit: Unit) -> bytes:
    """Return the traits of all units, whichever are asked for, a byte each."""
    # Takes a while to load, and whole records have none.
    from cleaner.runs.duplicates.units.traits import traits_of

    return traits_of(text, unit_spans(text, unit))


def ask_texts(text: str, steps: Steps, units: list[int], unit: Unit) -> list[str]:
    """Return the texts of units."""
    spans = unit_spans(text, unit)
    return [text[slice(*spans[number])] for number in units]


def ask_all_texts(text: str, steps: Steps, units: list[int], unit: Unit) -> list[str]:
    """Return the texts of all units, whichever are asked for."""
    return [text[start:end] for start, end in unit_spans(text, unit)]


def ask_lines(text: str, steps: Steps, units: list[int], unit: Unit) -> list[int]:
    """Return the lines that units begin at in the source."""
    source = SourceMap()
    for edits in steps:
        source.add(edits)
    lines = Lines(undo_steps(text, steps))
    spans = unit_spans(text, unit)
    return [lines.place(source.locate(*spans[number])[0])[0] for number in units]


def answered(
    question: Question,
    opened: Iterable[tuple[str, Steps]],
    documents: Ints,
    units: Ints,
    unit: Unit,
) -> Iterator[Any]:
    """Yield the answers on units of documents, which rise and are `opened`, one by one."""
    pairs = groupby(zip(documents.tolist(), units.tolist(), strict=True), itemgetter(0))
    wanted = [[number for _, number in own] for _, own in pairs]
    for (text, steps), own in zip(opened, wanted, strict=True):
        yield question(text, steps, own, unit)


@dataclass(frozen=True)
class UnitReader(ABC):
    """Looks at the texts behind units (`choosing.Reader`), wherever these are kept.

    `first_units`, int64: where the units of each document start, and one more. The first
    `documents` of them are at hand.
    """

    first_units: Ints
    documents: int
    unit: Unit

    @abstractmethod
    def ask(self, question: Question, documents: Ints, units: Ints) -> Iterator[Any]:
        """Yield the answers on units of documents at hand, which rise, document by document."""

    def traits(self, documents: Ints) -> Iterator[bytes]:
        """Yield the traits of the units of each of some documents, which rise, a byte a unit."""
        return self.ask(ask_traits, documents, np.zeros_like(documents))

    def texts(self, units: Ints) -> Iterator[str | None]:
        """Yield the text of each of some units, which rise; None of those not at hand."""
        documents = np.searchsorted(self.first_units, units, side="right") - 1
        own = documents < self.documents
        places = (units - self.first_units[documents])[own]
        for texts in self.ask(ask_texts, documents[own], places):
            yield from texts
        yield from [None] * int(np.count_nonzero(~own))

    def lines(self, documents: Ints, units: Ints) -> Ints:
        """Return the line, in its source, of each of some units at hand, which rise."""
        found = self.ask(ask_lines, documents, units)
        return np.fromiter(chain.from_iterable(found), np.int64, len(units))


class Wanted(NamedTuple):
    """The units of a spool part that are asked for, by document (counted in the spool part)."""

    spool_part: Path
    documents: Ints
    units: Ints


@dataclass(frozen=True)
class AskPart:
    """Asking as a picklable function of a spool part and some units."""

    question: Question
    unit: Unit

    def __call__(self, wanted: Wanted) -> list[Any]:
        """Return the answers, document by document."""
        _, documents, units = wanted
        if not len(documents):
            return []
        staged_documents = list(load_spool(wanted.spool_part))
        asked = [staged_documents[number] for number in np.unique(documents).tolist()]
        return list(answered(self.question, _opened(asked), documents, units, self.unit))


def _opened(asked: Iterable[StagedDocument]) -> Iterator[tuple[str, Steps]]:
    for staged in asked:
        give_survey(staged.text, staged.survey)
        yield staged.text, staged.steps


@dataclass(frozen=True)
class SpoolReader(UnitReader):
    """Looks at units in spool parts.

    `first_documents`, int64: the number of each spool part's first document, and one more.
    """

    spool_parts: Sequence[Path]
    first_documents: Ints
    engine: Engine

    def ask(self, question: Question, documents: Ints, units: Ints) -> Iterator[Any]:
        """Yield the answers on units of documents at hand, which rise, document by document."""
        borders = np.searchsorted(documents, self.first_documents)
        parts = (slice(*pair) for pair in pairwise(borders.tolist()))
        wanted = (
            Wanted(spool_part, documents[own] - first, units[own])
            for spool_part, first, own in zip(
                self.spool_parts, self.first_documents.tolist(), parts, strict=False
            )
        )
        for answers in self.engine.map(AskPart(question, self.unit), wanted):
            yield from answers
