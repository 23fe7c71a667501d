"""The commonest words of each language, and how many of them a text has."""

from __future__ import annotations

import functools
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from cleaner.steps.lost_spaces.alphabet import codes_of, spaces
from cleaner.steps.lost_spaces.languages import common_kernel as _kernel
from cleaner.steps.lost_spaces.words.wordlist import keys_of, table_of

# No letter behind it has a small form that stands in a common word.
_LETTERS_END = 0x2200
# Its small form depends on what stands around it.
_SIGMA = "Σ"

Counts = NDArray[np.int64]


def count_common(text: str) -> tuple[int, Counts]:
    """Return the number of words of a text, and how many are common in each language.

    The order is that of `languages`.

    >>> words, counts = count_common("Hallo, das ist der Hund.")
    >>> words, int(counts[languages().index("de")])
    (5, 3)
    """
    counts = np.zeros(len(languages()), np.int64)
    codes = codes_of(text.lower() if _SIGMA in text else text)
    return _kernel.count_common(codes, spaces(), *_tables(), counts), counts


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
def _tables() -> tuple[
    NDArray[np.int32], NDArray[np.uint64], NDArray[np.uint32], NDArray[np.int64]
]:
    """Return small forms by code point, the table of common words, and their rows of votes."""
    small = np.array([_small_form(chr(code)) for code in range(_LETTERS_END)], np.int32)
    rows: dict[str, int] = {}
    for words in words_by_language().values():
        for word in words:
            rows.setdefault(word, len(rows))
    votes = np.zeros((len(rows), len(languages())), np.int64)
    for column, language in enumerate(languages()):
        votes[[rows[word] for word in words_by_language()[language]], column] = 1
    places = np.arange(len(rows), dtype=np.uint16)
    table = table_of(keys_of(list(rows)), places, places.astype(np.float64))
    return small, table.entries, table.starts, votes


def _small_form(character: str) -> int:
    small = character.lower()
    # No common word has what becomes two characters; 0 would count for nothing at a word's end.
    return ord(small) if len(small) == 1 else ord(character)
