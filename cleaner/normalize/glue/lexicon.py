"""How likely a piece of text is as a word: wordfreq's counts, and a guess for the rest."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import regex
from numpy.typing import NDArray

from cleaner.normalize.glue.alphabet import BREAKING, HYPHENS
from cleaner.normalize.glue.held import held
from cleaner.normalize.glue.language import COMPOUNDING, ELIDING
from cleaner.normalize.glue.odds import (
    BROKEN_WORD,
    CLITIC,
    HYPHEN,
    MAX_COMPOUND,
    MAX_HYPHENATED,
    MIN_COMPONENT,
    NUMBER,
    PUNCTUATION,
    TITLED,
    UNKNOWN_BASE,
    UNKNOWN_PER_LETTER,
    UNTITLED,
)

_MEMO_LIMIT = 500_000
# A part this short is a word only if it is a common one: word lists are full of stray syllables.
_MIN_LOGP_BY_LENGTH = {1: -2.7, 2: -3.95, 3: -4.9}
_MAX_SHORT = max(_MIN_LOGP_BY_LENGTH)
_SHORT_PENALTY = -2.5

_EDGES = regex.compile(r"^[^\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+$")
_INNER = regex.compile(r"[-‐‑–—/]+")
_NUMBER = regex.compile(r"\p{N}[\p{N}.,:]*(?:%|st|nd|rd|th|s)?")
#: What is written to the next word with an apostrophe.
ELISIONS = (*"cdjlmnst", *"qu jusqu lorsqu puisqu dell nell all dall sull un".split())
_ELISION = regex.compile(rf"(?:{'|'.join(ELISIONS)})'", regex.I)
# Such punctuation with a letter right behind it.
_BROKEN = regex.compile(r"[\p{L}\p{N}][,;:!?)\]}»”]+\p{L}")
#: What stands between the words of a compound.
LINKS = {
    "de": ("s", "n", "es", "en", "er"),
    "nl": ("s", "en"),
    "sv": ("s",),
    "da": ("s",),
    "nb": ("s",),
}
_POSSESSIVE = ("'s", "'")


class Shares(Protocol):
    """log10 of the share of each listed word (lower case) among all words."""

    def get(self, word: str, /) -> float | None:
        """Return that of one word, or None for a word that is not listed."""

    def of(self, words: Sequence[str], /) -> Sequence[float | None]:
        """Return those of many words."""


class Lexicon:
    """Word probabilities of one language (log10), with what follows from them.

    Use `lexicon_of`. The first question takes a tenth of a second and some tens of megabytes,
    unless `use` is called before.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._listed: Shares | None = None
        self._memo: dict[str, float] = {}

    @property
    def listed(self) -> Shares:
        """The listed words."""
        if self._listed is None:
            self._listed = _Loaded(self.language)
        return self._listed

    def use(self, shares: Shares) -> None:
        """Look listed words up in `shares` from now on, and forget what was loaded."""
        self._listed = shares

    def words(self, least: float = -math.inf, length: int = 1) -> list[str]:
        """Return the listed words with a log10 share over `least` and at least `length` letters."""
        listed = listed_words(self.language)
        words = listed.words.split("\n")
        logps = np.repeat(listed.logps, listed.sizes)
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        return list(itertools.compress(words, ((logps > least) & (lengths >= length)).tolist()))

    def logps(self, words: Sequence[str]) -> list[float]:
        """Return `logp` of each word."""
        return [
            self.logp(word) if share is None else share
            for word, share in zip(words, self.listed.of(words), strict=True)
        ]

    def logp(self, piece: str) -> float:
        """Return log10 of the probability of `piece`, a run of text without spaces.

        Punctuation at its edges, case, a possessive and an elided article are looked through; a
        word with hyphens is as likely as its parts together.
        """
        known = self._memo.get(piece)
        if known is None:
            if len(self._memo) >= _MEMO_LIMIT:
                self._memo.clear()
            known = self.listed.get(piece)
            if known is None:
                known = self._rate(piece)
            self._memo[piece] = known
        return known

    def _rate(self, piece: str) -> float:
        letters = piece.isalpha()
        if letters and piece.islower() and self.language not in COMPOUNDING:
            return guess(piece)
        word = piece
        if not letters:
            if not (piece[:1].isalnum() and piece[-1:].isalnum()):
                word = _EDGES.sub("", piece)
            word = word.replace("’", "'")
        word = word.lower()
        if not word:
            return PUNCTUATION
        plain = self._word(word)
        if plain is not None:
            return plain
        if word.isalpha() and self.language not in COMPOUNDING:
            return guess(word)
        if not word[0].isalpha() and _NUMBER.fullmatch(word):
            return NUMBER
        parts = (
            []
            if HYPHENS.isdisjoint(word)
            else [bare for part in _INNER.split(word) if (bare := _EDGES.sub("", part))]
        )
        if len(parts) > 1:
            # A hyphenated word is rarer than its parts but commoner than chance.
            together = added(map(self._part, parts)) + HYPHEN * (len(parts) - 1)
            return min(MAX_HYPHENATED, max(together, guess(word)))
        if not BREAKING.isdisjoint(piece) and _BROKEN.search(piece):
            return guess(word) + BROKEN_WORD
        if self.language in COMPOUNDING and len(word) <= MAX_COMPOUND:
            # German nouns have a capital, so a compound without one is rarer than its parts say.
            titled = piece.lstrip("(\"'‘“„»[")[:1].isupper()
            return max(guess(word), self._compound(word) + (TITLED if titled else UNTITLED))
        return guess(word)

    def _part(self, word: str) -> float:
        plain = self._word(word)
        if plain is not None:
            return plain
        return NUMBER if _NUMBER.fullmatch(word) else guess(word)

    def _word(self, word: str) -> float | None:
        logp = self.listed.get(word)
        if logp is not None or "'" not in word:
            return logp
        for ending in _POSSESSIVE:
            if word.endswith(ending):
                logp = self.listed.get(word[: -len(ending)])
                if logp is not None:
                    return logp + CLITIC
        if self.language in ELIDING:
            elided = _ELISION.match(word)
            if elided:
                logp = self.listed.get(word[elided.end() :])
                if logp is not None:
                    return logp + CLITIC
        return None

    def _compound(self, word: str) -> float:
        """Return log10 of the probability of `word` as a compound of two listed words."""
        best = -math.inf
        for place in range(MIN_COMPONENT, len(word) - MIN_COMPONENT + 1):
            last = self.listed.get(word[place:])
            if last is None:
                continue
            head = word[:place]
            first = self.listed.get(head)
            for link in LINKS.get(self.language, ()):
                if first is None and head.endswith(link):
                    first = self.listed.get(head[: -len(link)])
            if first is not None:
                best = max(best, first + last)
        return best


