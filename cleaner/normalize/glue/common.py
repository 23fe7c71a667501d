"""The commonest words of each language, and how many of them a text has.

Both ways to count agree: with the compiled functions, and without them.
"""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.core.native import Handed
from cleaner.normalize.glue.alphabet import spaces
from cleaner.normalize.glue.native import loaded
from cleaner.normalize.glue.wordtable import codes_of

# No letter behind it has a small form that stands in a common word.
_LETTERS_END = 0x2200
# Its small form depends on what stands around it.
_SIGMA = "Σ"

Counts = NDArray[np.integer[Any]]


def count_common(text: str) -> tuple[int, Counts]:
    """Return the number of words of a short text, and how many are common in each language.

    The order is that of `languages`. The text has less than 65,536 words.

    >>> words, counts = count_common("Hallo, das ist der Hund.")
    >>> words, int(counts[languages().index("de")])
    (5, 3)
    """
    if loaded() is None or _SIGMA in text:
        return count_plainly(text)
    return _table().count(text)


def count_plainly(text: str) -> tuple[int, Counts]:
    """Return what `count_common` does, without the compiled functions."""
    words = text.lower().split()
    # A text has fewer words than a field can count, so all languages are counted in one sum.
    total = sum(filter(None, map(_votes().get, words)))
    return len(words), _fields(total)


@functools.cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages, in order."""
    return tuple(sorted(words_by_language()))


@functools.cache
def words_by_language() -> dict[str, list[str]]:
    """Return the hundred commonest words of each language, the commonest first."""
    table = files("cleaner").joinpath("data", "glue", "function_words.txt").read_text("utf-8")
    return {line.split()[0]: line.split()[1:] for line in table.splitlines() if line[:1] != "#"}


@functools.cache
def _votes() -> dict[str, int]:
    """Return for each common word a number with one 16-bit field a language, 1 where common."""
    votes: dict[str, int] = {}
    for field, language in enumerate(languages()):
        for word in words_by_language()[language]:
            votes[word] = votes.get(word, 0) | 1 << (16 * field)
    return votes


def _fields(votes: int) -> Counts:
    return np.frombuffer(votes.to_bytes(2 * len(languages()), "little"), "<u2")


class _Table:
    """The common words hashed, for the compiled functions."""

    def __init__(self, kernels: Any) -> None:
        self._kernels = kernels
        votes = _votes()
        slots = 1 << (2 * len(votes)).bit_length()
        keys = Handed(np.zeros(slots, np.uint64), "uint64[::1]")
        rows = Handed(np.zeros(slots, np.int32), "int32[::1]")
        ends = np.cumsum([len(word) for word in votes])
        kernels.enter_common(codes_of("".join(votes)), ends, keys, rows)
        small = np.array([_small_form(chr(code)) for code in range(_LETTERS_END)], np.int32)
        counted = np.array([_fields(vote) for vote in votes.values()], np.int64)
        self._handed = (
            Handed(spaces(), "uint8[::1]"),
            Handed(small, "int32[::1]"),
            keys,
            rows,
            Handed(counted, "int64[:,::1]"),
        )

    def count(self, text: str) -> tuple[int, Counts]:
        counts = np.zeros(len(languages()), np.int64)
        return self._kernels.count_common(codes_of(text), *self._handed, counts), counts


def _small_form(character: str) -> int:
    small = character.lower()
    # No common word has what becomes two characters.
    return ord(small) if len(small) == 1 else 0


@functools.cache
def _table() -> _Table:
    return _Table(loaded())
