"""Lines counted and words hashed in one pass over code points, as compiled loops.

Every function works on arrays that its caller made, allocates nothing and raises nothing; all
sums are of integers, so every machine computes the same.
"""

# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from cleaner.normalize.boilerplate.charclass import (
    BRACKET,
    COMMA,
    DIGIT,
    END,
    LETTER,
    MONEY,
    MULTIPLIER,
    PUNCTUATION,
    SEPARATOR,
    SPACE,
    SYMBOL,
    UNSPACED,
    UPPER,
)
from cleaner.normalize.boilerplate.columns import (
    BRACKETS,
    CAPITALISED,
    CHARS,
    COMMAS,
    DIGITS,
    ENDS,
    FINAL,
    INITIAL,
    LETTERS,
    LINKS,
    MARKS,
    MONEYS,
    PUNCTUATIONS,
    SEPARATORS,
    SYMBOLS,
    TOKENS,
    UNSPACEDS,
    UPPERS,
    WORDS,
)

compiled = numba.njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
inlined = numba.njit(
    cache=True, nogil=True, error_model="numpy", boundscheck=False, forceinline=True
)
U = np.uint64
_M = U(MULTIPLIER)
_SPREAD = U(0x9FB21C651E98DF25)
_LINE_FEED = 10


@inlined
def _kind(bits: Any, code: Any) -> Any:
    """Return 0 other, 1 lower case, 2 upper case, 3 digit, 4 separator, 5 comma, 6 colon, 7 end."""
    if bits & END:
        return 7
    if code == 0x3A:
        return 6
    if bits & COMMA:
        return 5
    if bits & SEPARATOR:
        return 4
    if bits & DIGIT:
        return 3
    if bits & UPPER:
        return 2
    return 1 if bits & LETTER else 0


@compiled
def scan(
    codes: Any,
    class_of: Any,
    lower_of: Any,
    counts: Any,
    line_hashes: Any,
    word_ends: Any,
    words: Any,
) -> Any:
    """Count what each line has, and hash its words, itself and its shape.

    Every line ends in a line feed and holds more than white space. ``counts``: (lines, columns);
    ``line_hashes``: (2, lines), of the line in lower case and of its shape (the kinds of
    characters of its tokens, alike neighbours once); ``word_ends``: for each line the number of
    words up to its end; ``words``: a hash each. Returns the number of words.
    """
    top = len(class_of) - 1
    line, found, start = 0, 0, 0
    whole, whole_power = U(0), U(1)
    shape, token, last_token = U(0), U(0), U(0)
    word, word_power = U(0), U(1)
    in_word, was_space, last_kind = False, True, 0
    first_at, last_at, before_last = -1, 0, -1
    for at in range(len(codes)):
        code = codes[at]
        row = counts[line]
        if code == _LINE_FEED:
            if in_word:
                words[found] = word
                found += 1
            if token != last_token and token != U(0):
                shape = shape * _M + token
            row[CHARS] = at - start
            final = class_of[min(codes[last_at], top)]
            if final & BRACKET and before_last >= 0:
                last_at = before_last
                final = class_of[min(codes[last_at], top)]
            row[FINAL] = _kind(final, codes[last_at])
            row[INITIAL] = _kind(class_of[min(codes[first_at], top)], codes[first_at])
            line_hashes[0, line], line_hashes[1, line] = whole, shape
            word_ends[line] = found
            line, start = line + 1, at + 1
            whole, whole_power = U(0), U(1)
            shape, token, last_token = U(0), U(0), U(0)
            in_word, was_space, last_kind = False, True, 0
            first_at, last_at, before_last = -1, 0, -1
            continue
        bits = class_of[min(code, top)]
        lowered = U(lower_of[min(code, top)]) + U(1)
        whole += lowered * whole_power
        whole_power *= _M
        if bits & LETTER:
            if not in_word:
                in_word = True
                word, word_power = U(0), U(1)
                row[WORDS] += 1
                row[CAPITALISED] += (bits & UPPER) != 0
            word += lowered * word_power
            word_power *= _M
            row[LETTERS] += 1
            row[UPPERS] += (bits & UPPER) != 0
            row[UNSPACEDS] += (bits & UNSPACED) != 0
            kind = 2 if bits & UPPER else 1
        else:
            if in_word:
                words[found] = word
                found += 1
                in_word = False
            kind = 3 if bits & DIGIT else 8 + (code & 0xFFFF)
            row[DIGITS] += (bits & DIGIT) != 0
            row[PUNCTUATIONS] += (bits & PUNCTUATION) != 0
            row[ENDS] += (bits & END) != 0
            row[COMMAS] += (bits & COMMA) != 0
            row[SEPARATORS] += (bits & SEPARATOR) != 0
            row[SYMBOLS] += (bits & SYMBOL) != 0
            row[MONEYS] += (bits & MONEY) != 0
            row[BRACKETS] += (bits & BRACKET) != 0
            row[MARKS] += code == 0x40 or code == 0xA9 or code == 0x25  # noqa: PLR1714 - no tuples
            if code == 0x3A and at + 2 < len(codes):
                row[LINKS] += codes[at + 1] == 0x2F and codes[at + 2] == 0x2F
        if bits & SPACE:
            if not was_space:
                if token != last_token:
                    shape = shape * _M + token
                last_token, token = token, U(0)
            was_space, last_kind = True, 0
            continue
        if first_at < 0:
            first_at = at
        before_last = at - 1 if at > start else -1
        last_at = at
        row[TOKENS] += was_space
        was_space = False
        if kind != last_kind:
            token = token * _M + U(kind)
            last_kind = kind
    return found


@compiled
def number(hashes: Any, slots: Any, first: Any, numbers: Any) -> Any:
    """Give each hash the number of its first place among `hashes`; return how many there are.

    ``slots`` are a power of two, twice the hashes or more; ``first`` becomes for each number
    the place where it stood first.
    """
    size = 64
    while size < 2 * len(hashes):
        size *= 2
    slots[:size] = -1
    mask = U(size - 1)
    count = 0
    for at in range(len(hashes)):
        key = hashes[at]
        slot = ((key ^ (key >> U(32))) * _SPREAD >> U(20)) & mask
        while slots[slot] >= 0 and hashes[first[slots[slot]]] != key:
            slot = (slot + U(1)) & mask
        if slots[slot] < 0:
            slots[slot] = count
            first[count] = at
            count += 1
        numbers[at] = slots[slot]
    return count


@compiled
def look_up(keys: Any, hashes: Any, places: Any) -> None:
    """Write for each hash its place among the sorted `keys`, -1 where it is none of them."""
    for at in range(len(hashes)):
        low, high = 0, len(keys)
        while low < high:
            middle = (low + high) >> 1
            if keys[middle] < hashes[at]:
                low = middle + 1
            else:
                high = middle
        places[at] = low if low < len(keys) and keys[low] == hashes[at] else -1
