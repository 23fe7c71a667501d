"""The deduplicating pass: which units go, and the copies that stand for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.core.inline_ignores import inline_ignores
from cleaner.core.left_texts import LeftTexts
from cleaner.core.settings.config import Dedup, Settings
from cleaner.dedup.documents import DuplicateDocument, duplicate_documents
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.signing.sign import Batch, Signed, sign
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
from cleaner.runs.duplicates.spared import (
    Bits,
    Spared,
    SparedColumn,
    bits_of_file,
    bits_of_units,
    of_duplicates,
)
from cleaner.runs.duplicates.units.looking import Documents, SpoolReader, UnitReader
from cleaner.runs.duplicates.units.units import Unit, damage_of, unit_spans, units_of
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.input.spool import StagedDocument, load_spool
from cleaner.runs.rule_registry import selection_for


class SignedPart(NamedTuple):
    """The signed units of a spool part.

    `counts`: uint32, shape (documents,), units of each document, 0 for those that do not count;
    `numbers`: int64, (documents,), the record of each; `document_files`: uint32, (documents,).
    `damage`: uint32, by unit, where it was asked for; `spared`, as in `Spared`.
    """

    signed: Signed
    counts: npt.NDArray[np.uint32]
    numbers: npt.NDArray[np.int64]
    document_files: npt.NDArray[np.uint32]
    damage: npt.NDArray[np.uint32] | None
    spared: Bits | None


@dataclass(frozen=True)
class SignPart:
    """Signing as a picklable function of a spool part; `failed` are numbers of files.

    With `repaired`, what had to be repaired in a unit counts as damage.
    """

    settings: Dedup
    failed: frozenset[int]
    repaired: bool
    ignore_texts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __call__(self, spool_part: Path) -> SignedPart:
        """Return the signed units of the spool part."""
        texts: list[str] = []
        staged_documents: list[tuple[int, int, int]] = []
        damage: dict[int, list[int]] = {}
        spared: dict[int, list[int]] = {}
        left = of_duplicates(self.ignore_texts)
        for staged in load_spool(spool_part):
            texts.append("" if staged.file in self.failed else staged.text)
            place = staged.record or staged.number
            staged_documents.append((staged.number, staged.file, place))
            if self.repaired and staged.steps:
                damage[len(texts) - 1] = damage_of(
                    unit_spans(texts[-1], self.settings.unit), staged.steps
                )
            whole = bits_of_file(staged.ignored)
            if whole or left or inline_ignores(staged.text, staged.comments):
                spared[len(texts) - 1] = _spared(staged, self.settings.unit, left, whole)
        units, counts = units_of(Batch.from_texts(texts), self.settings.unit)
        all_damage = np.zeros(len(units), dtype=np.uint32)
        first_units = np.append(0, np.cumsum(counts, dtype=np.int64))
        for number, own in damage.items():
            all_damage[first_units[number] : first_units[number + 1]] = own
        all_spared = np.zeros(len(units), dtype=np.uint8)
        for number, bits in spared.items():
            if counts[number]:
                all_spared[first_units[number] : first_units[number + 1]] = bits
        columns = np.array(staged_documents, dtype=np.int64).reshape(-1, 3)
        documents = (columns[:, 1] << 32 | columns[:, 0]).astype(np.uint64)
        return SignedPart(
            sign(replace(units, files=np.repeat(documents, counts)), dedup_config(self.settings)),
            counts,
            columns[:, 2],
            columns[:, 1].astype(np.uint32),
            all_damage if self.repaired else None,
            all_spared if all_spared.any() else None,
        )


def _spared(staged: StagedDocument, unit: Unit, left: LeftTexts, whole: int) -> list[int]:
    """Return the bits of the rules that are to leave each unit of a document, or `whole` of it."""
    spans = unit_spans(staged.text, unit)
    return [whole | own for own in bits_of_units(staged.text, spans, staged.comments, left)]


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
    work: Path,
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
        folder=str(work),
    ) as deduplicator:  # fmt: skip
        repaired &= dedup.survivor == "best"
        for spool_part in engine.map(
            SignPart(dedup, failed, repaired, settings.ignore_texts), spool_parts
        ):
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
        if not parts:
            return None
        counts, numbers, document_files = (
            np.concatenate(column) for column in zip(*parts, strict=True)
        )
        known = add_known(dedup, deduplicator, first, files, work)
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
