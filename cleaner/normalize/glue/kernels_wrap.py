"""Compiled twin of `widths.choose_plainly`: the width of each line of a stretch, and its breaks.

Arrays of a stretch of ``n`` lines: `firsts` (n + 1), `starts`, `ends`, `numbers` as
`kernels.lay_lines` wrote them; `places` (n) where each line starts in `codes`; `seams_at`,
`seams_count` by token number (a count of -1: not scored yet), `seam_places`, `seam_odds`.
`odds`, `counts`, `tried` (n, widths) are what each width makes of each line.
"""

# mypy: disable-error-code="import-untyped,untyped-decorator"

from __future__ import annotations

from typing import Any

from cleaner.normalize.glue.kernel_terms import (
    FAILED,
    FILLED,
    MISSING,
    NOWHERE,
    REACHED,
    SCANNED,
    UNTRIED,
)
from cleaner.normalize.glue.kernels import compiled
from cleaner.normalize.glue.kernels_decode import decode, score_missing
from cleaner.normalize.glue.kernels_words import words_of
from cleaner.normalize.glue.widths import (
    CLEAR_BREAKS,
    CLEAR_ODDS,
    CONVINCING_ODDS,
    CONVINCING_ODDS_PER_BREAK,
    LEAD,
    LEAVE_WIDTH,
    MAX_SCANNED,
    MAX_WIDTHS_NEAR,
    MIN_SHARE,
    MIN_VOTE,
    NEAR,
    NO_PATH,
    SWITCH_WIDTH,
    WIDTHS,
)

_FIRST = WIDTHS[0]
_LAST = WIDTHS[-1]
_COUNT = len(WIDTHS)


@compiled
def _convinces(line: Any, column: Any, odds: Any, counts: Any, tried: Any) -> Any:
    return (
        column >= 0
        and tried[line, column] == SCANNED
        and odds[line, column] > CONVINCING_ODDS
        and odds[line, column] > CONVINCING_ODDS_PER_BREAK * counts[line, column]
    )


@compiled
def _is_clear(line: Any, column: Any, odds: Any, counts: Any, tried: Any) -> Any:
    return (
        (tried[line, column] == SCANNED or tried[line, column] == FILLED)
        and counts[line, column] >= CLEAR_BREAKS
        and odds[line, column] > CLEAR_ODDS * counts[line, column]
    )


@compiled
def _decode_scoring(
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
    state: Any,
    seams_at: Any,
    seams_count: Any,
    seam_places: Any,
    seam_odds: Any,
    ints: Any,
    floats: Any,
    votes: Any,
    told: Any,
    characters: Any,
    words: Any,
) -> Any:
    """Decode a line at a width, and score the tokens met whose seams are not known."""
    while True:
        found = decode(
            codes, place_of_line, first, after, starts, ends, numbers, width, slots, hashes,
            seams_at, seams_count, seam_places, seam_odds, ints, floats, ints[:0], votes[:0],
            told,
        )  # fmt: skip
        if found != MISSING or not score_missing(
            codes, slots, hashes, state, seams_at, seams_count, seam_places, seam_odds,
            characters, words, told,
        ):  # fmt: skip
            return found


