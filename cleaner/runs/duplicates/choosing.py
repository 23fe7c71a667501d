"""From copies to what goes: which document keeps a text, which passages go, what is only noted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from cleaner.core.settings.config import Dedup
from cleaner.dedup import rules
from cleaner.dedup.decisions import Decisions, no_decisions
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.text.essence import WORDS_SHIFT
from cleaner.runs.duplicates.copies import Copies, whole_copies
from cleaner.runs.duplicates.passages import Document
from cleaner.runs.duplicates.second_looks import certain_parts, damaged_copies, with_damaged
from cleaner.runs.duplicates.spared import Spared
from cleaner.runs.duplicates.units.traits import Trait

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Reader(Protocol):
    """Looks at the texts behind the units, where what is known of them does not suffice."""

    def traits(self, documents: Ints) -> Iterable[bytes]:
        """Yield the traits of the units of each of some documents, which rise, a byte a unit."""

    def texts(self, units: Ints) -> Iterable[str | None]:
        """Yield the text of each of some units, which rise; None where it cannot be had."""


class Pairs(NamedTuple):
    """Units and what each of them repeats, by rising unit; shape (n,).

    `kinds`: int64, the numbers of the rules; `similarities`: float64.
    """

    units: Ints
    survivors: Ints
    kinds: Ints
    similarities: npt.NDArray[np.float64]

    @classmethod
    def of(cls, found: Decisions) -> Pairs:
        """Return decisions as pairs."""
        return cls(found.units, found.survivors, found.kinds.astype(np.int64), found.similarities)

    def taken(self, chosen: npt.NDArray[Any] | slice) -> Pairs:
        """Return some of them."""
        columns: Iterable[Any] = (column[chosen] for column in self)
        return Pairs(*columns)

    def and_also(self, more: Pairs) -> Pairs:
        """Return these and more."""
        both = Pairs(*(np.concatenate(pair) for pair in zip(self, more, strict=True)))
        return both.taken(np.argsort(both.units, kind="stable"))


class Chosen(NamedTuple):
    """What goes, and the copies of all kinds that there are; `noted` gives what is only told of.

    `spared` are those that would count if nothing said that they are to be left.
    """

    going: Pairs
    found: Decisions
    noted: Callable[[], Pairs]
    spared: Pairs


class Units:
    """The units that a deduplicator was given, by document, and what stands for each of them.

    `first_units`: int64, where the units of each document start, and one more; `references`: bool,
    by document, whether it is only compared with. Units that are `spared` by a rule stay.
    """

    def __init__(
        self,
        deduplicator: Deduplicator,
        first_units: Ints,
        references: Bools,
        settings: Dedup,
        acts: Callable[[str], bool],
        reader: Reader,
        spared: Spared | None = None,
    ) -> None:
        self._spared = spared or Spared()
        self._deduplicator = deduplicator
        self._first_units = first_units
        self._references = references
        self._best = settings.survivor == "best"
        self._least = settings.min_words_alone
        self._acts = acts
        self._reader = reader
        self._documents = np.repeat(np.arange(len(references)), np.diff(first_units))
        self._ranks = self._document_ranks()

    def choose(self, contained: str) -> Chosen:
        """Return what goes and what is noted; `contained` is off, report or remove."""
        deduplicator = self._deduplicator
        all_found = deduplicator.decide(self._ranks[self._documents].astype(np.uint32), short=True)
        words = deduplicator.unit_words()
        found = all_found
        if self._best:
            # The better of two copies stays, even where the other stands in the better document.
            flaws = deduplicator.flaws() >> WORDS_SHIFT
            found = found.taken(flaws[found.survivors] <= flaws[found.units])
        variants = deduplicator.variants()
        variants = variants.taken(words[variants.units] >= self._least)
        damaged = damaged_copies(variants, found, deduplicator, self._reader.texts, best=self._best)
        found = self._acting(with_damaged(found, variants.taken(damaged)))
        is_spared = self._spared.holds(found.units, found.kinds)
        spared = Pairs.of(found.taken(is_spared))
        found = found.taken(~is_spared)
        parts = certain = None
        if contained == "remove":
            parts = self._parts()
            certain = parts.taken(
                certain_parts(
                    parts.units, parts.survivors, found, self._least, words, self._reader.texts
                )
            )
        going = self._going(found, certain)

        def noted() -> Pairs:
            told = self._noted(variants.taken(~damaged))
            if contained != "off":
                told = told.and_also(self._parts() if parts is None else parts)
            spared = self._spared.holds(told.units, told.kinds)
            return told.taken(~(np.isin(told.units, going.units) | spared))

        return Chosen(going, all_found, noted, spared)

    def _parts(self) -> Pairs:
        """Return the units that stand inside others."""
        inside = self._deduplicator.contained()
        kinds = np.full(len(inside.units), rules.CONTAINED, dtype=np.int64)
        stays = self._spared.holds(inside.units, kinds)
        return Pairs(inside.units, inside.containers, kinds, inside.shares).taken(~stays)

    def _document_ranks(self) -> Ints:
        """Return the rank of each document: of two that share text the lower one keeps it.

        So only one of the two loses text. References come first. With ``best`` come those whose
        copies are the least worse than the best there are, in all; then those that come first.
        """
        count = len(self._references)
        worse = np.zeros(count)
        if self._best and len(self._documents):
            _, numbers = np.unique(self._deduplicator.copies(), return_inverse=True)
            flaws = self._deduplicator.flaws().astype(np.int64)
            best = np.full(int(numbers.max()) + 1, 2**32, dtype=np.int64)
            np.minimum.at(best, numbers, flaws)
            excess = flaws - best[numbers]
            worse[:] = np.bincount(self._documents, weights=excess, minlength=count)
        ranks = np.empty(count, dtype=np.int64)
        ranks[np.lexsort((worse, ~self._references))] = np.arange(count)
        return ranks

    def _are_across(self, units: Ints, survivors: Ints) -> Bools:
        across: Bools = self._documents[units] != self._documents[survivors]
        return across

    def _acting(self, found: Decisions) -> Decisions:
        """Return decisions by the rules that act; near-copies by where the survivor is."""
        near = found.kinds >= rules.NEAR_IN_FILE
        kinds = np.where(
            near,
            rules.NEAR_IN_FILE + self._are_across(found.units, found.survivors),
            found.kinds,
        )
        found = replace(found, kinds=kinds.astype(np.uint16))
        there = np.unique(found.kinds).tolist()
        acting = [kind for kind in there if self._acts(f"DUP{kind}")]
        return found if acting == there else found.taken(np.isin(found.kinds, acting))

    def _noted(self, variants: Decisions) -> Pairs:
        """Return the variants that would go if they were copies."""
        if not self._acts("DUP413"):
            variants = no_decisions()
        inside = ~self._are_across(variants.units, variants.survivors)
        stays = np.zeros(len(inside), dtype=bool)
        places = np.flatnonzero(inside)
        documents, numbers = np.unique(self._documents[variants.units[places]], return_inverse=True)
        places = places[np.argsort(numbers, kind="stable")]
        ends = np.cumsum(np.bincount(numbers, minlength=len(documents))).tolist()
        borders = zip([0, *ends], ends, strict=False)
        asked = zip(documents, self._reader.traits(documents), borders, strict=True)
        for document, traits, border in asked:
            own = places[slice(*border)]
            units = variants.units[own] - self._first_units[document]
            stays[own] = (np.frombuffer(traits, dtype=np.uint8)[units] & Trait.REPEATS) != 0
        return Pairs.of(variants.taken(~stays))

    def _going(self, found: Decisions, parts: Pairs | None) -> Pairs:
        """Return the units that go, each with one that stands for it and stays."""
        stand_ins = np.arange(len(self._documents))
        similarities = np.ones(len(stand_ins))
        of_stand_ins = np.zeros(len(stand_ins), dtype=np.uint16)
        for one in (Pairs.of(found), parts):
            if one is not None:
                stand_ins[one.units] = one.survivors
                similarities[one.units] = one.similarities
                of_stand_ins[one.units] = one.kinds
        words = self._deduplicator.unit_words()
        copies = Copies(stand_ins, words, self._first_units, self._ranks, self._references)
        units, others = self._going_by_document(copies)
        # What stands beside it in the other document is named if it is an exact copy and stays.
        groups = self._deduplicator.groups()
        named = (groups[units] == groups[others]) & ~np.isin(others, units)
        survivors = np.where(named, others, stand_ins[units])
        exact = groups[units] == groups[survivors]
        across = self._are_across(units, survivors)
        kinds = np.where(exact, rules.EXACT_IN_FILE + across, of_stand_ins[units].astype(np.int64))
        pairs = Pairs(units, survivors, kinds, np.where(exact, 1.0, similarities[units]))
        there = np.unique(pairs.kinds).tolist()
        acting = [kind for kind in there if self._acts(f"DUP{kind}")]
        spared = self._spared.holds(units, pairs.kinds)
        return self._with_own_comments(pairs.taken(np.isin(pairs.kinds, acting) & ~spared))

    def _with_own_comments(self, pairs: Pairs) -> Pairs:
        """Return what goes; what says in a comment what to leave goes only with its document."""
        comments = self._spared.are_comments(pairs.units)
        if not comments.any():
            return pairs
        documents = self._documents[pairs.units]
        going = np.bincount(documents, minlength=len(self._references))
        is_whole = going == np.diff(self._first_units)
        return pairs.taken(~comments | is_whole[documents])

    def _going_by_document(self, copies: Copies) -> tuple[Ints, Ints]:
        """Return the units that go, which rise, and for each a copy of it, which may go too."""
        whole, kept = whole_copies(copies, self._least)
        sizes = np.diff(self._first_units)[whole]
        shifts = np.repeat(self._first_units[kept] - self._first_units[whole], sizes)
        ends = np.cumsum(sizes)
        units = np.arange(len(shifts)) + np.repeat(self._first_units[whole] - ends + sizes, sizes)
        doubtful = copies.doubtful_documents(self._least)
        doubtful = doubtful[~np.isin(doubtful, whole)]
        going, like = [units], [units + shifts]
        for document, traits in zip(doubtful.tolist(), self._reader.traits(doubtful), strict=True):
            more, others = Document(copies, document, traits, self._least).going()
            going.append(more)
            like.append(others)
        units, others = np.concatenate(going), np.concatenate(like)
        order = np.argsort(units)
        return units[order], others[order]
