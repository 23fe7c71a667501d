"""How readily a word makes compounds: "over" and "man" do, "the" and "said" do not."""

from __future__ import annotations

import functools
from bisect import bisect_left

from cleaner.normalize.glue.lexicon import lexicon_of

_MIN_LOGP = -7.5
_MIN_PARTNER_LOGP = -5.8
_MIN_LENGTH = 4
_MIN_PARTNER_LENGTH = 2
_LAST = "\U0010ffff"


class Compounds:
    """Counts, for a word of one language, the listed words that it begins or ends with another word."""

    def __init__(self, language: str) -> None:
        self._lexicon = lexicon_of(language)
        words = self._lexicon.words(_MIN_LOGP, _MIN_LENGTH)
        self._forward = sorted(words)
        self._backward = sorted(word[::-1] for word in words)
        self._first: dict[str, int] = {}
        self._last: dict[str, int] = {}

    def beginning(self, part: str) -> int:
        """Return how many listed words are `part` and a word after it."""
        count = self._first.get(part)
        if count is None:
            rests = _rests(self._forward, part)
            count = self._first[part] = sum(map(self._is_partner, rests))
        return count

    def ending(self, part: str) -> int:
        """Return how many listed words are a word and `part` after it."""
        count = self._last.get(part)
        if count is None:
            rests = _rests(self._backward, part[::-1])
            count = self._last[part] = sum(self._is_partner(rest[::-1]) for rest in rests)
        return count

    def _is_partner(self, rest: str) -> bool:
        return (
            len(rest) >= _MIN_PARTNER_LENGTH
            and self._lexicon.listed.get(rest, -99.0) > _MIN_PARTNER_LOGP
        )


def _rests(words: list[str], prefix: str) -> list[str]:
    first = bisect_left(words, prefix)
    after = bisect_left(words, prefix + _LAST)
    return [word[len(prefix) :] for word in words[first:after]]


@functools.cache
def compounds_of(language: str) -> Compounds:
    """Return the compound counts of `language`, set up once a process.

    >>> counts = compounds_of("en")
    >>> counts.beginning("over") > 100 > counts.beginning("said")
    True
    """
    return Compounds(language)
