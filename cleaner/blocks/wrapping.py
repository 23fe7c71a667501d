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
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import regex

from cleaner.blocks.lines import Line, ends_phrase, ends_sentence, starts_high, starts_low
from cleaner.blocks.scripts import columns, is_unspaced, parts_phrases_only

NARROWEST = 24
WIDEST = 140

# Odds (natural logarithms) from which lines are taken for one paragraph.
ENOUGH = 3.8
# The most that the rest of a document can add.
_MOST_SUPPORT = 5.0
_FEWEST_BREAKS = 3
# So many full lines are believed though other lines of the text are not wrapped.
_FEWEST_DISPUTED = 4
# How far a full line may stay behind the width (in columns, or as a share of the width), how often
# lines of wrapped text are full then, and what speaks against so loose a measure. A formatter that
# evens lines out leaves a few columns; letters of a PDF differ in width; some lines were cut by
# hand.
_LOOSE = (
    (0, 0.0, 0.97, 0.0),
    (4, 0.0, 0.97, 0.3),
    (9, 0.0, 0.97, 0.6),
    (0, 0.15, 0.95, 1.0),
    (0, 0.0, 0.75, 0.5),
)
_SMALL = 3
_LAST_WORD = regex.compile(r"(?<=[\s(“„«'\"-]|^)[\p{L}\p{M}]{1,3}$")
_GAPS = re.compile(r"(?<=\S)[ \t]+(?=\S)")
_CAPITAL = regex.compile(r"[\p{Ll}\p{N},;][ ]+\p{Lu}")
_MARK = re.compile(r"[,;:.!?…–—،؛؟।][\"'”’»)\]]*[ ]+|[、。，；：！？]")
_SHORT = regex.compile(r"(?<=[\s(“„«'\"-])[\p{L}\p{M}]{1,3}(?=[ ])")


class Measure(NamedTuple):
    """What of a line is weighed; `needs` is the room that its first word would have taken."""

    width: int
    needs: int
    low: bool
    high: bool
    phrase: bool
    sentence: bool
    short: bool


class Wrap(NamedTuple):
    """The width of a wrapped text, and how many columns short of it a full line may be."""

    width: int
    slack: int


def measure(line: Line) -> Measure:
    """Return the measures of a line."""
    body = line.body
    first = body[0]
    if is_unspaced(first):
        # Words are not parted, so something of a few columns would always have found room.
        needs = 8 if parts_phrases_only(first) else 2
    else:
        needs = 1 + columns(body.split(None, 1)[0])
    return Measure(
        line.indent + columns(body),
        needs,
        starts_low(body),
        starts_high(body),
        ends_phrase(body),
        ends_sentence(body),
        _LAST_WORD.search(body, max(0, len(body) - 5)) is not None,
    )


class Candidate:
    """Lines that may be one wrapped paragraph, with what speaks for it."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.measures = [measure(line) for line in lines]
        self.words_odds = _words_odds(self.lines, self.measures)
        self.wrap: Wrap | None = None
        self.odds = -math.inf

    @property
    def widest(self) -> int:
        """The columns of the longest line."""
        return max(m.width for m in self.measures)

    def fit(self, width: int) -> tuple[float, Wrap]:
        """Return the best odds of line lengths under `width`, and the slack that gives them."""
        best = (-math.inf, Wrap(width, 0))
        for slack, share, often, price in _LOOSE:
            most = slack or round(share * width)
            by_chance = min(0.9, 0.35 + most / (0.35 * width))
            odds = -price
            for before, after in pairwise(self.measures):
                if before.width > width:
                    odds += math.log((1 - often) / (1 - by_chance))
                elif before.width + after.needs > width - most:
                    odds += math.log(often / by_chance) * (1.6 if after.needs == 2 else 1)
                elif not before.sentence or after.low:
                    odds += math.log((1 - often) / (1 - by_chance))
            if self.measures[-1].width > width:
                odds += math.log((1 - often) / (1 - by_chance))
            if odds > best[0]:
                best = odds, Wrap(width, most)
        return best

    def count_full(self, wrap: Wrap) -> int:
        """Return how many lines had no room for the first word of the next."""
        return sum(is_full(before, after, wrap) for before, after in pairwise(self.measures))


def is_full(before: Measure, after: Measure, wrap: Wrap) -> bool:
    """Whether a line had no room for the first word of the next."""
    return before.width + after.needs > wrap.width - wrap.slack


def weigh(candidates: Sequence[Candidate]) -> None:
    """Set `odds` and `wrap` of each candidate, with what the others say of the document."""
    plausible = [one for one in candidates if one.words_odds > -2.0]
    width = _common_width(plausible)
    own: list[tuple[float, Wrap]] = []
    for one in candidates:
        breaks = len(one.lines) - 1
        fits = [one.fit(width)] if width else []
        widest = one.widest
        if NARROWEST <= widest <= WIDEST and (breaks >= _FEWEST_BREAKS or not width):
            odds, wrap = one.fit(widest)
            fits.append((odds - 0.3, wrap))
        best = max(fits, default=(-math.inf, Wrap(0, 0)))
        own.append((best[0] + one.words_odds, best[1]))
    strong = [max(0.0, min(odds, 3.0)) for odds, _ in own]
    total = sum(strong)
    for one, (odds, wrap), mine in zip(candidates, own, strong, strict=True):
        support = min(_MOST_SUPPORT, total - mine)
        if len(one.lines) <= _FEWEST_BREAKS and support < 2.0 and not _is_unspaced(one):
            continue
        one.odds, one.wrap = odds + support, wrap
    _reject_disputed(candidates)


def _reject_disputed(candidates: Sequence[Candidate]) -> None:
    """Where few lines are full and others are none, it is the text's habit to break lines."""
    full = sum(c.count_full(c.wrap) for c in candidates if c.wrap and c.odds >= ENOUGH)
    others = any(c.odds < ENOUGH for c in candidates if len(c.lines) > 2 and not c.lines[0].indent)
    if full < _FEWEST_DISPUTED and others:
        for one in candidates:
            one.odds = -math.inf


