"""The deduplicating pass: which units go, and the copies that stand for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.core.errors import UsageError
from cleaner.core.settings.config import Settings
from cleaner.dedup.documents import DuplicateDocument, duplicate_documents
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.signing.sign import Signed
from cleaner.engines.base import Engine
from cleaner.runs.duplicates.choosing import Pairs as Chosen
from cleaner.runs.duplicates.choosing import Units
from cleaner.runs.duplicates.config import (
    REMOVING,
    TELLING,
    contained_wanted,
    dedup_config,
    memory_of,
)
from cleaner.runs.duplicates.index_sync import add_known
from cleaner.runs.duplicates.sharing import SharedUnits
from cleaner.runs.duplicates.signing import SignedPart, SignPart
from cleaner.runs.duplicates.spared import Spared, SparedColumn
from cleaner.runs.duplicates.units.looking import Documents, SpoolReader, UnitReader
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.input.spool import Folders
from cleaner.runs.rule_registry import selection_for

# Units have numbers of 32 bits.
_MOST_UNITS = 2**31 - 2


class Pairs(NamedTuple):
    """Units and what each of them repeats, by rising document and unit; arrays of shape (n,).

    `documents`, `units`: int64, the unit counted in its document; `kinds`: int64, the numbers of
    the rules; `similarities`: float64; `survivor_documents`, `survivor_units`: int64.
    """

    documents: npt.NDArray[np.int64]
    units: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.int64]
    similarities: npt.NDArray[np.float64]
    survivor_documents: npt.NDArray[np.int64]
    survivor_units: npt.NDArray[np.int64]


class Alike(NamedTuple):
    """A document most of whose words stand in another one: file and record of that, the share."""

    document: int
    file: int
    number: int
    share: float


class KeptUnits(NamedTuple):
    """What is kept: document and unit (int64) of each, and the units signed."""

    documents: npt.NDArray[np.int64]
    units: npt.NDArray[np.int64]
    signed: Signed


class SpoolPlaces(NamedTuple):
    """Where documents stand (`looking.Documents`): int64, by document, file and record."""

    names: Sequence[str]
    files: npt.NDArray[np.int64]
    records: npt.NDArray[np.int64]

    def places(
        self, documents: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the file, a number into `names`, and the record of each document."""
        return self.files[documents], self.records[documents]


class Duplicates(NamedTuple):
    """What goes, what is only told of, documents that repeat another, and what is kept.

    `kept` is there where an index asks for it; `spared` as in `choosing.Chosen`.
    """

    going: Pairs
    noted: Pairs
    alike: Sequence[Alike]
    kept: KeptUnits | None
    spared: Pairs
    reader: SpoolReader
    documents: SpoolPlaces


def find_duplicates(
    spool_parts: Sequence[Path],
    files: Sequence[SourceFile],
    settings: Settings,
    engine: Engine,
    folders: Folders,
    *,
    repaired: bool,
    last: bool,
) -> Duplicates | None:
    """Return the duplicates that the settings let go or tell of; None where they let none.

    With `repaired`, of two copies the one that had to be repaired goes. `last` as in `chosen`.
    """
    dedup = settings.dedup
    if dedup.scope == "none" or not acts_on_duplicates(settings):
        return None
    failed = frozenset(i for i, file in enumerate(files) if file.error is not None)
    protected = np.array([file.protected for file in files], dtype=bool)
    parts: list[tuple[npt.NDArray[Any], ...]] = []
    spared = SparedColumn()
    first = 0
    with Deduplicator(
        dedup_config(dedup), survivor=dedup.survivor, memory=memory_of(dedup),
        folder=str(folders.spool),
    ) as deduplicator:  # fmt: skip
        repaired &= dedup.survivor == "best"
        signing = SignPart(dedup, failed, repaired, settings.ignore_texts)
        for spool_part in _signed(signing, spool_parts, settings, engine):
            own = np.arange(first, first + len(spool_part.counts), dtype=np.uint32)
            deduplicator.add(
                spool_part.signed,
                files=np.repeat(own, spool_part.counts),
                protected=np.repeat(protected[spool_part.document_files], spool_part.counts),
                damage=spool_part.damage,
            )
            parts.append((spool_part.counts, spool_part.numbers, spool_part.document_files))
            spared.append(spool_part.spared, int(spool_part.counts.sum()))
            first += len(spool_part.counts)
            if deduplicator.count > _MOST_UNITS:
                raise UsageError(
                    f"more than {_MOST_UNITS:,} paragraphs or lines to compare",
                    why="a run has no numbers for more",
                    hint="clean parts of the corpus in runs of their own, or give --scope file",
                )
        if not parts:
            return None
        counts, numbers, document_files = (
            np.concatenate(column) for column in zip(*parts, strict=True)
        )
        known = add_known(dedup, deduplicator, first, files, folders.work)
        numbers_of = {name: len(files) + i for i, name in enumerate(dict.fromkeys(known.sources))}
        known_files = np.array([numbers_of[name] for name in known.sources], dtype=np.int64)
        documents = SpoolPlaces(
            [*(file.name for file in files), *numbers_of],
            np.append(document_files.astype(np.int64), known_files),
            np.append(numbers, np.array(known.lines, dtype=np.int64)),
        )
        references = np.append(protected[document_files], np.ones(len(known_files), dtype=bool))
        counts = np.append(counts, np.ones(len(known_files), dtype=np.uint32))
        first_units = np.append(0, np.cumsum(counts, dtype=np.int64))
        first_documents = np.append(0, np.cumsum([len(part[0]) for part in parts], dtype=np.int64))
        reader = SpoolReader(first_units, first, dedup.unit, spool_parts, first_documents, engine)
        found = chosen(
            deduplicator, references, reader, settings, last=last,
            spared=spared.followed_by(len(known_files)),
        )  # fmt: skip
    alike = alike_places(found.alike, documents)
    return Duplicates(found.going, found.noted, alike, found.kept, found.spared, reader, documents)


