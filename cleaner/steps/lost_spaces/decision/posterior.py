"""How much glue a document holds, and what that makes of each doubtful token."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Sequence

# The share of lost spaces that the odds of `lexical` and `boundary` are stated for.
_STATED_RATE = 0.0048
# A document without other glue is taken to have lost one space in so many words.
_LEAST_RATE = 3.05e-5
# From this share on, up to the stated one, a document as a whole counts as damaged.
_DAMAGED_RATE = 4e-4
_DAMAGED_TO_STATED = math.log(_STATED_RATE / _DAMAGED_RATE)
_W_DAMAGED = 0.7
_OWN_WORDS = 500.0
_OWN_GLUE = 0.03
#: From such a share of plain glue among its words on, they say more of a document, however few
#: they are; from the other on they say all.
LITTLE, _MUCH = 0.05, 0.2
_ROUNDS = 8
#: Candidates below these odds are judged by the document's glue but do not add to it.
MIN_EVIDENCE = 2.5

Shift = tuple[float, float]


def posteriors(
    odds: Sequence[float], words: int, plain: Collection[int] = frozenset(), known: int = 0
) -> list[float]:
    """Return the probability of each candidate, given `words` words and the other candidates.

    One candidate never raises its own probability: one doubtful token in a clean text is a name,
    the twentieth is damage. Candidates of low odds say nothing of the document, but for those
    whose numbers are in `plain`: what they are made of makes up no names. `known` plain ones were
    found in it before.

    >>> alone = posteriors([3.0], 1000)[0]
    >>> among = posteriors([3.0] * 10, 1000)[0]
    >>> alone < 0.5 < among
    True
    """
    strong = [
        (place, own) for place, own in enumerate(odds) if own >= MIN_EVIDENCE or place in plain
    ]
    are_plain = [place in plain for place, _ in strong]
    counted = [0.0] * len(strong)
    after = counted
    for _ in range(_ROUNDS):
        counted = after
        together = known + math.fsum(counted)
        sure = known + math.fsum(itertools.compress(counted, are_plain))
        after = [
            _risen(own, _shift(together - mine, sure - mine * is_plain, words))
            for (_, own), mine, is_plain in zip(strong, counted, are_plain, strict=True)
        ]
        if after == counted:
            break
    # The others share the rate that all the evidence makes.
    sure = known + math.fsum(itertools.compress(counted, are_plain))
    shift = _shift(known + math.fsum(counted), sure, words)
    chances = [_risen(own, shift) for own in odds]
    for (place, _), chance in zip(strong, after, strict=True):
        chances[place] = chance
    return chances


def passing(
    odds: Sequence[float],
    words: int,
    bar: float,
    plain: Collection[int] = frozenset(),
    known: int = 0,
) -> list[bool]:
    """Return whether the probability of each candidate is over `bar`, as `posteriors` has it.

    >>> passing([3.0, 12.0], 1000, 0.9)
    [False, True]
    """
    least, most = _bounds(odds, words, known)
    sure = [_risen(own, least) > bar for own in odds]
    if all(told or _risen(own, most) <= bar for own, told in zip(odds, sure, strict=True)):
        return sure
    return [chance > bar for chance in posteriors(odds, words, plain, known)]


def may_pass(odds: Sequence[float], words: int, bar: float, known: int = 0) -> bool:
    """Whether the probability of any candidate might be over `bar`; cheaper than to know it."""
    _, most = _bounds(odds, words, known)
    return _risen(max(odds), most) > bar


def _bounds(odds: Sequence[float], words: int, known: int) -> tuple[Shift, Shift]:
    """Return the least and the most that the document may add to the odds of a candidate."""
    return _shift(known, known, words), _shift(known + len(odds), known + len(odds), words)


def _risen(own: float, shift: Shift) -> float:
    return probability(own + shift[0] + shift[1])


def _shift(glue: float, plain: float, words: int) -> Shift:
    """Return what `glue` others, some of them plain, add to the odds of a candidate.

    There are two terms, added in turn.
    """
    words = max(1, words)
    doubt = (_MUCH - plain / words) / (_MUCH - LITTLE)
    rate = (_OWN_GLUE + glue) / (words + _OWN_WORDS * min(max(doubt, 0.0), 1.0))
    rate = min(max(rate, _LEAST_RATE), 0.2)
    damage = math.log(rate / _DAMAGED_RATE) / _DAMAGED_TO_STATED
    return math.log(rate / _STATED_RATE), _W_DAMAGED * min(max(damage, 0.0), 1.0)


def probability(odds: float) -> float:
    """Return the probability of natural log odds."""
    return 1.0 / (1.0 + math.exp(-min(max(odds, -50.0), 50.0)))


def less(chance: float, odds: float) -> float:
    """Return a probability lowered by natural log odds.

    >>> round(less(0.9, 1.0), 3)
    0.768
    """
    if chance >= 1.0:
        return chance
    return probability(math.log(chance / (1.0 - chance)) - odds)