def _is_unspaced(one: Candidate) -> bool:
    return sum(m.needs in (2, 8) for m in one.measures) > len(one.measures) // 2


def _common_width(candidates: Iterable[Candidate]) -> int:
    """Return the width that most full lines agree on, 0 where none do.

    A greedy wrap leaves lines that could not have taken the next line's first word. Each line end
    votes for the widths between its own length and the length with that word.
    """
    votes = [0] * (WIDEST + 3)
    for one in candidates:
        for before, after in pairwise(one.measures):
            low = max(before.width, NARROWEST)
            high = min(before.width + after.needs - 1, WIDEST)
            if low <= high and after.needs < NARROWEST:
                votes[low] += 1
                votes[high + 1] -= 1
    totals = list(accumulate(votes))
    width = max(range(NARROWEST, WIDEST + 1), key=lambda w: (totals[w], -w))
    return width if totals[width] >= _FEWEST_BREAKS else 0


def _words_odds(lines: Sequence[Line], measures: Sequence[Measure]) -> float:
    """Return the odds that line ends are gaps like any other, by what stands before and behind."""
    inside = "\n".join(line.body for line in lines[:60])
    gaps = len(_GAPS.findall(inside))
    breaks = list(pairwise(measures))
    if not gaps:
        gaps = len(inside) // 2
    capital = (len(_CAPITAL.findall(inside)) + 1.0) / (gaps + 10)
    mark = (len(_MARK.findall(inside)) + 1.5) / (gaps + 10)
    short = (len(_SHORT.findall(inside)) + 4.0) / (gaps + 10)
    open_breaks = [(before, after) for before, after in breaks if not before.sentence]
    odds = _odds(
        sum(after.high for _, after in open_breaks),
        sum(after.low for _, after in open_breaks),
        min(capital, 0.6), 0.93, 0.35,
    )  # fmt: skip
    odds += _odds(
        sum(before.phrase for before, _ in breaks),
        sum(not before.phrase for before, _ in breaks),
        min(mark, 0.6), 0.62, 0.25,
    )  # fmt: skip
    cased = sum(m.low or m.high for m in measures)
    if 2 * cased >= len(measures):
        ends = [before for before, _ in breaks if not before.phrase]
        odds += _odds(
            sum(before.short for before in ends),
            sum(not before.short for before in ends),
            min(short, 0.7), min(short, 0.7) * 0.4, 0.2,
        )  # fmt: skip
    return odds


def _odds(yes: int, no: int, wrapped: float, broken: float, alike: float) -> float:
    """Return the odds of a count under wrapping, where a share of what is broken looks `alike`."""
    one = yes * math.log(wrapped) + no * math.log1p(-wrapped)
    other = yes * math.log(broken) + no * math.log1p(-broken)
    # log(exp(one) / ((1 - alike) exp(other) + alike exp(one)))
    apart = other - one
    if apart > 500:
        return -apart - math.log(1 - alike)
    return -math.log((1 - alike) * math.exp(apart) + alike)
