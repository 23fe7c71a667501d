# mypy: ignore-errors
"""Hashes of raw bytes, a table that numbers hashes, signatures and band keys."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.dedup.signing import hashing

MASK = cython.declare(cython.ulonglong, hashing.MASK)
FIRST = cython.declare(cython.ulonglong, hashing.FIRST)
SECOND = cython.declare(cython.ulonglong, hashing.SECOND)
MASK32 = cython.declare(cython.uint, 0xFFFFFFFF)
# The finishing constants of MurmurHash3, which datasketch's affine32 scheme mixes by.
MIX_ONE = cython.declare(cython.uint, 0x85EBCA6B)
MIX_TWO = cython.declare(cython.uint, 0xC2B2AE35)


@takes_arrays
def raw_hashes(
    data: cython.const[cython.uchar][::1],
    starts: cython.const[cython.longlong][::1],
    ends: cython.const[cython.longlong][::1],
    salts: cython.const[cython.ulonglong][::1],
    hashes: cython.ulonglong[:, ::1],
) -> None:
    """Write the 128-bit hash of the bytes of every unit, its length and its salt: (n, 2)."""
    unit: cython.Py_ssize_t
    at: cython.Py_ssize_t
    end: cython.Py_ssize_t
    place: cython.int
    size: cython.int
    chunk: cython.ulonglong
    a: cython.ulonglong
    b: cython.ulonglong
    with cython.nogil:
        for unit in range(starts.shape[0]):
            at = starts[unit]
            end = ends[unit]
            a = salts[unit]
            b = end - at
            while at < end:
                if at + 8 <= end:
                    chunk = (
                        cython.cast(cython.ulonglong, data[at])
                        | cython.cast(cython.ulonglong, data[at + 1]) << 8
                        | cython.cast(cython.ulonglong, data[at + 2]) << 16
                        | cython.cast(cython.ulonglong, data[at + 3]) << 24
                        | cython.cast(cython.ulonglong, data[at + 4]) << 32
                        | cython.cast(cython.ulonglong, data[at + 5]) << 40
                        | cython.cast(cython.ulonglong, data[at + 6]) << 48
                        | cython.cast(cython.ulonglong, data[at + 7]) << 56
                    )
                else:
                    chunk = 0
                    size = end - at
                    for place in range(size):
                        chunk |= cython.cast(cython.ulonglong, data[at + place]) << (8 * place)
                a = (a ^ chunk) * FIRST & MASK
                a ^= a >> 32
                b = (b ^ chunk) * SECOND & MASK
                b ^= b >> 29
                at += 8
            a = (a ^ (a >> 29)) * SECOND & MASK
            hashes[unit, 0] = a ^ (a >> 32)
            hashes[unit, 1] = b


@takes_arrays
def intern(
    hashes: cython.const[cython.ulonglong][:, ::1],
    known: cython.ulonglong[:, ::1],
    count: cython.Py_ssize_t,
    most: cython.Py_ssize_t,
    slots: cython.int[::1],
    owners: cython.int[::1],
) -> cython.Py_ssize_t:
    """Give each hash the number of its first holder, a new number where it has none.

    From `most` on there are no new numbers, but -1. `known` (capacity, 2) holds the hashes by
    number and is filled on; `slots` (a power of two) is the table, -1 where free. Returns the new
    count.
    """
    index: cython.Py_ssize_t
    slot: cython.Py_ssize_t
    owner: cython.int
    mask: cython.Py_ssize_t = slots.shape[0] - 1
    a: cython.ulonglong
    b: cython.ulonglong
    with cython.nogil:
        for index in range(hashes.shape[0]):
            a = hashes[index, 0]
            b = hashes[index, 1]
            slot = a & cython.cast(cython.ulonglong, mask)
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


@takes_arrays
def rebuild(
    known: cython.const[cython.ulonglong][:, ::1], count: cython.Py_ssize_t, slots: cython.int[::1]
) -> None:
    """Enter the first `count` hashes of `known` into an empty table."""
    number: cython.Py_ssize_t
    slot: cython.Py_ssize_t
    mask: cython.Py_ssize_t = slots.shape[0] - 1
    with cython.nogil:
        for number in range(count):
            slot = known[number, 0] & cython.cast(cython.ulonglong, mask)
            while slots[slot] >= 0:
                slot = (slot + 1) & mask
            slots[slot] = number


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def mix32(h: cython.uint) -> cython.uint:
    h = (h ^ (h >> 16)) * MIX_ONE & MASK32
    h = (h ^ (h >> 13)) * MIX_TWO & MASK32
    return h ^ (h >> 16)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def lesser(one: cython.uint, two: cython.uint) -> cython.uint:
    return one if one < two else two


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def sign_one(
    shingles: cython.const[cython.uint][::1],
    start: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    factors: cython.const[cython.uint][::1],
    addends: cython.const[cython.uint][::1],
    least: cython.uint[::1],
    first: cython.Py_ssize_t,
) -> cython.void:
    """Write the signature of the shingles at places [start, end) into `least` from `first` on."""
    count: cython.Py_ssize_t = factors.shape[0]
    at: cython.Py_ssize_t = start
    k: cython.Py_ssize_t
    one: cython.uint
    two: cython.uint
    three: cython.uint
    four: cython.uint
    a: cython.uint
    b: cython.uint
    low: cython.uint
    for k in range(count):
        least[first + k] = 0xFFFFFFFF
    # Four shingles at a time, so that a value of `least` is loaded once for all of them.
    while at + 4 <= end:
        one = mix32(shingles[at])
        two = mix32(shingles[at + 1])
        three = mix32(shingles[at + 2])
        four = mix32(shingles[at + 3])
        for k in range(count):
            a = factors[k]
            b = addends[k]
            low = lesser(least[first + k], a * one + b & MASK32)
            low = lesser(low, a * two + b & MASK32)
            low = lesser(low, a * three + b & MASK32)
            least[first + k] = lesser(low, a * four + b & MASK32)
        at += 4
    while at < end:
        one = mix32(shingles[at])
        for k in range(count):
            least[first + k] = lesser(least[first + k], factors[k] * one + addends[k] & MASK32)
        at += 1


@takes_arrays
def sign_all(
    shingles: cython.const[cython.uint][::1],
    places: cython.const[cython.longlong][::1],
    rows_of: cython.const[cython.longlong][::1],
    factors: cython.const[cython.uint][::1],
    addends: cython.const[cython.uint][::1],
    signatures: cython.uint[::1],
) -> None:
    """Write the signature of each of `rows_of`, one after the other: (m * permutations,)."""
    index: cython.Py_ssize_t
    row: cython.Py_ssize_t
    with cython.nogil:
        for index in range(rows_of.shape[0]):
            row = rows_of[index]
            sign_one(
                shingles,
                places[row],
                places[row + 1],
                factors,
                addends,
                signatures,
                index * factors.shape[0],
            )


@takes_arrays
def sign_bands(
    shingles: cython.const[cython.uint][::1],
    places: cython.const[cython.longlong][::1],
    rows_of: cython.const[cython.longlong][::1],
    salts: cython.const[cython.ulonglong][::1],
    factors: cython.const[cython.uint][::1],
    addends: cython.const[cython.uint][::1],
    rows: cython.Py_ssize_t,
    least: cython.uint[::1],
    keys: cython.uint[:, ::1],
) -> None:
    """Write the band keys of each of `rows_of` without keeping its signature: (bands, m)."""
    index: cython.Py_ssize_t
    row: cython.Py_ssize_t
    band: cython.Py_ssize_t
    k: cython.Py_ssize_t
    mixed: cython.ulonglong
    with cython.nogil:
        for index in range(rows_of.shape[0]):
            row = rows_of[index]
            sign_one(shingles, places[row], places[row + 1], factors, addends, least, 0)
            for band in range(keys.shape[0]):
                mixed = salts[row]
                for k in range(band * rows, (band + 1) * rows):
                    mixed = (mixed ^ least[k]) * FIRST & MASK
                    mixed ^= mixed >> 32
                keys[band, index] = mixed & MASK32
