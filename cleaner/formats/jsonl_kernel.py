"""The compiled scanner behind `jsonl_scan`: RFC 8259 over bytes, one line at a time."""

# mypy: disable-error-code="assignment,call-arg,var-annotated"

# ruff: noqa: SIM110

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
_DEPTH = 60
_DIGITS = 300
_BAD = -1

compiled = numba.njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
inlined = numba.njit(
    cache=True, nogil=True, error_model="numpy", boundscheck=False, forceinline=True
)


@inlined
def _skip_space(data: Any, at: Any, end: Any) -> Any:
    while at < end:
        byte = load_byte(data, at)
        if byte not in (32, 9, 13):
            break
        at += 1
    return at


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
def _string_end(data: Any, at: Any, end: Any, safe: Any) -> Any:
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
                        return _BAD, escaped
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
    return np.int64(_BAD), escaped


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
def _copy(data: Any, at: Any, end: Any, texts: Any, filled: Any, safe: Any) -> Any:
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
def _unescape(data: Any, at: Any, end: Any, texts: Any, filled: Any) -> Any:
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
                return np.int64(_BAD)
            if load_byte(data, at + 1) != 117:
                return np.int64(_BAD)
            low = _code(data, at + 2)
            if low < 0xDC00 or low >= 0xE000:
                return np.int64(_BAD)
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


@compiled
def _digits(data: Any, at: Any, end: Any) -> Any:
    while at < end and 48 <= load_byte(data, at) <= 57:
        at += 1
    return at


@compiled
def _number(data: Any, at: Any, end: Any) -> Any:
    """Return the place after a number; -1 where in doubt."""
    start = at
    if load_byte(data, at) == 45:
        at += 1
    after = _digits(data, at, end)
    if after == at or (load_byte(data, at) == 48 and after > at + 1):
        return np.int64(_BAD)
    at = after
    if at < end and load_byte(data, at) == 46:
        after = _digits(data, at + 1, end)
        if after == at + 1:
            return np.int64(_BAD)
        at = after
    if at < end and load_byte(data, at) in (69, 101):
        at += 1
        if at < end and load_byte(data, at) in (43, 45):
            at += 1
        after = _digits(data, at, end)
        if after == at:
            return np.int64(_BAD)
        at = after
    return at if at - start <= _DIGITS else np.int64(_BAD)


@compiled
def _literal(data: Any, at: Any, end: Any) -> Any:
    """Return the place after true, false, null or a number; -1 where in doubt."""
    first = load_byte(data, at)
    if first == 45 or 48 <= first <= 57:
        return _number(data, at, end)
    size = 5 if first == 102 else 4
    if at + size > end:
        return np.int64(_BAD)
    word = np.int64(0)
    for offset in range(size):
        word = word << 8 | np.int64(load_byte(data, at + offset))
    if word in (0x74727565, 0x66616C7365, 0x6E756C6C):
        return at + size
    return np.int64(_BAD)


@compiled
def _same(data: Any, at: Any, end: Any, key: Any, size: Any) -> Any:
    if end - at != size:
        return False
    for offset in range(size):
        if load_byte(data, at + offset) != load_byte(key, offset):
            return False
    return True


