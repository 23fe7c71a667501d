"""The language of a few words, told by the thousand commonest words of each language.

The hundred that `detect` counts tell the language of a page; a sentence may have none of them, and
those of a neighbour.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from importlib.resources import files
from typing import NamedTuple

import regex

_WORD = regex.compile(r"[\p{L}\p{M}]+")
_MOST_WORDS = 60
# What a word counts for its language: more among the first, and where no other language has it.
_COMMON, _COMMONER, _ALONE = 4, 2, 2
_FIRST = 50
#: So many of the words, and such a share, are common in the language that they are in.
MIN_COUNT = 2
MIN_SHARE = 0.3


class Likeness(NamedTuple):
    """How like a language some words are: its code, how many it has of them, how much they say."""

    language: str
    words: int
    score: int


def detect_closely(text: str) -> str | None:
    """Return the code of the language of a short text, or None.

    >>> detect_closely("¿Quién vino ayer con la barca?")
    'es'
    >>> detect_closely("Quuxford Brombeek Tollivar") is None
    True
    """
    words = words_of(text)
    likest = max(likenesses(words), key=lambda one: one.score, default=None)
    if likest is None or likest.words < max(MIN_COUNT, MIN_SHARE * len(words)):
        return None
    return likest.language


def words_of(text: str) -> list[str]:
    """Return the first words of `text`, in small letters."""
    return [match[0] for match in itertools.islice(_WORD.finditer(text.lower()), _MOST_WORDS)]


def likenesses(words: list[str]) -> list[Likeness]:
    """Return how like each language `words` are, of those that have any.

    Languages that more texts are in come first, so that they win where neighbours are alike.
    """
    counts: Counter[str] = Counter()
    scores: Counter[str] = Counter()
    for word in words:
        for language, score in _scores().get(word, ()):
            counts[language] += 1
            scores[language] += score
    return [Likeness(code, counts[code], scores[code]) for code in _codes() if counts[code]]


def _lists() -> tuple[tuple[str, ...], ...]:
    """Return for each language its code and its commonest words."""
    table = files("cleaner").joinpath("data", "glue", "common_words.txt").read_text("utf-8")
    lines = (line for line in table.splitlines() if not line.startswith("#"))
    return tuple(tuple(line.split()) for line in lines)


@functools.cache
def _codes() -> tuple[str, ...]:
    return tuple(code for code, *_ in _lists())


@functools.cache
def _scores() -> dict[str, list[tuple[str, int]]]:
    """Return for each common word the languages that it is common in, and what it counts there."""
    scores: dict[str, list[tuple[str, int]]] = {}
    for code, *words in _lists():
        for rank, word in enumerate(words):
            score = _COMMON + _COMMONER * (rank < _FIRST)
            scores.setdefault(word, []).append((code, score))
    for found in scores.values():
        if len(found) == 1:
            code, score = found[0]
            found[0] = code, score + _ALONE
    return scores
