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
from itertools import accumulate
from typing import NamedTuple

import regex

from cleaner.blocks.lines import Line, ends_phrase, ends_sentence, starts_high, starts_low
from cleaner.blocks.scripts import columns, is_unspaced, parts_phrases_only

NARROWEST = 24
WIDEST = 140

# Odds (natural logarithms) from which lines are taken for one paragraph.
ENOUGH = 3.8
# The most that the rest of a document can add, and the most that one candidate of it can.
_MOST_SUPPORT = 5.0
_MOST_OF_ONE = 3.0
# A few lines that nothing else in the document is like say little.
_FEWEST_BREAKS = 2
_LITTLE_SUPPORT = 2.0
# So many full lines are believed though other lines of the text are not wrapped.
_FEWEST_DISPUTED = 4
# What an own width costs against that of the document.
_OWN_WIDTH = 0.3


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


# What speaks against a line end between lines that begin with the same word.
_SAME_WORD = 2.5
# A line of this share of the width may have been shortened by hand, or by a long word.
_NEAR = 0.6
# Verses and items differ in length by about this share of the longest.
_SPREAD = 0.25


class Habit(NamedTuple):
    """How often a line end is so: if it is a gap like any other, if lines are broken on purpose.

    Of texts broken on purpose a share looks `alike`.
    """

    gaps: float
    broken: float
    alike: float


_GAPS = re.compile(r"(?<=\S)[ \t]+(?=\S)")
_CAPITAL = regex.compile(r"[\p{Ll}\p{N},;][ ]+\p{Lu}")
_MARK = re.compile(r"[,;:.!?…–—،؛؟।][\"'”’»)\]]*[ ]+|[、。，；：！？]")
_SHORT = regex.compile(r"(?<=[\s(“„«'\"-])[\p{L}\p{M}]{1,3}(?=[ ])")
# Text of this size tells how often gaps are what.
_SAMPLE = 12_000


class Wrap(NamedTuple):
    """The width of a wrapped text, and how many columns short of it a full line may be."""

    width: int
    slack: int


