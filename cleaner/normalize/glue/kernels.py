"""Compiled functions over the code points of a text: its tokens, each by a number.

A token is known by the 64-bit hash of its code points; two of one hash would count as one. The
plain twins are `Surveyor` without a table and ``line.split(" ")``.
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
def _add(value: Any, code: Any) -> Any:
    value = (value ^ U(code)) * _FACTOR
    return value ^ (value >> U(32))


@compiled
def _finish(value: Any, length: Any) -> Any:
    value = (value ^ U(length)) * _FINISH
    return value ^ (value >> U(29))


@compiled
def hash_of(codes: Any, start: Any, end: Any) -> Any:
    """Return the hash of ``codes[start:end]``."""
    value = U(0)
    for place in range(start, end):
        value = _add(value, codes[place])
    return _finish(value, end - start)


@compiled
def _number(value: Any, slots: Any, hashes: Any, state: Any) -> Any:
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
def count_votes(codes: Any, spaces: Any, slots: Any, hashes: Any, rows: Any, votes: Any) -> Any:
    """Add to `votes` the rows of those tokens that are in the table; return how many are read."""
    size = codes.shape[0]
    top = spaces.shape[0]
    mask = slots.shape[0] - 1
    tokens = 0
    at = 0
    while at < size:
        code = codes[at]
        if code < top and spaces[code]:
            at += 1
            continue
        start = at
        value = U(0)
        while at < size and not (codes[at] < top and spaces[codes[at]]):
            value = _add(value, codes[at])
            at += 1
        value = _finish(value, at - start)
        tokens += 1
        slot = np.int64(value) & mask
        while slots[slot] >= 0:
            if hashes[slots[slot]] == value:
                for column in range(votes.shape[0]):
                    votes[column] += rows[slots[slot], column]
                break
            slot = (slot + 1) & mask
    return tokens


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
    return np.int64(_number(hash_of(codes, start, end), slots, hashes, state))


@compiled
def survey(
    codes: Any,
    at: Any,
    spaces: Any,
    slots: Any,
    hashes: Any,
    kinds: Any,
    passed: Any,
    state: Any,
    starts: Any,
    ends: Any,
    numbers: Any,
) -> Any:
    """Write the tokens of ``codes[at:]`` whose kind is not among those `passed`; return how many.

    `state` (int64): tokens in the table; tokens met, added to; where to go on if there was no room;
    how many of those written are of no known kind.
    """
    size = codes.shape[0]
    room = starts.shape[0]
    most = hashes.shape[0] - 1
    top = spaces.shape[0]
    found = 0
    met = 0
    fresh = 0
    while at < size:
        code = codes[at]
        if code < top and spaces[code]:
            at += 1
            continue
        if found >= room or state[0] >= most:
            break
        start = at
        value = U(0)
        while True:
            value = _add(value, code)
            at += 1
            if at >= size:
                break
            code = codes[at]
            if code < top and spaces[code]:
                break
        number = _number(_finish(value, at - start), slots, hashes, state)
        met += 1
        kind = kinds[number]
        if not kind & passed:
            fresh += not kind
            starts[found] = start
            ends[found] = at
            numbers[found] = number
            found += 1
    state[1] += met
    state[2] = at
    state[3] = fresh
    return found


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
            value = _add(value, code)
            continue
        if state[0] >= most:
            return -1
        starts[count] = start - line_start
        ends[count] = place - line_start
        numbers[count] = _number(_finish(value, place - start), slots, hashes, state)
        count += 1
        start = place + 1
        value = U(0)
        if code == _NEWLINE:
            line += 1
            firsts[line] = count
            line_start = start
    return count
