"""Compiled twin of the cheap part of `examine`: most tokens that nothing speaks against end here.

What cannot be told here is left to Python, so a verdict is always that of `Examiner`.
"""

# mypy: disable-error-code="import-untyped,untyped-decorator"
# Written for the compiler, as comparisons and loops.
# ruff: noqa: PLR1714, SIM109, SIM110

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.normalize.glue.kernel_terms import (
    APOSTROPHE,
    CASED,
    CLASS,
    CLOSES,
    CLOSING,
    CODE,
    DIGIT,
    DULL,
    EDGE,
    ENDS,
    HAS_CAMEL,
    LETTER,
    LETTERS,
    LOWER,
    NORMAL,
    NOWHERE,
    ODD,
    OPENS,
    PLAIN,
    QUOTES,
    START,
    SUSPICIOUS,
    UNFOUND,
    UNKNOWN,
    UNLESS_CODE,
    UNSUSPICIOUS,
    UPPER,
    WORDLESS,
)
from cleaner.normalize.glue.kernels import compiled
from cleaner.normalize.glue.kernels_parts import has_words
from cleaner.normalize.glue.kernels_seams import score
from cleaner.normalize.glue.kernels_words import describe, logp_of, logp_of_small
from cleaner.normalize.glue.odds import (
    FAMILIAR,
    KNOWN,
    LISTED,
    MAX_LISTED_LENGTH,
    MIN_LENGTH,
    MIN_LISTED_ODDS,
    MIN_SPLIT_ODDS,
    MIN_SUSPICIOUS_LENGTH,
    MIN_SUSPICIOUS_ODDS,
    SUSPICIOUS_KNOWN,
)

_HYPHEN, _QUOTE, _DOT, _COLON, _DASH, _AND = [ord(character) for character in "-'.:–&"]
_COMMA, _SEMICOLON = ord(","), ord(";")
_STRAIGHT = ord('"')
_S = ord("s")
_OPENED = ord("(")
_INFLECTION = 3
_ALNUM = LETTER | DIGIT
# What `boundary` looks at: letters behind a very common word, opening and ending marks, digits.
_MIN_LONG, _MAX_OPENING, _MAX_ENDING, _MIN_YEAR = 3, 2, 3, 4


@compiled
def _best(start: Any, end: Any, places: Any, odds: Any, words: Any) -> Any:
    """Return the odds of the likeliest seam of a stretch, or -inf."""
    best = -np.inf
    for index in range(score(start, end, START, places, odds, words)):
        best = max(best, odds[index])
    return best


@compiled
def _is_inflected(start: Any, end: Any, words: Any) -> Any:
    """Whether a stretch is a listed word with an apostrophe, or hyphenated from listed words."""
    marks = words.marks
    while True:
        place = start
        if place < end and marks[CLASS, place] & UPPER:
            place += 1
        small = place
        while place < end and marks[CLASS, place] & LOWER:
            place += 1
        if place == small:
            return False
        if place < end and marks[CLASS, place] & APOSTROPHE:
            place += 1
            ending = place
            while place < end and marks[CLASS, place] & LOWER:
                place += 1
            if not 1 <= place - ending <= _INFLECTION:
                return False
        if place < end and marks[NORMAL, place] != _HYPHEN:
            return False
        if logp_of(start, place, words) < FAMILIAR:
            return False
        if place == end:
            return True
        start = place + 1


@compiled
def _is_plain(start: Any, end: Any, places: Any, odds: Any, words: Any) -> Any:
    """Return whether the token with this core is plain, as `Examiner.is_plain` does.

    Then the odds of the likeliest seam of the core, or inf where they were not asked for.
    """
    marks = words.marks
    letters = marks[LETTERS, end] - marks[LETTERS, start]
    if letters == 0:
        return True, np.inf
    if letters < end - start:
        return _is_inflected(start, end, words), np.inf
    capitals = marks[CASED, end] - marks[CASED, start]
    inner = marks[CASED, end] - marks[CASED, start + 1]
    small = 0
    small_inner = 0
    for place in range(start, end):
        is_small = marks[CLASS, place] & LOWER != 0
        small += is_small
        small_inner += is_small and place > start
    if (
        not (capitals == 0 and small > 0)
        and not (inner == 0 and small_inner > 0)
        and not (small == 0 and capitals > 0)
    ):
        return False, np.inf
    size = end - start
    logp = logp_of_small(start, end, words)
    if logp >= FAMILIAR or size < MIN_LENGTH or (logp >= KNOWN and size > MAX_LISTED_LENGTH):
        return True, np.inf
    best = _best(start, end, places, odds, words)
    return best < (MIN_LISTED_ODDS if logp >= KNOWN else MIN_SPLIT_ODDS), best


@compiled
def _may_change_case(place: Any, end: Any, words: Any) -> Any:
    """Whether `boundary` may take the capital at `place`, behind a small letter, for a new word."""
    marks = words.marks
    for other in range(1, end):
        if other != place and marks[CLASS, other - 1] & LOWER and marks[CLASS, other] & UPPER:
            return False
    start = place
    while start and marks[CLASS, start - 1] & (LETTER | APOSTROPHE):
        start -= 1
        if marks[CLASS, start] & UPPER:
            break
    stop = place + 1
    while (
        stop < end
        and marks[CLASS, stop] & (LETTER | APOSTROPHE)
        and not (marks[CLASS, stop] & UPPER)
    ):
        stop += 1
    return logp_of(start, place, words) > LISTED and (
        stop - place > _MIN_LONG or logp_of(place, stop, words) > LISTED
    )


