"""What the compiled functions know of one language, in arrays, and what they tell by it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.core.native import Handed
from cleaner.normalize.glue import kernel_terms as terms
from cleaner.normalize.glue.alphabet import characters
from cleaner.normalize.glue.compounds import MASK, MIXER, compounds_of, hash_of_word
from cleaner.normalize.glue.language import (
    COMPOUNDING,
    ELIDING,
    ENCLITICS,
    LOW_QUOTES,
    NOUN_CAPITALS,
)
from cleaner.normalize.glue.lexical import PREFIXES, SUFFIXES, Parting, part_word
from cleaner.normalize.glue.lexicon import ELISIONS, LINKS, listed_words
from cleaner.normalize.glue.odds import MAX_LENGTH
from cleaner.normalize.glue.seams import CLITICS
from cleaner.normalize.glue.wrap import Breaks

_TOTALS = 7

Seams = tuple[tuple[int, float], ...]


class WordTable:
    """The words of one language, hashed, and room to work in."""

    def __init__(self, kernels: Any, language: str) -> None:
        self._kernels = kernels
        listed = listed_words(language)
        compounds = None if language in COMPOUNDING else compounds_of(language)
        hashed = (
            ((terms.BEGINNING, *compounds.beginnings), (terms.ENDING, *compounds.endings))
            if compounds is not None
            else ()
        )
        count = int(listed.sizes.sum()) + sum(len(hashes) for _, hashes, _ in hashed)
        # A third of the places stays free.
        slots = 1 << (count + count // 2).bit_length()
        table = Handed(np.zeros((slots, 2), np.uint64), "uint64[:,::1]")
        for kind, sizes, logps, words in (
            (terms.WORD, np.array(listed.sizes), np.array(listed.logps), listed.words),
            *_extra(language),
        ):
            codes = np.frombuffer(words.encode("utf-32-le"), np.uint32)
            kernels.enter_words(codes, sizes, logps, int(kind), table)
        for kind, hashes, logarithms in hashed:
            kernels.enter_hashes(hashes, logarithms, int(kind), table)
        #: The listed words, for `Lexicon.use`.
        self.shares = TableShares(kernels, table)
        marks = np.zeros((terms.ROWS, terms.MAX_TOKEN + 1), np.int64)
        kernels.set_powers(marks)
        #: What the compiled functions are handed: `characters`, then the fields of `Words`.
        self.handed: tuple[Any, ...] = (
            Handed(characters(), "int32[:,::1]"),
            Handed(marks, "int64[:,::1]"),
            table,
            _traits(language),
        )
        #: Room to work in.
        self.scratch = (
            Handed(np.empty(terms.MAX_TOKEN, np.int32), "int32[::1]"),
            Handed(np.empty(terms.MAX_TOKEN, np.float64), "float64[::1]"),
            Handed(np.empty((MAX_LENGTH + 1, _TOTALS), np.float64), "float64[:,::1]"),
        )

    def part_word(self, word: str, language: str) -> Parting | None:
        """Return what `lexical.part_word` does."""
        places, odds, _ = self.scratch
        count = self._kernels.part_word(codes_of(word), *self.handed, *self.scratch)
        if count == terms.STRANGE:
            return part_word(word, language)
        if not count:
            return None
        return Parting(tuple(places.array[:count][::-1].tolist()), float(odds.array[0]))

    def reconsider(self, codes: Handed, breaks: Breaks) -> tuple[Breaks, Sequence[int]]:
        """Return `breaks` as `reconsidered` does, and the numbers of those left to ask about."""
        places = np.array(breaks.places, np.int64)
        odds = np.array(breaks.odds, np.float64)
        left = np.zeros(len(places), np.uint8)
        own = np.zeros(1 << (len(codes.array) // 2).bit_length(), np.uint64)
        seam_places, seam_odds, _ = self.scratch
        count = self._kernels.reconsider(
            codes, places, odds, own, seam_places, seam_odds, left, *self.handed
        )
        moved = Breaks(places.tolist(), odds.tolist(), breaks.widths)
        return moved, np.flatnonzero(left).tolist() if count else ()

    def seams_of(self, tokens: Sequence[str]) -> list[Seams | None]:
        """Return the seams of each token as `Seams.splits` has them, or None for a strange one."""
        sizes = np.fromiter(map(len, tokens), np.int64, len(tokens))
        ends = np.cumsum(sizes)
        counts = np.empty(len(tokens), np.int64)
        places = np.empty(int(sizes.sum()), np.int32)
        odds = np.empty(len(places), np.float64)
        self._kernels.seams_of(
            codes_of("".join(tokens)), ends - sizes, ends, *self.handed, counts, places, odds
        )
        seams = zip(places.tolist(), odds.tolist(), strict=True)
        return [
            None if count == terms.STRANGE else tuple(itertools.islice(seams, count))
            for count in counts.tolist()
        ]


class TableShares:
    """The listed words of a table, looked up one by one or many at once."""

    def __init__(self, kernels: Any, table: Handed) -> None:
        self._kernels = kernels
        self._table = table
        self._mask = len(table.array) - 1
        self._keys = memoryview(table.array.reshape(-1))
        self._shares = memoryview(table.array.reshape(-1).view(np.float64))

    def get(self, word: str) -> float | None:
        """Return log10 of the share of one word, or None for a word that is not listed."""
        key = hash_of_word(word)
        key = ((key ^ (key >> 32)) * MIXER) & MASK
        key = (key ^ (key >> 29)) | 1
        slot = (key >> 1) & self._mask
        while found := self._keys[2 * slot]:
            if found == key:
                return self._shares[2 * slot + 1]
            slot = (slot + 1) & self._mask
        return None

    def of(self, words: Sequence[str]) -> list[float | None]:
        """Return those of many words."""
        ends = np.cumsum(np.fromiter(map(len, words), np.int64, len(words)))
        shares = np.empty(len(words), np.float64)
        self._kernels.find_words(
            codes_of("".join(words)), ends, int(terms.WORD), self._table, shares
        )
        return [None if share > 0.0 else share for share in shares.tolist()]


def codes_of(text: str) -> Handed:
    """Return the code points of `text`."""
    return Handed(
        np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), "uint32[::1]"
    )


def _extra(
    language: str,
) -> Iterator[tuple[np.int64, NDArray[np.int64], NDArray[np.float64], str]]:
    """Yield the words that a language has besides its list, by kind, in one bucket each."""
    kinds = {
        terms.LINK: LINKS.get(language, ()),
        terms.ELISION: ELISIONS if language in ELIDING else (),
        terms.ENCLITIC: sorted(ENCLITICS.get(language, ())),
        terms.CLITIC: sorted(CLITICS),
        terms.PREFIX: sorted(PREFIXES),
        terms.SUFFIX: sorted(SUFFIXES),
    }
    for kind, words in kinds.items():
        yield kind, np.array([len(words)], np.int64), np.zeros(1), "\n".join(words)


def _traits(language: str) -> int:
    traits = {
        terms.COMPOUNDS: language in COMPOUNDING,
        terms.ELIDES: language in ELIDING,
        terms.LOW_QUOTED: language in LOW_QUOTES,
        terms.IS_FRENCH: language == "fr",
        terms.IS_ENGLISH: language == "en",
        terms.HAS_CAMEL: language not in NOUN_CAPITALS,
    }
    return sum(trait for trait, has in traits.items() if has)
