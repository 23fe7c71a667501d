"""Compiled functions over the code points of a text: its tokens, each by a number.

A token is known by the 64-bit hash of its code points; two of one hash would count as one. The
plain twin of `lay_lines` is ``line.split(" ")``.
"""

# mypy: disable-error-code="import-untyped,untyped-decorator"
# Written for the compiler, as comparisons in a row.
# ruff: noqa: PLR1714

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "boundscheck": False,
    # Only compiled functions call these; what Python calls is compiled anew, by `core.native`.
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
compiled = numba.njit(**_OPTIONS)

U = np.uint64
_FACTOR = U(0x9E3779B97F4A7C15)
_FINISH = U(0xBF58476D1CE4E5B9)
_SPACE, _NEWLINE = np.uint32(32), np.uint32(10)


@compiled
def add(value: Any, code: Any) -> Any:
    """Return the running hash of a token with one code point more."""
    value = (value ^ U(code)) * _FACTOR
    return value ^ (value >> U(32))


@compiled
def finish_token(value: Any, length: Any) -> Any:
    """Return the hash of a token from the running one and the number of its code points."""
    value = (value ^ U(length)) * _FINISH
    return value ^ (value >> U(29))


@compiled
def hash_of(codes: Any, start: Any, end: Any) -> Any:
    """Return the hash of ``codes[start:end]``."""
    value = U(0)
    for place in range(start, end):
        value = add(value, codes[place])
    return finish_token(value, end - start)


@compiled
def number_of_hash(value: Any, slots: Any, hashes: Any, state: Any) -> Any:
    """Return the number of the token with this hash, a new one where it has none."""
    mask = slots.shape[0] - 1
    slot = np.int64(value) & mask
    while True:
        number = slots[slot]
        if number < 0:
            number = np.int32(state[0])
            slots[slot] = number
            hashes[number] = value
            state[0] += 1
            return number
        if hashes[number] == value:
            return number
        slot = (slot + 1) & mask


@compiled
def slot_of(value: Any, taken: Any) -> Any:
    """Return the slot of `taken` (0: free) that holds a hash, or the free one where it belongs."""
    mask = taken.shape[0] - 1
    slot = np.int64(value >> U(1)) & mask
    while taken[slot] != 0 and taken[slot] != value:
        slot = (slot + 1) & mask
    return slot


@compiled
def rebuild(hashes: Any, count: Any, slots: Any) -> None:
    """Enter the first `count` hashes into an empty table of slots (-1)."""
    mask = slots.shape[0] - 1
    for number in range(count):
        slot = np.int64(hashes[number]) & mask
        while slots[slot] >= 0:
            slot = (slot + 1) & mask
        slots[slot] = number


@compiled
def number_of(codes: Any, start: Any, end: Any, slots: Any, hashes: Any, state: Any) -> Any:
    """Return the number of the token ``codes[start:end]``, a new one where it has none."""
    return np.int64(number_of_hash(hash_of(codes, start, end), slots, hashes, state))


@compiled
def lay_lines(
    codes: Any,
    begin: Any,
    end: Any,
    slots: Any,
    hashes: Any,
    state: Any,
    firsts: Any,
    starts: Any,
    ends: Any,
    numbers: Any,
) -> Any:
    """Write the tokens, parted by single spaces, of the lines that are ``codes[begin:end]``.

    Places count from the start of the line; ``firsts[i]`` is the first token of line ``i``, and
    one more the number of all. Returns how many there are, or -1 where the table has no room.
    """
    most = hashes.shape[0] - 1
    count = 0
    line = 0
    firsts[0] = 0
    line_start = begin
    start = begin
    value = U(0)
    for place in range(begin, end + 1):
        code = codes[place] if place < end else _NEWLINE
        if code != _SPACE and code != _NEWLINE:
            value = add(value, code)
            continue
        if state[0] >= most:
            return -1
        starts[count] = start - line_start
        ends[count] = place - line_start
        numbers[count] = number_of_hash(finish_token(value, place - start), slots, hashes, state)
        count += 1
        start = place + 1
        value = U(0)
        if code == _NEWLINE:
            line += 1
            firsts[line] = count
            line_start = start
    return count
