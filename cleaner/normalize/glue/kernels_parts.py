"""Compiled twin of `lexical`: how a run of letters parts into several words.

Of a run with an apostrophe in it, only that it may part is told.
"""

# mypy: disable-error-code="import-untyped,untyped-decorator"

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.normalize.glue.kernel_terms import (
    APOSTROPHE,
    BEGINNING,
    CASED,
    CLASS,
    COMPOUNDS,
    ENCLITIC,
    ENDING,
    IS_ENGLISH,
    LETTER,
    LETTERS,
    NORMAL,
    NOWHERE,
    PREFIX,
    START,
    STRANGE,
    SUFFIX,
    UPPER,
)
from cleaner.normalize.glue.kernels import compiled
from cleaner.normalize.glue.kernels_words import (
    describe,
    is_extra,
    logp_of,
    share,
    word_of_letters,
    words_of,
)
from cleaner.normalize.glue.odds import (
    CONSTANT,
    FAMILIAR,
    FULL_SIZE,
    KNOWN,
    MAX_LENGTH,
    MAX_LISTED_LENGTH,
    MAX_PART,
    MAX_WORDS,
    MIN_LENGTH,
    MIN_LISTED_ODDS,
    MIN_SPLIT_ODDS,
    UNKNOWN_BASE,
    VERY_COMMON,
    W_AFFIX,
    W_BEGINS_COMPOUNDS,
    W_CAPITAL,
    W_COMMONER_PART,
    W_ENDS_COMPOUNDS,
    W_INNER_CAPITAL,
    W_LENGTH,
    W_LISTED,
    W_ODDS,
    W_RARER_PART,
    W_SHORTER_PART,
    W_SMALL_I,
    W_UNLISTED,
)

_I = ord("i")
# What is kept of the likeliest run of words up to a place: log10 odds, how many words, the rarest,
# the commonest and the shortest of them, where the last one starts and its log10 share.
_ODDS, _COUNT, _RAREST, _COMMONEST, _SHORTEST, _LAST, _LOGP = range(7)


@compiled
def _parting(
    start: Any,
    end: Any,
    whole: Any,
    shortest: Any,
    rarest: Any,
    commonest: Any,
    odds: Any,
    begins: Any,
    ends: Any,
    words: Any,
) -> Any:
    """Return the natural log odds of a parting: `lexical._score`."""
    marks = words.marks
    return (
        CONSTANT
        + W_ODDS * odds
        + W_RARER_PART * rarest
        + W_COMMONER_PART * commonest
        + begins
        + ends
        + W_SHORTER_PART * min(FULL_SIZE, shortest)
        + W_LENGTH * (end - start)
        + (W_CAPITAL if marks[CLASS, start] & UPPER else 0.0)
        + (W_INNER_CAPITAL if marks[CASED, end] != marks[CASED, start + 1] else 0.0)
        + (W_UNLISTED if whole <= UNKNOWN_BASE else W_LISTED * whole)
    )


@compiled
def _find_run(start: Any, end: Any, plain: Any, totals: Any, words: Any) -> Any:
    """Find the likeliest run of three and more listed words: `lexical._segment`; whether one is."""
    size = end - start
    totals[0, _ODDS] = 0.0
    totals[0, _COUNT] = 0.0
    totals[0, _RAREST] = np.inf
    totals[0, _COMMONEST] = -np.inf
    totals[0, _SHORTEST] = np.inf
    for after in range(1, size + 1):
        totals[after, _ODDS] = -np.inf
        for before in range(max(0, after - MAX_PART), after):
            if totals[before, _ODDS] == -np.inf:
                continue
            if plain:
                logp = word_of_letters(start + before, start + after, words)
            else:
                logp = logp_of(start + before, start + after, words)
            total = totals[before, _ODDS] + logp
            if logp >= UNKNOWN_BASE and total >= totals[after, _ODDS]:
                totals[after, _ODDS] = total
                totals[after, _COUNT] = totals[before, _COUNT] + 1.0
                totals[after, _RAREST] = min(totals[before, _RAREST], logp)
                totals[after, _COMMONEST] = max(totals[before, _COMMONEST], logp)
                totals[after, _SHORTEST] = min(
                    totals[before, _SHORTEST], np.float64(after - before)
                )
                totals[after, _LAST] = before
                totals[after, _LOGP] = logp
    return totals[size, _ODDS] > -np.inf and 3 <= totals[size, _COUNT] <= MAX_WORDS


@compiled
def _run_odds(
    start: Any, end: Any, whole: Any, begins: Any, ends: Any, totals: Any, words: Any
) -> Any:
    """Return the natural log odds of the run that was found."""
    size = end - start
    return _parting(
        start, end, whole, totals[size, _SHORTEST], totals[size, _RAREST],
        totals[size, _COMMONEST], totals[size, _ODDS] - whole, begins, ends, words,
    )  # fmt: skip


@compiled
def _compounds(kind: Any, start: Any, end: Any, words: Any) -> Any:
    """Return log10 of one more than how many compounds begin or end with a word."""
    found = share(start, end, kind, words)
    return 0.0 if found == np.inf else found


@compiled
def _is_affixed(kind: Any, start: Any, end: Any, other: Any, words: Any) -> Any:
    """Whether a part is an affix, and the part beside it, `other` in log10, not very common."""
    return other < VERY_COMMON and is_extra(kind, start, end, words)


