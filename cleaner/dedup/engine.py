"""The deduplicator: batches in document order go in, decisions come out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.dedup import rules
from cleaner.dedup.candidates.hashtable import HashTable, first_of
from cleaner.dedup.candidates.join import Spread
from cleaner.dedup.decisions import Contained, Decisions, no_decisions
from cleaner.dedup.memory import MemoryBudget
from cleaner.dedup.signing.sign import Batch, DedupConfig, Signed, hash_raw
from cleaner.dedup.text.essence import more_flaws
from cleaner.dedup.verify.contained import find_containers, shared_prints
from cleaner.dedup.verify.near import Pairs, Ranked, near_pairs
from cleaner.dedup.verify.sets import SetColumns
from cleaner.dedup.verify.sets_kernel import take_sets
from cleaner.dedup.verify.survivors import Survivor, choose_keepers, demerits_of

# An entry of the table of raw hashes takes less than this many bytes.
_RAW_ENTRY = 32


@dataclass(frozen=True)
class Interned:
    """What the deduplicator knows of a batch before it is signed.

    `raw`: uint64 (n, 2), hashes of the units' bytes; `owners`: int32 (n,), numbers of distinct
    byte strings, -1 for those beyond what can be remembered; `fresh`: int64 (m,), the units whose
    bytes are not known from a unit before them.
    """

    raw: npt.NDArray[np.uint64]
    owners: npt.NDArray[np.int32]
    fresh: npt.NDArray[np.int64]


class Deduplicator:
    """Decides which units are duplicates of which.

    Batches are added in document order; the result depends on nothing but the units, their order
    and the configuration. Signing is the costly part and is pure (`sign.sign`): with `intern`
    (quick, in order) before it, bytes that were seen are not signed again.

    `spread` maps a function over items in order, perhaps in threads.

    >>> from cleaner.dedup.signing.sign import sign
    >>> configuration = DedupConfig()
    >>> batch = Batch.from_texts(["The same five words here."] * 2)
    >>> with Deduplicator(configuration) as deduplicator:
    ...     deduplicator.add(sign(batch, configuration))
    ...     deduplicator.decide().survivors.tolist()
    [0]
    """

    def __init__(
        self,
        config: DedupConfig,
        *,
        survivor: Survivor = "best",
        memory: int = 2**31,
        folder: str | None = None,
        spread: Spread = map,
    ) -> None:
        self.config = config
        self._spread = spread
        self.count = 0
        self._survivor = survivor
        self._budget = budget = MemoryBudget(memory * 3 // 8, folder)
        self._raw = HashTable(max(1024, memory // 8 // _RAW_ENTRY), budget)
        self._texts = HashTable(budget=budget)
        self._group_of_raw = np.empty(0, dtype=np.int32)
        self._flaws_of_raw = np.empty(0, dtype=np.uint32)
        self._groups = budget.column(np.int32)
        self._files = budget.column(np.uint32)
        self._flaws = budget.column(np.uint32)
        self._protected = budget.column(np.bool_)
        self._any_protected = False
        self._words = budget.column(np.uint32)
        self._near_groups = budget.column(np.int32)
        self._near_salts = budget.column(np.uint64)
        self._essences = budget.column(np.uint64)
        self._cases = budget.column(np.uint64)
        self._sets = SetColumns(budget)
        self._kept_near = np.empty(0, dtype=bool)
        self._varies = np.empty(0, dtype=bool)
        self._variants = no_decisions()
        self._keeper = np.empty(0, dtype=np.int32)
        self._keys = [budget.column(np.uint32) for _ in range(config.bands.bands)]

    def __enter__(self) -> Deduplicator:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back memory and files."""
        self._budget.close()

    def intern(self, batch: Batch) -> Interned:
        """Take note of a batch's bytes, in document order, before it is signed."""
        raw = hash_raw(batch, self.config)
        known = self._raw.count
        owners = self._raw.intern(raw)
        return Interned(raw, owners, np.flatnonzero(first_of(owners, known)))

    def add(
        self,
        signed: Signed,
        *,
        interned: Interned | None = None,
        files: npt.NDArray[np.uint32] | None = None,
        protected: npt.NDArray[np.bool_] | None = None,
        damage: npt.NDArray[np.uint32] | None = None,
    ) -> None:
        """Add a signed batch; batches come in document order.

        Per unit, shape (n,): `files` the number of its document (default 0), `protected` whether it
        is only compared with, `damage` how many edits it needed (for ``survivor="best"``).
        """
        count = len(signed.flaws)
        groups = self._interned(signed)
        flaws = signed.flaws
        if interned is None:
            unit_groups = groups[HashTable().intern(signed.raw)]
        else:
            self._group_of_raw = self._of_raw(self._group_of_raw, groups, signed, interned)
            unit_groups = self._group_of_raw[interned.owners]
            unit_groups[signed.units] = groups
        if self._survivor == "best":
            if interned is not None:
                own = flaws[signed.units]
                self._flaws_of_raw = self._of_raw(self._flaws_of_raw, own, signed, interned)
                flaws = self._flaws_of_raw[interned.owners]
                flaws[signed.units] = own
            self._flaws.append(flaws if damage is None else more_flaws(flaws, damage))
        self._groups.append(unit_groups)
        self._files.append(np.zeros(count, dtype=np.uint32) if files is None else files)
        self._protected.append(np.zeros(count, dtype=bool) if protected is None else protected)
        self._any_protected |= protected is not None and bool(protected.any())
        self.count += count

    def _interned(self, signed: Signed) -> npt.NDArray[np.int32]:
        """Keep what is new of the units that were signed, and return the group of each."""
        known = self._texts.count
        groups = self._texts.intern(signed.texts)
        fresh = first_of(groups, known)
        self._words.append(signed.counts[fresh])
        near = fresh[signed.rows]
        self._near_groups.append(groups[signed.rows[near]])
        self._near_salts.append(signed.salts[signed.rows[near]])
        if self.config.variants == "keep":
            self._essences.append(signed.essences[signed.rows[near]])
            self._cases.append(signed.cases[signed.rows[near]])
        sizes = np.diff(signed.places)
        whole = near.all()
        shingles = signed.shingles
        if not whole:
            shingles = np.empty(int(sizes[near].sum()), dtype=np.uint32)
            take_sets(signed.shingles, sizes, near.view(np.uint8), shingles)
        self._sets.append(shingles, sizes[near])
        for column, keys in zip(self._keys, signed.keys, strict=True):
            column.append(keys if whole else keys[near])
        return groups

    def _of_raw(
        self, known: npt.NDArray[Any], values: npt.NDArray[Any], signed: Signed, interned: Interned
    ) -> npt.NDArray[Any]:
        """Return what is known of byte strings, by their number, with that of a signed batch."""
        if len(known) < self._raw.count:
            grown = self._budget.allocate(self._raw.count + self._raw.count // 2, known.dtype)
            grown[: len(known)] = known
            known = grown
        owners = interned.owners[signed.units]
        known[owners[owners >= 0]] = values[owners >= 0]
        return known

    def copies(self) -> npt.NDArray[np.uint64]:
        """Return for each unit a hash that all its copies have, exact ones and near: (units,)."""
        of_group = self._texts.hashes()[:, 0].copy()
        if self.config.variants == "keep":
            of_group[self._near_groups.whole()] = self._essences.whole()
        copies: npt.NDArray[np.uint64] = of_group[self._groups.whole()]
        return copies

    def groups(self) -> npt.NDArray[np.int32]:
        """Return the number of each unit's text: equal ones are exact copies: (units,)."""
        groups: npt.NDArray[np.int32] = self._groups.whole()
        return groups

    def flaws(self) -> npt.NDArray[np.uint32]:
        """Return the flaws of each unit, where ``survivor="best"`` asks for them: (units,)."""
        flaws: npt.NDArray[np.uint32] = self._flaws.whole()
        return flaws

    def decide(
        self, demerits: npt.NDArray[np.uint32] | None = None, *, short: bool = False
    ) -> Decisions:
        """Return the decisions on all units added; call it once, at the end.

        `demerits` (units,) say which copy is kept, that with the least, instead of `demerits_of`.
        With `short`, exact copies of any length count.
        """
        self._raw = HashTable()
        self._texts.close()
        self._group_of_raw = np.empty(0, dtype=np.int32)
        self._flaws_of_raw = np.empty(0, dtype=np.uint32)
        if demerits is None and (self._survivor == "best" or self._any_protected):
            demerits = demerits_of(
                self._survivor, np.asarray(self._protected.whole()), self._flaws.whole()
            )
        self._keeper = self._budget.allocate(self._texts.count, np.int32)
        choose_keepers(self._groups.pieces, demerits, self._keeper)
        if self.config.variants == "remove":
            pairs = self._near(self._bands(), self._near_salts.whole(), None, None, demerits)
        else:
            essences = self._essences.whole()
            keys = essences.astype(np.uint32)
            pairs = self._near([keys], essences, self._cases.whole(), None, demerits)
        self._kept_near = np.ones(len(self._near_groups.whole()), dtype=bool)
        self._kept_near[pairs.members] = False
        self._varies = np.zeros(len(self._kept_near), dtype=bool)
        if self.config.variants == "keep":
            self._variants = self._found_variants(demerits)
        empty = np.empty(0, dtype=np.int64)
        least = 0 if short else self.config.min_words_exact
        parts = [
            (empty, empty, empty.astype(np.uint16), np.empty(0)),
            *self._decided(pairs, least),
        ]
        units, survivors, kinds, similarities = map(np.concatenate, zip(*parts, strict=True))
        return Decisions(units, survivors, kinds, similarities, pairs.verified)

    def _near(
        self,
        bands: Iterable[npt.NDArray[np.uint32]],
        salts: npt.NDArray[np.uint64],
        cases: npt.NDArray[np.uint64] | None,
        among: npt.NDArray[np.bool_] | None,
        demerits: npt.NDArray[np.uint32] | None,
    ) -> Pairs:
        return near_pairs(
            bands, self._sets, salts, cases, among,
            lambda members: self._ranked(members, demerits), self.config.threshold,
            self._spread, self._budget,
        )  # fmt: skip

    def _found_variants(self, demerits: npt.NDArray[np.uint32] | None) -> Decisions:
        """Return what resembles a kept unit, and differs from it in something that matters."""
        salts = self._near_salts.whole()
        pairs = self._near(self._bands(), salts, None, self._kept_near, demerits)
        self._varies[pairs.members] = True
        groups = self._near_groups.whole()
        units = self._keeper[groups[pairs.members]].astype(np.int64)
        order = np.argsort(units)
        return Decisions(
            units[order],
            self._keeper[groups[pairs.survivors]].astype(np.int64)[order],
            np.full(len(units), rules.VARIANT, dtype=np.uint16),
            pairs.similarities[order],
            pairs.verified,
        )

    def variants(self) -> Decisions:
        """Return the units that vary one that is kept, and stay; after `decide`.

        Each resembles the one it is told to vary at the threshold and over it.
        """
        return self._variants

    def _ranked(
        self, members: npt.NDArray[np.int64], demerits: npt.NDArray[np.uint32] | None
    ) -> Ranked:
        """Return where near members stand in the order, and which of them stay in any case."""
        keepers = self._keeper[self._near_groups.whole()[members]].astype(np.int64)
        fixed = np.asarray(self._protected.whole()[keepers])
        if demerits is None:
            return Ranked(keepers, fixed)
        ranks = np.empty(len(members), dtype=np.int64)
        ranks[np.lexsort((keepers, demerits[keepers]))] = np.arange(len(members))
        return Ranked(ranks, fixed)

    def _decided(self, pairs: Pairs, least: int) -> Iterator[tuple[npt.NDArray[Any], ...]]:
        """Yield units, survivors, kinds and similarities of all that are copies, batch by batch.

        Exact ones count if they have `least` words.
        """
        near_groups = self._near_groups.whole()
        pair_of_group = self._budget.allocate(self._texts.count, np.int32)
        pair_of_group.fill(-1)
        pair_of_group[near_groups[pairs.members]] = np.arange(len(pairs.members), dtype=np.int32)
        stand_for = self._keeper[near_groups[pairs.survivors]]
        files = self._files.whole()
        words = self._words.whole()
        first = 0
        for groups, protected in zip(self._groups.pieces(), self._protected.pieces(), strict=True):
            pair = pair_of_group[groups]
            near = pair >= 0
            survivors = self._keeper[groups]
            survivors[near] = stand_for[pair[near]]
            is_copy = survivors != np.arange(first, first + len(groups))
            is_copy &= ~protected & (near | (words[groups] >= least))
            chosen = np.flatnonzero(is_copy)
            units, kept, near = chosen + first, survivors[chosen].astype(np.int64), near[chosen]
            kinds = np.where(near, rules.NEAR_IN_FILE, rules.EXACT_IN_FILE)
            kinds += files[units] != files[kept]
            similarities = np.ones(len(units))
            similarities[near] = pairs.similarities[pair[chosen][near]]
            yield units, kept, kinds.astype(np.uint16), similarities
            first += len(groups)

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
        wanted = (words >= self.config.min_words_exact) & ~protected[self._keeper]
        wanted[near_groups[~self._kept_near]] = False
        wanted[near_groups[self._kept_near]] |= ~protected[
            self._keeper[near_groups[self._kept_near]]
        ]
        groups = np.flatnonzero(wanted)
        flaws = np.zeros(len(groups), dtype=np.uint32)
        return self._keeper[groups].astype(np.int64), self.signed_again(groups, flaws)

    def groups_of(self, signed: Signed) -> npt.NDArray[np.int32]:
        """Return the groups that a signed batch belongs to, for `signed_again`; after `decide`."""
        return self._interned(signed)[HashTable().intern(signed.raw)]

    def signed_again(
        self, groups: npt.NDArray[np.integer], flaws: npt.NDArray[np.uint32]
    ) -> Signed:
        """Return units of these groups and flaws as if they were signed once more; after `decide`.

        For raw hashes they have those of their texts.
        """
        hashes = self._texts.hashes()
        units = np.sort(np.unique(groups, return_index=True)[1])
        own = groups[units]
        near_groups = self._near_groups.whole()
        members = np.minimum(np.searchsorted(near_groups, own), max(0, len(near_groups) - 1))
        rows = np.flatnonzero(near_groups[members] == own if len(near_groups) else own < 0)
        members = members[rows]
        salts, essences, cases = np.zeros((3, len(units)), dtype=np.uint64)
        salts[rows] = self._near_salts.whole()[members]
        if self.config.variants == "keep":
            essences[rows] = self._essences.whole()[members]
            cases[rows] = self._cases.whole()[members]
        shingles, places = self._sets.taken(members)
        return Signed(
            flaws, hashes[groups], units, hashes[own], self._words.whole()[own], salts, essences,
            cases, rows, shingles, places,
            np.array([column.whole()[members] for column in self._keys], dtype=np.uint32),
        )  # fmt: skip

    def contained(self) -> Contained:
        """Return the kept units that stand inside a longer one; call it after `decide`."""
        alone = self._kept_near & ~self._varies
        prints = shared_prints(self._sets.pieces(), alone)
        joined = np.zeros(len(self._kept_near), dtype=bool)
        joined[prints.members] = True
        members = np.flatnonzero(joined)
        no_salts = np.zeros(len(members), dtype=np.uint64)
        sets = self._sets.sorted(joined, no_salts, no_salts, self._spread)
        units = self._keeper[self._near_groups.whole()[members]].astype(np.int64)
        files = self._files.whole()
        groups = files[units].astype(np.int64) if self.config.scope == "file" else 0 * units
        containers, shares = find_containers(
            prints, members, sets.shingles, sets.starts, sets.sizes,
            np.asarray(self._protected.whole())[units], groups,
        )  # fmt: skip
        inside = np.flatnonzero(containers >= 0)
        inside = inside[np.argsort(units[inside])]
        return Contained(units[inside], units[containers[inside]], shares[inside])

    def _bands(self) -> Iterator[npt.NDArray[np.uint32]]:
        for column in self._keys:
            yield column.whole()
