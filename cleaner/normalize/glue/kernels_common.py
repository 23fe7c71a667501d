"""Compiled twin of `common`: how many words of a text are common in each language."""

# mypy: disable-error-code="import-untyped,untyped-decorator"

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.normalize.glue.kernels import add, compiled, finish_token, hash_of, slot_of

U = np.uint64


@compiled
def enter_common(codes: Any, ends: Any, keys: Any, rows: Any) -> None:
    """Enter words, one after the other in `codes`, into a free table: the hash, then the number."""
    start = 0
    for word in range(ends.shape[0]):
        value = hash_of(codes, start, ends[word]) | U(1)
        slot = slot_of(value, keys)
        keys[slot] = value
        rows[slot] = word
        start = ends[word]


@compiled
def count_common(
    codes: Any, spaces: Any, small: Any, keys: Any, rows: Any, votes: Any, counts: Any
) -> Any:
    """Add up the `votes` (words, languages) of the words of a text; return how many words it has.

    `small` gives for a code point that of its small form, `counts` (languages) is zero before.
    """
    size = codes.shape[0]
    met = 0
    length = 0
    value = U(0)
    for place in range(size + 1):
        code = codes[place] if place < size else np.uint32(32)
        if code >= spaces.shape[0] or not spaces[code]:
            if code < small.shape[0]:
                code = np.uint32(small[code])
            value = add(value, code)
            length += 1
        elif length:
            value = finish_token(value, length) | U(1)
            slot = slot_of(value, keys)
            if keys[slot]:
                row = rows[slot]
                for language in range(counts.shape[0]):
                    counts[language] += votes[row, language]
            met += 1
            length = 0
            value = U(0)
    return met
