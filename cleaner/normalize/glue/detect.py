"""The language of a document, from how many of its words are the commonest of a language."""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import NamedTuple

import numpy as np

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
    votes = np.frombuffer(total.to_bytes(2 * len(table.languages), "little"), "<u2")
    # Of equal counts the first wins: the languages are sorted.
    first = int(votes.argmax())
    if votes[first] < max(_MIN_COUNT, _MIN_SHARE * len(words)):
        return None
    return table.languages[first]


def _sample(text: str) -> str:
    """Return `text`, or of a long one three parts from its head, middle and end."""
    if len(text) <= _SAMPLE_CHARACTERS:
        return text
    third = _SAMPLE_CHARACTERS // 3
    middle = (len(text) - third) // 2
    return " ".join((text[:third], text[middle : middle + third], text[-third:]))
