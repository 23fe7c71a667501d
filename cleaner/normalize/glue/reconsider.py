"""A second look at where lost line ends part their tokens, with the words of the document known.

The wrap decode asks the word list alone, and one wrong split moves the start of the next line and
with it what the following splits may be. Names that the list lacks stand elsewhere in the document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

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

Splits = Callable[[str], Sequence[tuple[int, float]]]


def reconsidered(
    lines: Sequence[str],
    found: Mapping[int, tuple[Break, ...]],
    splits: Splits,
    lexicon: Lexicon,
) -> dict[int, tuple[Break, ...]]:
    """Return the breaks by line number, moved within their tokens where that is far likelier."""
    if not found:
        return {}
    words = _words(lines)
    return {
        number: tuple(_moved(lines[number], breaks, splits, lexicon, words))
        for number, breaks in found.items()
    }


def _moved(
    line: str, breaks: Sequence[Break], splits: Splits, lexicon: Lexicon, words: frozenset[str]
) -> list[Break]:
    moved: list[Break] = []
    for number, lost in enumerate(breaks):
        if lost.odds >= _SURE:
            moved.append(lost)
            continue
        start = line.rfind(" ", 0, lost.place) + 1
        end = line.find(" ", lost.place)
        end = end if end >= 0 else len(line)
        alone = (not number or breaks[number - 1].place <= start) and (
            number + 1 == len(breaks) or breaks[number + 1].place >= end
        )
        if alone:
            token = line[start:end]
            odds = _odds(token, splits(token), lexicon, words)
            best = max(odds, key=odds.__getitem__, default=0)
            if best and odds[best] >= odds.get(lost.place - start, lost.odds) + _MARGIN:
                lost = lost._replace(place=start + best, odds=odds[best])
        moved.append(lost)
    return moved


def _odds(
    token: str, splits: Sequence[tuple[int, float]], lexicon: Lexicon, words: frozenset[str]
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


def _words(lines: Sequence[str]) -> frozenset[str]:
    """Return the tokens of the document, without punctuation at their edges."""
    tokens = set(" ".join(lines).split(" "))
    letters = set(filter(str.isalpha, tokens))
    return frozenset(letters.union(map(strip_clitic, tokens - letters)))