def _signed(
    signing: SignPart, spool_parts: Sequence[Path], settings: Settings, engine: Engine
) -> Iterator[SignedPart]:
    """Yield the signed units of the spool parts; on a cluster without those that share nothing.

    An index asks for all of them.
    """
    if engine.cluster is None or settings.dedup.index:
        return engine.map(signing, spool_parts)
    contained = contained_wanted(settings, selection_for(settings).acts)
    question = SharedUnits(
        signing,
        engine.cluster.scratch,
        essences=settings.dedup.variants == "keep",
        prints=contained != "off",
    )
    return engine.cluster.consult(question, spool_parts)


def acts_on_duplicates(settings: Settings) -> bool:
    """Whether any rule on duplicates is selected."""
    acts = selection_for(settings).acts
    return any(acts(code) for code in (*REMOVING, *TELLING))


class Found(NamedTuple):
    """What goes, what is only told of, documents that repeat another, and what is kept.

    `kept` is there where an index asks for it; `spared` as in `choosing.Chosen`.
    """

    going: Pairs
    noted: Pairs
    alike: list[DuplicateDocument]
    kept: KeptUnits | None
    spared: Pairs


def chosen(
    deduplicator: Deduplicator,
    references: npt.NDArray[np.bool_],
    reader: UnitReader,
    settings: Settings,
    *,
    last: bool,
    spared: Spared | None = None,
) -> Found:
    """Return the duplicates among the units that a deduplicator was given, by document.

    `references` are the documents that are only compared with. What is told of and what is kept
    is left out where something goes, unless it is the `last` round: all is compared again then.
    """
    acts = selection_for(settings).acts
    dedup = settings.dedup
    first_units = reader.first_units
    spared = spared or Spared()
    units = Units(deduplicator, first_units, references, dedup, acts, reader, spared)
    found = units.choose(contained_wanted(settings, acts))
    counts = np.diff(first_units)
    alike = []
    if acts("DUP430"):
        of_unit = np.repeat(np.arange(len(counts)), counts)
        copies = found.found.taken(counts[of_unit[found.found.units]] > 1)
        words = deduplicator.unit_words()
        alike = [
            one
            for one in duplicate_documents(of_unit, words, copies)
            if one.other < reader.documents and not spared.spares(first_units[one.document], 430)
        ]
    last |= not len(found.going.units) or dedup.on_duplicate == "mark"
    kept = None
    if dedup.index and last:
        kept_units, signed = deduplicator.kept()
        kept = KeptUnits(*_place(kept_units, first_units), signed)
    noted = found.noted() if last else found.going.taken(slice(0, 0))
    placed = (_placed(pairs, first_units) for pairs in (found.going, noted, found.spared))
    going, told, held = placed
    return Found(going, told, alike, kept, held)


def alike_places(alike: Sequence[DuplicateDocument], documents: Documents) -> tuple[Alike, ...]:
    """Return documents that repeat another with the places of that."""
    others = np.array([one.other for one in alike], dtype=np.int64)
    files, records = documents.places(others)
    return tuple(
        Alike(one.document, file, record, one.share)
        for one, file, record in zip(alike, files.tolist(), records.tolist(), strict=True)
    )


def _placed(found: Chosen, first_units: npt.NDArray[np.int64]) -> Pairs:
    """Return pairs of units by document."""
    return Pairs(
        *_place(found.units, first_units),
        found.kinds,
        found.similarities,
        *_place(found.survivors, first_units),
    )


def _place(
    units: npt.NDArray[np.int64], first_units: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return document and unit, counted in the document, of each unit."""
    documents = np.searchsorted(first_units, units, side="right") - 1
    return documents, units - first_units[documents]
