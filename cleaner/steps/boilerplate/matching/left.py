"""What is left of a text: its living lines in order, and the blocks between blank lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property

from cleaner.steps.boilerplate.lines import Lines

_LONGEST_LABEL = 80
_PROSE_LINES = 2
_WIDEST_LINE = 120
_LEAST_FILLED = 0.8
_WRAPPED = 3
_ENDS = (".", "!", "?", ":", "…", '"', "”", "»", "。", "！", "？", "：", ")", ";", "؟", "।", "।।")
_LABEL_ENDS = (".", "?", "!", ":", ";", ",", "…", "。", "？", "！", "：", "；", "，", "؟", "،", "।")
_OPENING = "\"'“„«‚‘([¿¡-–— "


class TextLeft:
    """The lines that are left of a text at one moment, by their place in it.

    A block is a run of lines with no blank line between them. Judging what is left of a text is the
    same as judging that text when it comes again, so nothing here looks at lines that are gone.
    """

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.order: list[int] = []
        self._places = [-1] * len(lines)
        self._starts: list[int] = []
        parted = True
        for line in range(len(lines)):
            if lines.is_gone(line):
                continue
            if lines.is_blank(line):
                parted = True
                continue
            if parted:
                self._starts.append(len(self.order))
                parted = False
            self._places[line] = len(self.order)
            self.order.append(line)

    def place(self, line: int) -> int:
        """Return the place of a living line among the living lines, -1 of any other line."""
        return self._places[line]

    def block(self, place: int) -> range:
        """Return the places of the block that holds `place`."""
        number = bisect_right(self._starts, place)
        last = self._starts[number] if number < len(self._starts) else len(self.order)
        return range(self._starts[number - 1], last)

    def text(self, places: range) -> str:
        """Return the lines at `places` as they stand."""
        return "\n".join(self.lines.raw(self.order[place]) for place in places)

    def is_label(self, place: int) -> bool:
        """Whether the line is short and ends no sentence: a label, a heading, a cell of a table."""
        line = self.order[place]
        known = self.lines.labels.get(line)
        if known is None:
            raw = self.lines.raw(line).strip()
            known = len(raw) <= _LONGEST_LABEL and not raw.endswith(_LABEL_ENDS)
            self.lines.labels[line] = known
        return known

    @cached_property
    def foot(self) -> int:
        """The place from which on nothing but labels follows to the end of the text."""
        place = len(self.order)
        while place > 0 and self.is_label(place - 1):
            place -= 1
        return place

    @cached_property
    def holds_prose(self) -> bool:
        """Whether the text has more than labels: these need not be all that it has to say."""
        return sum(not self.is_label(place) for place in range(len(self.order))) >= _PROSE_LINES

    def labels_beyond(self, place: int, step: int, most: int) -> int:
        """Return how many labels follow on `place` in a direction, `most` at the text's end."""
        for count in range(most):
            place += step
            if not 0 <= place < len(self.order):
                return most
            if not self.is_label(place):
                return count
        return most

    def run(self, place: int, member: Callable[[int], bool], most: int) -> range:
        """Return the places of the members in a row around `place`, at most about `most`.

        Members on both sides of a blank line are in one row only if both blocks have nothing else:
        a line at the end of a block belongs to that block first.
        """
        low, high = self._grown(place, member, most)
        block = self.block(place)
        while low == block.start and low > 0 and high - low < most:
            above = self.block(low - 1)
            if high + 1 < block.stop or not all(map(member, above)):
                break
            low, block = above.start, range(above.start, block.stop)
        while high + 1 == block.stop < len(self.order) and high - low < most:
            below = self.block(high + 1)
            if low > block.start or not all(map(member, below)):
                break
            high, block = below.stop - 1, range(block.start, below.stop)
        return range(low, high + 1)

    def _grown(self, place: int, member: Callable[[int], bool], most: int) -> tuple[int, int]:
        """Return the first and the last of the members in a row around `place` in its block."""
        block = self.block(place)
        low = high = place
        while low > block.start and high - low < most and member(low - 1):
            low -= 1
        while high + 1 < block.stop and high - low < most and member(high + 1):
            high += 1
        return low, high

    def paragraph(self, line: int, most: int) -> tuple[int, int]:
        """Return the first and last line of the paragraph that holds the living line `line`."""
        place = self.place(line)
        block = self.block(place)
        low = high = place
        while high + 1 < block.stop and high - low < most and self._goes_on(high, high + 1):
            high += 1
        while low > block.start and high - low < most and self._goes_on(low - 1, high):
            low -= 1
        return self.order[low], self.order[high]

    def _goes_on(self, place: int, last: int) -> bool:
        """Whether the line goes on in the next one, in a paragraph that ends at `last` or later.

        It must fill its line (`is_full`), or begin a sentence that the next one goes on with: a
        short line above a paragraph is a line of its own, in any script.
        """
        raw = self.lines.raw
        text, following = raw(self.order[place]).strip(), raw(self.order[place + 1]).strip()
        if len(text) > _WIDEST_LINE or text.endswith(_ENDS):
            return False
        if text.isupper() and following.isupper():
            return True
        begun = following.lstrip(_OPENING)[:1]
        if begun.isupper() or begun.isdigit():
            return False
        begins = text.lstrip(_OPENING)[:1].isupper() and self.begins_small(place + 1)
        return begins or self.is_full(place, last)

    def begins_small(self, place: int) -> bool:
        """Whether the line begins with a small letter, as what goes on with a sentence does."""
        return self.lines.raw(self.order[place]).strip().lstrip(_OPENING)[:1].islower()

    def is_full(self, place: int, last: int) -> bool:
        """Whether the line has no room for the first word of the next one, as a wrapped line."""
        raw = [
            self.lines.raw(self.order[at]).strip()
            for at in range(place, min(max(last, place + 1), place + _WRAPPED) + 1)
        ]
        return len(raw[0]) + 1 + _first_word(raw[1]) > _LEAST_FILLED * max(map(len, raw))


def _first_word(text: str) -> int:
    """Return the length of the first word, which is one character in scripts without spaces."""
    unspaced = "\u0e00" <= text[0] < "\u1100" or "\u2e80" <= text[0] < "\uac00"
    return 1 if unspaced else len(text.split(None, 1)[0])