class Candidate:
    """Lines that may be one wrapped paragraph, with what speaks for it.

    `needs[i]` is the room that the first word of line `i` would have taken on the line before.
    """

    __slots__ = (
        "first", "high", "lines", "low", "needs", "odds", "phrase", "sentence", "short", "unmarked",
        "unspaced", "widths", "wrap",
    )  # fmt: skip

    def __init__(self, first: int, lines: Sequence[Line]) -> None:
        self.first = first
        self.lines = lines
        self.widths = [line.width for line in lines]
        self.needs: list[int] = []
        self.low: list[bool] = []
        self.high: list[bool] = []
        self.phrase: list[bool] = []
        self.sentence: list[bool] = []
        self.short: list[bool] = []
        self.unspaced = False
        self.wrap = Wrap(0, 0)
        self.odds = -math.inf
        unspaced = 0
        for line in lines:
            body = line.body
            if is_unspaced(body[0]):
                # Words are not parted, so a few columns would always have taken something.
                self.needs.append(8 if parts_phrases_only(body[0]) else 2)
                unspaced += 1
            else:
                word = body[: body.find(" ")] if " " in body else body
                self.needs.append(1 + (len(word) if word.isascii() else columns(word)))
            low = starts_low(body)
            self.low.append(low)
            self.high.append(not low and starts_high(body))
            if body[-1].isalnum():
                self.phrase.append(False)
                self.sentence.append(False)
                self.short.append(" " in body[-4:-1])
            else:
                self.phrase.append(ends_phrase(body))
                self.sentence.append(ends_sentence(body))
                self.short.append(False)
        self.unspaced = 2 * unspaced > len(lines)
        # Neither case nor marks tell sentences in Thai and its neighbours.
        self.unmarked = self.unspaced and parts_phrases_only(lines[0].body[0])

    @property
    def breaks(self) -> int:
        """How many line ends lie inside."""
        return len(self.lines) - 1

    def fit(self, width: int) -> tuple[float, Wrap]:
        """Return the best odds of line lengths under `width`, and the slack that gives them."""
        spare = []
        beyond = int(self.widths[-1] > width)
        for i in range(self.breaks):
            if self.widths[i] > width:
                beyond += 1
            elif (
                self.widths[i] + self.needs[i + 1] > width
                or not self.sentence[i]
                or self.low[i + 1]
            ):
                spare.append(width - self.widths[i] - self.needs[i + 1])
        best = (-math.inf, Wrap(width, 0))
        need = sum(self.needs) / len(self.needs)
        for fit in _FITS:
            slack = fit.slack or round(fit.share * width)
            full = sum(one < slack for one in spare)
            by_chance = min(0.9, (need + slack) / (_SPREAD * width))
            odds = full * math.log(fit.often / by_chance) - fit.price
            odds += (len(spare) - full + beyond) * math.log((1 - fit.often) / (1 - by_chance))
            if odds > best[0]:
                best = odds, Wrap(width, slack)
        return best

    def weigh_words(self, habits: tuple[Habit, Habit, Habit]) -> float:
        """Return the odds that the line ends are gaps, by what stands before and behind them."""
        if self.unmarked:
            return 0.0
        capital, mark, short = habits
        inner = range(self.breaks)
        open_ends = [i for i in inner if not self.sentence[i]]
        odds = _odds(
            sum(self.high[i + 1] for i in open_ends),
            sum(self.low[i + 1] for i in open_ends),
            capital,
        )
        odds -= _SAME_WORD * self.count_same_words()
        phrases = sum(self.phrase[i] for i in inner)
        odds += _odds(phrases, self.breaks - phrases, mark)
        if 2 * (sum(self.low) + sum(self.high)) >= len(self.lines):
            shorts = sum(self.short[i] for i in inner)
            odds += _odds(shorts, self.breaks - phrases - shorts, short)
        return odds

    def count_same_words(self) -> int:
        """Return how many lines begin with the same word as the line before."""
        words = [line.body[: line.body.find(" ")] for line in self.lines]
        return sum(words[i] == words[i + 1] and len(words[i]) > 3 for i in range(self.breaks))

    def is_full(self, i: int) -> bool:
        """Whether line `i` had no room for the first word of the next."""
        return self.widths[i] + self.needs[i + 1] > self.wrap.width - self.wrap.slack

    def count_full_ends(self) -> int:
        """Return how many full lines end a sentence."""
        return sum(
            self.sentence[i] and not self.low[i + 1] and self.is_full(i) for i in range(self.breaks)
        )

    def joins(self, *, part_sentences: bool) -> Iterator[bool]:
        """Yield for each line end inside whether the paragraph goes on behind it.

        With `part_sentences` a sentence that ends with a full line ends a paragraph.
        """
        for i in range(self.breaks):
            near = self.widths[i] >= _NEAR * self.wrap.width
            if self.is_full(i) and not self._may_end(i, part_sentences=part_sentences, near=near):
                yield True
            elif self.sentence[i]:
                yield False
            elif self.low[i + 1]:
                yield True
            else:
                # The next line begins with a name, or the script has no capitals.
                open_end = self.short[i] or self.phrase[i] or not self.high[i + 1]
                yield near and open_end and not self.unspaced

    def _may_end(self, i: int, *, part_sentences: bool, near: bool) -> bool:
        """Whether a paragraph, or the heading above it, may end with the full line `i`."""
        if self.sentence[i]:
            return (part_sentences and not self.low[i + 1]) or not near
        return i == 0 and self.high[1] and self.lines[0].body[-1] in ":：" and not self.unspaced


