"""The compiled scan for words: fold the text once, then look at every four characters of it."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

U = np.uint64
_MIX = U(0x9E3779B97F4A7C15)
_SIX = U(0xFFFFFFFFFFFF)
_FOUR = U(0xFFFFFFFF)
_TWO = U(0xFFFF)
_ONE = U(1)
_DOTTED_I, _DOT_ABOVE, _SMALL_I = U(0x130), U(0x307), np.uint16(0x69)
_SPACE, _LINE_FEED = np.uint16(32), np.uint16(10)

compiled = numba.njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
inlined = numba.njit(
    cache=True, nogil=True, error_model="numpy", boundscheck=False, forceinline=True
)


@compiled
def fold_text(data: Any, table: Any, folded: Any, starts: Any, sizes: Any) -> None:
    """Write the folded text of UTF-8 `data`, and where its lines begin in it.

    `folded` has two places for each character and two more; `sizes` gets the length of the folded
    text and the number of lines.
    """
    size = U(len(data))
    at, out, begin, lines = U(0), U(0), U(0), U(1)
    starts[0] = 0
    last = np.uint16(0)
    while at < size:
        code = U(data[at])
        if code < U(0x80):
            at += _ONE
        elif code < U(0xE0):
            code = ((code & U(0x1F)) << U(6)) | (U(data[at + _ONE]) & U(0x3F))
            at += U(2)
            if code == _DOTTED_I:
                folded[out] = _SMALL_I
                out += _ONE
                code = _DOT_ABOVE
        elif code < U(0xF0):
            code = (
                ((code & U(0x0F)) << U(12))
                | ((U(data[at + _ONE]) & U(0x3F)) << U(6))
                | (U(data[at + U(2)]) & U(0x3F))
            )
            at += U(3)
        else:
            code = U(0xFFFF)
            at += U(4)
        seen = table[code]
        if seen == _LINE_FEED:
            if last == _SPACE and out > begin:
                out -= _ONE
            folded[out] = _SPACE
            out += _ONE
            begin = out
            starts[lines] = out
            lines += _ONE
            last = _SPACE
        else:
            folded[out] = seen
            out += U((seen != _SPACE) | (last != _SPACE))
            last = seen
    sizes[0] = out
    sizes[1] = lines


@inlined
def _slot_of(key: Any, keys: Any) -> Any:
    """Return the slot of a key, or -1; empty slots hold 0, which is no key."""
    mask = U(len(keys) - 1)
    slot = ((key * _MIX) >> U(40)) & mask
    while keys[slot] != 0:
        if keys[slot] == key:
            return np.int64(slot)
        slot = (slot + _ONE) & mask
    return np.int64(-1)


@compiled
def find_words(
    folded: Any,
    size: Any,
    bits: Any,
    keys: Any,
    slots: Any,
    users: Any,
    backs: Any,
    word_starts: Any,
    codes: Any,
    places: Any,
) -> Any:
    """Write word and place of what is found to `places` while it has room; return how many.

    `bits` are three filters: 2**18 bits for windows of six characters, 2**16 each for four and two.
    """
    room = len(places) // 2
    found = np.int64(0)
    window = U(0)
    for place in range(U(size)):
        code = U(folded[place])
        window = (window << U(8)) | ((code ^ (code >> U(8))) & U(255))
        six = ((window & _SIX) * _MIX) >> U(46)
        four = ((window & _FOUR) * _MIX) >> U(48)
        two = window & _TWO
        sixth = (bits[six >> U(6)] >> (six & U(63))) & _ONE
        fourth = (bits[(four >> U(6)) + U(4096)] >> (four & U(63))) & _ONE
        second = (bits[(two >> U(6)) + U(5120)] >> (two & U(63))) & _ONE
        if (sixth | fourth | second) == 0:
            continue
        for kind in range(3):
            if kind == 0:
                if sixth == 0:
                    continue
                key = window & _SIX
            elif kind == 1:
                if fourth == 0:
                    continue
                key = window & _FOUR
            else:
                if second == 0:
                    continue
                key = two
            slot = _slot_of(key, keys)
            if slot < 0:
                continue
            for user in range(slots[slot], slots[slot + 1]):
                word = np.int64(users[user])
                first = word_starts[word]
                length = np.int64(word_starts[word + 1] - first)
                begin = np.int64(place) - np.int64(backs[user])
                if begin < 0 or begin + length > size:
                    continue
                same = True
                for step in range(length):
                    if folded[begin + step] != codes[first + step]:
                        same = False
                        break
                if same:
                    if found < room:
                        places[2 * found] = word
                        places[2 * found + 1] = begin
                    found += 1
    return found
