"""The language of a few words, told by the thousand commonest words of each language.

The hundred that `detect` counts tell the language of a page; a sentence may have none of them, and
those of a neighbour.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

_WORD = regex.compile(r"(?<!\p{N})[\p{L}\p{M}]++(?!\p{N})")
_MOST_WORDS = 60
_MOST_CHARACTERS = 2000
# What a word counts for its language: more among the first, and where no other language has it.
_COMMON, _COMMONER, _ALONE = 4, 2, 2
_FIRST = 50
# So many of the words, and such a share, are common in their language; fewer, if they are a larger
# share.
_SOME_COMMON, _MIN_SHARE = 3, 0.25
_FEW_COMMON, _MIN_SHARE_OF_FEW = 2, 0.5


class Found(NamedTuple):
    """A language, and how many of the words are common in it."""

    language: str
    words: int


class Likeness(NamedTuple):
    """How many words are common in each language, and what they count there together."""

    words: NDArray[np.uint16]
    scores: NDArray[np.uint16]

    def likest(self) -> Found | None:
        """Return the language that the words are likest to, or None where it has none of them.

        Languages that more texts are in come first, so that they win where neighbours are alike.
        """
        first = int(self.scores.argmax())
        return Found(_codes()[first], int(self.words[first])) if self.words[first] else None

    def of(self, language: str) -> int:
        """Return how many of the words are common in a language."""
        return int(self.words[_codes().index(language)])


def detect_closely(text: str) -> str | None:
    """Return the code of the language of a short text, or None.

    >>> detect_closely("¿Quién vino ayer con la barca?")
    'es'
    >>> detect_closely("Quuxford Brombeek Tollivar") is None
    True
    """
    words = words_of(text)
    found = likeness(words).likest()
    return found.language if found is not None and is_enough(found.words, len(words)) else None


def is_enough(common: int, words: int) -> bool:
    """Whether so many common words among all `words` tell the language."""
    return (
        common >= _FEW_COMMON
        and common >= (_MIN_SHARE if common >= _SOME_COMMON else _MIN_SHARE_OF_FEW) * words
    )


def words_of(text: str) -> list[str]:
    """Return the first words of `text`, in small letters."""
    return _WORD.findall(text[:_MOST_CHARACTERS].lower())[:_MOST_WORDS]


def likeness(words: Sequence[str]) -> Likeness:
    """Return how like each language `words` are."""
    known = _votes()
    counts, scores = [0] * len(_codes()), [0] * len(_codes())
    for word in words:
        votes = known.get(word, ())
        for field, score in votes:
            counts[field] += 1
            scores[field] += score + _ALONE * (len(votes) == 1)
    return Likeness(np.array(counts, np.uint16), np.array(scores, np.uint16))


def _lists() -> Iterator[tuple[str, list[str]]]:
    """Yield for each language its code and its commonest words."""
    table = files("cleaner").joinpath("data", "glue", "common_words.txt").read_text("utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            code, *words = line.split()
            yield code, words


@functools.cache
def _codes() -> tuple[str, ...]:
    return tuple(code for code, _ in _lists())


@functools.cache
def _votes() -> dict[str, list[tuple[int, int]]]:
    """Return for each common word the languages that have it, by number, and what it counts."""
    votes: dict[str, list[tuple[int, int]]] = {}
    for field, (_, words) in enumerate(_lists()):
        early, late = (field, _COMMON + _COMMONER), (field, _COMMON)
        for rank, word in enumerate(words):
            votes.setdefault(word, []).append(early if rank < _FIRST else late)
    return votes
