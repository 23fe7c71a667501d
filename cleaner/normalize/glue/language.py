"""The language of a document, from how many of its words are the commonest of a language."""

from __future__ import annotations

import functools
from collections import Counter
from importlib.resources import files

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


@functools.cache
def _languages_by_word() -> dict[str, tuple[str, ...]]:
    """Return for each listed word the languages that it is among the commonest words of."""
    table = files(__package__).joinpath("function_words.txt").read_text("utf-8")
    found: dict[str, list[str]] = {}
    for line in table.splitlines():
        language, *words = line.split()
        for word in words:
            found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items()}


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
    table = _languages_by_word()
    votes: Counter[str] = Counter()
    for word, count in Counter(words).items():
        for language in table.get(word, ()):
            votes[language] += count
    if not votes:
        return None
    language, count = min(votes.items(), key=lambda vote: (-vote[1], vote[0]))
    return language if count >= max(_MIN_COUNT, _MIN_SHARE * len(words)) else None


def _sample(text: str) -> str:
    """Return `text`, or of a long one three parts from its head, middle and end."""
    if len(text) <= _SAMPLE_CHARACTERS:
        return text
    third = _SAMPLE_CHARACTERS // 3
    middle = (len(text) - third) // 2
    return " ".join((text[:third], text[middle : middle + third], text[-third:]))
