"""Compiled twin of `seams`: where the token in hand may part, and the odds of each seam.

`words` is that of `kernels_words`; a stretch of the token is taken as a token of its own.
"""

# mypy: disable-error-code="import-untyped,untyped-decorator"
# Written for the compiler, as comparisons and loops.
# ruff: noqa: PLR1714, SIM109, SIM110

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.normalize.glue.kernel_terms import (
    ALONE,
    ALONE_DASH,
    ALONE_FRENCH,
    APOSTROPHE,
    CASED,
    CHANGED,
    CLASS,
    CLITIC,
    CLOSING,
    COMPOUNDS,
    DASH,
    DIGIT,
    EDGE,
    ELIDES,
    IS_ENGLISH,
    IS_FRENCH,
    JOINER,
    LETTER,
    LETTERS,
    LOW_QUOTED,
    LOWER,
    MARK,
    MAX_TOKEN,
    NORMAL,
    OPENING,
    OPENING_AFTER,
    START,
    STRANGE,
    UPPER,
)
from cleaner.normalize.glue.kernels import compiled
from cleaner.normalize.glue.kernels_words import (
    describe,
    is_extra,
    listed,
    logp_of,
    word_of_letters,
    words_of,
)
from cleaner.normalize.glue.odds import (
    ACRONYM_SEAM,
    ARTICLE,
    CAPITALS_SEAM,
    CASE_SEAM,
    DASH_SEAM,
    DIGIT_SEAM,
    HYPHEN_SEAM,
    IMPOSSIBLE,
    LAST_RESORT,
    LONE_DASH_SEAM,
    LONE_SEAM,
    MIN_ODDS,
    MIN_WORD,
    MISSHAPEN,
    OPENING_SEAM,
    OWNER_SEAM,
    PUNCTUATION_SEAM,
    QUOTED_SEAM,
    SYMBOL_SEAM,
)

_ALNUM = LETTER | DIGIT
_LETTERS, _ALONE, _ALONE_DASH = np.int64(LETTERS), np.int64(ALONE), np.int64(ALONE_DASH)
_ALONE_FRENCH = np.int64(ALONE_FRENCH)
_A, _N = ord("a"), ord("n")
_HYPHEN, _PLUS, _COMMA, _QUOTE = ord("-"), ord("+"), ord(","), ord("'")
_OPENED, _CLOSED, _FRENCH_OPENED = ord("“"), ord("”"), ord("«")
_OPENING_QUOTE = ord("‘")
_ONE, _TWO, _NINE, _ZERO = ord("1"), ord("2"), ord("9"), ord("0")
_FRENCH_APART = np.array([ord(character) for character in "»?!:;"], np.int64)
_BEFORE_OWNER = np.array([ord(character) for character in "s.,!?"], np.int64)
_AFTER_A = np.array([ord(character) for character in "bcdfghjklmnpqrstuvwxyz"], np.int64)
_AFTER_AN = np.array([ord(character) for character in "aefhilmnorsux"], np.int64)


@compiled
def _is_among(code: Any, codes: Any) -> Any:
    for index in range(codes.shape[0]):
        if codes[index] == code:
            return True
    return False


@compiled
def _case_surface(place: Any, end: Any, words: Any) -> Any:
    marks = words.marks
    if not marks[CLASS, place] & UPPER:
        return 0.0
    left = marks[CLASS, place - 1]
    if left & LOWER:
        return CASE_SEAM
    if left & UPPER:
        if place + 1 < end and marks[CLASS, place + 1] & LOWER:
            return ACRONYM_SEAM
        return CAPITALS_SEAM
    return 0.0


@compiled
def _is_year(place: Any, end: Any, words: Any) -> Any:
    """Whether four digits of 1900 to 2099 start at `place`, and no more."""
    marks = words.marks
    if place + 4 > end or (place + 4 < end and marks[CLASS, place + 4] & DIGIT):
        return False
    first, second = marks[NORMAL, place], marks[NORMAL, place + 1]
    return (
        ((first == _ONE and second == _NINE) or (first == _TWO and second == _ZERO))
        and marks[CLASS, place + 2] & DIGIT != 0
        and marks[CLASS, place + 3] & DIGIT != 0
    )


@compiled
def _may_open(place: Any, words: Any) -> Any:
    """Whether the quote at `place` is no right single one, whose normal form is the straight."""
    marks = words.marks
    return marks[NORMAL, place] == _OPENING_QUOTE or (
        marks[CHANGED, place + 1] == marks[CHANGED, place]
    )


