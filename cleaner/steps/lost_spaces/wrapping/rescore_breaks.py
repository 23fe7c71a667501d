"""A second look at where lost line ends part their tokens, with the words of the document known.

The wrap decode asks the word list alone, and one wrong split moves the start of the next line and
with it what the following splits may be. Names that the list lacks stand elsewhere in the document.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaner.steps.lost_spaces.candidates.seams import strip_clitic
from cleaner.steps.lost_spaces.odds import LAST_RESORT, MARGIN, MIN_OWN_WORD, OWN_WORD, SURE
from cleaner.steps.lost_spaces.reader.codes import MAX_TOKEN
from cleaner.steps.lost_spaces.words.lexicon import Lexicon
from cleaner.steps.lost_spaces.wrapping.wrap import Breaks

SplitsOf = Callable[[Sequence[str]], Mapping[str, Sequence[tuple[int, float]]]]


class _Doubtful(NamedTuple):
    """A break that is asked about again: its number, the start of its token."""

    number: int
    start: int
    token: str


def reconsidered(
    text: str, breaks: Breaks, asked: Sequence[int], splits_of: SplitsOf, lexicon: Lexicon
) -> Breaks:
    """Return the breaks, of which those `asked` are moved in their tokens where far likelier."""
    doubtful = list(_doubtful(text, breaks, asked))
    if not doubtful:
        return breaks
    words = set(map(strip_clitic, text.replace("\n", " ").split(" ")))
    splits = splits_of([one.token for one in doubtful])
    moved = Breaks(breaks.places.copy(), breaks.odds.copy(), breaks.widths)
    for number, start, token in doubtful:
        odds = _odds(token, splits[token], lexicon, words)
        best = max(odds, key=odds.__getitem__, default=0)
        now = odds.get(breaks.places[number] - start, breaks.odds[number])
        if best and odds[best] >= now + MARGIN:
            moved.places[number] = start + best
            moved.odds[number] = odds[best]
    return moved


def _doubtful(text: str, breaks: Breaks, asked: Sequence[int]) -> Iterator[_Doubtful]:
    """Yield the breaks that are not sure, each the only one of its token."""
    places = breaks.places
    for number in asked:
        if breaks.odds[number] >= SURE:
            continue
        start = end = places[number]
        while start and text[start - 1] not in " \n" and end - start <= MAX_TOKEN:
            start -= 1
        while end < len(text) and text[end] not in " \n" and end - start <= MAX_TOKEN:
            end += 1
        if end - start > MAX_TOKEN:
            continue
        if (not number or places[number - 1] <= start) and (
            number + 1 == len(places) or places[number + 1] >= end
        ):
            yield _Doubtful(number, start, text[start:end])


def _odds(
    token: str, splits: Sequence[tuple[int, float]], lexicon: Lexicon, words: Container[str]
) -> dict[int, float]:
    """Return the odds of each split, more for parts that stand elsewhere as words."""
    odds = {}
    for place, own in splits:
        if own <= LAST_RESORT:
            continue
        more = 0.0
        for part in (token[:place], token[place:]):
            word = strip_clitic(part)
            if len(word) >= MIN_OWN_WORD and word in words:
                more += max(0.0, OWN_WORD - lexicon.logp(part))
        odds[place] = own + more
    return odds
