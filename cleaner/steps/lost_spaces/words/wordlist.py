"""The words of a language with their shares, hashed into a table, from the file of wordfreq."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.steps.lost_spaces.alphabet import codes_of
from cleaner.steps.lost_spaces.languages.language import (
    CLITICS,
    COMPOUNDING,
    ELIDING,
    ELISIONS,
    ENCLITICS,
    LINKS,
    PREFIXES,
    SUFFIXES,
)
from cleaner.steps.lost_spaces.reader import codes as terms
from cleaner.steps.lost_spaces.words.wordlist_kernel import (
    WordList,
    arrange,
    keys_of_hashes,
    keys_of_words,
    word_list,
)

# A part this short is a word only if it is a common one: word lists are full of stray syllables.
_LEAST_LOGPS = (-math.inf, -2.7, -3.95, -4.9)
_SHORT_PENALTY = -2.5
# Listed words likelier and longer than this are asked whether they are compounds, of a word that
# is likelier and longer than that and any other.
_MIN_COMPOUND, _MIN_COMPOUND_LENGTH = -7.5, 4
_MIN_PARTNER, _MIN_PARTNER_LENGTH = -5.8, 2
# Room at first for partners and for parts of compounds; it is doubled where it is too little.
_PARTNERS = 2**17
_PARTS = 2**19


# So many words fall into a bucket in the mean: few to look through, few buckets to hold.
_IN_BUCKET = 6

# A kind, hashes of words, and the share of each.
Parts = tuple[int, NDArray[np.uint64], NDArray[np.float64]]


class Table(NamedTuple):
    """Hashed words and their values (see `wordlist_kernel`)."""

    entries: NDArray[np.uint64]
    starts: NDArray[np.uint32]
    values: NDArray[np.float64]


def table_of(
    keys: NDArray[np.uint64], places: NDArray[np.uint16], values: NDArray[np.float64]
) -> Table:
    """Return the table of keys, each with the place of its value; the last of equal ones counts."""
    bits = max(len(keys) // _IN_BUCKET, 1).bit_length()
    # An entry has one bit more for the place than its bucket tells of the key.
    bits = max(bits, (len(values) - 1).bit_length() - 1)
    starts = np.zeros((1 << bits) + 1, np.uint32)
    entries = np.empty(len(keys), np.uint64)
    count = arrange(keys, places, starts, np.empty(1 << bits, np.uint32), entries)
    return Table(entries[:count].copy() if count < len(keys) else entries, starts, values)


def hashed_words(language: str) -> Table:
    """Return log10 of the share of each listed word, and what else `kernel_terms` has kinds for.

    The logarithm of one more than the number of compounds that begin or end with a word is the
    share of a word of the kinds BEGINNING and ENDING. Languages that write compounds as one word
    have none of these: see `hashed_compounds`.
    """
    words, logps = _listed(language)
    parts = [] if language in COMPOUNDING else list(_parts_of_compounds(words))
    count = words.count()
    keys, places = np.empty(count, np.uint64), np.empty(count, np.uint16)
    words.write_keys(keys, places)
    listed = _Columns(keys, places, np.append(logps, logps + _SHORT_PENALTY))
    extra = [_extra_columns(kind, words) for kind, words in _extra(language)]
    return _joined([*map(_columns_of, parts), listed, *extra])


def hashed_compounds(language: str) -> Table:
    """Return what `hashed_words` has of the kinds BEGINNING and ENDING, for any language."""
    words, _ = _listed(language)
    return _joined([_columns_of(part) for part in _parts_of_compounds(words)])


class _Columns(NamedTuple):
    """Keys of words, and the place of the value of each among some values."""

    keys: NDArray[np.uint64]
    places: NDArray[np.uint16]
    values: NDArray[np.float64]


def _columns_of(parts: Parts) -> _Columns:
    kind, hashes, logarithms = parts
    keys = np.empty(len(hashes), np.uint64)
    keys_of_hashes(hashes, kind, keys)
    values, places = np.unique(logarithms, return_inverse=True)
    return _Columns(keys, places.astype(np.uint16), values)


def _extra_columns(kind: int, words: Sequence[str]) -> _Columns:
    """Return words that are as likely as can be."""
    return _Columns(keys_of(words, kind), np.zeros(len(words), np.uint16), np.zeros(1))


def keys_of(words: Sequence[str], kind: int = 0) -> NDArray[np.uint64]:
    """Return the keys of words of a kind."""
    keys = np.empty(len(words), np.uint64)
    ends = np.cumsum([len(word) for word in words], dtype=np.int64)
    keys_of_words(codes_of("".join(words)), ends, kind, keys)
    return keys


def _joined(columns: Sequence[_Columns]) -> Table:
    """Return the table of all; of a word that is there twice, the last one counts."""
    values = np.concatenate([one.values for one in columns])
    if len(values) > np.iinfo(np.uint16).max:
        raise ValueError(f"{len(values):,} values are more than places can tell apart")
    firsts = np.cumsum([0, *(len(one.values) for one in columns)])
    places = [one.places + np.uint16(first) for one, first in zip(columns, firsts, strict=False)]
    return table_of(np.concatenate([one.keys for one in columns]), np.concatenate(places), values)


def _listed(language: str) -> tuple[WordList, NDArray[np.float64]]:
    """Return the words of the larger list that wordfreq has of a language, and shares of lists.

    Its file is read here, since wordfreq itself takes a fifth of a second to import. It keeps words
    in lists of one share, in centibels from 0 down.
    """
    folder = Path(next(iter(find_spec("wordfreq").submodule_search_locations))) / "data"  # type: ignore[union-attr, arg-type]
    path = folder / f"large_{language}.msgpack.gz"
    if not path.exists():
        path = folder / f"small_{language}.msgpack.gz"
    data = zlib.decompress(path.read_bytes(), wbits=31)
    # The number of lists is 16 bits, and the header of the file is the first of them.
    count = int.from_bytes(data[1:3], "big") - 1
    logps = np.array([math.log10(10 ** (-centibels / 100)) for centibels in range(count)])
    words = word_list(np.frombuffer(data, np.uint8), logps, np.array(_LEAST_LOGPS), _SHORT_PENALTY)
    if words.count() < 0:
        raise ValueError(f"{path} is not a word list of wordfreq 3")
    return words, logps


def _parts_of_compounds(words: WordList) -> Iterator[Parts]:
    """Yield by kind the hashes of the parts of compounds, and how readily each makes some."""
    partners = np.zeros(_PARTNERS, np.uint64)
    while words.enter_partners(_MIN_PARTNER, _MIN_PARTNER_LENGTH, partners) < 0:
        partners = np.zeros(2 * len(partners), np.uint64)
    room = np.empty((2, _PARTS), np.uint64)
    while not words.part_compounds(_MIN_COMPOUND, _MIN_COMPOUND_LENGTH, partners, room[0], room[1]):
        room = np.empty((2, 2 * room.shape[1]), np.uint64)
    for kind, found in (
        (terms.BEGINNING, room[0, : words.begun]),
        (terms.ENDING, room[1, : words.ended]),
    ):
        hashes, counts = np.unique(found, return_counts=True)
        yield kind, hashes, np.log10(1.0 + counts)


def _extra(language: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the words that a language has besides its list, by kind."""
    kinds = {
        terms.LINK: LINKS.get(language, ()),
        terms.ELISION: ELISIONS if language in ELIDING else (),
        terms.ENCLITIC: ENCLITICS.get(language, ()),
        terms.CLITIC: CLITICS,
        terms.PREFIX: PREFIXES,
        terms.SUFFIX: SUFFIXES,
    }
    for kind, extra in kinds.items():
        yield kind, sorted(extra)
