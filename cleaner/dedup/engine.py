"""The deduplicator: batches in document order go in, decisions come out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.dedup import rules
from cleaner.dedup.columns import Purse
from cleaner.dedup.contained import find_containers, shared_prints
from cleaner.dedup.join import Spread, shared_buckets, split_large
from cleaner.dedup.scanning import (
    Batch,
    Signed,
    Terms,
    backend,
    hash_raw,
    salts_of_files,
    table_size,
)
from cleaner.dedup.survivors import Survivor, ranking

# Enough sets to be worth handing to another thread.
_SETS_A_TASK = 1 << 15


@dataclass(frozen=True)
class Claims:
    """What the deduplicator knows of a batch before it is signed.

    `raw`: uint64 (n, 2), hashes of the units' bytes; `owners`: int64 (n,), numbers of distinct
    byte strings; `fresh`: int64 (m,), the units whose bytes stand in no unit before them.
    """

    raw: npt.NDArray[np.uint64]
    owners: npt.NDArray[np.int64]
    fresh: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Decisions:
    """The units that are duplicates, by rising unit number; shape (m,) each.

    `units` and `survivors`: int64, unit numbers in the order in which units were added; `kinds`:
    uint16, the number of the rule (401, 402, 411, 412, 421); `similarities`: float64, Jaccard
    similarity of the shingle sets (1.0 for exact copies), or for 421 the share of the unit's
    shingles that stand in the survivor. `verified`: how many pairs were held against each other.
    """

    units: npt.NDArray[np.int64]
    survivors: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.uint16]
    similarities: npt.NDArray[np.float64]
    verified: int = 0


@dataclass(frozen=True)
class Contained:
    """The kept units that stand inside a longer kept unit, by rising unit number; shape (m,) each.

    `shares`: float64, the part of the unit's shingles that its container has. `certain`: bool,
    whether no number of the unit can be missing there, so that removal is safe.
    """

    units: npt.NDArray[np.int64]
    containers: npt.NDArray[np.int64]
    shares: npt.NDArray[np.float64]
    certain: npt.NDArray[np.bool_]


class HashTable:
    """Numbers 128-bit hashes in order of their first appearance."""

    def __init__(self, kernels: Any) -> None:
        self._kernels = kernels
        self._known = np.empty((1024, 2), dtype=np.uint64)
        self._slots = np.full(table_size(1024), -1, dtype=np.int32)
        self.count = 0

    def hashes(self) -> npt.NDArray[np.uint64]:
        """Return the hashes by number: uint64, shape (count, 2)."""
        return self._known[: self.count]

    def close(self) -> None:
        """Give back the table; the hashes stay, and no more can be claimed."""
        self._slots = np.empty(0, dtype=np.int32)
        self._known = self._known[: self.count].copy()

    def claim(self, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Return the number of each hash: int64, shape (n,)."""
        needed = self.count + len(hashes)
        if needed > len(self._known):
            grown = np.empty((max(needed, 2 * len(self._known)), 2), dtype=np.uint64)
            grown[: self.count] = self._known[: self.count]
            self._known = grown
            self._slots = np.full(table_size(len(grown)), -1, dtype=np.int32)
            self._kernels.rebuild(self._known, self.count, self._slots)
        owners = np.empty(len(hashes), dtype=np.int64)
        self.count = int(self._kernels.claim(hashes, self._known, self.count, self._slots, owners))
        return owners


