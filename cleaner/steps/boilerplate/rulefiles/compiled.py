"""Patterns compiled once, and asked about lines and passages under a time limit."""

from __future__ import annotations

import functools
from collections.abc import Iterable

import regex

from cleaner.core.recent import Recent

MATCH_SECONDS = 1.0
"""Time limit of one match; a pattern that passes `pattern_problems` never comes near it."""

# Answers are kept for so many characters of text; each takes about as much room as so many.
_KEPT = 1 << 22
_ENTRY = 128


# Several times what the packaged rules have.
@functools.lru_cache(maxsize=8192)
def compile_pattern(pattern: str) -> regex.Pattern[str]:
    """Return `pattern` compiled by the regex module; those of rules once a process."""
    return regex.compile(pattern)


def full_match(pattern: str, text: str) -> bool:
    """Whether `pattern` matches the whole of `text`; a match that takes too long is none.

    The lines of furniture are the same in many documents, so what was found lately is kept; that
    the time ran out is not, for it may be another's fault.

    >>> full_match("share (?:this|it)", "share it"), full_match("share", "share it")
    (True, False)
    """
    try:
        return _full_matches((pattern, text))
    except TimeoutError:
        return False


def found(pattern: str, text: str) -> bool:
    """Whether `pattern` matches anywhere in `text`; a match that takes too long is none."""
    try:
        return _matches((pattern, text))
    except TimeoutError:
        return False


def _full_match(asked: tuple[str, str]) -> bool:
    pattern, text = asked
    return compile_pattern(pattern).fullmatch(text, timeout=MATCH_SECONDS) is not None


def _match(asked: tuple[str, str]) -> bool:
    pattern, text = asked
    return compile_pattern(pattern).search(text, timeout=MATCH_SECONDS) is not None


def _size(asked: tuple[str, str]) -> int:
    return _ENTRY + len(asked[1])


_full_matches = Recent(_full_match, size=_size, most=_KEPT)
_matches = Recent(_match, size=_size, most=_KEPT)


class Protection:
    """Patterns of what is never removed from one text.

    A pattern that takes too long has not said that the text is free to go. So it protects, and
    everything else in the same text with it: nothing is tried again that has run out of time.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = tuple(patterns)
        self._ran_out = False

    def covers(self, passage: str) -> bool:
        """Whether one of the patterns matches in `passage`, or cannot say in time."""
        if self._ran_out or not self._patterns:
            return self._ran_out
        try:
            return any(
                compile_pattern(pattern).search(passage, timeout=MATCH_SECONDS) is not None
                for pattern in self._patterns
            )
        except TimeoutError:
            self._ran_out = True
            return True