def added(logps: Iterable[float]) -> float:
    """Return the sum as the compiled twins make it; `sum` rounds otherwise in some Pythons."""
    total = 0.0
    for logp in logps:
        total += logp
    return total


def guess(word: str) -> float:
    """Return log10 of the probability of a word that the list lacks, from its length."""
    return UNKNOWN_BASE + UNKNOWN_PER_LETTER * len(word)


class Listed(NamedTuple):
    """The listed words of a language, in buckets of one share, parted by line ends."""

    sizes: NDArray[np.int64]
    logps: NDArray[np.float64]
    words: str


def listed_words(language: str) -> Listed:
    """Return the listed words, with log10 of their shares.

    wordfreq keeps its words in buckets of one share (in centibels), so one logarithm serves all
    the words of a bucket.
    """
    made = held(f"words-{language}", (__file__,), functools.partial(_packed, language))
    count = int.from_bytes(made[:8], "little")
    return Listed(
        np.frombuffer(made, np.int64, count, 8),
        np.frombuffer(made, np.float64, count, 8 + 8 * count),
        made[8 + 16 * count :].decode("utf-8"),
    )


class _Loaded:
    """The shares of all listed words in a dictionary."""

    def __init__(self, language: str) -> None:
        listed = listed_words(language)
        shares = itertools.chain.from_iterable(
            map(itertools.repeat, listed.logps.tolist(), listed.sizes.tolist())
        )
        self._shares = dict(zip(listed.words.split("\n"), shares, strict=True))
        self.get = self._shares.get

    def of(self, words: Sequence[str]) -> list[float | None]:
        return list(map(self._shares.get, words))


def _packed(language: str) -> bytes:
    """Return the buckets of listed words: their number, sizes, log10 shares, and the words."""
    from wordfreq import cB_to_freq, get_frequency_list

    buckets: list[tuple[float, list[str]]] = []
    for centibels, words in enumerate(get_frequency_list(language, "best")):
        if not words:
            continue
        logp = math.log10(cB_to_freq(-centibels))
        penalized = [
            len(word) <= _MAX_SHORT and logp < _MIN_LOGP_BY_LENGTH[len(word)] for word in words
        ]
        buckets.append((logp, [w for w, low in zip(words, penalized, strict=True) if not low]))
        buckets.append((logp + _SHORT_PENALTY, list(itertools.compress(words, penalized))))
    return b"".join(
        (
            len(buckets).to_bytes(8, "little"),
            np.array([len(words) for _, words in buckets], np.int64).tobytes(),
            np.array([logp for logp, _ in buckets], np.float64).tobytes(),
            "\n".join(word for _, words in buckets for word in words).encode("utf-8"),
        )
    )


@functools.cache
def lexicon_of(language: str) -> Lexicon:
    """Return the lexicon of `language`, one a process.

    >>> words = lexicon_of("en")
    >>> words.logp("sailors,") > words.logp("sailorswept")
    True
    """
    return Lexicon(language)
