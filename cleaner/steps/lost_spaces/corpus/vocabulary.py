"""The corpus vocabulary: in how many documents each word stands that no word list has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

_ROWS = 2
_SLOTS = 2**20
SHAPE = (_ROWS, _SLOTS)
_MOST = 255


def _no_counts() -> NDArray[np.uint8]:
    return np.zeros(SHAPE, np.uint8)


@dataclass(frozen=True)
class WordCounts:
    """Document counts of unlisted words, in a sketch of fixed size.

    A count-min sketch (Cormode and Muthukrishnan 2005, p. 4): `counts` is uint8 of shape
    (2, 2**20) and saturates at 255. A count is never too low; where words share both slots it is
    too high.
    """

    counts: NDArray[np.uint8] = field(default_factory=_no_counts)

    def documents(self, word: str) -> int:
        """Return in how many documents `word` (any case) stands."""
        first, second = _slots(word.lower())
        return int(min(self.counts[0, first], self.counts[1, second]))


def count_words(documents: Iterable[Iterable[str]]) -> WordCounts:
    """Count in how many of `documents`, each given as its distinct words, each word stands.

    >>> counts = count_words([{"quuxford", "ferry"}, {"quuxford"}])
    >>> counts.documents("Quuxford"), counts.documents("harbour")
    (2, 0)
    """
    seen: tuple[list[int], list[int]] = ([], [])
    for words in documents:
        slots = [_slots(word) for word in words]
        for row, column in zip(seen, zip(*slots, strict=True), strict=False):
            # Words that share a slot count once a document.
            row.extend(set(column))
    counts = _no_counts()
    for row, slots_seen in zip(counts, seen, strict=True):
        columns, times = np.unique(np.array(slots_seen, np.int64), return_counts=True)
        row[columns] = np.minimum(times, _MOST)
    return WordCounts(counts)


def merge_words(one: WordCounts, other: WordCounts) -> WordCounts:
    """Return the counts over both parts of a corpus; any order and grouping gives the same."""
    together = one.counts.astype(np.uint16) + other.counts
    return WordCounts(np.minimum(together, _MOST).astype(np.uint8))


def _slots(word: str) -> tuple[int, int]:
    number = int.from_bytes(
        blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little"
    )
    return number % _SLOTS, (number >> 32) % _SLOTS
