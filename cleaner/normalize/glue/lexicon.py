"""How likely a piece of text is as a word of a language: wordfreq's counts, and a guess for the rest."""

from __future__ import annotations

import functools
import math

import regex

from cleaner.normalize.glue.language import COMPOUNDING, ELIDING

UNKNOWN_BASE = -8.0
UNKNOWN_PER_LETTER = -0.5
NUMBER = -4.0
PUNCTUATION = -4.0
_MEMO_LIMIT = 500_000
# A part this short is a word only if it is a common one: word lists are full of stray syllables.
_MIN_LOGP_BY_LENGTH = {1: -2.7, 2: -3.95, 3: -4.9}
_SHORT_PENALTY = -2.5

_EDGES = regex.compile(r"^[^\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+$")
_INNER = regex.compile(r"[-‐‑–—/]+")
_HYPHEN = 2.0
_MAX_HYPHENATED = -4.0
_NUMBER = regex.compile(r"\p{N}[\p{N}.,:]*(?:%|st|nd|rd|th|s)?")
_ELISION = regex.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|dell|nell|all|dall|sull|un)'", regex.I)
# Punctuation with a letter right behind it.
_BROKEN = regex.compile(r"[\p{L}\p{N}][,;:!?)\]}»”]+\p{L}")
_BROKEN_WORD = -3.0
_MIN_COMPONENT = 4
_MAX_COMPOUND = 40
_TITLED = -0.7
_UNTITLED = -3.0
_LINKS = {"de": ("s", "n", "es", "en", "er"), "nl": ("s", "en"), "sv": ("s",), "da": ("s",), "nb": ("s",)}
_POSSESSIVE = ("'s", "'")


class Lexicon:
    """Word probabilities of one language (log10), with what follows from them.

    Loading takes a quarter to one second and some tens of megabytes; use `lexicon_of`.
    """

    def __init__(self, language: str) -> None:
        from wordfreq import get_frequency_dict

        self.language = language
        self._frequency = get_frequency_dict(language, "best")
        self._memo: dict[str, float] = {}

    def frequency(self, word: str) -> float:
        """Return the share of `word` (lower case) among all words; 0 for one not listed."""
        return self._frequency.get(word, 0.0)

    def words(self, frequency: float, length: int) -> list[str]:
        """Return the listed words that are commoner than `frequency` and no shorter than `length`."""
        return [
            word
            for word, share in self._frequency.items()
            if share > frequency and len(word) >= length
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
            known = self._memo[piece] = self._rate(piece)
        return known

    def _rate(self, piece: str) -> float:
        if piece.isalpha() and piece.islower() and self.language not in COMPOUNDING:
            plain = self._word(piece)
            return self._guess(piece) if plain is None else plain
        word = _EDGES.sub("", piece).replace("’", "'").lower()
        if not word:
            return PUNCTUATION
        plain = self._word(word)
        if plain is not None:
            return plain
        if _NUMBER.fullmatch(word):
            return NUMBER
        parts = [part for part in _INNER.split(word) if part]
        if len(parts) > 1:
            # A hyphenated word is rarer than its parts but commoner than chance.
            together = sum(map(self._part, parts)) + _HYPHEN * (len(parts) - 1)
            return min(_MAX_HYPHENATED, max(together, self._guess(word)))
        if _BROKEN.search(piece):
            return self._guess(word) + _BROKEN_WORD
        if self.language in COMPOUNDING and len(word) <= _MAX_COMPOUND:
            # German nouns have a capital, so a compound without one is rarer than its parts say.
            titled = piece.lstrip("(\"'‘“„»[")[:1].isupper()
            return max(self._guess(word), self._compound(word) + (_TITLED if titled else _UNTITLED))
        return self._guess(word)

    def _part(self, word: str) -> float:
        plain = self._word(word)
        if plain is not None:
            return plain
        return NUMBER if _NUMBER.fullmatch(word) else self._guess(word)

    def _word(self, word: str) -> float | None:
        frequency = self._frequency.get(word)
        if frequency:
            logp = math.log10(frequency)
            least = _MIN_LOGP_BY_LENGTH.get(len(word))
            return logp + _SHORT_PENALTY if least is not None and logp < least else logp
        for ending in _POSSESSIVE:
            if word.endswith(ending):
                frequency = self._frequency.get(word[: -len(ending)])
                if frequency:
                    return math.log10(frequency) - 1.0
        if self.language in ELIDING:
            elided = _ELISION.match(word)
            if elided:
                frequency = self._frequency.get(word[elided.end() :])
                if frequency:
                    return math.log10(frequency) - 1.0
        return None

    @staticmethod
    def _guess(word: str) -> float:
        return UNKNOWN_BASE + UNKNOWN_PER_LETTER * len(word)

    def _compound(self, word: str) -> float:
        """Return log10 of the probability of `word` as a compound of two listed words."""
        best = -math.inf
        for place in range(_MIN_COMPONENT, len(word) - _MIN_COMPONENT + 1):
            last = self._frequency.get(word[place:])
            if not last:
                continue
            head = word[:place]
            first = self._frequency.get(head)
            for link in _LINKS.get(self.language, ()):
                if not first and head.endswith(link):
                    first = self._frequency.get(head[: -len(link)])
            if first:
                best = max(best, math.log10(first) + math.log10(last))
        return best


@functools.cache
def lexicon_of(language: str) -> Lexicon:
    """Return the lexicon of `language`, loaded once a process.

    >>> words = lexicon_of("en")
    >>> words.logp("sailors,") > words.logp("sailorswept")
    True
    """
    return Lexicon(language)
