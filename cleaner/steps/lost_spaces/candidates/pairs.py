"""Two of the commonest words run together in languages that write compounds as one word.

There word counts cannot tell a compound from glue; but no compound is made of "und" and "der".
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator

from cleaner.steps.lost_spaces.candidates.classifier import Finding
from cleaner.steps.lost_spaces.candidates.lexical import Parting
from cleaner.steps.lost_spaces.decision.accept import CandidateSplit
from cleaner.steps.lost_spaces.languages.common import words_by_language
from cleaner.steps.lost_spaces.words.lexicon import lexicon_of

#: The languages that it is done for.
LANGUAGES = frozenset({"da", "de", "nb", "nl", "sv"})
# So many of the commonest words, of so many letters and more, and what they make up.
_WORDS = 50
_MIN_LETTERS = 2
_MIN_LENGTH = 5
# Lists hold common glue, but as rare words (log10), and so much rarer than both by chance.
_LISTED_GLUE = -7.0
_MIN_ODDS = 2.0
# Another two words as common as this might be meant: "dassein" is "dass ein" or "das sein".
_COMMON = -4.0
# Natural log odds, on the scale of `lexical`: one alone is not enough in a text without other glue.
_ODDS = 4.5


def find_pairs(text: str, language: str) -> Iterator[CandidateSplit]:
    """Yield the tokens of `text` that are two of the commonest words of `language`.

    >>> [one.token for one in find_pairs("Der Wind kam ausdem Norden undder Regen", "de")]
    ['ausdem', 'undder']
    """
    wholes = _wholes(language)
    end = 0
    for token in filter(wholes.__contains__, text.split()):
        if _is_glue(token.lower(), language):
            start = _place(token, text, end)
            end = start + len(token)
            yield CandidateSplit(start, token, Finding("GLU203", Parting((wholes[token],), _ODDS)))


def _place(token: str, text: str, start: int) -> int:
    """Return where `token`, between white space, stands in ``text[start:]`` first."""
    while True:
        start = text.index(token, start)
        after = start + len(token)
        if (not start or text[start - 1].isspace()) and text[after : after + 1].strip() == "":
            return start
        start += 1


@functools.cache
def _wholes(language: str) -> dict[str, int]:
    """Return what two of the commonest words make up, and where they meet in it."""
    words = [word for word in words_by_language()[language][:_WORDS] if len(word) >= _MIN_LETTERS]
    wholes = {}
    for one, other in itertools.permutations(words, 2):
        whole = one + other
        if len(whole) >= _MIN_LENGTH:
            wholes[whole] = wholes[whole.capitalize()] = len(one)
    return wholes


# There are no more of them than pairs of words.
@functools.cache
def _is_glue(whole: str, language: str) -> bool:
    """Whether two words that make up `whole` are likelier than it, and than any other two."""
    logp = lexicon_of(language).logp
    place = _wholes(language)[whole]
    known = lexicon_of(language).listed.get(whole)
    by_chance = logp(whole[:place]) + logp(whole[place:])
    return (known is None or known < min(_LISTED_GLUE, by_chance - _MIN_ODDS)) and not any(
        min(logp(whole[:other]), logp(whole[other:])) > _COMMON
        for other in range(_MIN_LETTERS, len(whole) - _MIN_LETTERS + 1)
        if other != place
    )
