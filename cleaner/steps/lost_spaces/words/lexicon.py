"""How likely a piece of text is as a word: wordfreq's counts, and a guess for the rest.

`words_kernel` says the same of stretches of a token, of characters that `alphabet` knows.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence

import regex

from cleaner.steps.lost_spaces.alphabet import BREAKING, HYPHENS
from cleaner.steps.lost_spaces.languages.language import COMPOUNDING, ELIDING, ELISIONS, LINKS
from cleaner.steps.lost_spaces.odds import (
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
from cleaner.steps.lost_spaces.words.wordtable import reader_of

# So many tokens are remembered, of each kind of answer, by the languages of a process together, and
# at least so many by each: the memory of a pipe does not grow with the languages that it meets.
_MOST_REMEMBERED = 200_000
_LEAST_REMEMBERED = 2_500

_EDGES = regex.compile(r"^[^\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+$")
_INNER = regex.compile(r"[-‐‑–—/]+")
_NUMBER = regex.compile(r"\p{N}[\p{N}.,:]*(?:%|st|nd|rd|th|s)?")
_ELISION = regex.compile(rf"(?:{'|'.join(ELISIONS)})'", regex.I)
# Such punctuation with a letter right behind it.
_BROKEN = regex.compile(r"[\p{L}\p{N}][,;:!?)\]}»”]+\p{L}")
_POSSESSIVE = ("'s", "'")


class Lexicon:
    """Word probabilities of one language (log10), with what follows from them.

    Use `lexicon_of`. To make one takes a tenth of a second and some tens of megabytes.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        #: Its `get` gives log10 of the share of a listed word (lower case) among all, or None.
        self.listed = reader_of(language)
        self._memo: dict[str, float] = {}

    def logps(self, words: Sequence[str]) -> list[float]:
        """Return `logp` of each word, without remembering those that are listed."""
        return [
            self.logp(word) if share is None else share
            for word, share in zip(words, map(self.listed.get, words), strict=True)
        ]

    def logp(self, piece: str) -> float:
        """Return log10 of the probability of `piece`, a run of text without spaces.

        Punctuation at its edges, case, a possessive and an elided article are looked through; a
        word with hyphens is as likely as its parts together.
        """
        known = self._memo.get(piece)
        if known is None:
            if len(self._memo) >= most_remembered():
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
    """Return the sum as the kernels make it; `sum` rounds otherwise in some Pythons."""
    total = 0.0
    for logp in logps:
        total += logp
    return total


def guess(word: str) -> float:
    """Return log10 of the probability of a word that the list lacks, from its length."""
    return UNKNOWN_BASE + UNKNOWN_PER_LETTER * len(word)


def most_remembered() -> int:
    """Return how many tokens may be remembered of a language, the fewer the more there are."""
    return max(_LEAST_REMEMBERED, _MOST_REMEMBERED // max(1, lexicon_of.cache_info().currsize))


@functools.cache
def lexicon_of(language: str) -> Lexicon:
    """Return the lexicon of `language`, one a process.

    >>> words = lexicon_of("en")
    >>> words.logp("sailors,") > words.logp("sailorswept")
    True
    """
    return Lexicon(language)
