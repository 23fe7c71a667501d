"""A second look at drafts: what their units are and how they read, where deduplication asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.engines.base import Engine
from cleaner.pipeline.traits import traits_of
from cleaner.pipeline.units import Unit, unit_spans
from cleaner.pipeline.work import load_drafts

Ints = npt.NDArray[np.int64]


class Wanted(NamedTuple):
    """The units of a shard that are asked for, by document (counted in the shard)."""

    shard: Path
    documents: Ints
    units: Ints


@dataclass(frozen=True)
class TraitShard:
    """Telling the traits of units, as a picklable function of a shard and some documents."""

    unit: Unit

    def __call__(self, wanted: Wanted) -> list[bytes]:
        """Return for each wanted document a byte for each of its units."""
        if not len(wanted.documents):
            return []
        drafts = list(load_drafts(wanted.shard))
        found = []
        for number in wanted.documents.tolist():
            text = drafts[number].text
            found.append(bytes(traits_of(text, unit_spans(text, self.unit))))
        return found


@dataclass(frozen=True)
class TextShard:
    """Reading units, as a picklable function of a shard and some units."""

    unit: Unit

    def __call__(self, wanted: Wanted) -> list[str]:
        """Return the wanted units."""
        if not len(wanted.documents):
            return []
        drafts = list(load_drafts(wanted.shard))
        found = []
        known = -1
        for number, unit in zip(wanted.documents.tolist(), wanted.units.tolist(), strict=True):
            text = drafts[number].text
            if number != known:
                known = number
                spans = unit_spans(text, self.unit)
            start, end = spans[unit]
            found.append(text[start:end])
        return found


@dataclass(frozen=True)
class ShardReader:
    """Looks at units in shards (`choosing.Reader`).

    `first_documents`, int64: the number of each shard's first document, and one more; documents
    beyond are not at hand. `first_units`, int64: where the units of each document start.
    """

    shards: Sequence[Path]
    first_documents: Ints
    first_units: Ints
    engine: Engine
    unit: Unit

    def traits(self, documents: Ints) -> Iterator[list[int]]:
        """Yield the traits of the units of each of some documents, which rise."""
        borders = np.searchsorted(documents, self.first_documents)
        none = np.empty(0, dtype=np.int64)
        wanted = (
            Wanted(shard, documents[borders[i] : borders[i + 1]] - self.first_documents[i], none)
            for i, shard in enumerate(self.shards)
        )
        for found in self.engine.map(TraitShard(self.unit), wanted):
            for traits in found:
                yield list(traits)

    def texts(self, units: Ints) -> Iterator[str | None]:
        """Yield the text of each of some units, which rise; None of those not at hand."""
        documents = np.searchsorted(self.first_units, units, side="right") - 1
        wanted = units_by_shard(
            self.shards, documents, units - self.first_units[documents], self.first_documents
        )
        for found in self.engine.map(TextShard(self.unit), wanted):
            yield from found
        for _ in range(np.count_nonzero(documents >= self.first_documents[-1])):
            yield None


def units_by_shard(
    shards: Sequence[Path], documents: Ints, units: Ints, first_documents: Ints
) -> Iterator[Wanted]:
    """Yield what is wanted of each shard; `documents` rise, those beyond the last are left out."""
    borders = np.searchsorted(documents, first_documents)
    for number, shard in enumerate(shards):
        own = slice(borders[number], borders[number + 1])
        yield Wanted(shard, documents[own] - first_documents[number], units[own])
