"""Compiled: characters and words of UTF-8 bytes, and their hashes.

Every function works on arrays that its caller made, allocates nothing, raises nothing and holds no
lock of the interpreter, so that threads may run it side by side. Bytes are UTF-8 (lone surrogates
as three bytes); a place is an index into ``data``.
"""

# mypy: disable-error-code="assignment,call-arg,var-annotated"

# Written for the compiler, as comparisons in a row.
# ruff: noqa: PLR1714

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from cleaner.core.machine import load_byte, load_chunk, load_word, trailing_zeros
from cleaner.dedup.hashing import FIRST, SECOND
from cleaner.dedup.words import DIGIT, MARK, SPACE, SPACELESS, WORD

U = np.uint64
_FIRST, _SECOND = U(FIRST), U(SECOND)
_HIGH = U(0x8080808080808080)
_LOWER = U(0x2020202020202020)
_FROM_A, _PAST_Z = U(0x1F1F1F1F1F1F1F1F), U(0x0505050505050505)
_FROM_0, _PAST_9 = U(0x5050505050505050), U(0x4646464646464646)
_FROM_SPACE, _ALL_BUT_HIGH = U(0x6060606060606060), U(0x7F7F7F7F7F7F7F7F)
LONG = np.uint32(2**31)

compiled = numba.njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
inlined = numba.njit(
    cache=True, nogil=True, error_model="numpy", boundscheck=False, forceinline=True
)


@inlined
def mix_first(h: Any, chunk: Any) -> Any:
    """Take eight bytes into the first half of a hash."""
    h = (h ^ chunk) * _FIRST
    return h ^ (h >> U(32))


@inlined
def mix_second(g: Any, chunk: Any) -> Any:
    """Take eight bytes into the second half of a hash."""
    g = (g ^ chunk) * _SECOND
    return g ^ (g >> U(29))


@inlined
def push(code: Any, chunk: Any, filled: Any, h: Any, g: Any) -> Any:
    """Take the UTF-8 bytes of a code point into a piece: (chunk, filled, h, g)."""
    if code < 0x80:
        size, packed = 1, U(code)
    elif code < 0x800:
        size = 2
        packed = U(0xC0 | (code >> 6)) | U(0x80 | (code & 63)) << U(8)
    elif code < 0x10000:
        size = 3
        packed = (
            U(0xE0 | (code >> 12))
            | U(0x80 | ((code >> 6) & 63)) << U(8)
            | U(0x80 | (code & 63)) << U(16)
        )
    else:
        size = 4
        packed = (
            U(0xF0 | (code >> 18))
            | U(0x80 | ((code >> 12) & 63)) << U(8)
            | U(0x80 | ((code >> 6) & 63)) << U(16)
            | U(0x80 | (code & 63)) << U(24)
        )
    chunk |= packed << U(8 * filled)
    filled += size
    if filled >= 8:
        h = mix_first(h, chunk)
        g = mix_second(g, chunk)
        filled -= 8
        chunk = packed >> U(8 * (size - filled)) if filled else U(0)
    return chunk, filled, h, g


@inlined
def decode(data: Any, at: Any, end: Any) -> Any:
    """Return the code point at a place and the place after it; never reads at or past `end`."""
    lead = np.int64(load_byte(data, at))
    if lead < 0x80:
        return lead, at + 1
    if lead >= 0xF0 and at + 3 < end:
        code = (
            (lead & 7) << 18
            | (np.int64(load_byte(data, at + 1)) & 63) << 12
            | (np.int64(load_byte(data, at + 2)) & 63) << 6
            | (np.int64(load_byte(data, at + 3)) & 63)
        )
        return min(code, np.int64(0x10FFFF)), at + 4
    if lead >= 0xE0 and at + 2 < end:
        return (
            (lead & 15) << 12
            | (np.int64(load_byte(data, at + 1)) & 63) << 6
            | (np.int64(load_byte(data, at + 2)) & 63)
        ), at + 3
    if at + 1 < end:
        return (lead & 31) << 6 | (np.int64(load_byte(data, at + 1)) & 63), at + 2
    return np.int64(0xFFFD), at + 1


@inlined
def push_folded(code: Any, tables: Any, chunk: Any, filled: Any, h: Any, g: Any) -> Any:
    """Take the case-folded form of a code point into a piece: (chunk, filled, h, g)."""
    if code < tables[3]:
        folded = load_word(tables[1], code)
        if folded & LONG:
            row = np.int64(folded ^ LONG)
            for column in range(3):
                part = np.int64(load_word(tables[2], 3 * row + column))
                if part:
                    chunk, filled, h, g = push(part, chunk, filled, h, g)
            return chunk, filled, h, g
        code = np.int64(folded)
    return push(code, chunk, filled, h, g)


