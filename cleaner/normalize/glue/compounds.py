"""How readily a word makes compounds: "over" and "man" do, "the" and "said" do not."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cleaner.normalize.glue import lexicon
from cleaner.normalize.glue.held import held

_MIN_LOGP = -7.5
_MIN_PARTNER_LOGP = -5.8
_MIN_LENGTH = 4
_MIN_PARTNER_LENGTH = 2
#: A word is hashed as the sum of its code points, each times a power of this (modulo 2**64).
BASE = 0x9E3779B97F4A7C15
INVERSE = pow(BASE, -1, 2**64)
#: What the hash of a word is mixed with for its key in a table (see `kernels_table.finish`).
MIXER = 0xBF58476D1CE4E5B9
#: The bits of a hash.
MASK = 2**64 - 1
_TABLE_BITS = 20


class Compounds:
    """Counts the listed words of one language that are a given word and another one.

    All ways to part all listed words are counted at once, parts by their polynomial hash.
    """

    def __init__(self, language: str) -> None:
        made = held(
            f"compounds-{language}", (__file__, lexicon.__file__), partial(_packed, language)
        )
        rows = np.frombuffer(made, np.uint64).reshape(2, -1)
        count = int(rows[0, 0])
        #: Hashes of words, sorted, and log10 of one more than how many compounds begin with each.
        self.beginnings = _logarithms(rows[:, 1 : count + 1])
        #: The same for those that end with a word.
        self.endings = _logarithms(rows[:, count + 1 :])

    def beginning(self, part: str) -> float:
        """Return log10 of one more than how many listed words are `part` and a word after it."""
        return _logarithm(part, *self.beginnings)

    def ending(self, part: str) -> float:
        """Return log10 of one more than how many listed words are a word and `part` after it."""
        return _logarithm(part, *self.endings)


def _logarithm(part: str, hashes: NDArray[np.uint64], logarithms: NDArray[np.float64]) -> float:
    key = np.uint64(hash_of_word(part))
    place = int(hashes.searchsorted(key))
    return float(logarithms[place]) if place < len(hashes) and hashes[place] == key else 0.0


def _logarithms(rows: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    return np.ascontiguousarray(rows[0]), np.log10(1.0 + rows[1])


def _packed(language: str) -> bytes:
    """Return keys and counts, uint64 of shape (2, 1 + n): first how many of them are beginnings."""
    words_of = lexicon.lexicon_of(language).words
    words = words_of(_MIN_LOGP, _MIN_LENGTH)
    known = _hashes(words_of(_MIN_PARTNER_LOGP, _MIN_PARTNER_LENGTH))
    left, right = _parted(words)
    beginnings = np.unique(left[_isin(right, known)], return_counts=True)
    endings = np.unique(right[_isin(left, known)], return_counts=True)
    first = np.array([[len(beginnings[0])], [0]], np.uint64)
    return np.hstack(
        [first, np.array(beginnings, np.uint64), np.array(endings, np.uint64)]
    ).tobytes()


def _sums(words: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the running sums of code points times powers, and where each word ends."""
    joined = "".join(words).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(joined, np.uint32).astype(np.uint64)
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes * _powers(BASE, len(codes)), out=sums[1:])
    return sums, np.cumsum(np.fromiter(map(len, words), np.int64, len(words)))


def hash_of_word(word: str) -> int:
    """Return the hash of one word."""
    value = 0
    for character in reversed(word):
        value = (value * BASE + ord(character)) & MASK
    return value


def _hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    """Return the hash of each word."""
    sums, ends = _sums(words)
    starts = np.concatenate(([0], ends[:-1]))
    return (sums[ends] - sums[starts]) * _powers(INVERSE, len(sums))[starts]


def _parted(words: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the hashes of the left and right parts at every place inside every word."""
    sums, ends = _sums(words)
    starts = np.concatenate(([0], ends[:-1]))
    inside = np.ones(len(sums), np.bool_)
    inside[starts] = inside[ends] = False
    places = np.flatnonzero(inside)
    owner = np.repeat(np.arange(len(words)), ends - starts - 1)
    powers = _powers(INVERSE, len(sums))
    left = (sums[places] - sums[starts[owner]]) * powers[starts[owner]]
    right = (sums[ends[owner]] - sums[places]) * powers[places]
    return left, right


def _isin(keys: NDArray[np.uint64], known: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Whether each of `keys` is in `known`: a table of their first bits rules most of them out."""
    shift = np.uint64(64 - _TABLE_BITS)
    table = np.zeros(2**_TABLE_BITS, np.bool_)
    table[known >> shift] = True
    found: NDArray[np.bool_] = table[keys >> shift]
    likely = keys[found]
    known = np.sort(known)
    place = np.minimum(known.searchsorted(likely), len(known) - 1)
    found[found] = known[place] == likely
    return found


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    powers = np.full(count, base, np.uint64)
    powers[:1] = 1
    return np.cumprod(powers, dtype=np.uint64)


@functools.cache
def compounds_of(language: str) -> Compounds:
    """Return the compound counts of `language`, set up once a process.

    >>> counts = compounds_of("en")
    >>> counts.beginning("over") > 2 > counts.beginning("said")
    True
    """
    return Compounds(language)