@compiled
def _may_sever(start: Any, end: Any, words: Any) -> Any:
    """Whether marks from `start` to `end`, between letters or digits, may have lost a space."""
    marks = words.marks
    first = marks[CLASS, start]
    before, after = marks[CLASS, start - 1], marks[CLASS, end]
    if marks[CLASS, end - 1] & CLOSES and after & LETTER:
        return True
    if first & OPENS and before & LOWER and end - start <= _MAX_OPENING:
        return True
    if marks[NORMAL, start] == _COLON:
        return end - start == 1 and before & LOWER and after & LETTER
    if not (first & ENDS and before & after & LETTER and end - start <= _MAX_ENDING):
        return False
    ends_clause = marks[NORMAL, start] == _COMMA or marks[NORMAL, start] == _SEMICOLON
    if not ends_clause and not (before & LOWER and after & UPPER):
        return False
    for place in range(start + 1, end):
        if not marks[CLASS, place] & QUOTES:
            return False
    return True


@compiled
def _may_have_boundary(end: Any, words: Any) -> Any:
    """Whether any pattern of `boundary` may match in the token."""
    marks = words.marks
    first, last = marks[NORMAL, 0], marks[NORMAL, end - 1]
    if first == _DASH or first == _AND or last == _DASH or last == _AND:
        return True
    # Where the marks in front of a place start, behind a letter or a digit.
    run = NOWHERE
    for place in range(1, end):
        left, right = marks[CLASS, place - 1], marks[CLASS, place]
        after = marks[CLASS, place + 1] if place + 1 < end else 0
        third = marks[CLASS, place + 2] if place + 2 < end else 0
        before = marks[CLASS, place - 2] if place >= 2 else 0
        if left & LOWER and right & UPPER and _may_change_case(place, end, words):
            return True
        if left & right & UPPER and after & LOWER:
            return True
        if right & DIGIT and left & LETTER and (left & before & LOWER or after & third & DIGIT):
            return True
        if (
            left & DIGIT
            and right & after & LOWER
            and (third & LOWER or (place >= _MIN_YEAR and before & DIGIT))
        ):
            return True
        if left & APOSTROPHE and right & after & before & LOWER and marks[NORMAL, place - 2] == _S:
            return True
        if right & _ALNUM:
            if not left & _ALNUM:
                if run < 0:
                    # Nothing but marks stands before.
                    if place > 1 and left & CLOSES:
                        return True
                elif _may_sever(run, place, words):
                    return True
        elif left & _ALNUM:
            run = place
    return False


@compiled
def _is_evidence(end: Any, words: Any) -> Any:
    """Whether the token is surely no code, nor quoted as a name of a program is."""
    marks = words.marks
    if marks[NORMAL, 0] == _QUOTE or marks[NORMAL, 0] == _STRAIGHT:
        return False
    for place in range(end):
        kind = marks[CLASS, place]
        code = marks[NORMAL, place]
        after = marks[CLASS, place + 1] if place + 1 < end else 0
        if kind & CODE or (code == _OPENED and place > 0):
            return False
        if code == _DOT and (after & LETTER or (place > 0 and marks[CLASS, place - 1] & CLOSING)):
            return False
        if code == _COLON and place + 1 < end and marks[NORMAL, place + 1] == _COLON:
            return False
        if kind & LOWER and after & UPPER and words.traits & HAS_CAMEL:
            return False
    return True


@compiled
def _verdict(end: Any, places: Any, odds: Any, totals: Any, words: Any) -> Any:
    """Return what the described token is taken for."""
    marks = words.marks
    first, last = START, end
    while first < last and marks[CLASS, first] & EDGE:
        first += 1
    while first < last and marks[CLASS, last - 1] & EDGE:
        last -= 1
    is_plain, best = _is_plain(first, last, places, odds, words)
    if is_plain:
        return PLAIN
    suspicious = end > MIN_SUSPICIOUS_LENGTH and logp_of(START, end, words) < SUSPICIOUS_KNOWN
    if suspicious and (best == np.inf or last - first < end):
        best = _best(START, end, places, odds, words)
    if suspicious and best > MIN_SUSPICIOUS_ODDS:
        verdict = ODD | (SUSPICIOUS if _is_evidence(end, words) else UNLESS_CODE)
    else:
        verdict = ODD | UNSUSPICIOUS
    if has_words(end, totals, words):
        return verdict
    if _may_have_boundary(end, words):
        return verdict | WORDLESS
    return verdict | (DULL if verdict & UNSUSPICIOUS else UNFOUND)


@compiled
def taken_for(
    codes: Any,
    start: Any,
    end: Any,
    characters: Any,
    places: Any,
    odds: Any,
    totals: Any,
    words: Any,
) -> Any:
    """Return what the token ``codes[start:end]`` is taken for, or UNKNOWN."""
    if not describe(codes, start, end, characters, words):
        return UNKNOWN
    return _verdict(end - start, places, odds, totals, words)