@compiled
def _line_text(data: Any, at: Any, end: Any, safe: Any, key: Any, size: Any) -> Any:
    """Return (start, end, whether escaped) of the text field's string; start -1 where in doubt."""
    text_start = np.int64(_BAD)
    text_end = np.int64(_BAD)
    text_escaped = False
    doubt = (np.int64(_BAD), np.int64(_BAD), False)
    if load_byte(data, at) != 123:
        return doubt
    objects = U(1)
    depth = 1
    at += 1
    while True:
        at = _skip_space(data, at, end)
        if at >= end:
            return doubt
        byte = load_byte(data, at)
        in_object = objects & U(1)
        if byte == (125 if in_object else 93):
            at += 1
            closed = True
            ours = False
        else:
            closed = False
            ours = False
            if in_object:
                if byte != 34:
                    return doubt
                first = at + 1
                at, escaped = _string_end(data, first, end, safe)
                if at < 0 or escaped:
                    return doubt
                ours = depth == 1 and _same(data, first, at, key, size)
                at = _skip_space(data, at + 1, end)
                if at >= end or load_byte(data, at) != 58:
                    return doubt
                at = _skip_space(data, at + 1, end)
                if at >= end:
                    return doubt
                byte = load_byte(data, at)
            if byte == 34:
                first = at + 1
                at, escaped = _string_end(data, first, end, safe)
                if at < 0:
                    return doubt
                if ours:
                    text_start = first
                    text_end = at
                    text_escaped = escaped
                at += 1
            elif ours:
                return doubt
            elif byte in (123, 91):
                if depth >= _DEPTH:
                    return doubt
                objects = objects << U(1) | U(byte == 123)
                depth += 1
                at += 1
                continue
            else:
                at = _literal(data, at, end)
                if at < 0:
                    return doubt
        while True:
            if closed:
                objects >>= U(1)
                depth -= 1
                closed = False
                if depth == 0:
                    at = _skip_space(data, at, end)
                    return (text_start, text_end, text_escaped) if at >= end else doubt
            at = _skip_space(data, at, end)
            if at >= end:
                return doubt
            byte = load_byte(data, at)
            at += 1
            if byte == 44:
                break
            if byte != (125 if objects & U(1) else 93):
                return doubt
            closed = True
        at = _skip_space(data, at, end)
        if at >= end or load_byte(data, at) in (125, 93):
            return doubt


@compiled
def scan_lines(
    source: Any,
    key_array: Any,
    line_starts: Any,
    line_ends: Any,
    text_array: Any,
    starts: Any,
    ends: Any,
    states: Any,
    sizes: Any,
) -> None:
    """Write the lines, the texts and the states of all records; see `jsonl_scan.Records`.

    `sizes` (2,) tells the number of lines and the bytes of text.
    """
    data = np.int64(source.ctypes.data)
    key = np.int64(key_array.ctypes.data)
    texts = np.int64(text_array.ctypes.data)
    key_size = np.int64(key_array.shape[0])
    size = np.int64(source.shape[0])
    safe = size - 8
    at = np.int64(0)
    count = np.int64(0)
    filled = np.int64(0)
    while at < size:
        end = at
        while end <= safe:
            chunk = load_chunk(data, end) ^ U(0x0A0A0A0A0A0A0A0A)
            stops = (chunk - U(0x0101010101010101)) & ~chunk & _HIGH
            if stops:
                end += np.int64(trailing_zeros(stops)) >> 3
                break
            end += 8
        while end < size and load_byte(data, end) != 10:
            end += 1
        after = end + 1
        if end > at and load_byte(data, end - 1) == 13:
            end -= 1
        line_starts[count] = at
        line_ends[count] = end
        starts[count] = filled
        first = _skip_space(data, at, end)
        if first >= end:
            states[count] = 1
        else:
            text_start, text_end, escaped = _line_text(data, first, end, safe, key, key_size)
            if text_start < 0:
                states[count] = 2
            elif escaped:
                stop = _unescape(data, text_start, text_end, texts, filled)
                states[count] = 2 if stop < 0 else 0
                filled = max(stop, filled)
            else:
                filled = _copy(data, text_start, text_end, texts, filled, safe)
                states[count] = 0
        ends[count] = filled
        count += 1
        at = after
    sizes[0] = count
    sizes[1] = filled


@compiled
def count_lines(source: Any) -> Any:
    """Return one more than there are line feeds."""
    count = np.int64(1)
    for at in range(source.shape[0]):
        count += source[at] == 10
    return count


@compiled
def copy_lines(source: Any, starts: Any, ends: Any, kept: Any) -> Any:
    """Copy lines one after the other, each with a line feed; returns the size written."""
    data = np.int64(source.ctypes.data)
    out = np.int64(kept.ctypes.data)
    safe = np.int64(source.shape[0] - 8)
    filled = np.int64(0)
    for line in range(starts.shape[0]):
        filled = _copy(data, starts[line], ends[line], out, filled, safe)
        store_byte(out, filled, np.uint8(10))
        filled += 1
    return filled
