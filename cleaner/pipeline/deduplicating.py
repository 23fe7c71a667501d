"""The deduplicating pass: which units go, and the copies that stand for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.core.config import Dedup, Settings
from cleaner.core.edits import Edit, Survivor
from cleaner.dedup.documents import duplicate_documents
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.removal import removal_edits
from cleaner.dedup.scanning import Batch, Signed, sign
from cleaner.engines.base import Engine
from cleaner.pipeline.choosing import Pairs as Chosen
from cleaner.pipeline.choosing import Units
from cleaner.pipeline.looking import ShardReader
from cleaner.pipeline.reading import SourceFile
from cleaner.pipeline.remembering import Known, add_known
from cleaner.pipeline.rulebook import selection_for
from cleaner.pipeline.terms import (
    REMOVING,
    TELLING,
    contained_wanted,
    memory_of,
    terms_of,
)
from cleaner.pipeline.units import Unit, damage_of, unit_spans
from cleaner.pipeline.work import load_drafts

# Of a document, the units that go, by number: code and survivor.
Removed = dict[int, tuple[str, Survivor]]


class SignedShard(NamedTuple):
    """The signed units of a shard.

    `counts`: int32, shape (drafts,), units of each draft, 0 for drafts that do not count;
    `numbers`: int64, (drafts,), the record of each; `draft_files`: uint32, (drafts,). `damage`:
    uint32, by unit, where it was asked for.
    """

    signed: Signed
    counts: npt.NDArray[np.int32]
    numbers: npt.NDArray[np.int64]
    draft_files: npt.NDArray[np.uint32]
    damage: npt.NDArray[np.uint32] | None


@dataclass(frozen=True)
class SignShard:
    """Signing as a picklable function of a shard; `failed` are numbers of files.

    With `repaired`, what had to be repaired in a unit counts as damage.
    """

    settings: Dedup
    failed: frozenset[int]
    repaired: bool

    def __call__(self, shard: Path) -> SignedShard:
        """Return the signed units of the shard."""
        texts: list[str] = []
        documents: list[int] = []
        drafts: list[tuple[int, int, int]] = []
        damage: list[int] = []
        for draft in load_drafts(shard):
            failed = draft.file in self.failed
            spans = [] if failed else unit_spans(draft.text, self.settings.unit)
            texts.extend(draft.text[start:end] for start, end in spans)
            documents.extend([draft.file << 32 | draft.number] * len(spans))
            drafts.append((len(spans), draft.number, draft.file))
            if self.repaired:
                damage.extend(damage_of(spans, draft.steps))
        batch = Batch.from_texts(texts, np.array(documents, dtype=np.uint64))
        columns = np.array(drafts, dtype=np.int64).reshape(-1, 3)
        return SignedShard(
            sign(batch, terms_of(self.settings)),
            columns[:, 0].astype(np.int32),
            columns[:, 1],
            columns[:, 2].astype(np.uint32),
            np.array(damage, dtype=np.uint32) if self.repaired else None,
        )


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


@dataclass(frozen=True)
class Duplicates:
    """What goes, what is only told of, and documents that repeat one other document.

    ``first_documents``: int64, shape (shards + 1,), the number of each shard's first document.
    Documents beyond the last are `known` ones, of one unit each. `kept`, where an index asks for
    it: document and unit (int64) of what is kept, and the units signed.
    """

    going: Pairs
    noted: Pairs
    alike: tuple[Alike, ...]
    first_documents: npt.NDArray[np.int64]
    known: Known
    kept: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Signed] | None


def find_duplicates(
    shards: Sequence[Path],
    files: Sequence[SourceFile],
    settings: Settings,
    engine: Engine,
    work: Path,
    *,
    repaired: bool,
) -> Duplicates | None:
    """Return the duplicates that the settings let go or tell of; None where they let none.

    With `repaired`, of two copies the one that had to be repaired goes.
    """
    acts = selection_for(settings).acts
    dedup = settings.dedup
    if dedup.scope == "none" or not any(acts(code) for code in (*REMOVING, *TELLING)):
        return None
    failed = frozenset(i for i, file in enumerate(files) if file.error is not None)
    protected = np.array([file.protected for file in files], dtype=bool)
    parts: list[tuple[npt.NDArray[Any], ...]] = []
    first = 0
    with Deduplicator(
        terms_of(dedup), survivor=dedup.survivor, memory=memory_of(dedup),
        folder=str(work),
    ) as deduplicator:  # fmt: skip
        repaired &= dedup.survivor == "best"
        for shard in engine.map(SignShard(dedup, failed, repaired), shards):
            documents = np.arange(first, first + len(shard.counts), dtype=np.uint32)
            deduplicator.add(
                shard.signed,
                files=np.repeat(documents, shard.counts),
                protected=np.repeat(protected[shard.draft_files], shard.counts),
                damage=shard.damage,
            )
            parts.append((shard.counts, shard.numbers, shard.draft_files))
            first += len(shard.counts)
        if not parts:
            return None
        counts, numbers, draft_files = (
            np.concatenate(column) for column in zip(*parts, strict=True)
        )
        known = add_known(dedup, deduplicator, first, files, work)
        counts = np.append(counts, np.ones(len(known.lines), dtype=np.int32))
        first_units = np.append(0, np.cumsum(counts, dtype=np.int64))
        references = np.append(protected[draft_files], np.ones(len(known.lines), dtype=bool))
        first_documents = np.append(0, np.cumsum([len(part[0]) for part in parts], dtype=np.int64))
        reader = ShardReader(shards, first_documents, first_units, engine, dedup.unit)
        units = Units(deduplicator, first_units, references, dedup, acts, reader)
        found = units.choose(contained_wanted(settings, acts))
        alike: tuple[Alike, ...] = ()
        if acts("DUP430"):
            of_unit = np.repeat(np.arange(len(counts)), counts)
            alike = tuple(
                Alike(one.document, int(draft_files[one.other]), int(numbers[one.other]), one.share)
                for one in duplicate_documents(of_unit, deduplicator.unit_words(), found.found)
                if counts[one.document] > 1 and one.other < len(numbers)
            )
        kept = None
        if dedup.index:
            kept_units, signed = deduplicator.kept()
            kept = (*_place(kept_units, first_units), signed)
    going, noted = (_placed(one, first_units) for one in (found.going, found.noted))
    return Duplicates(going, noted, alike, first_documents, known, kept)


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


def remove_paragraphs(text: str, removed: Removed, unit: Unit = "paragraph") -> list[Edit]:
    """Return the edits that take the numbered units out of a document's text."""
    return removal_edits(text, unit_spans(text, unit), removed)
