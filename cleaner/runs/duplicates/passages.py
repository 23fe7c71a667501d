"""Which repeated units go: long ones, and short ones as parts of a longer passage that repeats.

A short line that stands twice is mostly meant to: a refrain, an answer, a heading, a step, a row.
So units go as *passages*: units in a row whose copies stand in a row as well. A passage begins and
ends with a sentence, and nothing is left that speaks of it: no heading without its text, no
question without its answer, no source line without its quotation.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from cleaner.runs.duplicates.copies import (
    ECHO,
    LONG_PASSAGE,
    SHORTEST_HEADLINE,
    SHORTEST_TITLE,
    Bools,
    Copies,
    Ints,
)
from cleaner.runs.duplicates.stretches_kernel import find_stretch
from cleaner.runs.duplicates.units.traits import Trait

# What is a smaller part of its document than this may be a clause or a note that belongs where it
# is, as long as it does not fill a page.
_LEAST_PART = 0.06
_PAGE = 300

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

_NO_HEADLINE = Trait.STRUCTURED | Trait.GOES_ON | Trait.ASKS | Trait.CREDITS


class Document:
    """One document that may lose units.

    Its units are counted from its first one; what stands for them, among all. `traits` are those of
    its units, one byte each.
    """

    def __init__(self, copies: Copies, document: int, traits: bytes, least_words: int) -> None:
        self._copies = copies
        self._least = least_words
        self._number = document
        self._first, end = (int(place) for place in copies.first_units[document : document + 2])
        self._size = end - self._first
        self._traits = np.frombuffer(traits, dtype=np.uint8)
        self._stand_ins = copies.stand_ins[self._first : end]
        self._words = copies.words[self._first : end].astype(np.int64)
        self._whole = int(self._words.sum())

    def going(self) -> tuple[Ints, Ints]:
        """Return the units that go, counted among all, which rise, and for each one like it."""
        covered = np.full(self._size, -1, dtype=np.int64)
        looks = 0
        for unit in np.flatnonzero(self._long).tolist():
            if covered[unit] < 0:
                looks += self._cover_passage_of(unit, covered)
        barred = (self._traits & Trait.STRUCTURED).astype(np.uint8)
        self._copies.cover_short_passages(self._number, barred, covered, looks)
        found = np.full(self._size, -1, dtype=np.int64)
        elsewhere: list[slice] = []
        # What ends with its source is one quotation, which goes whole or not at all.
        signed = self._trait(self._size - 1) & Trait.CREDITS
        for start, end in _runs(covered):
            start, end = self._trimmed(start, end)
            if self._suffices(start, end):
                passage = slice(start, end)
                if not self._stands_elsewhere(covered[passage]):
                    found[passage] = covered[passage]
                elif not signed and (self._is_body(passage) or self._is_aside(start, end)):
                    elsewhere.append(passage)
        if len(elsewhere) <= _MOST_PASSAGES:
            for passage in elsewhere:
                found[passage] = covered[passage]
        self._add_echoes(found)
        units = np.flatnonzero(found >= 0)
        if not self._leaves_text(found):
            units = units[:0]
        return units + self._first, found[units]

    @cached_property
    def _copied(self) -> Bools:
        """The units that something else stands for."""
        own = np.arange(self._first, self._first + self._size)
        copied: Bools = self._stand_ins != own
        return copied

    @cached_property
    def _long(self) -> Bools:
        """The units that may go by themselves."""
        inside = self._is_inside(self._stand_ins)
        repeats = (self._traits & Trait.REPEATS) != 0
        stays = inside & (True if self._is_reference else repeats)
        return self._copied & (self._words >= self._least) & ~stays

    def _is_inside(self, units: Ints) -> Bools:
        inside: Bools = (units >= self._first) & (units < self._first + self._size)
        return inside

    def _stands_elsewhere(self, others: Ints) -> bool:
        """Whether some of these units stand in another document that is no reference."""
        outside = others[~self._is_inside(others)]
        return not self._copies.references[self._copies.documents_of(outside)].all()

    def _is_body(self, passage: slice) -> bool:
        """Whether a passage is most of the document, and most of it is prose."""
        words = self._words[passage]
        prose = words[(self._traits[passage] & Trait.REPEATS) == 0].sum()
        return bool(words.sum() >= _BODY * self._whole and 2 * prose >= words.sum())

    def _is_aside(self, start: int, end: int) -> bool:
        """Whether a passage is prose that nothing beside it needs, as a note to readers is.

        A smaller part of a document goes only without headings, lists or code, and not from beside
        them, for what they stand for would be gone or be torn.
        """
        if self._whole < _SMALL or self._is_reference:
            return False
        bound = Trait.HEADS | Trait.REPEATS
        above = self._trait(start - 1) if start > 0 else 0
        below = self._trait(end) & Trait.REPEATS if end < self._size else 0
        inside = np.bitwise_or.reduce(self._traits[start:end])
        return not (above | below | int(inside)) & bound

    @cached_property
    def _is_reference(self) -> bool:
        """Whether much of the document is code, tables or fields."""
        structured = int(np.count_nonzero(self._traits & Trait.STRUCTURED))
        return structured >= _REFERENCE * self._size

    def _trait(self, unit: int) -> int:
        return int(self._traits[unit])

    def _count(self, start: int, end: int) -> int:
        return int(self._words[start:end].sum())

    def _cover_passage_of(self, unit: int, covered: Ints) -> int:
        """Cover what goes with a long unit, which goes itself; return how many were looked at."""
        borders = np.empty(2, dtype=np.int64)
        copies = self._copies
        find_stretch(
            copies.stand_ins, copies.first_units, self._number, self._first + unit, borders
        )
        start, end = (borders - self._first).tolist()
        looks = end - start + 1
        shift = self._first + unit - int(self._stand_ins[unit])
        long = np.flatnonzero(self._long[start:end]) + start
        is_body = len(long) > 1 and self._words[long].sum() >= LONG_PASSAGE
        if not is_body:
            lowest = max(start, int(long[0]) - _MOST_HEADINGS)
            first, last = int(long[0]), int(long[-1]) + 1
            while first > lowest and self._trait(first - 1) & Trait.HEADS:
                first -= 1
            if last < end and self._trait(last) & Trait.CREDITS:
                last += 1
            start, end = first, last
        covered[start:end] = np.arange(start, end) + (self._first - shift)
        return looks

    def _is_doubled(self, start: int, end: int) -> bool:
        """Whether units are together so much that the document must hold them by mistake."""
        is_enough = self._copies.is_doubled_size(end - start, self._count(start, end), self._whole)
        return is_enough and not (self._traits[start:end] & Trait.STRUCTURED).any()

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        """Return a passage without what must stay at its borders for the sake of what is left."""
        binding = Trait.GOES_ON | Trait.ASKS
        while start < end and start > 0 and self._trait(start - 1) & binding:
            start += 1
            # What answers a question may stand below a line of its own.
            binding |= Trait.HEADS
        while start < end < self._size and (
            self._trait(end - 1) & Trait.GOES_ON
            or self._trait(end - 1) & (Trait.HEADS | Trait.CREDITS) == Trait.HEADS
            or (self._trait(end) & ~self._trait(end - 1)) & Trait.CREDITS
        ):
            end -= 1
        return (start, start) if self._is_headed(start, end) else (start, end)

    def _is_headed(self, start: int, end: int) -> bool:
        """Whether a heading stands over the passage that would have nothing, or not this, left."""
        if start in (end, 0) or not self._trait(start - 1) & Trait.HEADS:
            return False
        if self._copied[start - 1]:
            return False
        if end == self._size or self._trait(end) & Trait.HEADS:
            return True
        # Inside a document the first paragraph under a heading of its own is that section's.
        inside = bool(self._is_inside(self._stand_ins[start]))
        return inside and self._count(start, end) < LONG_PASSAGE

    def _suffices(self, start: int, end: int) -> bool:
        """Whether what is left of a passage is still enough."""
        is_part = self._count(start, end) >= min(_PAGE, _LEAST_PART * self._whole)
        return bool(is_part and self._long[start:end].any()) or self._is_doubled(start, end)

    def _add_echoes(self, found: Ints) -> None:
        """Add headlines that are told once more right below themselves, in a text of prose."""
        repeats = (self._traits & Trait.REPEATS) != 0
        prose = int(self._words[(self._words >= self._least) & ~repeats].sum())
        if 2 * prose < self._whole:
            return
        heads = (self._traits & Trait.HEADS) != 0
        is_line = heads & ((self._traits & _NO_HEADLINE) == 0) & self._copied & (found < 0)
        may_echo = is_line & (self._words < self._least) & (self._words >= SHORTEST_TITLE)
        may_echo[0] = False
        _, numbers, often = np.unique(self._stand_ins, return_inverse=True, return_counts=True)
        # What stands there three times is no headline.
        for unit in np.flatnonzero(may_echo & (often[numbers] <= 2)).tolist():
            for other in range(unit - 1, max(0, unit - ECHO) - 1, -1):
                least = SHORTEST_TITLE if other == 0 else SHORTEST_HEADLINE
                near = other == 0 or unit - other < ECHO
                if self._words[unit] >= least and near and self._is_same(unit, other):
                    found[unit] = self._first + other

    def _is_same(self, unit: int, other: int) -> bool:
        """Whether two units of this document are copies, told as headlines."""
        same = self._stand_ins[unit] in (self._first + other, self._stand_ins[other])
        return bool(same) and bool(self._trait(other) & Trait.HEADS)

    def _leaves_text(self, found: Ints) -> bool:
        """Whether what is left can stand for the document, or nothing need be left."""
        others = found[found >= 0]
        if self._copies.references[self._copies.documents_of(others)].all():
            return True
        left = found < 0
        says_more = (self._traits[left] & (Trait.HEADS | Trait.CREDITS)) == 0
        return bool(says_more.any() and self._words[left].sum() >= _LEAST_LEFT * self._whole)


def _runs(covered: Ints) -> Iterator[tuple[int, int]]:
    """Yield where units in a row are covered."""
    inside = np.zeros(len(covered) + 2, dtype=np.int8)
    inside[1:-1] = covered >= 0
    edges = np.flatnonzero(np.diff(inside)).tolist()
    yield from zip(edges[::2], edges[1::2], strict=True)