@compiled
def seam_surface(place: Any, start: Any, end: Any, words: Any) -> Any:
    """Return `seams.seam_surface` of the token that is the stretch from `start` to `end`."""
    marks = words.marks
    traits = words.traits
    left_kind, right_kind = marks[CLASS, place - 1], marks[CLASS, place]
    if left_kind & right_kind & LETTER:
        return _case_surface(place, end, words)
    if left_kind & right_kind & DIGIT:
        for other in range(place, min(place + 4, end)):
            if not marks[CLASS, other] & DIGIT:
                return IMPOSSIBLE
        return DIGIT_SEAM
    left, right = marks[NORMAL, place - 1], marks[NORMAL, place]
    if traits & LOW_QUOTED:
        if left == _OPENED:
            left_kind = CLOSING
        if right == _OPENED:
            right_kind = CLOSING
    if traits & IS_FRENCH and (left == _FRENCH_OPENED or _is_among(right, _FRENCH_APART)):
        return 0.0
    if right_kind & CLOSING or left_kind & OPENING:
        return IMPOSSIBLE
    if right_kind & OPENING_AFTER and (
        left_kind & (_ALNUM | CLOSING | APOSTROPHE) or left == ord("=")
    ):
        return OPENING_SEAM
    if right_kind & MARK and left_kind & CLOSING:
        return DASH_SEAM
    if (left_kind | right_kind) & DASH:
        return DASH_SEAM
    if (
        right == _HYPHEN
        and place + 1 < end
        and (marks[CLASS, place + 1] & DIGIT or marks[NORMAL, place + 1] == _HYPHEN)
    ):
        return DASH_SEAM
    if left == _HYPHEN and place - 2 >= start and marks[NORMAL, place - 2] == _HYPHEN:
        return DASH_SEAM
    if left == _HYPHEN and right_kind & LETTER:
        return HYPHEN_SEAM
    elides = traits & ELIDES != 0
    if left_kind & APOSTROPHE and right_kind & _ALNUM and place > start + 1 and not elides:
        if _is_among(marks[NORMAL, place - 2], _BEFORE_OWNER) and not (
            marks[CLASS, place - 2] & UPPER
        ):
            return OWNER_SEAM
        return HYPHEN_SEAM
    if (
        (right == _OPENING_QUOTE or right == _QUOTE)
        and left_kind & LETTER
        and not elides
        and _may_open(place, words)
    ):
        after = place + 1
        while after < end and marks[CLASS, after] & LETTER:
            after += 1
        if after > place + 1 and not is_extra(CLITIC, place + 1, after, words):
            return QUOTED_SEAM
    if (
        left == _PLUS
        and right_kind & LETTER
        and place - 2 >= start
        and marks[CLASS, place - 2] & DIGIT
    ):
        return 0.0
    if (left_kind | right_kind) & JOINER:
        return IMPOSSIBLE
    if left_kind & CLOSING:
        before = marks[CLASS, place - 2] if place - 2 >= start else 0
        if right_kind & DIGIT and before & DIGIT:
            return DASH_SEAM if left == _COMMA and _is_year(place, end, words) else IMPOSSIBLE
        if right_kind & DIGIT and before & LETTER:
            return 0.0
        return PUNCTUATION_SEAM if right_kind & LETTER else DASH_SEAM
    return 0.0


@compiled
def _is_misshapen(start: Any, end: Any, words: Any) -> Any:
    marks = words.marks
    for place in range(start, end - 1):
        kind, after = marks[CLASS, place], marks[CLASS, place + 1]
        if kind & LOWER and after & UPPER:
            return True
        if kind & after & UPPER and place + 2 < end and marks[CLASS, place + 2] & LOWER:
            return True
    return False


@compiled
def _form(place: Any, start: Any, end: Any, cased: Any, words: Any) -> Any:
    """Return log10 odds for the two parts from their letters: English articles, capitals."""
    marks = words.marks
    odds = 0.0
    if words.traits & IS_ENGLISH and marks[CLASS, place] & LETTER:
        first = start
        while first < place and marks[CLASS, first] & EDGE:
            first += 1
        if place - first == 1 and marks[NORMAL, first] == _A:
            if not _is_among(marks[NORMAL, place], _AFTER_A):
                odds = ARTICLE
        elif (
            place - first == 2
            and marks[NORMAL, first] == _A
            and marks[NORMAL, first + 1] == _N
            and not _is_among(marks[NORMAL, place], _AFTER_AN)
        ):
            odds = ARTICLE
    if cased:
        if _is_misshapen(start, place, words):
            odds += MISSHAPEN
        if _is_misshapen(place, end, words):
            odds += MISSHAPEN
    return odds


@compiled
def _is_listed(start: Any, end: Any, words: Any) -> Any:
    logp = listed(start, end, words) if start < end else np.inf
    return logp <= 0.0 and logp > MIN_WORD