@compiled
def try_widths(
    codes: Any,
    places: Any,
    firsts: Any,
    starts: Any,
    ends: Any,
    numbers: Any,
    suspicious: Any,
    slots: Any,
    hashes: Any,
    state: Any,
    seams_at: Any,
    seams_count: Any,
    seam_places: Any,
    seam_odds: Any,
    odds: Any,
    counts: Any,
    tried: Any,
    ints: Any,
    floats: Any,
    votes: Any,
    characters: Any,
    marks: Any,
    table: Any,
    traits: Any,
    told: Any,
) -> Any:
    """Fill `odds`, `counts` and `tried` for the widths worth trying; 1, or MISSING.

    Called again once the missing token is scored, it goes by what it has tried. `votes` (widths)
    is room to work in.
    """
    words = words_of(marks, table, traits)
    lines = places.shape[0]
    one, two = NOWHERE, NOWHERE
    for begin in range(0, lines, NEAR):
        block_end = min(begin + NEAR, lines)
        before = NOWHERE
        for _ in range(MAX_SCANNED):
            # The next by most suspicious tokens, then by line.
            line = NOWHERE
            for other in range(begin, block_end):
                length = ends[firsts[other + 1] - 1]
                if length <= _FIRST or suspicious[other] < max(1.0, MIN_SHARE * (length // _LAST)):
                    continue
                if before >= 0 and (
                    suspicious[other] > suspicious[before]
                    or (suspicious[other] == suspicious[before] and other <= before)
                ):
                    continue
                if line < 0 or suspicious[other] > suspicious[line]:
                    line = other
            if line < 0:
                break
            before = line
            for step in range(_COUNT + 2):
                if step == 0:
                    column = one
                elif step == 1:
                    column = two
                else:
                    if step == 2 and (
                        _convinces(line, one, odds, counts, tried)
                        or _convinces(line, two, odds, counts, tried)
                    ):
                        break
                    column = step - 2
                if column < 0 or tried[line, column] != UNTRIED:
                    continue
                found = _decode_scoring(
                    codes, places[line], firsts[line], firsts[line + 1], starts, ends, numbers,
                    _FIRST + column, slots, hashes, state, seams_at, seams_count, seam_places,
                    seam_odds, ints, floats, votes, told, characters, words,
                )  # fmt: skip
                if found < 0:
                    return found
                tried[line, column] = SCANNED if found else FAILED
                odds[line, column] = floats[2 * REACHED, 0]
                counts[line, column] = told[0]
            one, two = NOWHERE, NOWHERE
            for column in range(_COUNT):
                if tried[line, column] == SCANNED and odds[line, column] > MIN_VOTE:
                    if one < 0 or odds[line, column] > odds[line, one]:
                        one, two = column, one
                    elif two < 0 or odds[line, column] > odds[line, two]:
                        two = column
    for begin in range(0, lines, NEAR):
        votes[:] = 0.0
        for line in range(max(0, begin - NEAR), min(lines, begin + 2 * NEAR)):
            for column in range(_COUNT):
                if tried[line, column] == SCANNED and odds[line, column] > MIN_VOTE:
                    votes[column] -= odds[line, column]
        # The widths voted for most, best first: their columns in ``told[8:]``.
        common = 0
        while common < MAX_WIDTHS_NEAR:
            best = -1
            for column in range(_COUNT):
                if votes[column] < 0.0 and (best < 0 or votes[column] < votes[best]):
                    taken = False
                    for other in range(common):
                        taken = taken or told[8 + other] == column
                    if not taken:
                        best = column
            if best < 0:
                break
            told[8 + common] = best
            common += 1
        leads = common > 1 and votes[told[8]] < LEAD * votes[told[9]]
        for line in range(begin, min(begin + NEAR, lines)):
            length = ends[firsts[line + 1] - 1]
            for index in range(common):
                column = told[8 + index]
                if tried[line, column] == UNTRIED and length >= _FIRST + column:
                    found = _decode_scoring(
                        codes, places[line], firsts[line], firsts[line + 1], starts, ends, numbers,
                        _FIRST + column, slots, hashes, state, seams_at, seams_count, seam_places,
                        seam_odds, ints, floats, votes, told, characters, words,
                    )  # fmt: skip
                    if found < 0:
                        return found
                    tried[line, column] = FILLED if found else FAILED
                    odds[line, column] = floats[2 * REACHED, 0]
                    counts[line, column] = told[0]
                if leads and _is_clear(line, column, odds, counts, tried):
                    break
    return 1


@compiled
def choose(
    firsts: Any,
    ends: Any,
    odds: Any,
    tried: Any,
    columns: Any,
    score: Any,
    came: Any,
    chosen: Any,
) -> Any:
    """Write the likeliest sequence of widths (0: not wrapped) to `chosen`; return how many are not.

    Viterbi; state 0 is "not wrapped". `columns` and `score` (widths + 1) are room to work in, as is
    `came` (n, widths + 1).
    """
    lines = odds.shape[0]
    states = 1
    for column in range(_COUNT):
        for line in range(lines):
            if (tried[line, column] == SCANNED or tried[line, column] == FILLED) and odds[
                line, column
            ] > 0.0:
                columns[states] = column
                states += 1
                break
    score[0] = 0.0
    for state in range(1, states):
        score[state] = SWITCH_WIDTH
    for line in range(lines):
        length = ends[firsts[line + 1] - 1]
        top = 0
        for state in range(1, states):
            if score[state] > score[top]:
                top = state
        entered = score[top] + SWITCH_WIDTH
        free = score[top] + (LEAVE_WIDTH if top else 0.0)
        for state in range(states):
            gain = 0.0
            if state:
                column = columns[state]
                if tried[line, column] == SCANNED or tried[line, column] == FILLED:
                    gain = odds[line, column]
                elif length >= _FIRST + column:
                    gain = NO_PATH
            other = entered if state else free
            if score[state] >= other:
                came[line, state] = state
                score[state] += gain
            else:
                came[line, state] = top
                score[state] = other + gain
    state = 0
    for other in range(1, states):
        if score[other] > score[state]:
            state = other
    found = 0
    for line in range(lines - 1, -1, -1):
        chosen[line] = _FIRST + columns[state] if state else 0
        found += state > 0
        state = int(came[line, state])
    return found


@compiled
def trace(
    codes: Any,
    places: Any,
    firsts: Any,
    starts: Any,
    ends: Any,
    numbers: Any,
    chosen: Any,
    slots: Any,
    hashes: Any,
    seams_at: Any,
    seams_count: Any,
    seam_places: Any,
    seam_odds: Any,
    tried: Any,
    ints: Any,
    floats: Any,
    nodes: Any,
    gains: Any,
    told: Any,
    breaks_first: Any,
    breaks: Any,
    breaks_odds: Any,
) -> Any:
    """Write the breaks of each line at the width chosen for it, with places in `codes`: 1, or FULL.

    Those of line ``i`` go to ``breaks[breaks_first[i]:breaks_first[i + 1]]`` (n + 1); FULL where
    `nodes` (m, 2) is too short.
    """
    count = 0
    breaks_first[0] = 0
    for line in range(places.shape[0]):
        column = chosen[line] - _FIRST
        if column >= 0 and (tried[line, column] == SCANNED or tried[line, column] == FILLED):
            found = decode(
                codes, places[line], firsts[line], firsts[line + 1], starts, ends, numbers,
                chosen[line], slots, hashes, seams_at, seams_count, seam_places, seam_odds, ints,
                floats, nodes, gains, told,
            )  # fmt: skip
            if found < 0:
                return found
            node: Any = told[1]
            after = count + told[0]
            count = after
            while node >= 0:
                after -= 1
                breaks[after] = places[line] + nodes[node, 1]
                breaks_odds[after] = gains[node]
                node = nodes[node, 0]
        breaks_first[line + 1] = count
    return 1
