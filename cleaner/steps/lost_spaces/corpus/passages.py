"""Evidence from duplicates (GLU204): passages of the corpus that have the space another copy lost.

A gap between two words is known by the twenty letters and digits before it and the twenty after it,
in lower case and without what stands between them. Copies of a passage share these keys whether or
not a space is lost.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cleaner.steps.lost_spaces.alphabet import codes_of
from cleaner.steps.lost_spaces.corpus.passages_kernel import gaps_by
from cleaner.steps.lost_spaces.reader.codes import WINDOW

MOST_KEYS = 2**22
_BLOCK = 2**20
# Scripts beyond (CJK, emoji) write no spaces between words, and count as no letters here.
_CODE_POINTS = 0x3000
# A line end behind a hyphen may be inside a word.
_SPLIT_WORD = re.compile(r"(?<=\w)[-\u2010\u00ad]\n[ \t]*(?=\w)")


@dataclass(frozen=True)
class Passages:
    """The keys of gaps: sorted uint64, the smallest 2**22 at most.

    Of a corpus with more gaps than that, the keys are a sample that does not depend on the order.
    """

    keys: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))


def learn_passages(texts: Iterable[str]) -> Passages:
    """Return the keys of all gaps between words in `texts`; what splits a word is no gap."""
    learned = Passages()
    waiting: list[NDArray[np.uint64]] = []
    count = 0
    for text in texts:
        for start in range(0, len(text), _BLOCK):
            # Blocks overlap, so that no window is cut; a key found twice counts once.
            block = text[start : start + _BLOCK + 8 * WINDOW]
            if "\n" in block:
                block = _SPLIT_WORD.sub("-", block)
            waiting.append(spaced_keys(block))
            count += len(waiting[-1])
            if count > MOST_KEYS:
                learned = merge_passages(learned, _passages(waiting))
                waiting, count = [], 0
    return merge_passages(learned, _passages(waiting)) if waiting else learned


def _passages(keys: Sequence[NDArray[np.uint64]]) -> Passages:
    return Passages(_least(np.sort(np.concatenate(keys))))


def merge_passages(one: Passages, other: Passages) -> Passages:
    """Return the keys of both parts of a corpus; any order and grouping gives the same."""
    keys = np.concatenate((one.keys, other.keys))
    # Both are sorted, so that a stable sort only merges them.
    keys.sort(kind="stable")
    return Passages(_least(keys))


def _least(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the smallest distinct of the sorted `keys`."""
    first = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first][:MOST_KEYS]


def spaced_keys(text: str) -> NDArray[np.uint64]:
    """Return the keys of the gaps of `text`, in order."""
    keys = np.empty(len(text), np.uint64)
    count = gaps_by(*_tables()).spaced_keys(codes_of(text), keys)
    return keys[:count].copy()


def known_gaps(text: str, spans: Sequence[tuple[int, int]], passages: Passages) -> list[int]:
    """Return the places inside `spans` of `text` at which a copy of the passage has a gap.

    Spans are in order and do not overlap.
    """
    if not len(passages.keys) or not spans:
        return []
    bounds = np.array(spans, np.int64)
    places = np.empty(int((bounds[:, 1] - bounds[:, 0]).sum()), np.int64)
    count = gaps_by(*_tables()).known_gaps(codes_of(text), bounds, passages.keys, places)
    found: list[int] = places[:count].tolist()
    return found


@functools.cache
def _tables() -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Return by code point the lower-case letter or digit (0: none) and what is space."""
    folded = np.zeros(_CODE_POINTS, np.uint32)
    is_space = np.zeros(_CODE_POINTS, np.uint8)
    for code in range(_CODE_POINTS):
        character = chr(code)
        is_space[code] = character.isspace()
        if character.isalnum():
            folded[code] = ord(character.lower()[0])
    return folded, is_space