@compiled
def _has_word(place: Any, start: Any, end: Any, words: Any) -> Any:
    """Whether the letters right before or right after a place are a listed word."""
    marks = words.marks
    first = place
    while first > start and marks[CLASS, first - 1] & LETTER:
        first -= 1
    last = place
    while last < end and marks[CLASS, last] & LETTER:
        last += 1
    after = last
    while after < end and marks[CLASS, after] & (LETTER | APOSTROPHE):
        after += 1
    return (
        _is_listed(first, place, words)
        or _is_listed(place, last, words)
        or (after > last and _is_listed(place, after, words))
    )


@compiled
def _is_all(row: Any, start: Any, end: Any, words: Any) -> Any:
    marks = words.marks
    return marks[row, end] - marks[row, start] == end - start


@compiled
def _letter_seams(
    first: Any, last: Any, start: Any, at: Any, places: Any, odds: Any, words: Any
) -> Any:
    """Write the seams of a token that has only letters between its edges."""
    marks = words.marks
    whole = word_of_letters(first, last, words)
    least = MIN_ODDS + whole
    cased = marks[CASED, last] != marks[CASED, first]
    mixed = marks[CASED, last] != marks[CASED, first + 1]
    for place in range(first + 1, last):
        total = word_of_letters(first, place, words) + word_of_letters(place, last, words)
        if cased:
            total += _case_surface(place, last, words)
        if total > least:
            if mixed or place - first <= 2:
                total += _form(place, first, last, mixed, words)
            places[at] = place - start
            odds[at] = total - whole
            at += 1
    return at


@compiled
def score(start: Any, end: Any, at: Any, places: Any, odds: Any, words: Any) -> Any:
    """Write the seams of a stretch from index `at` on, like `Seams.splits`; return their end.

    ``places`` (int32) count from the start of the stretch, ``odds`` (float64) are log10.
    """
    marks = words.marks
    traits = words.traits
    if end - start < 2:
        return at
    first, last = start, end
    while first < last and marks[CLASS, first] & EDGE:
        first += 1
    while first < last and marks[CLASS, last - 1] & EDGE:
        last -= 1
    if (
        first < last
        and not traits & COMPOUNDS
        and _is_all(_LETTERS, first, last, words)
        and not (traits & IS_FRENCH and marks[ALONE_FRENCH, end] != marks[ALONE_FRENCH, start])
    ):
        return _letter_seams(first, last, start, at, places, odds, words)
    if first == last:
        first = start
    whole = logp_of(start, end, words)
    cased = marks[CASED, end] != marks[CASED, start + 1]
    for place in range(start + 1, end):
        surface = seam_surface(place, start, end, words)
        left_kind, right_kind = marks[CLASS, place - 1], marks[CLASS, place]
        at_symbol = (left_kind & _ALNUM != 0) != (right_kind & _ALNUM != 0)
        at_number = (left_kind ^ right_kind) & DIGIT != 0
        for part in range(2):
            one, other = (start, place) if part == 0 else (place, end)
            if _is_all(_ALONE, one, other, words):
                surface = LONE_DASH_SEAM if _is_all(_ALONE_DASH, one, other, words) else LONE_SEAM
            elif traits & IS_FRENCH and _is_all(_ALONE_FRENCH, one, other, words):
                surface = LONE_DASH_SEAM
        if surface <= IMPOSSIBLE:
            # A line may end at any symbol, so that no odd one stops the decoding.
            if at_symbol and not (left_kind | right_kind) & APOSTROPHE:
                places[at] = place - start
                odds[at] = LAST_RESORT - (0.0 if right_kind & _ALNUM else 1.0)
                at += 1
            continue
        if surface == 0.0 and not (at_symbol or at_number or _has_word(place, start, end, words)):
            continue
        total = logp_of(start, place, words) + logp_of(place, end, words) - whole + surface
        if cased or 0 < place - first <= 2:
            total += _form(place, start, end, cased, words)
        if at_symbol and total < SYMBOL_SEAM:
            total = SYMBOL_SEAM
        if total > MIN_ODDS:
            places[at] = place - start
            odds[at] = total
            at += 1
    return at


@compiled
def seams_of(
    codes: Any,
    starts: Any,
    ends: Any,
    characters: Any,
    marks: Any,
    table: Any,
    traits: Any,
    counts: Any,
    places: Any,
    odds: Any,
) -> None:
    """Write the seams of some tokens, one after the other, and how many each has, or STRANGE."""
    words = words_of(marks, table, traits)
    at = START
    for token in range(starts.shape[0]):
        size = ends[token] - starts[token]
        before = at
        if size > MAX_TOKEN:
            counts[token] = 0
        elif not describe(codes, starts[token], ends[token], characters, words):
            counts[token] = STRANGE
        else:
            at = score(START, size, at, places, odds, words)
            counts[token] = at - before