@compiled
def any_word(data: Any, at: Any, end: Any, tables: Any, numbers: Any) -> Any:
    """Hash one word of any script that starts at a place.

    Returns (place after it, h, g, numbers, word characters, spaceless characters).
    """
    h = g = chunk = value = U(0)
    filled = 0
    characters = spaceless = 0
    in_number = False
    marked = False
    while at < end:
        code, after = decode(data, at, end)
        kind = load_byte(tables[0], code)
        if not kind & WORD or (marked and not kind & MARK):
            break
        marked = (kind & MARK) != 0
        if kind & DIGIT:
            value = value * _SECOND + U(code)
            in_number = True
        elif in_number:
            numbers = mix_first(numbers, value)
            value = U(0)
            in_number = False
        chunk, filled, h, g = push_folded(code, tables, chunk, filled, h, g)
        characters += 1
        if code < tables[3] and load_word(tables[1], code) & LONG:
            row = np.int64(load_word(tables[1], code) ^ LONG)
            characters += np.int64(load_word(tables[2], 3 * row + 1) != 0) + np.int64(
                load_word(tables[2], 3 * row + 2) != 0
            )
        if kind & SPACELESS:
            spaceless += 1
        at = after
    if in_number:
        numbers = mix_first(numbers, value)
    if filled:
        h = mix_first(h, chunk)
        g = mix_second(g, chunk)
    return at, h, g, numbers, characters, spaceless


@compiled
def between(data: Any, at: Any, end: Any, first: Any, tables: Any) -> Any:
    """Hash what stands between words from a place on: (place after it, h, g, whether to count it).

    White space runs count as one space, and as nothing at the start (`first`) and end of the text.
    """
    h = g = chunk = U(0)
    filled = 0
    count = 0
    space = False
    while at < end:
        code, after = decode(data, at, end)
        kind = load_byte(tables[0], code)
        if kind & WORD:
            break
        at = after
        if kind & SPACE:
            space = True
            continue
        if space and (count or not first):
            chunk, filled, h, g = push(np.int64(32), chunk, filled, h, g)
            count += 1
        space = False
        chunk, filled, h, g = push_folded(code, tables, chunk, filled, h, g)
        count += 1
    if count == 0:
        return at, h, g, False
    if space and at < end:
        chunk, filled, h, g = push(np.int64(32), chunk, filled, h, g)
    if filled:
        h = mix_first(h, chunk)
        g = mix_second(g, chunk)
    return at, h, g, True


@inlined
def plain_between(data: Any, at: Any, end: Any, safe: Any) -> Any:
    """Return how many ASCII bytes part a place from the next word, and the bytes as a chunk.

    The size is 0 where the bytes are not their own folded form, or it takes a longer look to know.
    """
    if at > safe:
        return 0, U(0)
    raw = load_chunk(data, at)
    plain = raw & ~_HIGH
    lower = plain | _LOWER
    word = ((lower + _FROM_A) & ~(lower + _PAST_Z)) | ((plain + _FROM_0) & ~(plain + _PAST_9))
    word &= ~raw & _HIGH
    bits = trailing_zeros(word | (raw & _HIGH))
    size = np.int64(bits) >> 3
    if size == 0 or size == 8 or at + size >= end or not (word >> bits) & U(1):
        return 0, U(0)
    mask = (U(1) << U(8 * size)) - U(1)
    control = ~(plain + _FROM_SPACE)
    space = ~((plain ^ _LOWER) + _ALL_BUT_HIGH)
    if (control | (space & (space << U(8)))) & mask & _HIGH:
        return 0, U(0)
    return size, raw & mask


@inlined
def _chunk_numbers(
    chunk: Any, digits: Any, size: Any, numbers: Any, value: Any, inside: Any
) -> Any:
    """Take the digits of an ASCII chunk into the numbers: (numbers, value, whether inside one)."""
    for place in range(size):
        if (digits >> U(8 * place + 7)) & U(1):
            value = value * _SECOND + ((chunk >> U(8 * place)) & U(0xFF))
            inside = True
        elif inside:
            numbers = mix_first(numbers, value)
            value = U(0)
            inside = False
    return numbers, value, inside


@inlined
def word(data: Any, at: Any, end: Any, safe: Any, tables: Any, numbers: Any) -> Any:
    """Hash one word, eight bytes at a time as long as it is ASCII; returns as `any_word` does."""
    start = at
    before = numbers
    h = g = value = U(0)
    inside = False
    while at <= safe:
        raw = load_chunk(data, at)
        plain = raw & ~_HIGH
        lower = plain | _LOWER
        digits = (plain + _FROM_0) & ~(plain + _PAST_9) & _HIGH
        word = (((lower + _FROM_A) & ~(lower + _PAST_Z)) | digits) & ~raw & _HIGH
        size = min(np.int64(trailing_zeros(word ^ _HIGH)) >> 3, end - at)
        if size < 8:
            if at + size < end and load_byte(data, at + size) >= 0x80:
                break
            if size:
                mask = (U(1) << U(8 * size)) - U(1)
                chunk = lower & mask
                h = mix_first(h, chunk)
                g = mix_second(g, chunk)
                digits &= mask & ~raw
                if digits or inside:
                    numbers, value, inside = _chunk_numbers(
                        chunk, digits, size, numbers, value, inside
                    )
            if inside:
                numbers = mix_first(numbers, value)
            at += size
            return at, h, g, numbers, at - start, 0
        h = mix_first(h, lower)
        g = mix_second(g, lower)
        if digits or inside:
            numbers, value, inside = _chunk_numbers(lower, digits, 8, numbers, value, inside)
        at += 8
    return any_word(data, start, end, tables, before)
