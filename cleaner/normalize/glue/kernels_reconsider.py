"""Compiled twin of `reconsider`: lost line ends asked about again, with the words of the text."""

# mypy: disable-error-code="import-untyped,untyped-decorator"

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.normalize.glue.kernel_terms import EDGE, MAX_TOKEN, START
from cleaner.normalize.glue.kernels import compiled, hash_of, slot_of
from cleaner.normalize.glue.kernels_seams import score
from cleaner.normalize.glue.kernels_words import describe, logp_of, words_of
from cleaner.normalize.glue.odds import LAST_RESORT, MARGIN, MIN_OWN_WORD, OWN_WORD, SURE

U = np.uint64
_SPACE, _NEWLINE = np.uint32(32), np.uint32(10)
_QUOTE, _CURLED, _S = np.uint32(ord("'")), np.uint32(ord("’")), np.uint32(ord("s"))


@compiled
def _is_gap(code: Any) -> Any:
    return code in (_SPACE, _NEWLINE)


@compiled
def _is_edge(code: Any, characters: Any) -> Any:
    return code < characters.shape[0] and characters[code, 0] & EDGE != 0


@compiled
def _hash_of_word(codes: Any, start: Any, end: Any, characters: Any) -> Any:
    """Return the hash of `seams.strip_clitic` of ``codes[start:end]``, or 0 for a short one."""
    while start < end and _is_edge(codes[start], characters):
        start += 1
    while start < end and _is_edge(codes[end - 1], characters):
        end -= 1
    if end - start >= 2 and codes[end - 1] == _S and codes[end - 2] == _CURLED:
        end -= 2
    if end - start >= 2 and codes[end - 1] == _S and codes[end - 2] == _QUOTE:
        end -= 2
    return hash_of(codes, start, end) | U(1) if end - start >= MIN_OWN_WORD else U(0)


@compiled
def reconsider(
    codes: Any,
    places: Any,
    odds: Any,
    own: Any,
    seam_places: Any,
    seam_odds: Any,
    left: Any,
    characters: Any,
    marks: Any,
    table: Any,
    traits: Any,
) -> Any:
    """Move the breaks at `places` like `reconsider.reconsidered`; return how many are `left`.

    Those are of tokens that Python must judge. `own` is a free table for the words of the text, at
    least half as long as `codes`; `seam_places` and `seam_odds` are room to work in.
    """
    words = words_of(marks, table, traits)
    size = codes.shape[0]
    start = START
    for place in range(size + 1):
        if place == size or _is_gap(codes[place]):
            value = _hash_of_word(codes, start, place, characters)
            if value:
                own[slot_of(value, own)] = value
            start = place + 1
    found = 0
    count = places.shape[0]
    for index in range(count):
        if odds[index] >= SURE:
            continue
        place = places[index]
        first = place
        while first > 0 and not _is_gap(codes[first - 1]) and place - first <= MAX_TOKEN:
            first -= 1
        last = place
        while last < size and not _is_gap(codes[last]) and last - first <= MAX_TOKEN:
            last += 1
        if last - first > MAX_TOKEN:
            continue
        if index and places[index - 1] > first:
            continue
        if index + 1 < count and places[index + 1] < last:
            continue
        if not describe(codes, first, last, characters, words):
            left[index] = 1
            found += 1
            continue
        best, best_odds, mine = START, -np.inf, odds[index]
        for seam in range(score(START, last - first, START, seam_places, seam_odds, words)):
            own_odds = seam_odds[seam]
            if own_odds <= LAST_RESORT:
                continue
            middle = np.int64(seam_places[seam])
            more = 0.0
            for part in range(2):
                one, other = (START, middle) if part == 0 else (middle, last - first)
                value = _hash_of_word(codes, first + one, first + other, characters)
                if value and own[slot_of(value, own)]:
                    more += max(0.0, OWN_WORD - logp_of(one, other, words))
            own_odds += more
            if own_odds > best_odds:
                best, best_odds = middle, own_odds
            if middle == place - first:
                mine = own_odds
        if best and best_odds >= mine + MARGIN:
            places[index] = first + best
            odds[index] = best_odds
    return found
