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
    """Counts the listed words of one language that are a given word and another one."""

    def __init__(self, language: str) -> None:
        lexicon = lexicon_of(language)
        words = lexicon.words(_MIN_LOGP, _MIN_LENGTH)
        self._forward = sorted(words)
        self._backward = sorted(word[::-1] for word in words)
        partners = lexicon.words(_MIN_PARTNER_LOGP, _MIN_PARTNER_LENGTH)
        self._partners = frozenset(partners)
        self._partners_backward = frozenset(word[::-1] for word in partners)
        self._first: dict[str, int] = {}
        self._last: dict[str, int] = {}

    def beginning(self, part: str) -> int:
        """Return how many listed words are `part` and a word after it."""
        count = self._first.get(part)
        if count is None:
            rests = _rests(self._forward, part)
            count = self._first[part] = sum(map(self._partners.__contains__, rests))
        return count

    def ending(self, part: str) -> int:
        """Return how many listed words are a word and `part` after it."""
        count = self._last.get(part)
        if count is None:
            rests = _rests(self._backward, part[::-1])
            count = self._last[part] = sum(map(self._partners_backward.__contains__, rests))
        return count


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
