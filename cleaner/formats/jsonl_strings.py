"""Compiled: the strings of JSON (RFC 8259, section 7) in bytes, found, checked and decoded."""

# mypy: disable-error-code="assignment,call-arg,var-annotated"

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from cleaner.core.machine import (
    load_byte,
    load_chunk,
    store_byte,
    store_chunk,
    trailing_zeros,
)

U = np.uint64
_HIGH = U(0x8080808080808080)
_LOW = U(0x7F7F7F7F7F7F7F7F)
_QUOTES, _SLASHES = U(0x2222222222222222), U(0x5C5C5C5C5C5C5C5C)
_FROM_SPACE = U(0x6060606060606060)
BAD = -1

compiled = numba.njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
inlined = numba.njit(
    cache=True, nogil=True, error_model="numpy", boundscheck=False, forceinline=True
)


@compiled
def _character(data: Any, at: Any, end: Any) -> Any:
    """Return how many bytes the UTF-8 character (not ASCII) at a place has; 0 if it is none."""
    lead = load_byte(data, at)
    if lead < 0xC2 or lead > 0xF4:
        return 0
    size = 2 + np.int64(lead >= 0xE0) + np.int64(lead >= 0xF0)
    if at + size > end:
        return 0
    second = load_byte(data, at + 1)
    if (
        (lead == 0xE0 and second < 0xA0)
        or (lead == 0xED and second > 0x9F)
        or (lead == 0xF0 and second < 0x90)
        or (lead == 0xF4 and second > 0x8F)
    ):
        return 0
    for offset in range(1, size):
        if load_byte(data, at + offset) & 0xC0 != 0x80:
            return 0
    return size


@inlined
def string_end(data: Any, at: Any, end: Any, safe: Any) -> Any:
    """Return (place of the closing quote, whether there are escapes); -1 where in doubt."""
    escaped = False
    while at < end:
        if at <= safe:
            raw = load_chunk(data, at)
            plain = raw & _LOW
            quote = ~((plain ^ _QUOTES) + _LOW)
            slash = ~((plain ^ _SLASHES) + _LOW)
            control = ~(plain + _FROM_SPACE)
            stops = (quote | slash | control | raw) & _HIGH
            at += np.int64(trailing_zeros(stops)) >> 3
            if not stops:
                continue
            if at >= end:
                break
        byte = load_byte(data, at)
        if byte == 34:
            return at, escaped
        if byte == 92:
            escaped = True
            if at + 1 >= end:
                break
            following = load_byte(data, at + 1)
            if following == 117:
                if at + 5 >= end:
                    break
                for offset in range(2, 6):
                    if _hex(load_byte(data, at + offset)) < 0:
                        return BAD, escaped
                at += 6
            elif following in (34, 92, 47, 98, 102, 110, 114, 116):
                at += 2
            else:
                break
        elif byte < 32:
            break
        elif byte < 128:
            at += 1
        else:
            size = _character(data, at, end)
            if size == 0:
                break
            at += size
    return np.int64(BAD), escaped


@inlined
def _hex(byte: Any) -> Any:
    if 48 <= byte <= 57:
        return np.int64(byte) - 48
    lower = np.int64(byte) | 32
    return lower - 87 if 97 <= lower <= 102 else np.int64(-1)


@inlined
def _code(data: Any, at: Any) -> Any:
    return (
        _hex(load_byte(data, at)) << 12
        | _hex(load_byte(data, at + 1)) << 8
        | _hex(load_byte(data, at + 2)) << 4
        | _hex(load_byte(data, at + 3))
    )


@compiled
def copy(data: Any, at: Any, end: Any, texts: Any, filled: Any, safe: Any) -> Any:
    """Copy bytes [at, end) to a place; may write up to eight bytes past them."""
    while at < end and at <= safe:
        store_chunk(texts, filled, load_chunk(data, at))
        step = min(np.int64(8), end - at)
        at += step
        filled += step
    while at < end:
        store_byte(texts, filled, load_byte(data, at))
        at += 1
        filled += 1
    return filled


@compiled
def unescape(data: Any, at: Any, end: Any, texts: Any, filled: Any) -> Any:
    """Decode an escaped string (checked before); -1 where it has a lone surrogate."""
    while at < end:
        byte = load_byte(data, at)
        if byte != 92:
            store_byte(texts, filled, byte)
            at += 1
            filled += 1
            continue
        following = load_byte(data, at + 1)
        if following != 117:
            if following == 98:
                following = np.uint8(8)
            elif following == 102:
                following = np.uint8(12)
            elif following == 110:
                following = np.uint8(10)
            elif following == 114:
                following = np.uint8(13)
            elif following == 116:
                following = np.uint8(9)
            store_byte(texts, filled, following)
            at += 2
            filled += 1
            continue
        code = _code(data, at + 2)
        at += 6
        if 0xD800 <= code < 0xE000:
            if code >= 0xDC00 or at + 5 >= end or load_byte(data, at) != 92:
                return np.int64(BAD)
            if load_byte(data, at + 1) != 117:
                return np.int64(BAD)
            low = _code(data, at + 2)
            if low < 0xDC00 or low >= 0xE000:
                return np.int64(BAD)
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
            at += 6
        if code < 0x80:
            store_byte(texts, filled, np.uint8(code))
            filled += 1
        elif code < 0x800:
            store_byte(texts, filled, np.uint8(0xC0 | code >> 6))
            store_byte(texts, filled + 1, np.uint8(0x80 | code & 63))
            filled += 2
        elif code < 0x10000:
            store_byte(texts, filled, np.uint8(0xE0 | code >> 12))
            store_byte(texts, filled + 1, np.uint8(0x80 | code >> 6 & 63))
            store_byte(texts, filled + 2, np.uint8(0x80 | code & 63))
            filled += 3
        else:
            store_byte(texts, filled, np.uint8(0xF0 | code >> 18))
            store_byte(texts, filled + 1, np.uint8(0x80 | code >> 12 & 63))
            store_byte(texts, filled + 2, np.uint8(0x80 | code >> 6 & 63))
            store_byte(texts, filled + 3, np.uint8(0x80 | code & 63))
            filled += 4
    return filled
