"""Compiled twins: hashes of raw bytes, claims of hashes, signatures and band keys."""

# Written for the compiler, as minima of two.
# ruff: noqa: PLW3301

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.core.machine import load_byte, load_chunk
from cleaner.dedup.hashing import FIRST, SECOND
from cleaner.dedup.kernels_words import compiled

U = np.uint64
W = np.uint32
_FIRST, _SECOND = U(FIRST), U(SECOND)
_MIX_ONE, _MIX_TWO = W(0x85EBCA6B), W(0xC2B2AE35)


@compiled
def raw_hashes(data_array: Any, starts: Any, ends: Any, salts: Any, hashes: Any) -> None:
    """Write the 128-bit hash of the bytes of every unit, its length and its salt: (n, 2)."""
    data = np.int64(data_array.ctypes.data)
    safe = np.int64(data_array.shape[0] - 8)
    for unit in range(starts.shape[0]):
        at = starts[unit]
        end = ends[unit]
        a = salts[unit]
        b = U(end - at)
        while at + 8 <= end:
            chunk = load_chunk(data, at)
            a = (a ^ chunk) * _FIRST
            a ^= a >> U(32)
            b = (b ^ chunk) * _SECOND
            b ^= b >> U(29)
            at += 8
        if at < end:
            if at <= safe:
                chunk = load_chunk(data, at) & ((U(1) << U(8 * (end - at))) - U(1))
            else:
                chunk = U(0)
                for place in range(end - at):
                    chunk |= U(load_byte(data, at + place)) << U(8 * place)
            a = (a ^ chunk) * _FIRST
            a ^= a >> U(32)
            b = (b ^ chunk) * _SECOND
            b ^= b >> U(29)
        a = (a ^ (a >> U(29))) * _SECOND
        hashes[unit, 0] = a ^ (a >> U(32))
        hashes[unit, 1] = b


@compiled
def claim(hashes: Any, known: Any, count: Any, most: Any, slots: Any, owners: Any) -> Any:
    """Give each hash the number of its first holder, a new number where it has none.

    From `most` on there are no new numbers, but -1.

    `known` (capacity, 2) holds the hashes by number and is filled on; `slots` (a power of two) is
    the table, -1 where free. Returns the new count.
    """
    mask = slots.shape[0] - 1
    for index in range(hashes.shape[0]):
        a = hashes[index, 0]
        b = hashes[index, 1]
        slot = np.int64(a & U(mask))
        while True:
            owner = slots[slot]
            if owner < 0:
                if count >= most:
                    owners[index] = -1
                    break
                slots[slot] = count
                known[count, 0] = a
                known[count, 1] = b
                owners[index] = count
                count += 1
                break
            if known[owner, 0] == a and known[owner, 1] == b:
                owners[index] = owner
                break
            slot = (slot + 1) & mask
    return count


@compiled
def rebuild(known: Any, count: Any, slots: Any) -> None:
    """Enter the first `count` hashes of `known` into an empty table."""
    mask = slots.shape[0] - 1
    for number in range(count):
        slot = np.int64(known[number, 0] & U(mask))
        while slots[slot] >= 0:
            slot = (slot + 1) & mask
        slots[slot] = number


@compiled
def _mix32(h: Any) -> Any:
    h = W(h ^ (h >> W(16)))
    h = W(h * _MIX_ONE)
    h = W(h ^ (h >> W(13)))
    h = W(h * _MIX_TWO)
    return W(h ^ (h >> W(16)))


@compiled
def sign_one(shingles: Any, start: Any, end: Any, factors: Any, terms: Any, least: Any) -> None:
    """Write the signature of the shingles at places [start, end) into `least`."""
    count = factors.shape[0]
    for k in range(count):
        least[k] = W(0xFFFFFFFF)
    at = start
    while at + 4 <= end:
        h0 = _mix32(shingles[at])
        h1 = _mix32(shingles[at + 1])
        h2 = _mix32(shingles[at + 2])
        h3 = _mix32(shingles[at + 3])
        for k in range(count):
            a = factors[k]
            b = terms[k]
            low = min(W(a * h0 + b), W(a * h1 + b))
            high = min(W(a * h2 + b), W(a * h3 + b))
            least[k] = min(least[k], min(low, high))
        at += 4
    while at < end:
        h0 = _mix32(shingles[at])
        for k in range(count):
            least[k] = min(least[k], W(factors[k] * h0 + terms[k]))
        at += 1


@compiled
def sign_all(
    shingles: Any, places: Any, rows_of: Any, factors: Any, terms: Any, signatures: Any
) -> None:
    """Write the signature of each of `rows_of`: (m, permutations)."""
    for index in range(rows_of.shape[0]):
        row = rows_of[index]
        sign_one(shingles, places[row], places[row + 1], factors, terms, signatures[index])


@compiled
def sign_bands(
    shingles: Any,
    places: Any,
    rows_of: Any,
    salts: Any,
    factors: Any,
    terms: Any,
    rows: Any,
    least: Any,
    keys: Any,
) -> None:
    """Write the band keys of each of `rows_of` without keeping its signature: (bands, m)."""
    for index in range(rows_of.shape[0]):
        row = rows_of[index]
        sign_one(shingles, places[row], places[row + 1], factors, terms, least)
        for band in range(keys.shape[0]):
            mixed = salts[row]
            for k in range(band * rows, (band + 1) * rows):
                mixed = (mixed ^ U(least[k])) * _FIRST
                mixed ^= mixed >> U(32)
            keys[band, index] = W(mixed & U(0xFFFFFFFF))
