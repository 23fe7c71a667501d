# mypy: ignore-errors
"""Which words of a text are common in which language."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.steps.lost_spaces.words.hashing import BASE, MASK

if not cython.compiled:
    from cleaner.steps.lost_spaces.reader.words.words_kernel import key_of, place_of, shift_of


@takes_arrays
def count_common(
    codes: cython.const[cython.uint][::1],
    spaces: cython.const[cython.uchar][::1],
    small: cython.const[cython.int][::1],
    entries: cython.const[cython.ulonglong][::1],
    starts: cython.const[cython.uint][::1],
    votes: cython.const[cython.longlong][:, ::1],
    counts: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Add up the `votes` (words, languages) of the words of a text; return how many words it has.

    The place that an entry tells is a row of `votes`. `small` gives for a code point that of
    its small form; `counts` (languages) is zero before.
    """
    place: cython.Py_ssize_t
    language: cython.Py_ssize_t
    row: cython.Py_ssize_t
    shift: cython.int = shift_of(starts)
    size: cython.Py_ssize_t = codes.shape[0]
    met: cython.Py_ssize_t = 0
    inside: cython.bint = False
    code: cython.uint
    value: cython.ulonglong = 0
    power: cython.ulonglong = 1
    with cython.nogil:
        for place in range(size + 1):
            code = codes[place] if place < size else 32
            if code >= spaces.shape[0] or not spaces[code]:
                if code < small.shape[0]:
                    code = small[code]
                value = value + power * code & MASK
                power = power * BASE & MASK
                inside = True
            elif inside:
                row = place_of(entries, starts, shift, key_of(value, 0))
                if row >= 0:
                    for language in range(counts.shape[0]):
                        counts[language] += votes[row, language]
                met += 1
                inside = False
                value = 0
                power = 1
    return met
