"""One scan over a text for all words of all rules.

It looks at the text as patterns do (`lines.view`), but for bullets: lower case, plain quotes, one
space for any white space, none at line ends; line feeds count as spaces. Where a character's lower
case depends on its neighbours (sigma) or takes more than 16 bits, one form stands for all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from cleaner.normalize.boilerplate.lines import folded_bytes

Ints = npt.NDArray[np.int64]

_FAR = re.compile("[\U00010000-\U0010ffff]")


class Hits(NamedTuple):
    """Words found: number of the word, line in which it begins, characters of that line."""

    words: Ints
    lines: Ints
    lengths: Ints
    line_count: int


class WordScan:
    """The scan, by an automaton over bytes."""

    def __init__(self, words: Sequence[str]) -> None:
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            [folded_word(word).encode("utf-8", "surrogatepass") for word in words],
            # A DFA takes seven times as long to make, and is no faster at this.
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )

    def hits(self, text: str) -> Hits:
        """Return all places of all words, overlapping ones too, in no order."""
        data = _folded(text)
        ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 10)
        ends = np.append(ends, len(data)).astype(np.int64)
        flat = data.replace(b"\n", b" ")
        found = self._automaton.find_matches_as_indexes(flat, overlapping=True)
        table = np.array(found, dtype=np.int64).reshape(-1, 3)
        lines = np.searchsorted(ends, table[:, 1], side="left")
        return Hits(table[:, 0], lines, _lengths(data, ends, lines), len(ends))


def folded_word(word: str) -> str:
    """Return the word as a scan sees it."""
    return _FAR.sub("\uffff", word.replace("ς", "σ"))


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


def _lengths(data: bytes, ends: Ints, lines: Ints) -> Ints:
    """Return the characters of each of `lines` (line numbers), shape (lines,)."""
    lengths = np.diff(ends, prepend=-1) - 1
    if not data.isascii():
        marks = (np.frombuffer(data, dtype=np.uint8) & 0xC0) == 0x80
        marks_before = np.concatenate(([0], np.cumsum(marks)))
        lengths = lengths - (marks_before[ends] - marks_before[ends - lengths])
    result: Ints = lengths[lines]
    return result
