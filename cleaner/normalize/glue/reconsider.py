"""A second look at where lost line ends part their tokens, with the words of the document known.

The wrap decode asks the word list alone, and one wrong split moves the start of the next line and
with it what the following splits may be. Names that the list lacks stand elsewhere in the document.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaner.normalize.glue.lexicon import Lexicon
from cleaner.normalize.glue.odds import LAST_RESORT
from cleaner.normalize.glue.seams import strip_clitic
from cleaner.normalize.glue.wrap import Break

# log10 of the share of a word that the document has elsewhere.
_OWN_WORD = -4.0
_MIN_LENGTH = 3
# A split that is likelier by so much (log10) than the one that the width asks for is taken instead.
_MARGIN = 3.0
# A split as likely as this (log10) parts two words that the list has; it is not asked about again.
_SURE = 4.0

SplitsOf = Callable[[Sequence[str]], Mapping[str, Sequence[tuple[int, float]]]]


class _Doubtful(NamedTuple):
    """A break that is asked about again: its line and number there, the start of its token."""

    line: int
    number: int
    start: int
    token: str


def reconsidered(
    lines: Sequence[str],
    found: Mapping[int, tuple[Break, ...]],
    splits_of: SplitsOf,
    lexicon: Lexicon,
) -> dict[int, tuple[Break, ...]]:
    """Return the breaks by line number, moved within their tokens where that is far likelier."""
    doubtful = [
        one for number, breaks in found.items() for one in _doubtful(number, lines[number], breaks)
    ]
    if not doubtful:
        return dict(found)
    words = _words(lines)
    splits = splits_of([one.token for one in doubtful])
    moved = {number: list(breaks) for number, breaks in found.items()}
    for line, number, start, token in doubtful:
        lost = moved[line][number]
        odds = _odds(token, splits[token], lexicon, words)
        best = max(odds, key=odds.__getitem__, default=0)
        if best and odds[best] >= odds.get(lost.place - start, lost.odds) + _MARGIN:
            moved[line][number] = lost._replace(place=start + best, odds=odds[best])
    return {number: tuple(breaks) for number, breaks in moved.items()}


def _doubtful(number: int, line: str, breaks: Sequence[Break]) -> Iterator[_Doubtful]:
    """Yield the breaks of a line that are not sure, each the only one of its token."""
    for index, lost in enumerate(breaks):
        if lost.odds >= _SURE:
            continue
        start = line.rfind(" ", 0, lost.place) + 1
        end = line.find(" ", lost.place)
        end = end if end >= 0 else len(line)
        if (not index or breaks[index - 1].place <= start) and (
            index + 1 == len(breaks) or breaks[index + 1].place >= end
        ):
            yield _Doubtful(number, index, start, line[start:end])


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
            word = part if part.isalpha() else strip_clitic(part)
            if word in words and len(word) >= _MIN_LENGTH:
                more += max(0.0, _OWN_WORD - lexicon.logp(part))
        odds[place] = own + more
    return odds


def _words(lines: Sequence[str]) -> set[str]:
    """Return the tokens of the document, without punctuation at their edges."""
    tokens = set(" ".join(lines).split(" "))
    words = set(filter(str.isalpha, tokens))
    words.update(map(strip_clitic, tokens.difference(words)))
    return words
