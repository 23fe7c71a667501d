"""Evidence from duplicates (GLU204): passages of the corpus that have the space another copy lost.

A gap between two words is known by the twenty letters and digits before it and the twenty after it,
in lower case and without what stands between them. Copies of a passage share these keys whether or
not a space is lost.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cleaner.core.native import Handed
from cleaner.normalize.glue.compounds import BASE, INVERSE
from cleaner.normalize.glue.kernel_terms import WINDOW
from cleaner.normalize.glue.native import loaded
from cleaner.normalize.glue.wordtable import codes_of

_MAX_KEYS = 2**22
_BLOCK = 2**20
# Scripts beyond (CJK, emoji) write no spaces between words, and count as no letters here.
_CODE_POINTS = 0x3000
_BARRIER = "\n"
_FEWEST_POWERS = 2**16


@dataclass(frozen=True)
class Passages:
    """The keys of gaps: sorted uint64, the smallest 2**22 at most.

    Of a corpus with more gaps than that, the keys are a sample that does not depend on the order.
    """

    keys: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))


def learn_passages(texts: Iterable[str]) -> Passages:
    """Return the keys of all gaps between words in `texts`."""
    learned = Passages()
    waiting: list[NDArray[np.uint64]] = []
    count = 0
    for text in texts:
        for start in range(0, len(text), _BLOCK):
            # Blocks overlap, so that no window is cut; a key found twice counts once.
            block = text[start : start + _BLOCK + 8 * WINDOW]
            waiting.append(spaced_keys(block))
            count += len(waiting[-1])
            if count > _MAX_KEYS:
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
    return keys[first][:_MAX_KEYS]


def spaced_keys(text: str) -> NDArray[np.uint64]:
    """Return the keys of the gaps of `text`, in order."""
    functions = loaded()
    if functions is None:
        return spaced_keys_plainly(text)
    keys = np.empty(len(text), np.uint64)
    count = functions.spaced_keys(codes_of(text), *_handed(), *_room(), keys)
    return keys[:count].copy()


def known_gaps(text: str, spans: Sequence[tuple[int, int]], passages: Passages) -> list[int]:
    """Return the places inside `spans` of `text` at which a copy of the passage has a gap.

    Spans are in order and do not overlap.
    """
    if not len(passages.keys) or not spans:
        return []
    functions = loaded()
    if functions is None:
        return known_gaps_plainly(text, spans, passages)
    codes = codes_of(text)
    bounds = np.array(spans, np.int64)
    places = np.empty(int((bounds[:, 1] - bounds[:, 0]).sum()), np.int64)
    count = functions.known_gaps(
        codes, np.ascontiguousarray(bounds[:, 0]), np.ascontiguousarray(bounds[:, 1]),
        *_handed(), *_room(), passages.keys, places,
    )  # fmt: skip
    found: list[int] = places[:count].tolist()
    return found


def known_gaps_plainly(
    text: str, spans: Sequence[tuple[int, int]], passages: Passages
) -> list[int]:
    """Return the same as `known_gaps`, without compiled functions; there must be keys and spans."""
    reach = 4 * WINDOW
    pieces: list[str] = []
    offsets: list[int] = []
    joined: list[int] = []
    at = 0
    for start, end in spans:
        low = max(0, start - reach)
        piece = text[low : end + reach]
        pieces.append(piece)
        offsets.append(low - at)
        joined.append(at)
        at += len(piece) + len(_BARRIER)
    places, keys, spaced = _windows(_BARRIER.join(pieces))
    owner = np.searchsorted(np.array(joined), places, side="right") - 1
    sources = places + np.array(offsets)[owner]
    bounds = np.array(spans)[owner]
    asked = ~spaced & (bounds[:, 0] < sources) & (sources < bounds[:, 1])
    sources, keys = sources[asked], keys[asked]
    index = np.searchsorted(passages.keys, keys)
    index[index == len(passages.keys)] = 0
    found: list[int] = np.unique(sources[passages.keys[index] == keys]).tolist()
    return found


def spaced_keys_plainly(text: str) -> NDArray[np.uint64]:
    """Return the same as `spaced_keys`, without compiled functions."""
    _, keys, spaced = _windows(text)
    return keys[spaced]


def _windows(
    text: str,
) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.bool_]]:
    """Return of every seam with a full window: its place, its key, whether white space is there.

    The place is where the right letter stands.
    """
    folded, is_space = _tables()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = np.where(codes < _CODE_POINTS, codes, 0)
    letters = folded[codes]
    at = np.flatnonzero(letters)
    count = len(at) - 2 * WINDOW + 1
    if count <= 0:
        return np.empty(0, np.int64), np.empty(0, np.uint64), np.empty(0, np.bool_)
    values = letters[at].astype(np.uint64)
    powers = _powers(BASE, len(at))
    sums = np.zeros(len(at) + 1, np.uint64)
    np.cumsum(values * powers, out=sums[1:])
    keys = (sums[2 * WINDOW :] - sums[: -2 * WINDOW]) * _powers(INVERSE, count)
    keys ^= keys >> np.uint64(31)
    keys *= np.uint64(0xBF58476D1CE4E5B9)
    keys ^= keys >> np.uint64(29)
    right = at[WINDOW : WINDOW + count]
    left = at[WINDOW - 1 : WINDOW - 1 + count]
    spaces = np.cumsum(is_space[codes])
    spaced = spaces[right] > spaces[left]
    return right, keys, spaced


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    return _many_powers(base, max(_FEWEST_POWERS, 1 << (count - 1).bit_length()))[:count]


@functools.lru_cache(maxsize=4)
def _many_powers(base: int, count: int) -> NDArray[np.uint64]:
    powers = np.full(count, base, np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)


def _room() -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return room for the compiled functions to keep the letters of a window in."""
    return np.empty(2 * WINDOW, np.uint64), np.empty((2, 2 * WINDOW), np.int64)


@functools.cache
def _handed() -> tuple[Handed, Handed]:
    folded, is_space = _tables()
    return Handed(folded, "uint32[::1]"), Handed(is_space, "boolean[::1]")


@functools.cache
def _tables() -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """Return by code point the lower-case letter or digit (0: none) and what is space."""
    folded = np.zeros(_CODE_POINTS, np.uint32)
    is_space = np.zeros(_CODE_POINTS, np.bool_)
    for code in range(_CODE_POINTS):
        character = chr(code)
        is_space[code] = character.isspace()
        if character.isalnum():
            folded[code] = ord(character.lower()[0])
    return folded, is_space
