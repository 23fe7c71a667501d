"""One scan over a text for all words of all rules.

It looks at the text as patterns do (`lines.view`), but for bullets: lower case, plain quotes, one
space for any white space, none at line ends; line feeds count as spaces. Where a character's lower
case depends on its neighbours (sigma) or takes more than 16 bits, one form stands for all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import ahocorasick_rs
import numpy as np

from cleaner.normalize.boilerplate.lines import folded_bytes

_FAR_MARK = "\uffff"


Hit = tuple[int, int, int]
"""A word found: its number, the line in which it begins, the characters of that line."""


class WordScan:
    """The scan, by an automaton over bytes; `widest` are the characters of a line for each word."""

    def __init__(self, words: Sequence[str], widest: Sequence[int]) -> None:
        self._widest = widest
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            [folded_word(word).encode("utf-8", "surrogatepass") for word in words],
            implementation=ahocorasick_rs.Implementation.DFA,
        )

    def hits(self, text: str) -> list[Hit]:
        """Return all places of all words in lines no wider, overlapping ones too, in no order."""
        data = _folded(text)
        found = self._automaton.find_matches_as_indexes(data.replace(b"\n", b" "), overlapping=True)
        if not found:
            return []
        widest = self._widest
        lengths = list(map(len, data.split(b"\n")))
        following = list(accumulate(length + 1 for length in lengths))
        if not data.isascii():
            lengths = list(map(len, data.decode("utf-8", "surrogatepass").split("\n")))
        return [
            (word, line, lengths[line])
            for word, start, _ in found
            if lengths[line := bisect_right(following, start)] <= widest[word]
        ]


def folded_word(word: str) -> str:
    """Return the word as a scan sees it."""
    return "".join(_FAR_MARK if ord(c) > 0xFFFF else c for c in word.replace("ς", "σ"))


def _folded(text: str) -> bytes:
    data = folded_bytes(text)
    if not data.isascii():
        data = data.replace("ς".encode(), "σ".encode())
        array = np.frombuffer(data, dtype=np.uint8)
        far = np.flatnonzero(array >= 0xF0)
        if len(far):
            seen = data.decode("utf-8", "surrogatepass")
            data = folded_word(seen).encode("utf-8", "surrogatepass")
    return data
