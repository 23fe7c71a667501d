"""Signed units without what nothing else in the corpus has in common with them.

Who decides on duplicates need not hear of most units: not of the shingles of a text that shares no
band, essence or fingerprint with another one, and of no unit of a document that shares nothing. On
a cluster parts find that out among each other: each sends its keys, once, to the buckets where
equal ones meet, and hears which of them others have, too. So what is decided stays the same, and
what it is decided from is the smaller the fewer copies a corpus has.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.dedup.candidates.hashtable import HashTable
from cleaner.dedup.signing.sign import Signed, take_rows
from cleaner.dedup.verify.contained import fingerprints
from cleaner.engines.base import Block
from cleaner.runs.duplicates.signing import SignedPart, SignPart
from cleaner.storage.replace import whole_file

Keys = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

# Keys of one kind are told from those of another by these; the lowest bit is left for a flag.
_MIX = 0x9E3779B97F4A7C15
_STEP = np.uint64(0xBF58476D1CE4E5B9)
_TEXT, _ESSENCE, _PRINT, _FIRST_BAND = range(4)


class _Rows(NamedTuple):
    """Keys of one kind (uint64), and the row of the signed units that has each (int64)."""

    keys: Keys
    rows: Ints


@dataclass(frozen=True)
class SharedUnits:
    """Signing as a `Question` of spool parts; signatures lie in `scratch` until it is answered.

    `essences` and `prints` say whether near-copies must have one essence, and whether passages
    inside others are looked for.
    """

    sign: SignPart
    scratch: Path
    essences: bool
    prints: bool

    def ask(self, spool_part: Path, buckets: int) -> Iterator[Block]:
        """Sign a part, and yield its keys by bucket."""
        signed = self.sign(spool_part)
        with whole_file(self.scratch, self._name(spool_part)) as file:
            pickle.dump(signed, file)
        keys = self._asked(signed.signed)
        own = (keys >> np.uint64(1)) % np.uint64(buckets)
        order = np.argsort(own, kind="stable")
        borders = np.searchsorted(own[order], np.arange(buckets + 1, dtype=np.uint64))
        for bucket in np.flatnonzero(np.diff(borders)).tolist():
            yield Block(bucket, keys[order[borders[bucket] : borders[bucket + 1]]].tobytes())

    def answer(self, asked: Iterable[Block]) -> Iterator[Block]:
        """Yield for each part those of its keys that another has, or that it has twice itself."""
        blocks = [(block.place, np.frombuffer(block.data, dtype=np.uint64)) for block in asked]
        if not blocks:
            return
        keys = np.concatenate([own for _, own in blocks])
        known, numbers, counts = np.unique(
            keys >> np.uint64(1), return_inverse=True, return_counts=True
        )
        shared = counts > 1
        shared[numbers[(keys & np.uint64(1)) == 1]] = True
        at = 0
        for place, own in blocks:
            mine = numbers[at : at + len(own)]
            yield Block(place, known[mine[shared[mine]]].tobytes())
            at += len(own)

    def finish(self, spool_part: Path, answers: Iterable[bytes]) -> SignedPart:
        """Return the signed units of a part without what shares nothing."""
        with (self.scratch / self._name(spool_part)).open("rb") as file:
            part: SignedPart = pickle.load(file)  # noqa: S301 - written by a task of this run
        shared = np.unique(np.frombuffer(b"".join(answers), dtype=np.uint64))
        signed = part.signed
        owners = HashTable().intern(signed.raw)
        rows = np.zeros(len(signed.rows), dtype=bool)
        for one in self._near_keys(signed):
            rows[one.rows[_among(one.keys, shared)]] = True
        scanned = _among(_mixed(signed.texts[:, 0], _TEXT), shared)
        scanned[signed.rows[rows]] = True
        documents = np.repeat(np.arange(len(part.counts)), part.counts)
        is_needed = np.zeros(len(part.counts), dtype=bool)
        is_needed[documents[scanned[owners]]] = True
        units = is_needed[documents]
        return part._replace(
            signed=_reduced(signed, units, rows),
            counts=np.where(is_needed, part.counts, 0).astype(np.uint32),
            damage=None if part.damage is None else part.damage[units],
            spared=None if part.spared is None else part.spared[units],
        )

    def _name(self, spool_part: Path) -> str:
        return f"{spool_part.name}.signed"

    def _asked(self, signed: Signed) -> Keys:
        """Return all keys of a part, each once; the lowest bit says that it has one twice."""
        texts, counts = np.unique(
            signed.texts[:, 0][HashTable().intern(signed.raw)], return_counts=True
        )
        found = [_flagged(_mixed(texts, _TEXT), counts > 1)]
        groups = signed.texts[signed.rows, 0]
        for keys, rows in self._near_keys(signed):
            # Copies of one text have it twice, too, but there is one of it to compare.
            order = np.lexsort((groups[rows], keys))
            keys, own = keys[order], groups[rows][order]
            new = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
            other = ~new
            other[1:] &= own[1:] != own[:-1]
            twice = np.bincount(np.cumsum(new) - 1, weights=other) > 0 if len(keys) else new
            found.append(_flagged(keys[new], twice))
        return np.concatenate(found)

    def _near_keys(self, signed: Signed) -> Iterator[_Rows]:
        """Yield what texts have in common that are to be compared."""
        rows = np.arange(len(signed.rows))
        if self.essences:
            yield _Rows(_mixed(signed.essences[signed.rows], _ESSENCE), rows)
        if self.prints:
            hashes, counts = fingerprints(signed.shingles, np.diff(signed.places))
            yield _Rows(_mixed(hashes, _PRINT), np.repeat(rows, counts))
        for band, keys in enumerate(signed.keys, _FIRST_BAND):
            yield _Rows(_mixed(keys, band), rows)


def _mixed(keys: npt.NDArray[np.unsignedinteger], kind: int) -> Keys:
    """Return keys of a kind as numbers that hardly any of another kind has; the lowest bit is 0.

    Two that fall together are taken for shared, which costs room alone.
    """
    own = np.uint64((kind + 1) * _MIX % 2**64)
    mixed = (keys.astype(np.uint64) + own) * _STEP
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(_MIX)
    return mixed & ~np.uint64(1)


def _among(keys: Keys, shared: Keys) -> npt.NDArray[np.bool_]:
    """Return which of the keys are among the shared ones, which rise and have no flag."""
    if not len(shared):
        return np.zeros(len(keys), dtype=bool)
    keys = keys >> np.uint64(1)
    at = np.minimum(np.searchsorted(shared, keys), len(shared) - 1)
    found: npt.NDArray[np.bool_] = shared[at] == keys
    return found


def _flagged(keys: Keys, flags: npt.NDArray[np.bool_]) -> Keys:
    flagged: Keys = keys | flags.astype(np.uint64)
    return flagged


def _reduced(signed: Signed, units: npt.NDArray[np.bool_], rows: npt.NDArray[np.bool_]) -> Signed:
    """Return some of the signed units, and of those long enough for near-duplicates some."""
    scanned = units[signed.units]
    rows = rows & scanned[signed.rows]
    shingles, places = take_rows(signed.shingles, signed.places, np.flatnonzero(rows))
    return replace(
        signed,
        flaws=signed.flaws[units],
        raw=signed.raw[units],
        units=(np.cumsum(units) - 1)[signed.units[scanned]],
        texts=signed.texts[scanned],
        counts=signed.counts[scanned],
        salts=signed.salts[scanned],
        essences=signed.essences[scanned],
        cases=signed.cases[scanned],
        rows=(np.cumsum(scanned) - 1)[signed.rows[rows]],
        shingles=shingles,
        places=places,
        keys=np.ascontiguousarray(signed.keys[:, rows]),
    )