@compiled
def _run_parts(start: Any, end: Any, whole: Any, totals: Any, words: Any) -> Any:
    """Return the natural log odds of the run that was found, compounds and affixes discounted."""
    begins = 0.0
    ends = 0.0
    after = end - start
    last = np.int64(totals[after, _LAST])
    suffixed = _is_affixed(SUFFIX, start + last, end, totals[last, _LOGP], words)
    second = 0.0
    while True:
        before = np.int64(totals[after, _LAST])
        if before > 0:
            ends = max(ends, _compounds(ENDING, start + before, start + after, words))
            second = totals[after, _LOGP]
        if after < end - start:
            begins = max(begins, _compounds(BEGINNING, start + before, start + after, words))
        if before == 0:
            break
        after = before
    begins *= W_BEGINS_COMPOUNDS
    ends *= W_ENDS_COMPOUNDS
    odds = _run_odds(start, end, whole, begins, ends, totals, words)
    if suffixed or _is_affixed(PREFIX, start, start + after, second, words):
        odds += W_AFFIX
    if words.traits & IS_ENGLISH and end - start - last == 1 and words.marks[NORMAL, end - 1] == _I:
        odds += W_SMALL_I
    return odds


@compiled
def parting_of(start: Any, end: Any, totals: Any, words: Any) -> Any:
    """Return the natural log odds of a run of letters as several words: `lexical._part_word`.

    They are -inf where it does not part, and inf where that cannot be told. In `totals` the row of
    its size leads from the end of the run to the last seam, the row of that one to the seam before.
    """
    marks = words.marks
    whole = logp_of(start, end, words)
    size = end - start
    if whole >= FAMILIAR or (whole >= KNOWN and size > MAX_LISTED_LENGTH):
        return -np.inf
    plain = marks[LETTERS, end] - marks[LETTERS, start] == size
    may = False
    rare = False
    best = NOWHERE
    best_rank = -np.inf
    best_odds = -np.inf
    best_left = 0.0
    best_right = 0.0
    for place in range(start + 1, end):
        if not marks[CLASS, place - 1] & marks[CLASS, place] & LETTER:
            continue
        if is_extra(ENCLITIC, place, end, words):
            continue
        if plain:
            left, right = word_of_letters(start, place, words), word_of_letters(place, end, words)
        else:
            left, right = logp_of(start, place, words), logp_of(place, end, words)
        odds = left + right - whole
        if odds < MIN_SPLIT_ODDS:
            continue
        rarer, commoner = min(left, right), max(left, right)
        shorter = np.float64(min(place - start, end - place))
        may = (
            may
            or _parting(start, end, whole, shorter, rarer, commoner, odds, 0.0, 0.0, words) > 0.0
        )
        rare = rare or rarer < KNOWN
        rank = odds - 0.5 * (
            _compounds(BEGINNING, start, place, words) + _compounds(ENDING, place, end, words)
        )
        if rank > best_rank or (rank == best_rank and odds > best_odds):
            best, best_rank, best_odds, best_left, best_right = place, rank, odds, left, right
    if not may and not (
        rare
        and _find_run(start, end, plain, totals, words)
        and _run_odds(start, end, whole, 0.0, 0.0, totals, words) > 0.0
    ):
        return -np.inf
    if not plain:
        return np.inf
    if whole >= KNOWN and best_odds < MIN_LISTED_ODDS:
        return -np.inf
    rarer, commoner = min(best_left, best_right), max(best_left, best_right)
    if (
        rarer < KNOWN
        and _find_run(start, end, plain, totals, words)
        and (rarer < UNKNOWN_BASE or totals[size, _ODDS] > best_left + best_right)
    ):
        return _run_parts(start, end, whole, totals, words)
    begins = W_BEGINS_COMPOUNDS * _compounds(BEGINNING, start, best, words)
    ends = W_ENDS_COMPOUNDS * _compounds(ENDING, best, end, words)
    shorter = np.float64(min(best - start, end - best))
    odds = _parting(start, end, whole, shorter, rarer, commoner, best_odds, begins, ends, words)
    if _is_affixed(PREFIX, start, best, best_right, words) or _is_affixed(
        SUFFIX, best, end, best_left, words
    ):
        odds += W_AFFIX
    if words.traits & IS_ENGLISH and end - best == 1 and marks[NORMAL, best] == _I:
        odds += W_SMALL_I
    totals[size, _LAST] = best - start
    totals[best - start, _LAST] = 0.0
    return odds


@compiled
def has_words(end: Any, totals: Any, words: Any) -> Any:
    """Whether any run of letters of the token, with an apostrophe or without, is several words."""
    marks = words.marks
    if words.traits & COMPOUNDS:
        return False
    place = START
    while place < end:
        if not marks[CLASS, place] & LETTER:
            place += 1
            continue
        start = place
        while place < end and marks[CLASS, place] & LETTER:
            place += 1
        if (
            place + 1 < end
            and marks[CLASS, place] & APOSTROPHE
            and marks[CLASS, place + 1] & LETTER
        ):
            place += 1
            while place < end and marks[CLASS, place] & LETTER:
                place += 1
        if (
            MIN_LENGTH <= place - start <= MAX_LENGTH
            and parting_of(start, place, totals, words) > 0.0
        ):
            return True
    return False


@compiled
def part_word(
    codes: Any,
    characters: Any,
    marks: Any,
    table: Any,
    traits: Any,
    places: Any,
    odds: Any,
    totals: Any,
) -> Any:
    """Write the seams of the run of letters `codes`; return how many, or STRANGE.

    ``odds[0]`` are its natural log odds as these words. `totals` is room to work in.
    """
    words = words_of(marks, table, traits)
    size = codes.shape[0]
    if size > MAX_LENGTH or not describe(codes, START, size, characters, words):
        return STRANGE
    odds[0] = parting_of(START, size, totals, words)
    if odds[0] == np.inf:
        return STRANGE
    count = 0
    if odds[0] > -np.inf:
        place = np.int64(totals[size, _LAST])
        while place:
            places[count] = place
            count += 1
            place = np.int64(totals[place, _LAST])
    return count
