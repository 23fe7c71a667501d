"""Compiled twin of `passages`: the keys of gaps between words, and whether a corpus has them."""

# mypy: disable-error-code="import-untyped,untyped-decorator"

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.normalize.glue.compounds import BASE, INVERSE, MASK, MIXER
from cleaner.normalize.glue.kernel_terms import START, WINDOW
from cleaner.normalize.glue.kernels import compiled

U = np.uint64
_SIZE = 2 * WINDOW
_POWERS = np.array([pow(BASE, power, MASK + 1) for power in range(_SIZE)], np.uint64)
_INVERSE, _MIXER = U(INVERSE), U(MIXER)
_REACH = 4 * WINDOW
# Rows of the ring that holds the last letters: where they stand, and whether a space is before.
_PLACE, _SPACED = 0, 1
# How far the place of a key among evenly spread ones is first taken to be from what it is.
_NEAR = 512


@compiled
def _slid(value: Any, total: Any, count: Any, letters: Any) -> Any:
    """Return the running sum of the last letters with one more, the `count`-th."""
    at = count % _SIZE
    if count < _SIZE:
        total += value * _POWERS[at]
    else:
        total = (total - letters[at]) * _INVERSE + value * _POWERS[_SIZE - 1]
    letters[at] = value
    return total


@compiled
def _key(total: Any) -> Any:
    key = (total ^ (total >> U(31))) * _MIXER
    return key ^ (key >> U(29))


@compiled
def spaced_keys(codes: Any, folded: Any, is_space: Any, letters: Any, ring: Any, keys: Any) -> Any:
    """Write the keys of the gaps with white space; return how many.

    `letters` (uint64) and `ring` (int64) of 2 * WINDOW columns are room to work in.
    """
    top = folded.shape[0]
    total = U(0)
    count = 0
    found = 0
    spaced = np.int64(0)
    for place in range(codes.shape[0]):
        code = codes[place]
        if code >= top:
            continue
        if is_space[code]:
            spaced = np.int64(1)
        if not folded[code]:
            continue
        total = _slid(U(folded[code]), total, count, letters)
        ring[_SPACED, count % _SIZE] = spaced
        spaced = np.int64(0)
        count += 1
        if count >= _SIZE and ring[_SPACED, (count - WINDOW) % _SIZE]:
            keys[found] = _key(total)
            found += 1
    return found


@compiled
def _holds(keys: Any, key: Any) -> Any:
    """Whether the sorted, evenly spread `keys` hold a key."""
    last = keys.shape[0] - 1
    if key > keys[last]:
        return False
    guess = min(np.int64(np.float64(key) / np.float64(keys[last]) * last), last)
    step = _NEAR
    low = guess
    while low > 0 and keys[low] > key:
        low = max(START, low - step)
        step *= 2
    step = _NEAR
    high = guess
    while high < last and keys[high] < key:
        high = min(last, high + step)
        step *= 2
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return keys[low] == key


@compiled
def known_gaps(
    codes: Any,
    starts: Any,
    ends: Any,
    folded: Any,
    is_space: Any,
    letters: Any,
    ring: Any,
    keys: Any,
    places: Any,
) -> Any:
    """Write the places inside the spans where the corpus has a space; return how many."""
    top = folded.shape[0]
    found = 0
    for span in range(starts.shape[0]):
        start, end = starts[span], ends[span]
        total = U(0)
        count = 0
        spaced = np.int64(0)
        for place in range(max(0, start - _REACH), min(codes.shape[0], end + _REACH)):
            code = codes[place]
            if code >= top:
                continue
            if is_space[code]:
                spaced = np.int64(1)
            if not folded[code]:
                continue
            total = _slid(U(folded[code]), total, count, letters)
            ring[_PLACE, count % _SIZE] = place
            ring[_SPACED, count % _SIZE] = spaced
            spaced = np.int64(0)
            count += 1
            if count < _SIZE:
                continue
            right = ring[_PLACE, (count - WINDOW) % _SIZE]
            if right >= end:
                break
            spaced_here = ring[_SPACED, (count - WINDOW) % _SIZE]
            if right > start and not spaced_here and _holds(keys, _key(total)):
                places[found] = right
                found += 1
    return found
