"""The compiled twin of `pieces.write_plain`."""

# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from cleaner.core.machine import load_byte, load_chunk, store_byte, store_chunk

compiled = numba.njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
I = np.int64  # noqa: E741 - the kind of every address and count here


@compiled
def _copy(source: Any, at: Any, size: Any, safe: Any, target: Any, filled: Any) -> Any:
    """Copy bytes; may write up to seven bytes past them, and reads none past ``safe + 8``."""
    end = at + size
    while at < end and at <= safe:
        store_chunk(target, filled, load_chunk(source, at))
        step = min(I(8), end - at)
        at += step
        filled += step
    while at < end:
        store_byte(target, filled, load_byte(source, at))
        at += 1
        filled += 1
    return filled


@compiled
def _number(value: Any, least_digits: Any, target: Any, filled: Any) -> Any:
    digits = I(1)
    rest = value
    while rest >= 10:
        rest //= 10
        digits += 1
    digits = max(digits, least_digits)
    at = filled + digits - 1
    while at >= filled:
        store_byte(target, at, np.uint8(48 + value % 10))
        value //= 10
        at -= 1
    return filled + digits


@compiled
def write_records(
    data_array: Any,
    sizes: Any,
    kinds: Any,
    first: Any,
    codes: Any,
    survivors: Any,
    lines: Any,
    millionths: Any,
    phrase_array: Any,
    phrases: Any,
    name_array: Any,
    names: Any,
    extra_output_array: Any,
    extra_outputs: Any,
    extra_line_array: Any,
    extra_lines: Any,
    output_array: Any,
    journal_array: Any,
    filled: Any,
) -> None:
    """Write output and journal of the records of a piece; see `pieces.write_plain`.

    `filled` (2,) tells how many bytes of each were written.
    """
    data = I(data_array.ctypes.data)
    phrase = I(phrase_array.ctypes.data)
    name = I(name_array.ctypes.data)
    output = I(output_array.ctypes.data)
    journal = I(journal_array.ctypes.data)
    extra_output = I(extra_output_array.ctypes.data)
    extra_line = I(extra_line_array.ctypes.data)
    safe = I(data_array.shape[0] - 8)
    phrase_safe = I(phrase_array.shape[0] - 8)
    name_safe = I(name_array.shape[0] - 8)
    extra_output_safe = I(extra_output_array.shape[0] - 8)
    extra_line_safe = I(extra_line_array.shape[0] - 8)
    out = I(0)
    log = I(0)
    at = I(0)
    removed = I(0)
    extra = I(0)
    index = I(0)
    count = I(sizes.shape[0])
    while index < count:
        kind = kinds[index]
        if kind == 0:
            begun = at
            run = index
            while index < count and kinds[index] == 0:
                at += sizes[index]
                index += 1
            out = _copy(data, begun, at - begun, safe, output, out)
            log = _copy(phrase, phrases[0], phrases[1] - phrases[0], phrase_safe, journal, log)
            log = _number(index - run, I(1), journal, log)
            log = _copy(phrase, phrases[1], phrases[2] - phrases[1], phrase_safe, journal, log)
            continue
        size = sizes[index]
        if kind == 1:
            log = _copy(phrase, phrases[2], phrases[3] - phrases[2], phrase_safe, journal, log)
            log = _number(first + index, I(1), journal, log)
            log = _copy(phrase, phrases[3], phrases[4] - phrases[3], phrase_safe, journal, log)
            log = _number(codes[removed], I(3), journal, log)
            log = _copy(phrase, phrases[4], phrases[5] - phrases[4], phrase_safe, journal, log)
            own = survivors[removed]
            log = _copy(name, names[own], names[own + 1] - names[own], name_safe, journal, log)
            log = _copy(phrase, phrases[5], phrases[6] - phrases[5], phrase_safe, journal, log)
            log = _number(lines[removed], I(1), journal, log)
            log = _copy(phrase, phrases[6], phrases[7] - phrases[6], phrase_safe, journal, log)
            log = _number(millionths[removed] // 1000000, I(1), journal, log)
            store_byte(journal, log, np.uint8(46))
            log = _number(millionths[removed] % 1000000, I(6), journal, log + 1)
            log = _copy(phrase, phrases[7], phrases[8] - phrases[7], phrase_safe, journal, log)
            whole = size
            if load_byte(data, at + size - 1) == 10:
                whole = size - 1
            log = _copy(data, at, whole, safe, journal, log)
            log = _copy(phrase, phrases[8], phrases[9] - phrases[8], phrase_safe, journal, log)
            removed += 1
        else:
            begun = extra_outputs[extra]
            long = extra_outputs[extra + 1] - begun
            out = _copy(extra_output, begun, long, extra_output_safe, output, out)
            begun = extra_lines[extra]
            long = extra_lines[extra + 1] - begun
            log = _copy(extra_line, begun, long, extra_line_safe, journal, log)
            extra += 1
        at += size
        index += 1
    filled[0] = out
    filled[1] = log
