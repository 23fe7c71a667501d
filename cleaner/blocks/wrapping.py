"""Whether the lines of a block are one paragraph, wrapped: the evidence in odds.

Where a text is wrapped, line ends are accidents. So lines are as long as a width allows, and what
stands at the line ends is what stands at any gap between words: as many commas, capitals and short
words as there are within the lines. Verse, addresses and lists end their lines where something
ends: few of their lines had no room for the next word, they break after commas and full stops, not
after "the" or "und", and often each begins with a capital. Both are weighed as odds, and none of it
asks for the language.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import compress, pairwise
from operator import add
from typing import NamedTuple

from cleaner.blocks.lines import Line, ends_phrase, ends_sentence, starts_high, starts_low
from cleaner.blocks.scripts import columns, has_unspaced, is_unspaced, parts_phrases_only


class Fit(NamedTuple):
    """How lines can keep to a width.

    A full line stays behind it by no more than `slack` columns or `share` of it; so many of the
    lines of a wrapped text are full `often`; `price` speaks against so loose a measure.
    """

    slack: int
    share: float
    often: float
    price: float


_FITS = (
    Fit(0, 0.0, 0.97, 0.0),
    # Formatters that even lines out leave a few columns.
    Fit(4, 0.0, 0.97, 0.3),
    Fit(9, 0.0, 0.97, 0.6),
    # Letters of print differ in width.
    Fit(0, 0.15, 0.95, 1.0),
    # Some lines were shortened by hand.
    Fit(0, 0.0, 0.75, 0.5),
)


# What speaks against a line end between lines that begin alike.
_ALIKE = 2.5
# A line of this share of the width may have been shortened by hand, or by a long word.
_NEAR = 0.6
# What a last line says that is so wide, as a share, or is not.
_WIDE = 0.85
_LAST_WIDE = -0.6
_LAST_SHORT = 0.5
# Verses and items differ in length by about this share of the longest.
_SPREAD = 0.25


class Habit(NamedTuple):
    """How often a line end is so: if it is a gap like any other, if lines are broken on purpose.

    Of texts broken on purpose a share looks `alike`.
    """

    gaps: float
    broken: float
    alike: float


# What breaks a speech off.
_BROKEN_OFF = ("--", "–", "—", "―")
# What begins no line of Chinese or Japanese, and what ends a word of another script in it.
_NO_HEAD = "、。々》」』】〕・ー！），．：；？］｝”’…"
_WORD_END = re.compile(r"[\s\u2e80-\u9fff\uf900-\uffef]")


_HAN_NEED = 2
_SOUTH_EAST_NEED = 8
# Words are compared by so many letters first, and are no longer than so many.
_WORD = 4
_HEAD = 24


class Wrap(NamedTuple):
    """The width of a wrapped text, and how many columns short of it a full line may be."""

    width: int
    slack: int


class Candidate:
    """Lines that may be one wrapped paragraph, with what speaks for it.

    `reach[i]` is how wide line `i` would be with the first word of the next on it. The lists say of
    each line whether it ends a phrase, or a sentence, or with a short word, and whether it begins
    in lower case or with a capital or figure.
    """

    __slots__ = (
        "breaks", "first", "high", "lines", "low", "need", "odds", "phrase", "reach", "sentence",
        "short", "tally", "unmarked", "unspaced", "widths", "wrap",
    )  # fmt: skip

    def __init__(self, first: int, lines: Sequence[Line]) -> None:
        self.first = first
        self.lines = lines
        # What `weighing` counts of the lines, once it has; copies share it.
        self.tally: list[int] = []
        self.breaks = len(lines) - 1
        self.widths = [line.width for line in lines]
        self.wrap = Wrap(0, 0)
        self.odds = -math.inf
        needs = [_need(line) for line in lines]
        self.need = sum(needs) / len(needs)
        self.reach: list[int] = list(map(add, self.widths, needs[1:]))
        unspaced = sum(has_unspaced(line.body) for line in lines)
        self.unspaced = 2 * unspaced > len(lines)
        # Neither case nor marks tell sentences in Thai and its neighbours.
        self.unmarked = self.unspaced and needs[0] == _SOUTH_EAST_NEED
        bodies = [line.body for line in lines]
        closed = [not body[-1].isalnum() for body in bodies]
        self.phrase = [
            shut and ends_phrase(body) for shut, body in zip(closed, bodies, strict=True)
        ]
        self.sentence = [
            ended and ends_sentence(body) for ended, body in zip(self.phrase, bodies, strict=True)
        ]
        self.short = [
            not shut and " " in body[-4:-1] for shut, body in zip(closed, bodies, strict=True)
        ]
        self.low = list(map(starts_low, bodies))
        self.high = [
            not low and (starts_high(body) or body[0].isdigit())
            for low, body in zip(self.low, bodies, strict=True)
        ]

    def placed(self, number: int) -> Candidate:
        """Return it as it stands in a text in which its run begins with line `number`."""
        one = Candidate.__new__(Candidate)
        for name in Candidate.__slots__:
            setattr(one, name, getattr(self, name))
        one.first += number
        return one

    def fit(self, width: int) -> tuple[float, Wrap]:
        """Return the best odds of line lengths under `width`, and the slack that gives them."""
        beyond = sum(map(width.__lt__, self.widths))
        # The last line of a paragraph may be as short as it likes.
        spare = [
            width - reach
            for reach, before, sentence, low in zip(
                self.reach, self.widths, self.sentence, self.low[1:], strict=False
            )
            if before <= width and (reach > width or not sentence or low)
        ]
        every: Sequence[Fit] = _FITS
        if not beyond and max(spare, default=0) < 0:
            every = _FITS[:1]
        # Verses end as wide as they began; the last line of a paragraph, anywhere.
        last = _LAST_WIDE if self.widths[-1] >= _WIDE * width else _LAST_SHORT
        best = (-math.inf, Wrap(width, 0))
        for fit in every:
            slack = fit.slack or round(fit.share * width)
            full = sum(map(slack.__gt__, spare))
            by_chance = min(0.9, (self.need + slack) / (_SPREAD * width))
            odds = last + full * math.log(fit.often / by_chance) - fit.price
            odds += (len(spare) - full + beyond) * math.log((1 - fit.often) / (1 - by_chance))
            if odds > best[0]:
                best = odds, Wrap(width, slack)
        return best

    def weigh_words(self, habits: tuple[Habit, Habit, Habit]) -> float:
        """Return the odds that the line ends are gaps, by what stands before and behind them."""
        if self.unmarked:
            return 0.0
        capital, mark, short = habits
        # Behind a comma a name is as likely as anything, in a list of names.
        open_ends = [not phrase for phrase in self.phrase[:-1]]
        odds = _odds(
            sum(compress(self.high[1:], open_ends)), sum(compress(self.low[1:], open_ends)), capital
        )
        odds -= _ALIKE * self.count_alike()
        phrases = sum(self.phrase[:-1])
        odds += _odds(phrases, self.breaks - phrases, mark)
        if 2 * (sum(self.low) + sum(self.high)) >= len(self.lines):
            shorts = sum(self.short[:-1])
            odds += _odds(shorts, self.breaks - phrases - shorts, short)
        return odds

    def count_alike(self) -> int:
        """Return how many lines begin as the line before: with the same word, or a figure too."""
        heads = [line.body[:_HEAD] for line in self.lines]
        return sum(
            (
                before[:_WORD] == after[:_WORD]
                and before.partition(" ")[0] == after.partition(" ")[0] != before
            )
            or (before[0].isdigit() and after[0].isdigit())
            for before, after in pairwise(heads)
        )

    def is_full(self, i: int) -> bool:
        """Whether line `i` had no room for the first word of the next."""
        return self.reach[i] > self.wrap.width - self.wrap.slack

    def count_full_ends(self) -> int:
        """Return how many full lines end a sentence."""
        if True not in self.sentence[:-1]:
            return 0
        return sum(
            self.sentence[i] and not self.low[i + 1] and self.is_full(i) for i in range(self.breaks)
        )

    def joins(self, *, part_sentences: bool, part_phrases: bool = False) -> Iterator[bool]:
        """Yield for each line end inside whether the paragraph goes on behind it.

        With `part_sentences` a sentence that ends with a full line ends a paragraph, and so does
        one that a dash breaks off; with `part_phrases`, a phrase before a capital, as in verse.
        """
        for i in range(self.breaks):
            near = self.widths[i] >= _NEAR * self.wrap.width
            if self._is_kept(i) or (part_phrases and self._may_end_verse(i)):
                yield False
            elif self.is_full(i) and not self._may_end(i, part_sentences=part_sentences, near=near):
                yield True
            elif self.sentence[i]:
                yield False
            elif self.low[i + 1]:
                yield True
            else:
                # The next line begins with a name, or the script has no capitals.
                open_end = self.short[i] or self.phrase[i] or not self.high[i + 1]
                yield near and open_end and not self.unspaced

    def _may_end_verse(self, i: int) -> bool:
        """Whether line `i` ends a phrase, and no sentence, before a capital."""
        return self.phrase[i] and not self.sentence[i] and self.high[i + 1]

    def _is_kept(self, i: int) -> bool:
        """Whether line end `i` is one of shell, or of what has a line of its own.

        Such are headings and definitions of Markdown, who wrote an entry and when, and speakers and
        directions in a script.
        """
        before, after = self.lines[i].body, self.lines[i + 1].body
        if i == 0 and before[0] == "#" and self.lines[0].sign == "comment":
            return True
        if before[-1] == "\\" or after.startswith((":  ", ":\t")):
            return True
        if before[-1] == ">" and before[:4].isdigit():
            return True
        if (
            self.lines[i + 1].indent > self.lines[i].indent
            and not self.low[i + 1]
            and (i or not self.lines[0].sign)
            and (self.sentence[i] or (i == 0 and before[-1] in ":："))
        ):
            # A paragraph that begins with an indent, or what is said of a term; the text of an item
            # hangs below its first line.
            return True
        if self.is_full(i) or (self.low[i + 1] and after[0] != "("):
            return False
        return (before[0] == "(" and before[-1] == ")" and before.count("(") == 1) or (
            before.isupper() and not after.isupper()
        )

    def _may_end(self, i: int, *, part_sentences: bool, near: bool) -> bool:
        """Whether a paragraph, or the heading above it, may end with the full line `i`."""
        after = self.lines[i + 1].body
        if self.sentence[i]:
            # A name in capitals is that of a speaker, or of a part.
            return (part_sentences and not self.low[i + 1]) or not near or after.isupper()
        if part_sentences and self.high[i + 1] and self.lines[i].body.endswith(_BROKEN_OFF):
            return True
        return i == 0 and self.high[1] and self.lines[0].body[-1] in ":：" and not self.unspaced


def _need(line: Line) -> int:
    """Return the room that the first word of a line would have taken behind another."""
    body = line.body
    if line.width - line.indent == len(body):
        size = body.find(" ")
        return 1 + (size if size >= 0 else len(body))
    if not is_unspaced(body[0]):
        end = _WORD_END.search(body, 1)
        return 1 + columns(body[: end.start()] if end else body)
    if parts_phrases_only(body[0]):
        return _SOUTH_EAST_NEED
    # Words are not parted, so a character would have found room, with the marks behind it.
    marks = body[1:4]
    return _HAN_NEED * (1 + len(marks) - len(marks.lstrip(_NO_HEAD)))


def _odds(yes: int, no: int, habit: Habit) -> float:
    """Return the odds that line ends are gaps, of which `yes` are so and `no` are not."""
    gaps = yes * math.log(habit.gaps) + no * math.log1p(-habit.gaps)
    broken = yes * math.log(habit.broken) + no * math.log1p(-habit.broken)
    apart = broken - gaps
    if apart > 500:
        return -apart - math.log(1 - habit.alike)
    return -math.log((1 - habit.alike) * math.exp(apart) + habit.alike)
