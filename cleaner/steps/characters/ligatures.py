"""Control characters that a PDF's font has in the places of ligatures."""

from __future__ import annotations

import re

from cleaner.language.reading import Readings

_LETTERS = ("fi", "fl", "ff", "ffi", "ffl")
_HEAD = re.compile(r"[A-Za-z]{0,24}\Z")
_TAIL = re.compile(r"[a-z]{0,24}")
# With a ligature a word must be about as likely (nats) as the text without.
_ABOUT = 4.0


class Ligatures:
    r"""Tells which controls stand for letters.

    >>> ligatures = Ligatures()
    >>> [ligatures.is_one(text, re.search("\x02", text)) for text in ("\x02rst", "\x02claim")]
    [True, False]
    """

    def __init__(self) -> None:
        self._readings = Readings()
        self._known: dict[tuple[str, str, bool], bool] = {}

    def is_one(self, text: str, found: re.Match[str], *, parts: bool = False) -> bool:
        """Whether the control at a match completes a word; `parts`: else it parts two."""
        at = found.start()
        head = _HEAD.search(text, max(0, at - 24), at)
        tail = _TAIL.match(text, found.end())
        words = (head[0] if head else "", tail[0] if tail else "")
        if found.end() - at > 1 or not any(words):
            return False
        key = (*words, parts)
        if key not in self._known:
            self._known[key] = self._completes(*words, parts)
        return self._known[key]

    def _completes(self, head: str, tail: str, parts: bool) -> bool:
        rate = self._readings.rate
        joined = min(rate(f"{head}{letters}{tail}").cost for letters in _LETTERS)
        apart = rate(f"{head} {tail}" if parts else head + tail).cost
        return joined < apart + _ABOUT