def weigh(candidates: Sequence[Candidate]) -> None:
    """Set `odds` and `wrap` of each candidate, with what the others say of the document."""
    sample: list[str] = []
    size = 0
    for one in candidates:
        sample.extend(line.body for line in one.lines)
        size += sum(one.widths)
        if size > _SAMPLE:
            break
    usual = _habits(sample)
    words = [one.weigh_words(usual) for one in candidates]
    width = _common_width([one for one, odds in zip(candidates, words, strict=True) if odds > -2])
    for one, odds in zip(candidates, words, strict=True):
        _weigh_alone(one, width, odds)
        if one.odds < ENOUGH and size > _SAMPLE / 10:
            # It may have habits of its own: a list of names in prose has more commas.
            own = one.weigh_words(_habits([line.body for line in one.lines]))
            _weigh_alone(one, width, own)
    gains = [max(0.0, min(one.odds, _MOST_OF_ONE)) for one in candidates]
    total = sum(gains)
    for one, gain in zip(candidates, gains, strict=True):
        support = min(_MOST_SUPPORT, total - gain)
        if one.breaks < _FEWEST_BREAKS and support < _LITTLE_SUPPORT and not one.unspaced:
            one.odds = min(one.odds, 0.0)
        else:
            one.odds += support
    _reject_disputed(candidates)


def _weigh_alone(one: Candidate, width: int, words: float) -> None:
    """Set `odds` and `wrap` by the candidate's own lines, under the document's width or its own."""
    fits = [one.fit(width)] if width else []
    widest = max(one.widths)
    if NARROWEST <= widest <= WIDEST and (one.breaks >= _FEWEST_BREAKS or not width):
        odds, wrap = one.fit(widest)
        fits.append((odds - _OWN_WIDTH, wrap))
    if fits:
        odds, one.wrap = max(fits)
        one.odds = odds + words


def _reject_disputed(candidates: Sequence[Candidate]) -> None:
    """Where few lines are full and others are none, it is the text's habit to break lines."""
    full = sum(
        sum(one.is_full(i) for i in range(one.breaks)) for one in candidates if one.odds >= ENOUGH
    )
    if full >= _FEWEST_DISPUTED:
        return
    if any(one.odds < ENOUGH and one.breaks > 1 and not one.lines[0].indent for one in candidates):
        for one in candidates:
            one.odds = -math.inf


def _common_width(candidates: Sequence[Candidate]) -> int:
    """Return the width that most full lines agree on, 0 where none do.

    A greedy wrap leaves lines that could not have taken the next line's first word. Each line end
    votes for the widths between its own length and the length with that word.
    """
    votes = [0] * (WIDEST + 3)
    for one in candidates:
        for i in range(one.breaks):
            need = one.needs[i + 1]
            low = max(one.widths[i], NARROWEST)
            high = min(one.widths[i] + need - 1, WIDEST)
            if low <= high and need < NARROWEST:
                votes[low] += 1
                votes[high + 1] -= 1
    totals = list(accumulate(votes))
    width = max(range(NARROWEST, WIDEST + 1), key=lambda w: (totals[w], -w))
    return width if totals[width] >= _FEWEST_BREAKS else 0


def _habits(bodies: Sequence[str]) -> tuple[Habit, Habit, Habit]:
    """Return how often gaps inside the lines stand before capitals, after marks, short words."""
    inside = "\n".join(bodies)
    gaps = len(_GAPS.findall(inside)) or len(inside) // 2
    capital = (len(_CAPITAL.findall(inside)) + 1.0) / (gaps + 10)
    mark = (len(_MARK.findall(inside)) + 1.5) / (gaps + 10)
    short = min(0.7, (len(_SHORT.findall(inside)) + 4.0) / (gaps + 10))
    return (
        Habit(min(capital, 0.6), 0.93, 0.35),
        Habit(min(mark, 0.6), 0.62, 0.25),
        Habit(short, 0.4 * short, 0.2),
    )


def _odds(yes: int, no: int, habit: Habit) -> float:
    """Return the odds that line ends are gaps, of which `yes` are so and `no` are not."""
    gaps = yes * math.log(habit.gaps) + no * math.log1p(-habit.gaps)
    broken = yes * math.log(habit.broken) + no * math.log1p(-habit.broken)
    apart = broken - gaps
    if apart > 500:
        return -apart - math.log(1 - habit.alike)
    return -math.log((1 - habit.alike) * math.exp(apart) + habit.alike)
