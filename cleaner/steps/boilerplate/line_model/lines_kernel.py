# mypy: ignore-errors
"""Lines counted, and their words hashed, in one pass over code points; all sums are integers."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.steps.boilerplate.line_model.charclass import (
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
from cleaner.steps.boilerplate.line_model.columns import (
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

MASK = 2**64 - 1


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def kind_of(bits: cython.int, code: cython.uint) -> cython.int:
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


@takes_arrays
def count_lines(
    codes: cython.const[cython.uint][::1],
    class_of: cython.const[cython.ushort][::1],
    lower_of: cython.const[cython.uint][::1],
    counts: cython.longlong[:, ::1],
    line_hashes: cython.ulonglong[:, ::1],
    word_ends: cython.longlong[::1],
    words: cython.ulonglong[::1],
) -> cython.Py_ssize_t:
    """Count what each line has, and hash its words, itself and its shape.

    Every line ends in a line feed and holds more than white space. ``counts``: (lines, columns);
    ``line_hashes``: (2, lines), of the line in lower case and of its shape (the kinds of
    characters of its tokens, alike neighbours once); ``word_ends``: for each line the number of
    words up to its end; ``words``: a hash each. Returns the number of words.
    """
    top: cython.uint = class_of.shape[0] - 1
    size: cython.Py_ssize_t = codes.shape[0]
    line: cython.Py_ssize_t = 0
    found: cython.Py_ssize_t = 0
    start: cython.Py_ssize_t = 0
    at: cython.Py_ssize_t
    first_at: cython.Py_ssize_t = -1
    last_at: cython.Py_ssize_t = 0
    before_last: cython.Py_ssize_t = -1
    code: cython.uint
    bits: cython.int
    final: cython.int
    kind: cython.uint
    last_kind: cython.uint = 0
    lowered: cython.ulonglong
    whole: cython.ulonglong = 0
    whole_power: cython.ulonglong = 1
    shape: cython.ulonglong = 0
    token: cython.ulonglong = 0
    last_token: cython.ulonglong = 0
    word: cython.ulonglong = 0
    word_power: cython.ulonglong = 1
    in_word: cython.bint = False
    was_space: cython.bint = True
    with cython.nogil:
        for at in range(size):
            code = codes[at]
            if code == 10:
                if in_word:
                    words[found] = word
                    found += 1
                if token not in (last_token, 0):
                    shape = shape * MULTIPLIER + token & MASK
                counts[line, CHARS] = at - start
                final = class_of[min(codes[last_at], top)]
                if final & BRACKET and before_last >= 0:
                    last_at = before_last
                    final = class_of[min(codes[last_at], top)]
                counts[line, FINAL] = kind_of(final, codes[last_at])
                counts[line, INITIAL] = kind_of(
                    class_of[min(codes[first_at], top)], codes[first_at]
                )
                line_hashes[0, line] = whole
                line_hashes[1, line] = shape
                word_ends[line] = found
                line += 1
                start = at + 1
                whole = shape = token = last_token = 0
                whole_power = 1
                in_word = False
                was_space = True
                last_kind = 0
                first_at = -1
                last_at = 0
                before_last = -1
                continue
            bits = class_of[min(code, top)]
            lowered = lower_of[min(code, top)]
            lowered += 1
            whole = whole + (lowered * whole_power & MASK) & MASK
            whole_power = whole_power * MULTIPLIER & MASK
            if bits & LETTER:
                if not in_word:
                    in_word = True
                    word = 0
                    word_power = 1
                    counts[line, WORDS] += 1
                    counts[line, CAPITALISED] += (bits & UPPER) != 0
                word = word + (lowered * word_power & MASK) & MASK
                word_power = word_power * MULTIPLIER & MASK
                counts[line, LETTERS] += 1
                counts[line, UPPERS] += (bits & UPPER) != 0
                counts[line, UNSPACEDS] += (bits & UNSPACED) != 0
                kind = 2 if bits & UPPER else 1
            else:
                if in_word:
                    words[found] = word
                    found += 1
                    in_word = False
                kind = 3 if bits & DIGIT else 8 + (code & 0xFFFF)
                counts[line, DIGITS] += (bits & DIGIT) != 0
                counts[line, PUNCTUATIONS] += (bits & PUNCTUATION) != 0
                counts[line, ENDS] += (bits & END) != 0
                counts[line, COMMAS] += (bits & COMMA) != 0
                counts[line, SEPARATORS] += (bits & SEPARATOR) != 0
                counts[line, SYMBOLS] += (bits & SYMBOL) != 0
                counts[line, MONEYS] += (bits & MONEY) != 0
                counts[line, BRACKETS] += (bits & BRACKET) != 0
                counts[line, MARKS] += code in (0x40, 0xA9, 0x25)
                if code == 0x3A and at + 2 < size:
                    counts[line, LINKS] += codes[at + 1] == 0x2F and codes[at + 2] == 0x2F
            if bits & SPACE:
                if not was_space:
                    if token != last_token:
                        shape = shape * MULTIPLIER + token & MASK
                    last_token = token
                    token = 0
                was_space = True
                last_kind = 0
                continue
            if first_at < 0:
                first_at = at
            before_last = at - 1 if at > start else -1
            last_at = at
            counts[line, TOKENS] += was_space
            was_space = False
            if kind != last_kind:
                token = token * MULTIPLIER + kind & MASK
                last_kind = kind
    return found
