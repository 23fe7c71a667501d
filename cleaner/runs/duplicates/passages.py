"""Which repeated units go: long ones, and short ones as parts of a longer passage that repeats.

A short line that stands twice is mostly meant to: a refrain, an answer, a heading, a step, a row.
So units go as *passages*: units in a row whose copies stand in a row as well. A passage begins and
ends with a sentence, and nothing is left that speaks of it: no heading without its text, no
question without its answer, no source line without its quotation.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from cleaner.runs.duplicates.units.traits import Trait

# A passage of so many words is no refrain any more.
_LONG_PASSAGE = 100

# What is a smaller part of its document than this may be a clause or a note that belongs where it
# is, as long as it does not fill a page.
_LEAST_PART = 0.06
_PAGE = 300

# What holds no long unit of prose must be so many units in a row, and this part of the document's
# words: a page that stands there twice, and not the chorus of a song.
_LEAST_UNITS = 4
_LEAST_SHARE = 1 / 3

# Such a share of a document is its body.
_BODY = 2 / 3

# A document of fewer words loses all or nothing to others: a part of it is half of what it says.
_SMALL = 100

# A document of which such a share of units is code, tables or fields describes things that are
# alike: what it says of one of them is no less needed because it says the same of another.
_REFERENCE = 0.2

# So many lines like headings may go with the paragraph that they stand over.
_MOST_HEADINGS = 2

# A document that would lose more passages to others is another version of one of them: what is left
# would be shreds, so it stays whole.
_MOST_PASSAGES = 3

# So much of a document must be left, unless all of it stands in one other.
_LEAST_LEFT = 0.1

# A headline is told again so many units further down at most; the last of them only at the head.
_ECHO = 3
_SHORTEST_TITLE, _SHORTEST_HEADLINE = 2, 10
_NO_HEADLINE = Trait.STRUCTURED | Trait.GOES_ON | Trait.ASKS | Trait.CREDITS

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
        doubtful = np.bincount(documents, weights=own, minlength=count) >= least_words
        headlines = units[(own >= _SHORTEST_TITLE) & (own < least_words)]
        for back in range(1, _ECHO + 1):
            echoes = headlines[headlines >= back]
            same = self.stand_ins[echoes] == self.stand_ins[echoes - back]
            places = np.searchsorted(self.first_units, echoes[same], side="right") - 1
            doubtful[places] = True
        return np.flatnonzero(doubtful & ~self.references)


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
    place = np.arange(len(stand_ins)) - np.repeat(first_units[:-1], sizes)
    mixed = (stand_ins.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= (place.astype(np.uint64) + np.uint64(1)) * np.uint64(0xC2B2AE3D27D4EB4F)
    sums = np.append(np.uint64(0), np.cumsum((mixed ^ mixed >> np.uint64(32)) * mixed))
    keys = (sums[first_units[1:]] - sums[first_units[:-1]])[filled]
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


class Document:
    """One document that may lose units; `units` is where its own stand among all."""

    def __init__(
        self, copies: Copies, document: int, traits: Sequence[int], least_words: int
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
        elsewhere: list[Going] = []
        # What ends with its source is one quotation, which goes whole or not at all.
        signed = self._trait(self._end - 1) & Trait.CREDITS
        for start, end in self._runs(covered):
            start, end = self._trimmed(start, end)
            if self._suffices(start, end):
                passage = {unit: covered[unit] for unit in range(start, end)}
                if not self._stands_elsewhere(passage):
                    found.update(passage)
                elif not signed and (self._is_body(start, end) or self._is_aside(start, end)):
                    elsewhere.append(passage)
        if len(elsewhere) <= _MOST_PASSAGES:
            for passage in elsewhere:
                found.update(passage)
        found.update(self._echoes(found))
        return found if self._leaves_text(found) else {}

    def _stands_elsewhere(self, passage: Going) -> bool:
        """Whether some of a passage stands in another document that is no reference."""
        for other in passage.values():
            if not self._first <= other < self._end:
                document = self._copies.document_of(other)
                if not self._copies.references[document]:
                    return True
        return False

    def _is_body(self, start: int, end: int) -> bool:
        """Whether a passage is most of the document, and most of it is prose."""
        count = self._count(start, end)
        prose = sum(
            self._count(unit, unit + 1)
            for unit in range(start, end)
            if not self._trait(unit) & Trait.REPEATS
        )
        return count >= _BODY * sum(self._words) and 2 * prose >= count

    def _is_aside(self, start: int, end: int) -> bool:
        """Whether a passage is prose that nothing beside it needs, as a note to readers is.

        A smaller part of a document goes only without headings, lists or code, and not from beside
        them, for what they stand for would be gone or be torn.
        """
        if sum(self._words) < _SMALL or self._is_reference:
            return False
        bound = Trait.HEADS | Trait.REPEATS
        above = self._trait(start - 1) if start > self._first else 0
        below = self._trait(end) & Trait.REPEATS if end < self._end else 0
        inside = (self._trait(unit) for unit in range(start, end))
        return not any(trait & bound for trait in (above, below & ~Trait.HEADS, *inside))

    @cached_property
    def _is_reference(self) -> bool:
        """Whether much of the document is code, tables or fields."""
        structured = sum(bool(trait & Trait.STRUCTURED) for trait in self._traits)
        return structured >= _REFERENCE * len(self._traits)

    def _trait(self, unit: int) -> int:
        return self._traits[unit - self._first]

    def _stand_in(self, unit: int) -> int:
        return self._stand_ins[unit - self._first]

    def _count(self, start: int, end: int) -> int:
        return sum(self._words[start - self._first : end - self._first])

    def _is_copy(self, unit: int) -> bool:
        return self._stand_in(unit) != unit

    def _is_long(self, unit: int) -> bool:
        """Whether a unit may go by itself."""
        if not self._is_copy(unit) or self._words[unit - self._first] < self._least:
            return False
        inside = self._first <= self._stand_in(unit) < self._end
        return not inside or not (self._trait(unit) & Trait.REPEATS or self._is_reference)

    def _is_aligned(self, unit: int, other: int, borders: tuple[int, int]) -> bool:
        """Whether `other`, in the document with these borders, is a copy of `unit`."""
        self._looks += 1
        return (
            self._first <= unit < self._end
            and borders[0] <= other < borders[1]
            and self._is_copy(unit)
            and int(self._copies.stand_ins[other]) == self._stand_in(unit)
        )

    def _stretch(self, unit: int) -> tuple[int, int, int]:
        """Return where the passage around a unit starts and ends, and how far its copy is off."""
        stand_in = self._stand_in(unit)
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
            shift = unit - self._stand_in(unit)
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
            self._trait(end - 1) & Trait.GOES_ON
            or self._trait(end - 1) & (Trait.HEADS | Trait.CREDITS) == Trait.HEADS
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
        inside = self._first <= self._stand_in(start) < self._end
        return inside and self._count(start, end) < _LONG_PASSAGE

    def _suffices(self, start: int, end: int) -> bool:
        """Whether what is left of a passage is still enough."""
        count = self._count(start, end)
        is_part = count >= min(_PAGE, _LEAST_PART * sum(self._words))
        is_long = is_part and any(self._is_long(unit) for unit in range(start, end))
        return is_long or self._is_doubled(start, end)

    def _echoes(self, found: Going) -> Going:
        """Return headlines that are told once more right below themselves, in a text of prose."""
        prose = sum(
            count
            for count, trait in zip(self._words, self._traits, strict=True)
            if count >= self._least and not trait & Trait.REPEATS
        )
        if 2 * prose < sum(self._words):
            return {}
        often = Counter(self._stand_ins)
        echoes: Going = {}
        for unit in range(self._first + 1, self._end):
            # What stands there three times is no headline.
            if unit in found or not self._is_headline(unit) or often[self._stand_in(unit)] > 2:
                continue
            for other in range(unit - 1, max(self._first, unit - _ECHO) - 1, -1):
                least = _SHORTEST_TITLE if other == self._first else _SHORTEST_HEADLINE
                near = other == self._first or unit - other < _ECHO
                if self._words[unit - self._first] >= least and near and self._is_same(unit, other):
                    echoes[unit] = other
        return echoes

    def _is_headline(self, unit: int) -> bool:
        trait = self._trait(unit)
        is_line = bool(trait & Trait.HEADS) and not trait & _NO_HEADLINE
        return is_line and self._is_copy(unit) and self._words[unit - self._first] < self._least

    def _is_same(self, unit: int, other: int) -> bool:
        """Whether two units of this document are copies, told as headlines."""
        same = self._stand_in(unit) in (other, self._stand_in(other))
        return same and bool(self._trait(other) & Trait.HEADS)

    def _leaves_text(self, found: Going) -> bool:
        """Whether what is left can stand for the document, or nothing need be left."""
        references = self._copies.references
        if all(references[self._copies.document_of(other)] for other in found.values()):
            return True
        left = [unit for unit in range(self._first, self._end) if unit not in found]
        says_more = any(not self._trait(unit) & (Trait.HEADS | Trait.CREDITS) for unit in left)
        words = sum(self._words[unit - self._first] for unit in left)
        return says_more and words >= _LEAST_LEFT * sum(self._words)
