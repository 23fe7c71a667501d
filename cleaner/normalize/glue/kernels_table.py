"""The hashed words that the compiled functions look parts of tokens up in."""

# mypy: disable-error-code="import-untyped,untyped-decorator"

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.normalize.glue.compounds import BASE, MIXER
from cleaner.normalize.glue.compounds import INVERSE as INVERSE_BASE
from cleaner.normalize.glue.kernel_terms import INVERSE, POWER
from cleaner.normalize.glue.kernels import compiled

U = np.uint64
# As signed numbers, so that products wrap.
_BASE = np.int64(BASE - 2**64)
_INVERSE = np.int64(INVERSE_BASE - (2**64 if INVERSE_BASE >> 63 else 0))
_MIXER = U(MIXER)
_NEWLINE = ord("\n")


@compiled
def finish(value: Any, kind: Any) -> Any:
    """Return the key of a word from the hash of its characters and its kind; never 0."""
    key = U(value) ^ (U(kind) << U(56))
    key = (key ^ (key >> U(32))) * _MIXER
    return (key ^ (key >> U(29))) | U(1)


@compiled
def _enter(value: Any, kind: Any, share: Any, table: Any) -> None:
    key = finish(value, kind)
    mask = table.shape[0] - 1
    slot = np.int64(key >> U(1)) & mask
    while table[slot, 0] != 0 and table[slot, 0] != key:
        slot = (slot + 1) & mask
    table[slot, 0] = key
    table.view(np.float64)[slot, 1] = share


@compiled
def enter_words(codes: Any, sizes: Any, logps: Any, kind: Any, table: Any) -> None:
    """Enter the words that `codes` holds, parted by line ends, into the table.

    The first ``sizes[0]`` words have the share ``logps[0]``, and so on. A row of the table (uint64)
    holds the key of a word, 0 for none, and the bits of its share (float64).
    """
    place = 0
    for bucket in range(sizes.shape[0]):
        for _ in range(sizes[bucket]):
            value = np.int64(0)
            power = np.int64(1)
            while place < codes.shape[0] and codes[place] != _NEWLINE:
                value += power * np.int64(codes[place])
                power *= _BASE
                place += 1
            place += 1
            _enter(value, kind, logps[bucket], table)


@compiled
def enter_hashes(hashes: Any, logs: Any, kind: Any, table: Any) -> None:
    """Enter words that are hashed as `compounds` does it."""
    for index in range(hashes.shape[0]):
        _enter(np.int64(hashes[index]), kind, logs[index], table)


@compiled
def find_words(codes: Any, ends: Any, kind: Any, table: Any, shares: Any) -> None:
    """Write the share of each word, the first being ``codes[:ends[0]]``, or inf for another."""
    mask = table.shape[0] - 1
    place = 0
    for word in range(ends.shape[0]):
        value = np.int64(0)
        power = np.int64(1)
        while place < ends[word]:
            value += power * np.int64(codes[place])
            power *= _BASE
            place += 1
        key = finish(value, kind)
        slot = np.int64(key >> U(1)) & mask
        shares[word] = np.inf
        while table[slot, 0] != 0:
            if table[slot, 0] == key:
                shares[word] = table.view(np.float64)[slot, 1]
                break
            slot = (slot + 1) & mask


@compiled
def set_powers(marks: Any) -> None:
    """Fill the rows of powers in the array that describes a token."""
    power = np.int64(1)
    inverse = np.int64(1)
    for place in range(marks.shape[1]):
        marks[POWER, place] = power
        marks[INVERSE, place] = inverse
        power *= _BASE
        inverse *= _INVERSE
