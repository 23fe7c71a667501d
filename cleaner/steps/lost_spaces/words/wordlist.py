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
    enter_hashes,
    enter_words,
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


# A kind, hashes of words, and the share of each.
Parts = tuple[int, NDArray[np.uint64], NDArray[np.float64]]


class Table(NamedTuple):
    """Hashed words: two views of one memory (see `wordlist_kernel`)."""

    keys: NDArray[np.uint64]
    shares: NDArray[np.float64]


def empty_table(words: int) -> Table:
    """Return a table with room for so many words; a third of the places stays free."""
    keys = np.zeros(2 << (words + words // 2).bit_length(), np.uint64)
    return Table(keys, keys.view(np.float64))


def hashed_words(language: str) -> Table:
    """Return log10 of the share of each listed word, and what else `kernel_terms` has kinds for.

    The logarithm of one more than the number of compounds that begin or end with a word is the
    share of a word of the kinds BEGINNING and ENDING. Languages that write compounds as one word
    have none of these: see `hashed_compounds`.
    """
    words = _listed(language)
    parts = [] if language in COMPOUNDING else list(_parts_of_compounds(words))
    table = _table_with(parts, words.count())
    words.enter(*table)
    for kind, extra in _extra(language):
        ends = np.cumsum([len(word) for word in extra], dtype=np.int64)
        enter_words(codes_of("".join(extra)), ends, np.zeros(len(extra)), kind, *table)
    return table


def hashed_compounds(language: str) -> Table:
    """Return what `hashed_words` has of the kinds BEGINNING and ENDING, for any language."""
    return _table_with(list(_parts_of_compounds(_listed(language))), 0)


def _table_with(parts: Sequence[Parts], more: int) -> Table:
    """Return a table of parts of compounds, with room for so many words more."""
    table = empty_table(more + sum(len(hashes) for _, hashes, _ in parts))
    for kind, hashes, logarithms in parts:
        enter_hashes(hashes, logarithms, kind, *table)
    return table


def _listed(language: str) -> WordList:
    """Return the words of the larger list that wordfreq has of a language.

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
    return words


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
