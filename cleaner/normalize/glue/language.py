"""The language of a document, from how many of its words are the commonest of a language."""

from __future__ import annotations

import functools
import sys
from array import array
from importlib.resources import files
from typing import NamedTuple

# Languages that write compounds as one word: frequencies cannot tell a compound from glue.
COMPOUNDING = frozenset({"da", "de", "fi", "hu", "is", "ko", "nb", "nl", "sv", "tr", "ml", "ta"})

# Languages whose articles and prepositions write themselves to the next word with an apostrophe.
ELIDING = frozenset({"ca", "fr", "it"})

# Languages that write quotations „so“ or »so«.
LOW_QUOTES = frozenset({"bg", "cs", "da", "de", "hr", "hu", "is", "lt", "mk", "sh", "sk", "sl"})

# Languages whose nouns have capitals, so that a case change within a token is no brand name.
NOUN_CAPITALS = frozenset({"de"})

# Pronouns that Spanish and Italian write to the end of a verb.
ENCLITICS = {
    "es": frozenset("me te se le les lo la los las nos os".split()),
    "it": frozenset("mi ti si ci vi ne lo la li le gli".split()),
}

_SAMPLE_CHARACTERS = 2100
_SAMPLES_REMEMBERED = 8
_MIN_SHARE = 0.1
_MIN_COUNT = 2


class _Table(NamedTuple):
    """For each common word a number with one 16-bit field a language, 1 where it is common."""

    languages: tuple[str, ...]
    votes: dict[str, int]


@functools.cache
def _common_words() -> _Table:
    table = files("cleaner").joinpath("data", "glue", "function_words.txt").read_text("utf-8")
    words_by_language = {
        line.split()[0]: line.split()[1:] for line in table.splitlines() if line[:1] != "#"
    }
    languages = tuple(sorted(words_by_language))
    votes: dict[str, int] = {}
    for field, language in enumerate(languages):
        for word in words_by_language[language]:
            votes[word] = votes.get(word, 0) | 1 << (16 * field)
    return _Table(languages, votes)


def detect_language(text: str) -> str | None:
    """Return the code (ISO 639-1, or wordfreq's) of the language of `text`, or None.

    A word shared by several languages counts for each of them; the first by count, then by code,
    wins if at least two and a tenth of the sampled words are its own.

    >>> detect_language("The cat sat on the mat, and that was all there was to it.")
    'en'
    >>> detect_language("Der Hund und die Katze sind nicht im Garten, sondern auf dem Dach.")
    'de'
    >>> detect_language("0x3f 12 14;") is None
    True
    """
    return _detect(_sample(text))


# A text is asked about by several steps and in several rounds.
@functools.lru_cache(maxsize=_SAMPLES_REMEMBERED)
def _detect(sample: str) -> str | None:
    words = sample.lower().split()
    table = _common_words()
    # A sample has fewer words than a field can count, so all languages are counted in one sum.
    total = sum(filter(None, map(table.votes.get, words)))
    votes = array("H", total.to_bytes(2 * len(table.languages), sys.byteorder))
    if sys.byteorder == "big":
        votes.reverse()
    # Of equal counts the first wins: the languages are sorted.
    count = max(votes)
    if count < max(_MIN_COUNT, _MIN_SHARE * len(words)):
        return None
    return table.languages[votes.index(count)]


def _sample(text: str) -> str:
    """Return `text`, or of a long one three parts from its head, middle and end."""
    if len(text) <= _SAMPLE_CHARACTERS:
        return text
    third = _SAMPLE_CHARACTERS // 3
    middle = (len(text) - third) // 2
    return " ".join((text[:third], text[middle : middle + third], text[-third:]))
