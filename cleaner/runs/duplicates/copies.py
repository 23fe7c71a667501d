"""All units of a comparison with what stands for each, and the documents that may lose some."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaner.runs.duplicates.stretches_kernel import cover_short_passages

# A passage of so many words is no refrain any more.
LONG_PASSAGE = 100

# What holds no long unit of prose must be so many units in a row, and this part of the document's
# words: a page that stands there twice, and not the chorus of a song.
LEAST_UNITS = 4
_LEAST_SHARE = 1 / 3

# A headline is told again so many units further down at most; the last of them only at the head.
ECHO = 3
SHORTEST_TITLE, SHORTEST_HEADLINE = 2, 10

# How often the units of a document may be looked at in search of passages of short ones.
_LOOKS = 50
# Numbers of which the highest is so many times as many as there are index an array as they are.
_MOST_APART = 4
# So many units are hashed at once.
_AT_ONCE = 1 << 18

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Copies:
    """All units, and what stands for each.

    By unit: `stand_ins`, int64, what is kept in its place, itself where it is kept; `words`,
    uint32. By document: `first_units`, int64, and one more; `ranks`, int64, of two documents that
    share text the one with the lower rank keeps it; `references`, bool, whether it is only compared
    with.
    """

    stand_ins: Ints
    words: npt.NDArray[np.uint32]
    first_units: Ints
    ranks: Ints
    references: Bools

    def documents_of(self, units: Ints) -> Ints:
        """Return the documents of units."""
        found: Ints = np.searchsorted(self.first_units, units, side="right") - 1
        return found

    def doubtful_documents(self, least_words: int) -> Ints:
        """Return the documents that may lose something and must be looked at one by one.

        They have a long unit that repeats, a headline that may be told again, or many short units
        that repeat in a row.
        """
        units = np.flatnonzero(self.stand_ins != np.arange(len(self.stand_ins)))
        documents = self.documents_of(units)
        own = self.words[units]
        repeated = np.bincount(documents, weights=own, minlength=len(self.ranks))
        may_echo = np.zeros(len(self.ranks), dtype=bool)
        headlines = units[(own >= SHORTEST_TITLE) & (own < least_words)]
        for back in range(1, ECHO + 1):
            echoes = headlines[headlines >= back]
            same = self.stand_ins[echoes] == self.stand_ins[echoes - back]
            may_echo[self.documents_of(echoes[same])] = True
        has_long = np.zeros(len(self.ranks), dtype=bool)
        has_long[documents[own >= least_words]] = True
        totals = np.append(0, np.cumsum(self.words, dtype=np.int64))
        totals = totals[self.first_units[1:]] - totals[self.first_units[:-1]]
        may_be_doubled = repeated >= np.maximum(
            max(LONG_PASSAGE, least_words), _LEAST_SHARE * totals
        )
        doubtful = (has_long | may_echo) & ~self.references
        for document in np.flatnonzero(may_be_doubled & ~doubtful & ~self.references).tolist():
            doubtful[document] = self._is_doubled(document)
        return np.flatnonzero(doubtful)

    def _is_doubled(self, document: int) -> bool:
        """Whether a document holds a passage of short units twice, whatever they are."""
        size = int(self.first_units[document + 1] - self.first_units[document])
        covered = np.full(size, -1, dtype=np.int64)
        self.cover_short_passages(document, np.zeros(size, dtype=np.uint8), covered, 0)
        return bool((covered >= 0).any())

    def cover_short_passages(
        self, document: int, barred: npt.NDArray[np.uint8], covered: Ints, looks: int
    ) -> None:
        """Write into `covered` the copies of units that are long passages without a long unit.

        `barred`, by unit of the document, is not 0 for what is part of no such passage; `covered`
        is below 0 where a unit is in no passage so far. So often was it looked at already.
        """
        own = slice(int(self.first_units[document]), int(self.first_units[document + 1]))
        shifts = np.arange(own.start, own.stop)
        shifts -= self.stand_ins[own]
        lowest, highest = int(shifts.min()), int(shifts.max())
        if highest - lowest < _MOST_APART * len(shifts):
            shifts -= lowest
            count = highest - lowest + 1
        else:
            distinct, shifts = np.unique(shifts, return_inverse=True)
            count = len(distinct)
        cover_short_passages(
            self.stand_ins, self.words, self.first_units, document, barred, covered, shifts,
            np.zeros(count, dtype=np.int64), LEAST_UNITS,
            max(LONG_PASSAGE, _LEAST_SHARE * int(self.words[own].sum(dtype=np.int64))),
            looks, _LOOKS * len(shifts),
        )  # fmt: skip

    def is_doubled_size(self, count: int, words: int, whole: int) -> bool:
        """Whether so many units, of so many words, are enough of a document of `whole` words."""
        return count >= LEAST_UNITS and words >= max(LONG_PASSAGE, _LEAST_SHARE * whole)


def whole_copies(
    copies: Copies, least_words: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the documents that repeat another one, unit for unit, and for each the one kept.

    Documents of fewer than `least_words` repeat nothing.
    """
    first_units, stand_ins = copies.first_units, copies.stand_ins
    sizes = np.diff(first_units)
    totals = np.append(0, np.cumsum(copies.words, dtype=np.int64))
    long = totals[first_units[1:]] - totals[first_units[:-1]] >= least_words
    filled = np.flatnonzero(long & (sizes > 0))
    if len(filled) < 2:
        return filled[:0], filled[:0]
    keys = _hashes(copies)[filled]
    order = filled[np.lexsort((copies.ranks[filled], keys))]
    keys = np.sort(keys)
    found, stays = array("q"), array("q")
    kept = last = -1
    for at in (np.flatnonzero(keys[1:] == keys[:-1]) + 1).tolist():
        if at - 1 != last:  # the first that has this key
            kept = int(order[at - 1])
        last, document = at, int(order[at])
        own, other = (
            stand_ins[first_units[one] : first_units[one + 1]].tobytes() for one in (document, kept)
        )
        if own == other and not copies.references[document]:
            found.append(document)
            stays.append(kept)
        else:
            kept = document
    documents = np.array(found, dtype=np.int64)
    order = np.argsort(documents)
    return documents[order], np.array(stays, dtype=np.int64)[order]


def _hashes(copies: Copies) -> npt.NDArray[np.uint64]:
    """Return a hash of what stands for the units of each document, which equal ones share."""
    first_units = copies.first_units
    found = np.zeros(len(first_units) - 1, dtype=np.uint64)
    low = 0
    while low < len(found):
        high = int(np.searchsorted(first_units, first_units[low] + _AT_ONCE, side="right")) - 1
        high = max(low + 1, high)
        own = first_units[low : high + 1] - first_units[low]
        mixed = copies.stand_ins[first_units[low] : first_units[high]].astype(np.uint64)
        mixed += np.uint64(1)
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        place = np.arange(1, len(mixed) + 1, dtype=np.uint64)
        place -= np.repeat(own[:-1].astype(np.uint64), np.diff(own))
        mixed ^= place * np.uint64(0xC2B2AE3D27D4EB4F)
        mixed *= mixed ^ mixed >> np.uint64(32)
        sums = np.append(np.uint64(0), np.cumsum(mixed))
        found[low:high] = sums[own[1:]] - sums[own[:-1]]
        low = high
    return found
