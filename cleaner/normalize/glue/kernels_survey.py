"""Compiled survey: the tokens of a text that may have lost a space.

The plain twin is `Surveyor` without a table.
"""

# mypy: disable-error-code="import-untyped,untyped-decorator"

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.normalize.glue.kernels import add, compiled, finish_token, number_of_hash
from cleaner.normalize.glue.kernels_sieve import taken_for
from cleaner.normalize.glue.kernels_words import words_of

U = np.uint64


@compiled
def survey(
    codes: Any,
    at: Any,
    spaces: Any,
    slots: Any,
    hashes: Any,
    kinds: Any,
    passed: Any,
    state: Any,
    starts: Any,
    ends: Any,
    numbers: Any,
    characters: Any,
    marks: Any,
    table: Any,
    traits: Any,
    places: Any,
    odds: Any,
    totals: Any,
) -> Any:
    """Write the tokens of ``codes[at:]`` whose kind is not among those `passed`; return how many.

    The kinds of tokens seen for the first time are found out. `state` (int64): tokens in the table;
    tokens met, added to; where to go on if there was no room; how many of those written are of no
    known kind. `places`, `odds` and `totals` are room to work in.
    """
    words = words_of(marks, table, traits)
    size = codes.shape[0]
    room = starts.shape[0]
    most = hashes.shape[0] - 1
    top = spaces.shape[0]
    found = 0
    met = 0
    fresh = 0
    while at < size:
        code = codes[at]
        if code < top and spaces[code]:
            at += 1
            continue
        if found >= room or state[0] >= most:
            break
        start = at
        value = U(0)
        while True:
            value = add(value, code)
            at += 1
            if at >= size:
                break
            code = codes[at]
            if code < top and spaces[code]:
                break
        number = number_of_hash(finish_token(value, at - start), slots, hashes, state)
        met += 1
        kind = kinds[number]
        if not kind:
            kind = np.uint8(taken_for(codes, start, at, characters, places, odds, totals, words))
            kinds[number] = kind
        if not kind & passed:
            fresh += not kind
            starts[found] = start
            ends[found] = at
            numbers[found] = number
            found += 1
    state[1] += met
    state[2] = at
    state[3] = fresh
    return found
