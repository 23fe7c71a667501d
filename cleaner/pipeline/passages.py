"""Which repeated units go: long ones, and short ones as parts of a longer passage that repeats.

A short line that stands twice is mostly meant to: a refrain, an answer, a heading, a step, a row.
So units go as *passages*: units in a row whose copies stand in a row as well. A passage begins and
ends with a sentence, and nothing is left that speaks of it: no heading without its text, no
question without its answer, no source line without its quotation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaner.pipeline.traits import Trait

# A passage of so many words is no refrain any more.
_LONG_PASSAGE = 100

# What holds no long unit of prose must be so many units in a row, and this part of the document's
# words: a page that stands there twice, and not the chorus of a song.
_LEAST_UNITS = 4
_LEAST_SHARE = 1 / 3

# So many lines like headings may go with the paragraph that they stand over.
_MOST_HEADINGS = 2

# Among so many units at the head, the title may be told a second time.
_HEAD = 4

# How often the units of a document may be looked at in search of passages of short ones.
_LOOKS = 50

# Units that go, each with the one that stands for it.
Going = dict[int, int]


@dataclass(frozen=True)
class Copies:
    """All units, and what stands for each.

    By unit: `stand_ins`, int64, what is kept in its place, itself where it is kept; `words`,
    uint32. By document: `first_units`, int64, and one more; `ranks`, int64, of two documents that
    share text the one with the lower rank keeps it; `references`, bool, whether it is only compared
    with.
    """

    stand_ins: npt.NDArray[np.int64]
    words: npt.NDArray[np.uint32]
    first_units: npt.NDArray[np.int64]
    ranks: npt.NDArray[np.int64]
    references: npt.NDArray[np.bool_]

    def document_of(self, unit: int) -> int:
        """Return the document of a unit."""
        return int(np.searchsorted(self.first_units, unit, side="right")) - 1

    def doubtful_documents(self, least_words: int) -> npt.NDArray[np.int64]:
        """Return the documents that may lose something and must be looked at one by one."""
        units = np.flatnonzero(self.stand_ins != np.arange(len(self.stand_ins)))
        documents = np.searchsorted(self.first_units, units, side="right") - 1
        count = len(self.ranks)
        own = self.words[units]
        total = np.bincount(documents, weights=own, minlength=count)
        at_head = units - self.first_units[documents] < _HEAD
        echoes = np.bincount(documents[at_head & (self.stand_ins[units] < units)], minlength=count)
        doubtful = (total >= min(least_words, _LONG_PASSAGE)) | (echoes > 0)
        return np.flatnonzero(doubtful & ~self.references)


def whole_copies(copies: Copies, least_words: int) -> dict[int, int]:
    """Return the documents that repeat another one, unit for unit, with the one that is kept.

    Documents of fewer than `least_words` repeat nothing.
    """
    first_units, stand_ins = copies.first_units, copies.stand_ins
    sizes = np.diff(first_units)
    totals = np.append(0, np.cumsum(copies.words, dtype=np.int64))
    long = totals[first_units[1:]] - totals[first_units[:-1]] >= least_words
    filled = np.flatnonzero(long & (sizes > 0))
    if not len(filled):
        return {}
    place = np.arange(len(stand_ins)) - np.repeat(first_units[:-1], sizes)
    mixed = (stand_ins.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= (place.astype(np.uint64) + np.uint64(1)) * np.uint64(0xC2B2AE3D27D4EB4F)
    sums = np.append(np.uint64(0), np.cumsum((mixed ^ mixed >> np.uint64(32)) * mixed))
    keys = (sums[first_units[1:]] - sums[first_units[:-1]])[filled]
    order = filled[np.lexsort((copies.ranks[filled], keys))]
    keys = np.sort(keys)
    found = {}
    kept = -1
    for at, document in enumerate(order.tolist()):
        if at and keys[at] == keys[at - 1] and not copies.references[document]:
            own = stand_ins[first_units[document] : first_units[document + 1]]
            if np.array_equal(own, stand_ins[first_units[kept] : first_units[kept + 1]]):
                found[document] = kept
                continue
        kept = document
    return found


class Document:
    """One document that may lose units; `units` is where its own stand among all."""

    def __init__(
        self, copies: Copies, document: int, traits: Sequence[Trait], least_words: int
    ) -> None:
        self._copies = copies
        self._least = least_words
        self._traits = traits
        self._number = document
        self._first = int(copies.first_units[document])
        self._end = int(copies.first_units[document + 1])
        own = slice(self._first, self._end)
        self._stand_ins: list[int] = copies.stand_ins[own].tolist()
        self._words: list[int] = copies.words[own].tolist()
        self._looks = 0

    def going(self) -> Going:
        """Return the units that go."""
        covered: Going = {}
        for unit in range(self._first, self._end):
            if unit not in covered and self._is_long(unit):
                covered.update(self._passage_of(unit))
        for start, end, shift in self._short_passages(covered):
            covered.update((unit, unit - shift) for unit in range(start, end))
        found: Going = {}
        for start, end in self._runs(covered):
            start, end = self._trimmed(start, end)
            if self._suffices(start, end):
                found.update((unit, covered[unit]) for unit in range(start, end))
        found.update(self._echo(found))
        return found if self._leaves_text(found) else {}

    def _trait(self, unit: int) -> Trait:
        return self._traits[unit - self._first]

    def _count(self, start: int, end: int) -> int:
        return sum(self._words[start - self._first : end - self._first])

    def _is_copy(self, unit: int) -> bool:
        return self._stand_ins[unit - self._first] != unit

    def _is_long(self, unit: int) -> bool:
        """Whether a unit may go by itself."""
        if not self._is_copy(unit) or self._words[unit - self._first] < self._least:
            return False
        inside = self._stand_ins[unit - self._first] >= self._first
        return not (inside and self._stand_ins[unit - self._first] < self._end) or not (
            self._trait(unit) & Trait.REPEATS
        )

    def _is_aligned(self, unit: int, other: int, borders: tuple[int, int]) -> bool:
        """Whether `other`, in the document with these borders, is a copy of `unit`."""
        self._looks += 1
        return (
            self._first <= unit < self._end
            and borders[0] <= other < borders[1]
            and self._is_copy(unit)
            and int(self._copies.stand_ins[other]) == self._stand_ins[unit - self._first]
        )

    def _stretch(self, unit: int) -> tuple[int, int, int]:
        """Return where the passage around a unit starts and ends, and how far its copy is off."""
        stand_in = self._stand_ins[unit - self._first]
        shift = unit - stand_in
        other = self._copies.document_of(stand_in)
        first_units = self._copies.first_units
        borders = int(first_units[other]), int(first_units[other + 1])
        start, end = unit, unit + 1
        while self._is_aligned(start - 1, start - 1 - shift, borders):
            start -= 1
        while self._is_aligned(end, end - shift, borders):
            end += 1
        return start, end, shift

    def _passage_of(self, unit: int) -> Going:
        """Return what goes with a long unit, which goes itself."""
        start, end, shift = self._stretch(unit)
        long = [one for one in range(start, end) if self._is_long(one)]
        is_body = len(long) > 1 and sum(self._count(one, one + 1) for one in long) >= _LONG_PASSAGE
        if not is_body:
            first, last = long[0], long[-1] + 1
            while first > max(start, long[0] - _MOST_HEADINGS) and (
                self._trait(first - 1) & Trait.HEADS
            ):
                first -= 1
            if last < end and self._trait(last) & Trait.CREDITS:
                last += 1
            start, end = first, last
        return {one: one - shift for one in range(start, end)}

    def _short_passages(self, covered: Going) -> Iterator[tuple[int, int, int]]:
        """Yield long passages without a long unit: start, end, and how far the copy is off."""
        most = _LOOKS * (self._end - self._first)
        failed: dict[int, int] = {}
        unit = self._first
        while unit < self._end and self._looks <= most:
            shift = unit - self._stand_ins[unit - self._first]
            if not self._is_copy(unit) or unit in covered or unit < failed.get(shift, 0):
                unit += 1
                continue
            start, end, shift = self._stretch(unit)
            if self._is_doubled(start, end):
                yield start, end, shift
                unit = end
            else:
                failed[shift] = end
                unit += 1

    def _is_doubled(self, start: int, end: int) -> bool:
        """Whether units are together so much that the document must hold them by mistake."""
        count = self._count(start, end)
        return (
            end - start >= _LEAST_UNITS
            and count >= _LONG_PASSAGE
            and count >= _LEAST_SHARE * sum(self._words)
            and not any(self._trait(one) & Trait.STRUCTURED for one in range(start, end))
        )

    def _runs(self, covered: Going) -> Iterator[tuple[int, int]]:
        """Yield where units in a row are covered."""
        start = None
        for unit in range(self._first, self._end + 1):
            if unit in covered:
                start = unit if start is None else start
            elif start is not None:
                yield start, unit
                start = None

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        """Return a passage without what must stay at its borders for the sake of what is left."""
        binding = Trait.GOES_ON | Trait.ASKS
        while start < end and start > self._first and self._trait(start - 1) & binding:
            start += 1
            # What answers a question may stand below a line of its own.
            binding |= Trait.HEADS
        while start < end < self._end and (
            self._trait(end - 1) & (Trait.GOES_ON | Trait.HEADS)
            or (self._trait(end) & ~self._trait(end - 1)) & Trait.CREDITS
        ):
            end -= 1
        return (start, start) if self._is_headed(start, end) else (start, end)

    def _is_headed(self, start: int, end: int) -> bool:
        """Whether a heading stands over the passage that would have nothing, or not this, left."""
        if start in (end, self._first) or not self._trait(start - 1) & Trait.HEADS:
            return False
        if self._is_copy(start - 1):
            return False
        if end == self._end or self._trait(end) & Trait.HEADS:
            return True
        # Inside a document the first paragraph under a heading of its own is that section's.
        stand_in = self._stand_ins[start - self._first]
        inside = self._first <= stand_in < self._end
        return inside and self._count(start, end) < _LONG_PASSAGE

    def _suffices(self, start: int, end: int) -> bool:
        """Whether what is left of a passage is still enough."""
        return any(self._is_long(unit) for unit in range(start, end)) or self._is_doubled(
            start, end
        )

    def _echo(self, found: Going) -> Going:
        """Return a title told again below itself, at the head and over prose."""
        for unit in range(self._first + 1, min(self._first + _HEAD, self._end - 1)):
            own, before = unit - self._first, unit - 1 - self._first
            same = self._stand_ins[own] in (unit - 1, self._stand_ins[before])
            heads = self._traits[own] & self._traits[before] & Trait.HEADS
            if not same or not heads or not 2 <= self._words[own] < self._least:
                continue
            below = range(own + 1, min(own + 3, self._end - self._first))
            if unit not in found and any(
                self._words[one] >= self._least and not self._traits[one] & Trait.REPEATS
                for one in below
            ):
                return {unit: unit - 1}
        return {}

    def _leaves_text(self, found: Going) -> bool:
        """Whether something is left that says more than a heading, or nothing need be left."""
        references = self._copies.references
        if all(references[self._copies.document_of(other)] for other in found.values()):
            return True
        return any(
            unit not in found and not self._trait(unit) & (Trait.HEADS | Trait.CREDITS)
            for unit in range(self._first, self._end)
        )


def settled(going: Going) -> Going:
    """Return the units that go, each with one that stands for it and stays.

    >>> settled({5: 3, 3: 1})
    {5: 1, 3: 1}
    """
    found = {}
    for unit, other in going.items():
        while other in going:
            other = going[other]
        found[unit] = other
    return found