class Deduplicator:
    """Decides which units are duplicates of which.

    Batches are added in document order; the result depends on nothing but the units, their order
    and the terms. Signing is the costly part and is pure (`scanning.sign`): with `claim` (quick,
    in order) before it, bytes that were seen are not signed again.

    `spread` maps a function over items in order, perhaps in threads.

    >>> from cleaner.dedup.scanning import sign
    >>> terms = Terms()
    >>> batch = Batch.from_texts(["The same five words here."] * 2)
    >>> with Deduplicator(terms, compiled=False) as deduplicator:
    ...     deduplicator.add(sign(batch, terms, compiled=False))
    ...     deduplicator.decide().survivors.tolist()
    [0]
    """

    def __init__(
        self,
        terms: Terms,
        *,
        survivor: Survivor = "first",
        compiled: bool = True,
        memory: int = 2**31,
        folder: str | None = None,
        spread: Spread = map,
    ) -> None:
        self.terms = terms
        self._spread = spread
        self.count = 0
        self._survivor = survivor
        self._compiled = compiled
        self._kernels = backend(compiled)
        self._purse = purse = Purse(memory // 4, folder)
        self._raw = HashTable(self._kernels)
        self._texts = HashTable(self._kernels)
        self._group_of_raw = np.empty(0, dtype=np.int64)
        self._groups = purse.column(np.int64)
        self._files = purse.column(np.uint32)
        self._lengths = purse.column(np.uint32)
        self._damage = purse.column(np.uint32)
        self._protected = purse.column(np.bool_)
        self._words = purse.column(np.uint32)
        self._near_groups = purse.column(np.int64)
        self._near_salts = purse.column(np.uint64)
        self._sizes = purse.column(np.uint32)
        self._shingles = purse.column(np.uint32)
        self._kept_near = np.empty(0, dtype=bool)
        self._near_keepers = np.empty(0, dtype=np.int64)
        self._keeper = np.empty(0, dtype=np.int64)
        self._keys = [purse.column(np.uint32) for _ in range(terms.bands.bands)]

    def __enter__(self) -> Deduplicator:
        return self

    def __exit__(self, *error: object) -> None:
        self._purse.close()

    def claim(self, batch: Batch) -> Claims:
        """Take note of a batch's bytes, in document order, before it is signed."""
        raw = hash_raw(batch, self.terms, compiled=self._compiled)
        known = self._raw.count
        owners = self._raw.claim(raw)
        fresh = np.flatnonzero(owners >= known)
        first = np.unique(owners[fresh], return_index=True)[1]
        return Claims(raw, owners, fresh[first])

    def add(
        self,
        signed: Signed,
        *,
        claims: Claims | None = None,
        files: npt.NDArray[np.uint32] | None = None,
        protected: npt.NDArray[np.bool_] | None = None,
        damage: npt.NDArray[np.uint32] | None = None,
    ) -> None:
        """Add a signed batch; batches come in document order.

        Per unit, shape (n,): `files` the number of its file (default 0), `protected` whether it is
        only compared with, `damage` how many edits it needed (for ``survivor="best"``).
        """
        count = len(signed.lengths)
        owners = self._raw.claim(signed.raw) if claims is None else claims.owners
        if len(self._group_of_raw) < self._raw.count:
            grown = np.full(max(self._raw.count, 2 * len(self._group_of_raw)), -1, dtype=np.int64)
            grown[: len(self._group_of_raw)] = self._group_of_raw
            self._group_of_raw = grown
        known = self._texts.count
        groups = self._texts.claim(signed.texts)
        self._group_of_raw[owners[signed.units]] = groups
        fresh = np.zeros(len(groups), dtype=bool)
        fresh[np.unique(groups, return_index=True)[1]] = True
        fresh &= groups >= known
        self._groups.append(self._group_of_raw[owners])
        self._words.append(signed.counts[fresh])
        near = fresh[signed.rows]
        self._near_groups.append(groups[signed.rows[near]])
        self._near_salts.append(signed.salts[signed.rows[near]])
        sizes = np.diff(signed.places)
        self._sizes.append(sizes[near])
        whole = near.all()
        self._shingles.append(signed.shingles if whole else signed.shingles[np.repeat(near, sizes)])
        for column, keys in zip(self._keys, signed.keys, strict=True):
            column.append(keys if whole else keys[near])
        self._lengths.append(signed.lengths)
        for column, values in (
            (self._files, files),
            (self._protected, protected),
            (self._damage, damage),
        ):
            column.append(np.zeros(count, dtype=np.uint8) if values is None else values)
        self.count += count

    def decide(self) -> Decisions:
        """Return the decisions on all units added; call it once, at the end."""
        self._raw = HashTable(self._kernels)
        self._texts.close()
        self._group_of_raw = np.empty(0, dtype=np.int64)
        groups = self._groups.whole()
        files = self._files.whole()
        protected = np.asarray(self._protected.whole())
        order = ranking(self._survivor, protected, self._damage.whole(), self._lengths.whole())
        keeper = _first_of_groups(groups, order, self._texts.count)
        words = self._words.whole()
        near_groups = self._near_groups.whole()
        stands_for, similarity, verified = self._near(near_groups, keeper, order, protected)
        self._kept_near = stands_for < 0
        self._near_keepers = keeper[near_groups]
        self._keeper = keeper
        similar = np.zeros(self._texts.count)
        similar[near_groups] = similarity
        replaced = np.full(self._texts.count, -1, dtype=np.int64)
        gone = stands_for >= 0
        replaced[near_groups[gone]] = keeper[near_groups[stands_for[gone]]]
        near = replaced[groups] >= 0
        survivors = np.where(near, replaced[groups], keeper[groups])
        long_enough = near | (words[groups] >= self.terms.min_words_exact)
        is_copy = survivors != np.arange(self.count)
        units = np.flatnonzero(is_copy & ~protected & long_enough)
        across = files[units] != files[survivors[units]]
        kinds = np.where(near[units], rules.NEAR_IN_FILE, rules.EXACT_IN_FILE) + across
        return Decisions(
            units,
            survivors[units],
            kinds.astype(np.uint16),
            np.where(near[units], similar[groups[units]], 1.0),
            verified,
        )

    def unit_words(self) -> npt.NDArray[np.uint32]:
        """Return how many words each unit has: uint32, shape (units,)."""
        words: npt.NDArray[np.uint32] = self._words.whole()[self._groups.whole()]
        return words

    def new_hashes(self) -> tuple[npt.NDArray[np.uint64], list[npt.NDArray[np.uint32]]]:
        """Return the text hashes and band keys of all distinct units, for `Index.lookup`."""
        return self._texts.hashes(), [column.whole() for column in self._keys]

    def kept(self) -> tuple[npt.NDArray[np.int64], Signed]:
        """Return the distinct units kept and not protected, for `Index.add`; after `decide`.

        The first array holds their unit numbers (int64); the signed batch has no raw hashes.
        """
        near_groups = self._near_groups.whole()
        words = self._words.whole()
        protected = np.asarray(self._protected.whole())
        wanted = (words >= self.terms.min_words_exact) & ~protected[self._keeper]
        wanted[near_groups[~self._kept_near]] = False
        wanted[near_groups[self._kept_near]] |= ~protected[
            self._keeper[near_groups[self._kept_near]]
        ]
        groups = np.flatnonzero(wanted)
        row_of_group = np.full(len(wanted), -1, dtype=np.int64)
        row_of_group[groups] = np.arange(len(groups))
        joined = wanted[near_groups]
        shingles, starts, ends = self._sets(joined)
        salts = np.zeros(len(groups), dtype=np.uint64)
        rows = row_of_group[near_groups[joined]]
        salts[rows] = np.asarray(self._near_salts.whole())[joined]
        empty = np.empty((0, 2), dtype=np.uint64)
        return self._keeper[groups], Signed(
            np.zeros(len(groups), dtype=np.uint32), empty, np.arange(len(groups)),
            self._texts.hashes()[groups], words[groups], salts, rows, shingles,
            np.append(starts, ends[-1:] if len(ends) else 0).astype(np.int64),
            np.array([column.whole()[joined] for column in self._keys], dtype=np.uint32),
        )  # fmt: skip

    def contained(self) -> Contained:
        """Return the kept units that stand inside a longer one; call it after `decide`."""
        sizes = self._sizes.whole()
        pieces = zip(self._shingles.pieces(), self._sizes.pieces(), strict=True)
        prints = shared_prints(pieces, self._kept_near, self._kernels)
        joined = np.zeros(len(sizes), dtype=bool)
        joined[prints.members] = True
        members = np.flatnonzero(joined)
        sets, starts, ends = self._sets(joined)
        own_sizes = np.empty(len(members), dtype=np.int64)
        self._sort(sets, starts, ends, own_sizes)
        units = self._near_keepers[members]
        files = self._files.whole()
        groups = files[units].astype(np.int64) if self.terms.scope == "file" else 0 * units
        containers, shares = find_containers(
            prints, members, sets, starts, own_sizes, np.asarray(self._protected.whole())[units],
            groups, self._kernels,
        )  # fmt: skip
        inside = np.flatnonzero(containers >= 0)
        inside = inside[np.argsort(units[inside])]
        without_numbers = self._numbers_free(members[inside], units[inside])
        return Contained(
            units[inside],
            units[containers[inside]],
            shares[inside],
            (shares[inside] == 1.0) | without_numbers,
        )

    def _numbers_free(
        self, members: npt.NDArray[np.int64], units: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.bool_]:
        """Return whether each member names no number, or numbers do not matter."""
        salts = np.asarray(self._near_salts.whole())[members]
        if self.terms.scope == "file":
            salts ^= salts_of_files(np.asarray(self._files.whole())[units])
        return np.asarray(salts == 0)

    def _near(
        self,
        near_groups: npt.NDArray[np.int64],
        keeper: npt.NDArray[np.int64],
        order: npt.NDArray[np.int64],
        protected: npt.NDArray[np.bool_],
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], int]:
        """Return each near member's survivor among them (-1: kept) and their similarity."""
        count = len(near_groups)
        survivors = np.full(count, -1, dtype=np.int64)
        similarities = np.zeros(count)
        salts = self._near_salts.whole()
        found = shared_buckets(
            self._bands(), np.arange(count, dtype=np.int64), self._kernels, self._spread
        )
        if not len(found.members):
            return survivors, similarities, 0
        joined = np.zeros(count, dtype=bool)
        joined[found.members] = True
        members = np.flatnonzero(joined)
        number = (np.cumsum(joined) - 1).astype(np.int32)
        found = found._replace(members=number[found.members])
        shingles, starts, ends = self._sets(joined)
        sizes = np.empty(len(members), dtype=np.int64)
        self._sort(shingles, starts, ends, sizes)
        own_salts = np.asarray(salts[members])
        found = split_large(found, shingles, starts, sizes, own_salts, self.terms.threshold)
        places = np.zeros(len(members) + 1, dtype=np.int64)
        in_buckets = np.bincount(found.members, minlength=len(members))
        places[1:] = np.cumsum(in_buckets) - in_buckets
        buckets = np.empty(len(found.buckets), dtype=np.int32)
        self._kernels.group(found.members, found.buckets, places, buckets)
        del found
        capacity = np.bincount(buckets)
        rank_of_unit = np.empty(self.count, dtype=np.int64)
        rank_of_unit[order] = np.arange(self.count)
        keepers = keeper[near_groups[members]]
        in_order = np.argsort(rank_of_unit[keepers], kind="stable")
        ranks = np.empty(len(members), dtype=np.int64)
        ranks[in_order] = np.arange(len(members))
        own_survivors = np.empty(len(members), dtype=np.int64)
        own_similarities = np.empty(len(members))
        verified = self._kernels.choose(
            in_order, ranks, protected[keepers], places, buckets,
            np.cumsum(capacity) - capacity, np.zeros(len(capacity), dtype=np.int32),
            np.empty(len(buckets), dtype=np.int32), np.full(len(members), -1, dtype=np.int64),
            shingles, starts, sizes, own_salts, self.terms.threshold,
            own_survivors, own_similarities,
        )  # fmt: skip
        gone = own_survivors >= 0
        survivors[members[gone]] = members[own_survivors[gone]]
        similarities[members] = own_similarities
        return survivors, similarities, int(verified)

    def _sets(
        self, joined: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the shingles of the `joined` near members, and where each set starts and ends."""
        sizes = self._sizes.whole()
        ends = np.cumsum(sizes[joined], dtype=np.int64)
        shingles = self._purse.room(int(ends[-1]) if len(ends) else 0, np.uint32)
        at = filled = 0
        for piece, own in zip(self._shingles.pieces(), self._sizes.pieces(), strict=True):
            chosen = piece[np.repeat(joined[at : at + len(own)], own)]
            shingles[filled : filled + len(chosen)] = chosen
            filled += len(chosen)
            at += len(own)
        return shingles, ends - sizes[joined], ends

    def _sort(
        self,
        sets: npt.NDArray[np.uint32],
        starts: npt.NDArray[np.int64],
        ends: npt.NDArray[np.int64],
        sizes: npt.NDArray[np.int64],
    ) -> None:
        """Sort each set in place, its distinct elements first; write how many those are."""

        def sort(first: int) -> None:
            own = slice(first, first + _SETS_A_TASK)
            self._kernels.sort_sets(sets, starts[own], ends[own], sizes[own])

        for _ in self._spread(sort, range(0, len(starts), _SETS_A_TASK)):
            pass

    def _bands(self) -> Iterator[npt.NDArray[np.uint32]]:
        for column in self._keys:
            yield column.whole()


def _first_of_groups(
    groups: npt.NDArray[np.int64], order: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.int64]:
    """Return the unit of each group that comes first in `order`: int64, shape (count,)."""
    keeper = np.empty(count, dtype=np.int64)
    keeper[groups[order[::-1]]] = order[::-1]
    return keeper
