"""The deduplicating pass: which paragraphs go, and the copies that stand for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.core.config import Dedup, Settings
from cleaner.core.edits import Edit, SourceMap
from cleaner.core.findings import Lines, undo_steps
from cleaner.core.paragraphs import paragraph_spans
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.removal import removal_edits
from cleaner.dedup.scanning import Batch, Signed, Terms, sign
from cleaner.engines.base import Engine
from cleaner.formats.registry import FORMATS
from cleaner.pipeline.reading import SourceFile
from cleaner.pipeline.rulebook import context_for
from cleaner.pipeline.work import load_drafts

# Of a document, the paragraphs that go, by number: code and detail.
Removed = dict[int, tuple[str, str]]

REMOVING = ("DUP401", "DUP402", "DUP411", "DUP412")
CONTAINED = 421

# Below this many bytes of text the plain kernels are done before the compiled ones are loaded.
_WORTH_COMPILING = 1 << 20


def terms_of(settings: Dedup) -> Terms:
    """Return what the settings take for a duplicate."""
    return Terms(
        threshold=settings.threshold,
        min_words_exact=settings.min_words_exact,
        min_words_near=settings.min_words_near,
        numbers=settings.numbers,
        scope="file" if settings.scope == "file" else "corpus",
    )


def memory_of(settings: Dedup) -> int:
    """Return how many bytes comparing may take."""
    if settings.memory:
        return settings.memory
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2


def contained_wanted(settings: Settings, acts: Callable[[str], bool]) -> str:
    """Return what is done about contained passages: off, report or remove."""
    wanted = settings.dedup.contained
    if not acts("DUP421"):
        return "off"
    if wanted == "auto":
        return "off" if settings.dedup.unit == "record" else "report"
    return wanted


def is_worth_compiling(size: int) -> bool:
    """Whether so many bytes of text keep compiled kernels busy."""
    return size >= _WORTH_COMPILING


class SignedShard(NamedTuple):
    """The signed paragraphs of a shard.

    `counts`: int32, shape (drafts,), paragraphs of each draft, 0 for drafts that do not count;
    `files`: uint32, shape (paragraphs,).
    """

    signed: Signed
    counts: npt.NDArray[np.int32]
    files: npt.NDArray[np.uint32]


@dataclass(frozen=True)
class SignShard:
    """Signing as a picklable function of a shard."""

    terms: Terms
    compiled: bool
    failed: frozenset[int]

    def __call__(self, shard: Path) -> SignedShard:
        """Return the signed paragraphs of the shard."""
        texts: list[str] = []
        files: list[int] = []
        counts: list[int] = []
        for draft in load_drafts(shard):
            spans = [] if draft.file in self.failed else paragraph_spans(draft.text)
            texts.extend(draft.text[start:end] for start, end in spans)
            files.extend([draft.file] * len(spans))
            counts.append(len(spans))
        numbers = np.array(files, dtype=np.uint32)
        signed = sign(Batch.from_texts(texts, numbers), self.terms, compiled=self.compiled)
        return SignedShard(signed, np.array(counts, dtype=np.int32), numbers)


@dataclass(frozen=True)
class Duplicates:
    """What goes, by rising document and paragraph; arrays of shape (n,).

    `documents`, `paragraphs`: int64; `kinds`: uint16, the numbers of the rules; `similarities`:
    float64; `survivor_documents`, `survivor_paragraphs`: int64. ``first_documents``: int64, shape
    (shards + 1,), the number of each shard's first document.
    """

    documents: npt.NDArray[np.int64]
    paragraphs: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.uint16]
    similarities: npt.NDArray[np.float64]
    survivor_documents: npt.NDArray[np.int64]
    survivor_paragraphs: npt.NDArray[np.int64]
    first_documents: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.documents)


def find_duplicates(
    shards: Sequence[Path], failed: frozenset[int], settings: Settings, engine: Engine, work: Path
) -> Duplicates | None:
    """Return the duplicated paragraphs that the settings let go; None where they let none."""
    acts = context_for(settings).rules.acts
    if settings.dedup.scope == "none" or not any(acts(code) for code in REMOVING):
        return None
    terms = terms_of(settings.dedup)
    compiled = is_worth_compiling(sum(shard.stat().st_size for shard in shards))
    counts: list[npt.NDArray[np.int32]] = []
    with Deduplicator(terms, compiled=compiled, folder=str(work)) as deduplicator:
        for shard in engine.map(SignShard(terms, compiled, failed), shards):
            deduplicator.add(shard.signed, files=shard.files)
            counts.append(shard.counts)
        found = deduplicator.decide()
    removing = [int(code[3:]) for code in REMOVING if acts(code)]
    chosen = np.isin(found.kinds, removing)
    per_document = np.concatenate([np.zeros(1, np.int64), *counts]) if counts else np.zeros(1)
    first_units = np.cumsum(per_document, dtype=np.int64)
    documents, paragraphs = _place(found.units[chosen], first_units)
    survivors, survivor_paragraphs = _place(found.survivors[chosen], first_units)
    return Duplicates(
        documents,
        paragraphs,
        found.kinds[chosen],
        found.similarities[chosen],
        survivors,
        survivor_paragraphs,
        np.cumsum([0, *(len(count) for count in counts)], dtype=np.int64),
    )


def _place(
    units: npt.NDArray[np.int64], first_units: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return document and paragraph of each unit."""
    documents = np.searchsorted(first_units, units, side="right") - 1
    return documents, units - first_units[documents]


