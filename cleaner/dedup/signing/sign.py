"""Signing: from a batch of texts to hashes, shingles and band keys, in arrays; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cleaner.dedup.candidates.hashtable import HashTable, first_of
from cleaner.dedup.candidates.lsh import Bands, choose_bands
from cleaner.dedup.signing.minhash import permutations
from cleaner.dedup.signing.scan_kernel import scan
from cleaner.dedup.signing.sign_kernel import raw_hashes, sign_bands
from cleaner.dedup.text.essence_kernel import find_essences
from cleaner.dedup.text.marks import WRITTEN
from cleaner.dedup.text.words import Tables, tables
from cleaner.dedup.verify.sets_kernel import take_sets


@dataclass(frozen=True)
class DedupConfig:
    """What counts as a duplicate.

    `shingle` is the number of words in a shingle. With `numbers` "differ", paragraphs that name
    different numbers are no near-duplicates. With `variants` "keep", near-duplicates have one
    essence. With `scope` "file", only copies in one document count.
    """

    threshold: float = 0.8
    shingle: int = 5
    min_words_exact: int = 5
    min_words_near: int = 10
    numbers: Literal["differ", "ignore"] = "differ"
    variants: Literal["keep", "remove"] = "keep"
    scope: Literal["file", "corpus"] = "corpus"

    @property
    def bands(self) -> Bands:
        """The bands that find pairs at the threshold."""
        return choose_bands(self.threshold)


@dataclass(frozen=True)
class Batch:
    """Units (paragraphs, lines or records) in order, as UTF-8 bytes and where each stands.

    `data`: uint8, shape (bytes,); lone surrogates as three bytes. `starts` and `ends`: int64, shape
    (n,). `files`: uint64, shape (n,), what tells the documents that units stand in apart; ``None``
    means all in one.
    """

    data: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    files: npt.NDArray[np.uint64] | None = None

    @classmethod
    def from_offsets(
        cls,
        data: bytes | bytearray | memoryview,
        offsets: npt.NDArray[np.int64],
        files: npt.NDArray[np.uint64] | None = None,
    ) -> Batch:
        """Return the batch of the units ``data[offsets[i]:offsets[i + 1]]``."""
        return cls(np.frombuffer(data, dtype=np.uint8), offsets[:-1], offsets[1:], files)

    @classmethod
    def from_texts(cls, texts: list[str], files: npt.NDArray[np.uint64] | None = None) -> Batch:
        """Return the batch of these texts."""
        pieces = [text.encode("utf-8", "surrogatepass") for text in texts]
        offsets = np.zeros(len(pieces) + 1, dtype=np.int64)
        np.cumsum([len(piece) for piece in pieces], out=offsets[1:])
        return cls.from_offsets(b"".join(pieces), offsets, files)

    def __len__(self) -> int:
        return len(self.starts)


def joined(batches: Sequence[Batch]) -> Batch:
    """Return the units of some batches as one; what `files` say is left out."""
    if len(batches) == 1:
        return batches[0]
    firsts = np.cumsum([0, *(len(batch.data) for batch in batches)]).tolist()
    pairs = list(zip(batches, firsts[:-1], strict=True))
    return Batch(
        np.concatenate([batch.data for batch in batches]),
        np.concatenate([batch.starts + first for batch, first in pairs]),
        np.concatenate([batch.ends + first for batch, first in pairs]),
    )


@dataclass(frozen=True)
class Signed:
    """A signed batch: what the deduplicator needs of it.

    `flaws`: uint32, shape (n,), `essence.flaws` of every unit, the most there can be of one that
    was not scanned. `raw`: uint64, shape (n, 2), hashes of every unit's bytes. `units`: int64,
    shape (m,), the units that were scanned (the rest repeat the bytes of one before them).
    `texts`: uint64 (m, 2), hashes of the texts; `counts`: uint32 (m,), words; `salts`: uint64 (m,),
    what near-duplicates and variants must have in common, numbers or document; `essences`: uint64
    (m,), what near-duplicates must have in common where variants are kept; `cases`: uint64 (m,),
    where capitals stand. `rows`: int64 (k,), the places in `units` of those long enough for
    near-duplicates; `shingles`: uint32, their shingle hashes in order, at ``places[i]:places[i+1]``
    (int64, (k + 1,)); `keys`: uint32 (bands, k).
    """

    flaws: npt.NDArray[np.uint32]
    raw: npt.NDArray[np.uint64]
    units: npt.NDArray[np.int64]
    texts: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.uint32]
    salts: npt.NDArray[np.uint64]
    essences: npt.NDArray[np.uint64]
    cases: npt.NDArray[np.uint64]
    rows: npt.NDArray[np.int64]
    shingles: npt.NDArray[np.uint32]
    places: npt.NDArray[np.int64]
    keys: npt.NDArray[np.uint32]

    def may_repeat(self) -> bool:
        """Whether two of the units may be copies or variants; no says that none are.

        Units are only compared if they have the hash of their text or essence, or a band, in
        common.
        """
        if len(self.units) < len(self.flaws):
            return True
        columns = (self.texts[:, 0], self.essences[self.rows].astype(np.uint32), *self.keys)
        return any(len(set(column.tolist())) < len(column) for column in columns)


def file_salts(batch: Batch, config: DedupConfig) -> npt.NDArray[np.uint64]:
    """Return what keeps the units of different files apart: uint64, shape (n,)."""
    if config.scope == "corpus" or batch.files is None:
        return np.zeros(len(batch), dtype=np.uint64)
    return salts_of_files(batch.files)


def salts_of_files(files: npt.NDArray[np.integer]) -> npt.NDArray[np.uint64]:
    """Return a salt, never 0, for each document's number: uint64, shape (n,)."""
    salts = (files.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    return salts ^ (salts >> np.uint64(32))


def hash_raw(batch: Batch, config: DedupConfig) -> npt.NDArray[np.uint64]:
    """Return the 128-bit hash of the bytes of every unit: uint64, shape (n, 2)."""
    raw = np.empty((len(batch), 2), dtype=np.uint64)
    raw_hashes(batch.data, batch.starts, batch.ends, file_salts(batch, config), raw)
    return raw


def sign(
    batch: Batch,
    config: DedupConfig,
    *,
    raw: npt.NDArray[np.uint64] | None = None,
    units: npt.NDArray[np.int64] | None = None,
) -> Signed:
    """Return the signed batch; pure, so batches may be signed anywhere and in any order.

    `raw` and `units` (which units to scan) are given by `Deduplicator.intern` where the
    deduplicator is at hand; else each first copy of its bytes in the batch is scanned.
    """
    owners = None
    if raw is None:
        raw = hash_raw(batch, config)
    if units is None:
        owners = HashTable().intern(raw)
        units = np.flatnonzero(first_of(owners, 0))
    lengths = batch.ends[units] - batch.starts[units]
    shingles = np.empty(int((lengths // 2 + 1).sum()), dtype=np.uint32)
    places = np.zeros(len(units) + 1, dtype=np.int64)
    texts = np.empty((len(units), 2), dtype=np.uint64)
    counts = np.empty(len(units), dtype=np.uint32)
    salts, essences, cases = np.empty((3, len(units)), dtype=np.uint64)
    scanned_flaws = np.empty(len(units), dtype=np.uint32)
    classes, folds, long_folds = _tables(batch)
    ring = np.empty(config.shingle, dtype=np.uint64)
    scan(
        batch.data,
        batch.starts,
        batch.ends,
        units,
        config.shingle,
        classes,
        folds,
        long_folds.reshape(-1),
        ring,
        texts,
        counts,
        salts,
        shingles,
        places,
    )
    find_essences(
        batch.data, batch.starts, batch.ends, units, classes, folds, long_folds.reshape(-1),
        np.frombuffer(WRITTEN.encode("ascii"), dtype=np.uint8), config.numbers == "ignore",
        essences, cases, scanned_flaws,
    )  # fmt: skip
    texts[:, 0] ^= cases
    if config.numbers == "ignore":
        salts[:] = 0
    apart = file_salts(batch, config)[units]
    essences ^= salts ^ apart
    if config.variants == "keep":
        salts[:] = 0
    salts ^= apart
    texts[:, 0] ^= apart
    if owners is None:
        flaws = np.full(len(batch), np.iinfo(np.uint32).max, dtype=np.uint32)
        flaws[units] = scanned_flaws
    else:
        flaws = scanned_flaws[owners]
    rows = np.flatnonzero(counts >= max(1, config.min_words_near))
    bands = config.bands
    factors, addends = permutations()
    keys = np.empty((bands.bands, len(rows)), dtype=np.uint32)
    used = bands.bands * bands.rows
    least = np.empty(used, dtype=np.uint32)
    sign_bands(
        shingles,
        places,
        rows,
        salts,
        factors[:used].copy(),
        addends[:used].copy(),
        bands.rows,
        least,
        keys,
    )
    kept, kept_places = take_rows(shingles, places, rows)
    return Signed(
        flaws, raw, units, texts, counts, salts, essences, cases, rows, kept, kept_places, keys,
    )  # fmt: skip


def _tables(batch: Batch) -> Tables:
    """Return the character tables, or of them what the batch needs: less is cheaper to make."""
    highest = int(batch.data.max()) if len(batch.data) else 0
    if highest < 0x80:
        return tables(0x80)
    # The first byte of all characters from here on is higher.
    return tables(0x3000) if highest < 0xE3 else tables()


def take_rows(
    shingles: npt.NDArray[np.uint32],
    places: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Return the shingles of `rows` alone, and their places."""
    sizes = np.diff(places)
    kept_places = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(sizes[rows], out=kept_places[1:])
    chosen = np.zeros(len(sizes), dtype=bool)
    chosen[rows] = True
    kept = np.empty(int(kept_places[-1]), dtype=np.uint32)
    take_sets(shingles, sizes, chosen.view(np.uint8), kept)
    return kept, kept_places
