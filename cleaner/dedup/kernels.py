"""Compiled twin of the plain definitions in `hashing`: the scan of a batch of texts.

Every function works on arrays that its caller made, allocates nothing, raises nothing and holds no
lock of the interpreter, so that threads may run it side by side. Bytes are UTF-8 (lone surrogates
as three bytes); a place is an index into ``data``.
"""

# mypy: disable-error-code="assignment"

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.core.machine import load_byte, load_word
from cleaner.dedup.hashing import FIRST, LAST, SECOND, STEP
from cleaner.dedup.kernels_essence import (
    blank,
    cases_of,
    essence_of,
    flaws_of,
    is_clause_end,
    one_mark_more,
    take_marks,
    take_word,
)
from cleaner.dedup.kernels_words import (
    LONG,
    between,
    compiled,
    decode,
    inlined,
    mix_first,
    mix_second,
    plain_between,
    push,
    word,
)
from cleaner.dedup.words import WORD

U = np.uint64
_FIRST, _SECOND, _STEP, _LAST = U(FIRST), U(SECOND), U(STEP), U(LAST)


@inlined
def _finish_shingle(total: Any) -> Any:
    total ^= total >> U(32)
    return np.uint32((total * _LAST) >> U(32))


@compiled
def _single_shingles(
    data: Any,
    at: Any,
    end: Any,
    tables: Any,
    n: Any,
    power: Any,
    ring: Any,
    shingles: Any,
    filled: Any,
) -> Any:
    """Write the shingles of single characters: (characters, place after the last shingle)."""
    total = U(0)
    count = 0
    while at < end:
        code, at = decode(data, at, end)
        if not load_byte(tables[0], code) & WORD:
            continue
        parts = 1
        row = np.int64(-1)
        if code < tables[3]:
            if load_word(tables[1], code) & LONG:
                row = np.int64(load_word(tables[1], code) ^ LONG)
                parts = 2 + np.int64(load_word(tables[2], 3 * row + 2) != 0)
            else:
                code = np.int64(load_word(tables[1], code))
        for part in range(parts):
            if row >= 0:
                code = np.int64(load_word(tables[2], 3 * row + part))
            chunk, _, h, _ = push(code, U(0), 0, U(0), U(0))
            h = mix_first(h, chunk)
            slot = count % n
            total = total * _STEP + h
            if count >= n:
                total -= ring[slot] * power
            ring[slot] = h
            count += 1
            if count >= n:
                shingles[filled] = _finish_shingle(total)
                filled += 1
    if 0 < count < n:
        shingles[filled] = _finish_shingle(total)
        filled += 1
    return count, filled


@compiled
def scan(
    data_array: Any,
    starts: Any,
    ends: Any,
    units: Any,
    n: Any,
    classes: Any,
    folds: Any,
    long_folds: Any,
    ring: Any,
    ignore: Any,
    texts: Any,
    counts: Any,
    numbers: Any,
    essences: Any,
    cases: Any,
    flaws: Any,
    shingles: Any,
    places: Any,
) -> None:
    """Hash the texts of `units`; see `scanning.Signed` for what is written.

    Shapes: data (bytes,), starts and ends (n,), units (m,), ring (n,), texts (m, 2), counts (m,),
    numbers, essences, cases and flaws (m,), shingles (large enough,), places (m + 1,). With
    `ignore` the essence is without digits.
    """
    data = np.int64(data_array.ctypes.data)
    safe = np.int64(data_array.shape[0] - 8)
    tables = (
        np.int64(classes.ctypes.data),
        np.int64(folds.ctypes.data),
        np.int64(long_folds.ctypes.data),
        np.int64(folds.shape[0]),
    )
    power = U(1)
    for _ in range(n):
        power *= _STEP
    filled = np.int64(0)
    places[0] = 0
    for index in range(units.shape[0]):
        at = first = starts[units[index]]
        end = ends[units[index]]
        first_filled = filled
        a = _FIRST
        b = _SECOND
        mixed = total = U(0)
        words = np.int64(0)
        characters = spaceless = runs = np.int64(0)
        state = blank()
        slot = 0
        while at < end:
            size = 0
            chunk = U(0)
            before = at
            if words:
                size, chunk = plain_between(data, at, end, safe)
            if size:
                at += size
                counted = chunk != U(32)
                h = mix_first(U(0), chunk)
                g = mix_second(U(0), chunk)
            else:
                at, h, g, counted = between(data, at, end, words == 0, tables)
                counted |= words != 0 and at == before
            if is_clause_end(chunk):
                state = one_mark_more(state)
            elif at > before and chunk != U(32):
                state = take_marks(data, first, before, at, end, tables, ignore, state)
            if counted:
                a = (a ^ h) * _SECOND
                a ^= a >> U(32)
                b = (b + g) * _FIRST
                b ^= b >> U(29)
            if at >= end:
                break
            runs += words == 0 or at > before
            before = at
            at, h, g, mixed, seen, without = word(data, at, end, safe, tables, mixed)
            state = take_word(data, before, at, safe, tables, ignore, characters, state)
            characters += seen
            spaceless += without
            a = (a ^ h) * _SECOND
            a ^= a >> U(32)
            b = (b + g) * _FIRST
            b ^= b >> U(29)
            total = total * _STEP + h
            if words >= n:
                total -= ring[slot] * power
            ring[slot] = h
            slot = slot + 1 if slot + 1 < n else 0
            words += 1
            if words >= n:
                shingles[filled] = _finish_shingle(total)
                filled += 1
        if 0 < words < n:
            shingles[filled] = _finish_shingle(total)
            filled += 1
        if 2 * spaceless > characters:
            words, filled = _single_shingles(
                data,
                starts[units[index]],
                end,
                tables,
                n,
                power,
                ring,
                shingles,
                first_filled,
            )
            words //= 2
        cases[index] = cases_of(state)
        texts[index, 0] = a ^ cases[index]
        texts[index, 1] = b
        counts[index] = words
        numbers[index] = mixed
        essences[index] = essence_of(state)
        flaws[index] = flaws_of(state, runs, characters)
        places[index + 1] = filled
