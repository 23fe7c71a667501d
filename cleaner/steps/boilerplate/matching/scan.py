"""One scan over a text for all words of all rules.

It looks at the text as patterns do (`lines.view`), but for bullets: lower case, plain quotes, one
space for any white space, none at line ends; line feeds count as spaces. Where a character's lower
case depends on its neighbours (sigma) or takes more than 16 bits, one form stands for all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from cleaner.steps.boilerplate.lines import folded_bytes
from cleaner.steps.boilerplate.matching.scan_kernel import enter_words, find_words

_FAR = re.compile("[\U00010000-\U0010ffff]")
_SLOTS = 1 << 14
# Bytes that no UTF-8 has, behind the text.
_NO_WORD = b"\xff" * 8
# Room for what is found: so much, and more for a longer text. Few have a word in each line.
_ROOM = 64
_BYTES_A_WORD = 32


class WordScan:
    """The scan for `words`, each in lines of no more characters than its `widest`."""

    def __init__(self, words: Sequence[str], widest: Sequence[int]) -> None:
        encoded = [folded_word(word).encode("utf-8", "surrogatepass") for word in words]
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        places = np.cumsum(lengths) - lengths
        widths = np.array(widest, np.int64)
        slots = np.empty(len(encoded), np.int64)
        self._letters = np.frombuffer(b"".join(encoded), np.uint8)
        heads = np.empty((len(encoded), 2), np.uint64)
        self._sizes = enter_words(self._letters, places, lengths, slots, heads)
        order = np.lexsort((-widths, slots))
        columns = (order, places[order], lengths[order], widths[order])
        self._words = np.column_stack(columns).astype(np.int32)
        self._heads = heads[order]
        self._starts = np.searchsorted(slots[order], np.arange(_SLOTS + 1)).astype(np.int32)

    def hits(self, text: str) -> list[list[int]]:
        """Return each place of each word, overlapping ones too.

        Of each the number of the word, that of the line in which it begins, and the characters of
        that line.
        """
        data = np.frombuffer(_folded(text) + _NO_WORD, np.uint8)
        tables = self._letters, self._starts, self._words, self._heads, self._sizes
        room = _ROOM + len(data) // _BYTES_A_WORD
        while True:
            found = np.empty((room, 3), np.int32)
            room = find_words(data, *tables, found)
            if room <= len(found):
                hits: list[list[int]] = found[:room].tolist()
                return hits


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
