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
    COMPOUNDS,
    DIGIT,
    DULL,
    EDGE,
    ENCLITIC,
    ENDS,
    HAS_CAMEL,
    LETTER,
    LETTERS,
    LOWER,
    MAX_TOKEN,
    NORMAL,
    ODD,
    OPENS,
    PLAIN,
    QUOTES,
    STRANGE,
    SUSPICIOUS,
    UNKNOWN,
    UNSUSPICIOUS,
    UPPER,
)
from cleaner.normalize.glue.kernels import compiled
from cleaner.normalize.glue.kernels_seams import score
from cleaner.normalize.glue.kernels_words import (
    Words,
    describe,
    is_extra,
    logp_of,
    logp_of_small,
    word_of_letters,
)
from cleaner.normalize.glue.odds import (
    CONSTANT,
    FAMILIAR,
    KNOWN,
    LISTED,
    MAX_LENGTH,
    MAX_LISTED_LENGTH,
    MAX_PART,
    MAX_WORDS,
    MIN_LENGTH,
    MIN_LISTED_ODDS,
    MIN_SPLIT_ODDS,
    MIN_SUSPICIOUS_LENGTH,
    MIN_SUSPICIOUS_ODDS,
    SUSPICIOUS_KNOWN,
    UNKNOWN_BASE,
    W_CAPITAL,
    W_COMMONER_PART,
    W_INNER_CAPITAL,
    W_LENGTH,
    W_LISTED,
    W_ODDS,
    W_RARER_PART,
    W_SHORTER_PART,
    W_UNLISTED,
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
    for index in range(score(start, end, 0, places, odds, words)):
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
    """Whether the token with this core is plain: `Examiner.is_plain`."""
    marks = words.marks
    letters = marks[LETTERS, end] - marks[LETTERS, start]
    if letters == 0:
        return True
    if letters < end - start:
        return _is_inflected(start, end, words)
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
        return False
    size = end - start
    logp = logp_of_small(start, end, words)
    if logp >= FAMILIAR or size < MIN_LENGTH:
        return True
    if logp >= KNOWN:
        return size > MAX_LISTED_LENGTH or _best(start, end, places, odds, words) < MIN_LISTED_ODDS
    return _best(start, end, places, odds, words) < MIN_SPLIT_ODDS


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
    run = -1
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
def _parting(
    start: Any, end: Any, whole: Any, shorter: Any, rarer: Any, commoner: Any, odds: Any, words: Any
) -> Any:
    """Return `lexical.score` without a discount; `shorter` is the size of the shortest part."""
    marks = words.marks
    return (
        CONSTANT
        + W_ODDS * odds
        + W_RARER_PART * rarer
        + W_COMMONER_PART * commoner
        + W_SHORTER_PART * min(3, shorter)
        + W_LENGTH * (end - start)
        + (W_CAPITAL if marks[CLASS, start] & UPPER else 0.0)
        + (W_INNER_CAPITAL if marks[CASED, end] != marks[CASED, start + 1] else 0.0)
        + (W_UNLISTED if whole <= UNKNOWN_BASE else W_LISTED * whole)
    )


@compiled
def _may_part(start: Any, end: Any, totals: Any, words: Any) -> Any:
    """Whether letters may part: `lexical._may_part` of what `lexical` would ask it about.

    ``totals`` (float64: n, 4) is room to work in.
    """
    marks = words.marks
    whole = logp_of(start, end, words)
    size = end - start
    if whole >= FAMILIAR or (whole >= KNOWN and size > MAX_LISTED_LENGTH):
        return False
    plain = marks[LETTERS, end] - marks[LETTERS, start] == size
    rare = False
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
        rarer = min(left, right)
        shorter = min(place - start, end - place)
        if _parting(start, end, whole, shorter, rarer, max(left, right), odds, words) > 0.0:
            return True
        rare = rare or rarer < KNOWN
    return rare and _may_part_often(start, end, whole, plain, totals, words)


@compiled
def _may_part_often(start: Any, end: Any, whole: Any, plain: Any, totals: Any, words: Any) -> Any:
    """Whether letters may part into three and more listed words: `lexical.segment`, scored."""
    size = end - start
    # Columns: log10 odds of the likeliest run up to here, words in it, its rarest, its commonest.
    totals[0, 0] = 0.0
    totals[0, 1] = 0.0
    totals[0, 2] = np.inf
    totals[0, 3] = -np.inf
    totals[0, 4] = np.inf
    for after in range(1, size + 1):
        totals[after, 0] = -np.inf
        for before in range(max(0, after - MAX_PART), after):
            if totals[before, 0] == -np.inf:
                continue
            if plain:
                logp = word_of_letters(start + before, start + after, words)
            else:
                logp = logp_of(start + before, start + after, words)
            total = totals[before, 0] + logp
            if logp >= UNKNOWN_BASE and total >= totals[after, 0]:
                totals[after, 0] = total
                totals[after, 1] = totals[before, 1] + 1.0
                totals[after, 2] = min(totals[before, 2], logp)
                totals[after, 3] = max(totals[before, 3], logp)
                totals[after, 4] = min(totals[before, 4], np.float64(after - before))
    if totals[size, 0] == -np.inf or not 3 <= totals[size, 1] <= MAX_WORDS:
        return False
    odds = totals[size, 0] - whole
    return (
        _parting(start, end, whole, totals[size, 4], totals[size, 2], totals[size, 3], odds, words)
        > 0.0
    )


@compiled
def _may_have_words(end: Any, totals: Any, words: Any) -> Any:
    """Whether any run of letters of the token, an apostrophe among them, may part."""
    marks = words.marks
    if words.traits & COMPOUNDS:
        return False
    place = 0
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
        if MIN_LENGTH <= place - start <= MAX_LENGTH and _may_part(start, place, totals, words):
            return True
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
        if code == _DOT and (after & LETTER or place > 0 and marks[CLASS, place - 1] & CLOSING):
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
    first, last = 0, end
    while first < last and marks[CLASS, first] & EDGE:
        first += 1
    while first < last and marks[CLASS, last - 1] & EDGE:
        last -= 1
    if _is_plain(first, last, places, odds, words):
        return PLAIN
    if (
        end > MIN_SUSPICIOUS_LENGTH
        and logp_of(0, end, words) < SUSPICIOUS_KNOWN
        and _best(0, end, places, odds, words) > MIN_SUSPICIOUS_ODDS
    ):
        return ODD | SUSPICIOUS if _is_evidence(end, words) else UNKNOWN
    if _may_have_boundary(end, words) or _may_have_words(end, totals, words):
        return ODD | UNSUSPICIOUS
    return ODD | UNSUSPICIOUS | DULL


@compiled
def sieve(
    codes: Any,
    starts: Any,
    ends: Any,
    characters: Any,
    marks: Any,
    keys: Any,
    shares: Any,
    traits: Any,
    places: Any,
    odds: Any,
    totals: Any,
    verdicts: Any,
) -> None:
    """Write to `verdicts` (uint8) what each of some tokens is taken for, or UNKNOWN."""
    words = Words(marks, keys, shares, traits)
    for token in range(starts.shape[0]):
        verdicts[token] = UNKNOWN
        if describe(codes, starts[token], ends[token], characters, words):
            size = ends[token] - starts[token]
            verdicts[token] = _verdict(size, places, odds, totals, words)


@compiled
def seams_of(
    codes: Any,
    starts: Any,
    ends: Any,
    characters: Any,
    marks: Any,
    keys: Any,
    shares: Any,
    traits: Any,
    places: Any,
    odds: Any,
    counts: Any,
) -> Any:
    """Write the seams of some tokens, and to `counts` (int32) how many each has, or STRANGE.

    Returns how many there are together; `places` and `odds` have room for `MAX_TOKEN` a token.
    """
    words = Words(marks, keys, shares, traits)
    at = 0
    for token in range(starts.shape[0]):
        size = ends[token] - starts[token]
        if size > MAX_TOKEN:
            counts[token] = 0
        elif describe(codes, starts[token], ends[token], characters, words):
            after = score(0, size, at, places, odds, words)
            counts[token] = after - at
            at = after
        else:
            counts[token] = STRANGE
    return at
