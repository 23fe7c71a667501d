"""The best path of lost line ends through one line at one width: the innermost of the wrap decode.

A token whose seams are not known is scored on the way.

Arrays are those of `kernels_wrap`.
"""

# mypy: disable-error-code="import-untyped,untyped-decorator"

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.normalize.glue.kernel_terms import (
    FILLED_SEAMS,
    FULL,
    MAX_TOKEN,
    MISSING,
    REACHED,
    START,
)
from cleaner.normalize.glue.kernels import compiled, hash_of, number_of
from cleaner.normalize.glue.kernels_seams import score
from cleaner.normalize.glue.kernels_words import describe
from cleaner.normalize.glue.widths import BEAM_ODDS, BEAM_STATES, GIVE_UP


@compiled
def _known(codes: Any, start: Any, end: Any, slots: Any, hashes: Any) -> Any:
    """Return the number of the token ``codes[start:end]``, or -1."""
    value = hash_of(codes, start, end)
    mask = slots.shape[0] - 1
    slot = np.int64(value) & mask
    while True:
        number = np.int64(slots[slot])
        if number < 0 or hashes[number] == value:
            return number
        slot = (slot + 1) & mask


@compiled
def _token_at(ends: Any, first: Any, after: Any, limit: Any) -> Any:
    """Return the token of a line that place `limit` is in or at the end of."""
    while first < after:
        middle = (first + after) >> 1
        if ends[middle] < limit:
            first = middle + 1
        else:
            after = middle
    return first


@compiled
def decode(
    codes: Any,
    place_of_line: Any,
    first: Any,
    after: Any,
    starts: Any,
    ends: Any,
    numbers: Any,
    width: Any,
    slots: Any,
    hashes: Any,
    seams_at: Any,
    seams_count: Any,
    seam_places: Any,
    seam_odds: Any,
    ints: Any,
    floats: Any,
    nodes: Any,
    gains: Any,
    told: Any,
) -> Any:
    """Find the best path through a line at `width`: 1 if there is one, else 0, MISSING or FULL.

    ``floats[2 * REACHED, 0]`` is its odds, ``told[0]`` the number of its breaks, ``told[1]`` its
    last node.
    With room in `nodes` (m, 2: node before, place) and `gains` (m), the path is kept there. Where a
    token is missing, ``told[2:4]`` is where it stands in `codes`. `ints` and
    `floats` (2 * REACHED + 1, 6) are room to work in.
    """
    end = ends[after - 1]
    floats[2 * REACHED, 0] = 0.0
    told[0] = 0
    told[1] = -1
    if end < width:
        return 1
    traced = nodes.shape[0] > 0
    filled = 0
    has_best = False
    best = 0.0
    # Columns: places, breaks, nodes of the states; places, states before, seams of those reached.
    states = 1
    ints[0, 0] = 0
    ints[0, 1] = 0
    ints[0, 2] = -1
    floats[0, 0] = 0.0
    while states:
        reached = 0
        top = -np.inf
        for state in range(states):
            start = ints[state, 0]
            odds = floats[state, 0]
            if end - start <= width:
                if not has_best or odds > best:
                    has_best = True
                    best = odds
                    told[0] = ints[state, 1]
                    told[1] = ints[state, 2]
                if end - start < width:
                    continue
            limit = start + width
            token = _token_at(ends, first, after, limit)
            token_start = starts[token]
            if token_start < start:
                token_start = start
                number = _known(
                    codes, place_of_line + start, place_of_line + ends[token], slots, hashes
                )
            else:
                number = np.int64(numbers[token])
            if number < 0 or seams_count[number] < 0:
                told[2] = place_of_line + token_start
                told[3] = place_of_line + ends[token]
                return MISSING
            seam = seams_at[number]
            for index in range(seam, seam + seams_count[number]):
                place = token_start + seam_places[index]
                total = odds + seam_odds[index]
                if place > limit:
                    break
                if total < top - BEAM_ODDS:
                    continue
                other = 0
                while other < reached and ints[other, 3] != place:
                    other += 1
                if other == reached:
                    reached += 1
                elif not total > floats[other, 1]:
                    continue
                ints[other, 3] = place
                ints[other, 4] = state
                ints[other, 5] = index
                floats[other, 1] = total
                top = max(top, total)
        if top < GIVE_UP:
            break
        # Prune: all within the beam in the order they were reached; the best where they are many.
        near = 0
        floor = top - BEAM_ODDS
        for other in range(reached):
            if reached == 1 or floats[other, 1] >= floor:
                near += 1
        if near > BEAM_STATES:
            kept = BEAM_STATES
            for chosen in range(kept):
                leader = -1
                for other in range(reached):
                    if ints[other, 3] < 0 or not floats[other, 1] >= floor:
                        continue
                    if (
                        leader < 0
                        or floats[other, 1] > floats[leader, 1]
                        or (
                            floats[other, 1] == floats[leader, 1]
                            and ints[other, 3] < ints[leader, 3]
                        )
                    ):
                        leader = other
                # Sorted to the end of the working rows, and marked as taken.
                ints[REACHED + chosen, 3] = ints[leader, 3]
                ints[REACHED + chosen, 4] = ints[leader, 4]
                ints[REACHED + chosen, 5] = ints[leader, 5]
                floats[REACHED + chosen, 1] = floats[leader, 1]
                ints[leader, 3] = -1
        else:
            kept = 0
            for other in range(reached):
                if reached == 1 or floats[other, 1] >= floor:
                    ints[REACHED + kept, 3] = ints[other, 3]
                    ints[REACHED + kept, 4] = ints[other, 4]
                    ints[REACHED + kept, 5] = ints[other, 5]
                    floats[REACHED + kept, 1] = floats[other, 1]
                    kept += 1
        for chosen in range(kept):
            row = REACHED + chosen
            before = ints[row, 4]
            ints[row, 1] = ints[before, 1] + 1
            ints[row, 2] = ints[before, 2]
        for chosen in range(kept):
            row = REACHED + chosen
            if traced:
                if filled >= nodes.shape[0]:
                    return FULL
                nodes[filled, 0] = ints[row, 2]
                nodes[filled, 1] = ints[row, 3]
                gains[filled] = seam_odds[ints[row, 5]]
                ints[chosen, 2] = filled
                filled += 1
            else:
                ints[chosen, 2] = -1
            ints[chosen, 0] = ints[row, 3]
            ints[chosen, 1] = ints[row, 1]
            floats[chosen, 0] = floats[row, 1]
        states = kept
    if not has_best or best < GIVE_UP:
        return 0
    floats[2 * REACHED, 0] = best
    return 1


@compiled
def score_missing(
    codes: Any,
    slots: Any,
    hashes: Any,
    state: Any,
    seams_at: Any,
    seams_count: Any,
    seam_places: Any,
    seam_odds: Any,
    characters: Any,
    words: Any,
    told: Any,
) -> Any:
    """Score the seams of the token at ``told[2:4]``; whether that could be done here."""
    start, end = told[2], told[3]
    filled = state[FILLED_SEAMS]
    if state[0] >= hashes.shape[0] - 1 or filled + MAX_TOKEN > seam_places.shape[0]:
        return False
    after = filled
    if end - start <= MAX_TOKEN:
        if not describe(codes, start, end, characters, words):
            return False
        after = score(START, end - start, filled, seam_places, seam_odds, words)
    number = number_of(codes, start, end, slots, hashes, state)
    seams_at[number] = filled
    seams_count[number] = after - filled
    state[FILLED_SEAMS] = after
    return True
