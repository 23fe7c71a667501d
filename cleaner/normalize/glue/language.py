"""The language of a document, from how many of its words are the commonest of a language."""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
_MIN_SHARE = 0.1
_MIN_COUNT = 2


class _Table(NamedTuple):
    """The common words: each one's row, and bool rows of shape (words, languages)."""

    languages: tuple[str, ...]
    rows: dict[str, int]
    members: NDArray[np.bool_]


@functools.cache
def _common_words() -> _Table:
    table = files("cleaner").joinpath("data", "glue", "function_words.txt").read_text("utf-8")
    words_by_language = {
        line.split()[0]: line.split()[1:] for line in table.splitlines() if line[:1] != "#"
    }
    languages = tuple(sorted(words_by_language))
    rows: dict[str, int] = {}
    for words in words_by_language.values():
        for word in words:
            rows.setdefault(word, len(rows))
    members = np.zeros((len(rows), len(languages)), np.bool_)
    for column, language in enumerate(languages):
        members[[rows[word] for word in words_by_language[language]], column] = True
    return _Table(languages, rows, members)


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
    words = _sample(text).lower().split()
    table = _common_words()
    found = [row for row in map(table.rows.get, words) if row is not None]
    if not found:
        return None
    votes = table.members[found].sum(axis=0)
    # Of equal counts the first counts: the languages are sorted.
    best = int(votes.argmax())
    if votes[best] < max(_MIN_COUNT, _MIN_SHARE * len(words)):
        return None
    return table.languages[best]


def _sample(text: str) -> str:
    """Return `text`, or of a long one three parts from its head, middle and end."""
    if len(text) <= _SAMPLE_CHARACTERS:
        return text
    third = _SAMPLE_CHARACTERS // 3
    middle = (len(text) - third) // 2
    return " ".join((text[:third], text[middle : middle + third], text[-third:]))
