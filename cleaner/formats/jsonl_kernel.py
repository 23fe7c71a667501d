"""The compiled scanner behind `jsonl_scan`: RFC 8259 over bytes, one line at a time."""

# mypy: disable-error-code="assignment,call-arg,var-annotated"

# numba compiles no generator expressions, so no any().
# ruff: noqa: SIM110

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.core.machine import load_byte, load_chunk, store_byte, trailing_zeros
from cleaner.formats.jsonl_strings import BAD, compiled, copy, inlined, string_end, unescape

U = np.uint64
_HIGH = U(0x8080808080808080)
_DEPTH = 60
_DIGITS = 300


@inlined
def _skip_space(data: Any, at: Any, end: Any) -> Any:
    while at < end:
        byte = load_byte(data, at)
        if byte not in (32, 9, 13):
            break
        at += 1
    return at


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
        return np.int64(BAD)
    at = after
    if at < end and load_byte(data, at) == 46:
        after = _digits(data, at + 1, end)
        if after == at + 1:
            return np.int64(BAD)
        at = after
    if at < end and load_byte(data, at) in (69, 101):
        at += 1
        if at < end and load_byte(data, at) in (43, 45):
            at += 1
        after = _digits(data, at, end)
        if after == at:
            return np.int64(BAD)
        at = after
    return at if at - start <= _DIGITS else np.int64(BAD)


@compiled
def _literal(data: Any, at: Any, end: Any) -> Any:
    """Return the place after true, false, null or a number; -1 where in doubt."""
    first = load_byte(data, at)
    if first == 45 or 48 <= first <= 57:
        return _number(data, at, end)
    size = 5 if first == 102 else 4
    if at + size > end:
        return np.int64(BAD)
    word = np.int64(0)
    for offset in range(size):
        word = word << 8 | np.int64(load_byte(data, at + offset))
    if word in (0x74727565, 0x66616C7365, 0x6E756C6C):
        return at + size
    return np.int64(BAD)


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
    text_start = np.int64(BAD)
    text_end = np.int64(BAD)
    text_escaped = False
    doubt = (np.int64(BAD), np.int64(BAD), False)
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
                at, escaped = string_end(data, first, end, safe)
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
                at, escaped = string_end(data, first, end, safe)
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
                stop = unescape(data, text_start, text_end, texts, filled)
                states[count] = 2 if stop < 0 else 0
                filled = max(stop, filled)
            else:
                filled = copy(data, text_start, text_end, texts, filled, safe)
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
        filled = copy(data, starts[line], ends[line], out, filled, safe)
        store_byte(out, filled, np.uint8(10))
        filled += 1
    return filled
