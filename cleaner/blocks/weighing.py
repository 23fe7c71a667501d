"""Which paragraphs of a text are wrapped: each weighed alone, and by what the others say.

One paragraph of two lines says little. But where many of a text keep to one width, its line ends
are accidents, and where verses stand among them, lines that look like verses are more of those.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import accumulate
from operator import sub
from typing import NamedTuple

import regex

from cleaner.blocks.wrapping import Candidate, Habit

NARROWEST = 24
WIDEST = 140

# Odds (natural logarithms) from which lines are taken for one paragraph.
ENOUGH = 3.8
# The most that the rest of a document can add, and the most that one candidate of it can.
_MOST_SUPPORT = 5.0
_MOST_OF_ONE = 3.0
# How near, as a share, the widths of paragraphs of a ragged text are; and the most that a document
# can add to lines of another width, or whose words do not look like its own.
_NEAR_WIDTH = 0.12
_MOST_ELSEWHERE = 1.5
# A few lines that nothing else in the document is like say little.
_FEWEST_BREAKS = 2
_LITTLE_SUPPORT = 2.0
# So many full lines are believed though other lines of the text are not wrapped.
_FEWEST_DISPUTED = 4
# With one broken line that begins with a capital for so many line ends inside paragraphs, a text
# has verses.
_VERSES_PER_BREAK = 4
# Such a share of lines that begin with capitals is nothing strange.
_MANY_CAPITALS = 0.15
# What an own width costs against that of the document.
_OWN_WIDTH = 0.3

_GAPS = re.compile(r"(?<=\S)[ \t]+(?=\S)")
_CAPITAL = regex.compile(r"[\p{Ll}\p{N},;][ ]+[\p{Lu}\p{Nd}]")
_MARK = re.compile(r"[,;:.!?…–—،؛؟।][\"'”’»)\]]*[ ]+|[、。，；：！？]")
_SHORT = regex.compile(r"(?<=[\s(“„«'\"-])[\p{L}\p{M}]{1,3}(?=[ ])")
# Text of this size tells how often gaps are what; fewer gaps tell nothing of others.
_SAMPLE = 12_000
_FEWEST_GAPS = 40
# Where a candidate's tally says whether its first line begins with a short word.
_BEGINS_SHORT = 4


def weigh(candidates: Sequence[Candidate]) -> bool:
    """Set `odds` and `wrap` of each candidate, with what the others say of the document.

    Returns whether the document has verses.
    """
    if not candidates:
        return False
    size = sampled = 0
    for one in candidates:
        size += sum(one.widths)
        sampled += 1
        if size > _SAMPLE:
            break
    counts = _count(candidates[:sampled])
    usual = _habits(counts, counts)
    words = [one.weigh_words(usual) for one in candidates]
    for place, one in enumerate(candidates):
        if words[place] < 0 and counts.gaps > _FEWEST_GAPS:
            # Its own lines are no measure of its capitals, but of its commas: names have more.
            own = _count([one])
            others = Counts(*map(sub, counts, own)) if place < sampled else counts
            if others.gaps > _FEWEST_GAPS:
                words[place] = one.weigh_words(_habits(others, own))
    width = _common_width([one for one, odds in zip(candidates, words, strict=True) if odds > -2])
    for one, odds in zip(candidates, words, strict=True):
        _weigh_alone(one, width, odds)
    gains = [max(0.0, min(one.odds, _MOST_OF_ONE)) for one in candidates]
    total = sum(gains)
    for one, odds, gain in zip(candidates, words, gains, strict=True):
        near = abs(one.wrap.width - width) <= _NEAR_WIDTH * width
        alike = one.wrap.width == width or (near and odds > 0)
        most = _MOST_SUPPORT if alike else _MOST_ELSEWHERE
        support = min(most, total - gain)
        if one.breaks < _FEWEST_BREAKS and support < _LITTLE_SUPPORT and not one.unspaced:
            one.odds = min(one.odds, 0.0)
        else:
            one.odds += support
    _reject_disputed(candidates)
    return _reject_verses(candidates, counts.capitals / max(1, counts.gaps))


def _weigh_alone(one: Candidate, width: int, words: float) -> None:
    """Set `odds` and `wrap` by the candidate's own lines, under the document's width or its own."""
    odds = -math.inf
    if width:
        odds, one.wrap = one.fit(width)
    widest = max(one.widths)
    if (
        odds + words < ENOUGH
        and NARROWEST <= widest <= WIDEST
        and (one.breaks >= _FEWEST_BREAKS or not width)
    ):
        own, wrap = one.fit(widest)
        if own - _OWN_WIDTH > odds:
            odds, one.wrap = own - _OWN_WIDTH, wrap
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


def _reject_verses(candidates: Sequence[Candidate], capitals: float) -> bool:
    """Where a text has verses, lines that all begin with capitals are more of them; say if so.

    Of the gaps inside lines a share of `capitals` stands before one: in German lines of prose may
    well begin so.
    """
    verses = [
        one
        for one in candidates
        if all(one.high[1:])
        and (capitals**one.breaks < _MANY_CAPITALS or any(one.phrase[:-1]) or one.odds < ENOUGH)
    ]
    broken = sum(one.breaks for one in verses if one.odds < ENOUGH)
    wrapped = sum(one.breaks for one in candidates if one.odds >= ENOUGH)
    if not broken or _VERSES_PER_BREAK * broken < wrapped:
        return False
    for one in verses:
        one.odds = min(one.odds, 0.0)
    return True


def _common_width(candidates: Sequence[Candidate]) -> int:
    """Return the width that most full lines agree on, 0 where none do.

    A greedy wrap leaves lines that could not have taken the next line's first word. Each line end
    votes for the widths between its own length and the length with that word.
    """
    votes = [0] * (WIDEST + 3)
    for one in candidates:
        for before, reach in zip(one.widths, one.reach, strict=False):
            if NARROWEST <= before <= WIDEST and reach - before < NARROWEST:
                votes[before] += 1
                votes[min(reach, WIDEST + 1)] -= 1
    totals = list(accumulate(votes))
    width = max(range(NARROWEST, WIDEST + 1), key=lambda w: (totals[w], -w))
    return width if totals[width] >= _FEWEST_BREAKS else 0


class Counts(NamedTuple):
    """How many gaps a text has between words, and before capitals, after marks, short words."""

    gaps: int
    capitals: int
    marks: int
    shorts: int


def _count(candidates: Sequence[Candidate]) -> Counts:
    gaps, capitals, marks, shorts, _, sizes = map(sum, zip(*map(_tally, candidates), strict=True))
    # What begins the first line has nothing before it that shows where it begins.
    shorts -= candidates[0].tally[_BEGINS_SHORT]
    return Counts(gaps or (sizes + len(candidates) - 1) // 2, capitals, marks, shorts)


def _tally(one: Candidate) -> list[int]:
    """Return what is counted of a candidate: as in `Counts`, whether it begins short, its size."""
    if not one.tally:
        text = "\n" + "\n".join(line.body for line in one.lines)
        one.tally.extend(len(pattern.findall(text)) for pattern in (_GAPS, _CAPITAL, _MARK, _SHORT))
        one.tally += [_SHORT.match(text, 1) is not None, len(text) - 1]
    return one.tally


def _habits(usual: Counts, own: Counts) -> tuple[Habit, Habit, Habit]:
    """Return the habits of capitals and short words in the text, and of marks in its own part."""
    capital = (usual.capitals + 1.0) / (usual.gaps + 10)
    mark = (own.marks + 1.5) / (own.gaps + 10)
    short = min(0.7, (usual.shorts + 4.0) / (usual.gaps + 10))
    return (
        Habit(min(capital, 0.6), 0.93, 0.35),
        Habit(min(mark, 0.6), 0.62, 0.25),
        Habit(short, 0.4 * short, 0.2),
    )