class Wanted(NamedTuple):
    """The paragraphs of a shard that are asked for, by document (counted in the shard)."""

    shard: Path
    documents: npt.NDArray[np.int64]
    paragraphs: npt.NDArray[np.int64]


class Place(NamedTuple):
    """Where a paragraph begins: the number of its file, and the line there."""

    file: int
    line: int


@dataclass(frozen=True)
class LocateParagraphs:
    """Finding paragraphs in their sources, as a picklable function of a shard."""

    one_document: tuple[bool, ...]

    def __call__(self, wanted: Wanted) -> list[Place]:
        """Return the places of the wanted paragraphs."""
        if not len(wanted.documents):
            return []
        drafts = list(load_drafts(wanted.shard))
        places = []
        known = -1
        for document, paragraph in zip(
            wanted.documents.tolist(), wanted.paragraphs.tolist(), strict=True
        ):
            draft = drafts[document]
            line = draft.number
            if self.one_document[draft.file]:
                if document != known:
                    known = document
                    source = SourceMap()
                    for edits in draft.steps:
                        source.add(edits)
                    lines = Lines(undo_steps(draft.text, draft.steps))
                    spans = paragraph_spans(draft.text)
                line = lines.place(source.locate(*spans[paragraph])[0])[0]
            places.append(Place(draft.file, line))
        return places


def removals_by_shard(
    shards: Sequence[Path], found: Duplicates, files: Sequence[SourceFile], engine: Engine
) -> Iterator[dict[int, Removed]]:
    """Yield, for each shard, what its documents (counted in the shard) lose, and why."""
    order = np.lexsort((found.survivor_paragraphs, found.survivor_documents))
    locate = LocateParagraphs(tuple(FORMATS[file.format].one_document for file in files))
    wanted = _wanted(shards, found, order)
    located = [place for places in engine.map(locate, wanted) for place in places]
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    shard_of = np.searchsorted(found.first_documents, found.documents, side="right") - 1
    borders = np.searchsorted(shard_of, np.arange(len(shards) + 1))
    for number in range(len(shards)):
        removals: dict[int, Removed] = {}
        for i in range(borders[number], borders[number + 1]):
            place = located[rank[i]]
            document = int(found.documents[i] - found.first_documents[number])
            removals.setdefault(document, {})[int(found.paragraphs[i])] = (
                f"DUP{found.kinds[i]}",
                detail(
                    int(found.kinds[i]),
                    float(found.similarities[i]),
                    f"{files[place.file].name}:{place.line}",
                ),
            )
        yield removals


def _wanted(
    shards: Sequence[Path], found: Duplicates, order: npt.NDArray[np.int64]
) -> Iterable[Wanted]:
    documents = found.survivor_documents[order]
    paragraphs = found.survivor_paragraphs[order]
    borders = np.searchsorted(documents, found.first_documents)
    for number, shard in enumerate(shards):
        own = slice(borders[number], borders[number + 1])
        yield Wanted(shard, documents[own] - found.first_documents[number], paragraphs[own])


def detail(kind: int, similarity: float, place: str) -> str:
    """Return what is said of a duplicate whose survivor stands at `place`."""
    if kind in (401, 402):
        return f"copy of {place}"
    return f"similarity {similarity:.3f} with {place}"


def remove_paragraphs(text: str, removed: Removed) -> list[Edit]:
    """Return the edits that take the numbered paragraphs out of a document's text."""
    return removal_edits(text, paragraph_spans(text), removed)
