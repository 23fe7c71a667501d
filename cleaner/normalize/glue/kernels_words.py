"""Compiled twin of `lexicon`: how likely each stretch of a token is as a word.

Stretches are given by their first place in the token in hand and the place behind them.
"""

# mypy: disable-error-code="import-untyped,untyped-decorator"
# Written for the compiler, as comparisons and loops.
# ruff: noqa: PLR1714, SIM109

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cleaner.normalize.glue.kernel_terms import (
    ALONE,
    ALONE_DASH,
    ALONE_FRENCH,
    BROKEN,
    CASED,
    CHANGED,
    CLASS,
    COMPOUNDS,
    DIGIT,
    ELIDES,
    ELISION,
    FRENCH_LONE,
    HYPHEN,
    INVERSE,
    LETTER,
    LETTERS,
    LINK,
    LONE,
    LONE_DASH,
    MAX_LINK,
    MAX_TOKEN,
    NORMAL,
    POWER,
    SUM,
    UPPER,
    WORD,
)
from cleaner.normalize.glue.kernels import compiled
from cleaner.normalize.glue.kernels_table import finish
from cleaner.normalize.glue.odds import (
    BROKEN_WORD,
    CLITIC,
    MAX_COMPOUND,
    MAX_HYPHENATED,
    MIN_COMPONENT,
    NUMBER,
    PUNCTUATION,
    TITLED,
    UNKNOWN_BASE,
    UNKNOWN_PER_LETTER,
    UNTITLED,
)
from cleaner.normalize.glue.odds import HYPHEN as HYPHEN_ODDS

U = np.uint64
_WORD_CHARACTER = LETTER | DIGIT
_S, _W = ord("s"), ord("w")
_QUOTE, _DOT, _COMMA, _COLON, _PERCENT, _SLASH = [ord(character) for character in "'.,:%/"]
# What a capital may stand behind at the start of a word (see `lexicon`).
_BEFORE_TITLES = np.array([ord(character) for character in "(\"'‘“„»["], np.int64)
_ORDINALS = np.array(
    [[ord(a), ord(b)] for a, b in ("st", "nd", "rd", "th")],
    np.int64,
)


class Words(NamedTuple):
    """What is known of a language and of the token in hand."""

    #: The token, by `kernel_terms` row: int64 of shape (ROWS, MAX_TOKEN + 1).
    marks: Any
    #: The hashed words, a row each: the key (0 is none); in the second view the log10 share.
    keys: Any
    shares: Any
    #: Traits of the language, as bits.
    traits: Any


@compiled
def words_of(marks: Any, table: Any, traits: Any) -> Any:
    """Return the words that the table holds, with room to describe a token."""
    return Words(marks, table, table.view(np.float64), traits)


@compiled
def _begins_address(code: Any, place: Any, marks: Any) -> Any:
    """Whether "//" or "www." ends with the character `code` at `place`."""
    if code == _SLASH:
        return place >= 1 and marks[NORMAL, place - 1] == _SLASH
    return (
        code == _DOT
        and place >= 3
        and marks[NORMAL, place - 1] == _W
        and marks[NORMAL, place - 2] == _W
        and marks[NORMAL, place - 3] == _W
    )


@compiled
def describe(codes: Any, start: Any, end: Any, characters: Any, words: Any) -> Any:
    """Describe the token ``codes[start:end]`` in `words`; whether it can be judged here.

    Addresses and tokens with characters that `alphabet` does not know cannot.
    """
    marks = words.marks
    size = end - start
    if size > MAX_TOKEN:
        return False
    top = characters.shape[0]
    marks[CASED, 0] = 0
    marks[CHANGED, 0] = 0
    marks[LETTERS, 0] = 0
    marks[ALONE, 0] = 0
    marks[ALONE_DASH, 0] = 0
    marks[ALONE_FRENCH, 0] = 0
    marks[SUM, 0] = 0
    for place in range(size):
        code = np.int64(codes[start + place])
        if code >= top:
            return False
        kind = np.int64(characters[code, 0])
        if kind == 0:
            return False
        normal = np.int64(characters[code, 1])
        if _begins_address(normal, place, marks):
            return False
        after = place + 1
        marks[CLASS, place] = kind
        marks[NORMAL, place] = normal
        marks[CASED, after] = marks[CASED, place] + (kind & UPPER != 0)
        marks[CHANGED, after] = marks[CHANGED, place] + (code != normal)
        marks[LETTERS, after] = marks[LETTERS, place] + (kind & LETTER != 0)
        marks[ALONE, after] = marks[ALONE, place] + (kind & LONE != 0)
        marks[ALONE_DASH, after] = marks[ALONE_DASH, place] + (kind & LONE_DASH != 0)
        marks[ALONE_FRENCH, after] = marks[ALONE_FRENCH, place] + (kind & FRENCH_LONE != 0)
        marks[SUM, after] = marks[SUM, place] + normal * marks[POWER, place]
    return True


@compiled
def share(start: Any, end: Any, kind: Any, words: Any) -> Any:
    """Return the log10 share of a stretch among the words of a kind, or inf where it is none."""
    marks, keys = words.marks, words.keys
    value = (marks[SUM, end] - marks[SUM, start]) * marks[INVERSE, start]
    key = finish(value, kind)
    mask = keys.shape[0] - 1
    slot = np.int64(key >> U(1)) & mask
    while keys[slot, 0] != 0:
        if keys[slot, 0] == key:
            return words.shares[slot, 1]
        slot = (slot + 1) & mask
    return np.inf


@compiled
def listed(start: Any, end: Any, words: Any) -> Any:
    """Return the log10 share of a listed word, or inf for another."""
    return share(start, end, WORD, words)


@compiled
def is_extra(kind: Any, start: Any, end: Any, words: Any) -> Any:
    """Whether a stretch of the token is one of the further words of a kind."""
    return share(start, end, kind, words) <= 0.0


@compiled
def guess(size: Any) -> Any:
    """Return log10 of the probability of a word that the list lacks."""
    return UNKNOWN_BASE + UNKNOWN_PER_LETTER * size


@compiled
def word_of_letters(start: Any, end: Any, words: Any) -> Any:
    """Return `Lexicon.logp` of letters, in a language without compounds: listed or guessed."""
    logp = listed(start, end, words)
    return guess(end - start) if logp > 0.0 else logp


@compiled
def _word(start: Any, end: Any, words: Any) -> Any:
    """Return the log10 share of a word, a possessive or an elided one; inf where it is none."""
    marks = words.marks
    logp = listed(start, end, words)
    if logp <= 0.0:
        return logp
    quote = start
    while quote < end and marks[NORMAL, quote] != _QUOTE:
        quote += 1
    if quote == end:
        return np.inf
    if end - start >= 2 and marks[NORMAL, end - 1] == _S and marks[NORMAL, end - 2] == _QUOTE:
        logp = listed(start, end - 2, words)
        if logp <= 0.0:
            return logp + CLITIC
    if words.traits & ELIDES and is_extra(ELISION, start, quote, words):
        logp = listed(quote + 1, end, words)
        if logp <= 0.0:
            return logp + CLITIC
    return np.inf


@compiled
def _is_number(start: Any, end: Any, words: Any) -> Any:
    marks = words.marks
    if start >= end or not marks[CLASS, start] & DIGIT:
        return False
    while start < end:
        code = marks[NORMAL, start]
        if not (marks[CLASS, start] & DIGIT or code == _DOT or code == _COMMA or code == _COLON):
            break
        start += 1
    if end - start == 2:
        for row in range(_ORDINALS.shape[0]):
            if (
                marks[NORMAL, start] == _ORDINALS[row, 0]
                and marks[NORMAL, start + 1] == _ORDINALS[row, 1]
            ):
                return True
    return end == start or (
        end - start == 1 and (marks[NORMAL, start] == _S or marks[NORMAL, start] == _PERCENT)
    )


@compiled
def _hyphenated(start: Any, end: Any, words: Any) -> Any:
    """Return log10 of the probability of the parts between hyphens, or inf for fewer than two."""
    marks = words.marks
    together = 0.0
    parts = 0
    while start < end:
        after = start
        while after < end and not marks[CLASS, after] & HYPHEN:
            after += 1
        first, last = start, after
        while first < last and not marks[CLASS, first] & _WORD_CHARACTER:
            first += 1
        while first < last and not marks[CLASS, last - 1] & _WORD_CHARACTER:
            last -= 1
        start = after + 1
        if first == last:
            continue
        parts += 1
        logp = _word(first, last, words)
        if logp > 0.0:
            logp = NUMBER if _is_number(first, last, words) else guess(last - first)
        together += logp
    return together + HYPHEN_ODDS * (parts - 1) if parts > 1 else np.inf


@compiled
def _is_broken(start: Any, end: Any, words: Any) -> Any:
    """Whether punctuation that ends words has a letter right behind it."""
    marks = words.marks
    for place in range(start + 2, end):
        if marks[CLASS, place] & LETTER and marks[CLASS, place - 1] & BROKEN:
            before = place - 1
            while before > start and marks[CLASS, before] & BROKEN:
                before -= 1
            if marks[CLASS, before] & _WORD_CHARACTER:
                return True
    return False


@compiled
def _compound(start: Any, end: Any, words: Any) -> Any:
    """Return log10 of the probability of a compound of two listed words, or -inf."""
    best = -np.inf
    for place in range(start + MIN_COMPONENT, end - MIN_COMPONENT + 1):
        last = listed(place, end, words)
        if last > 0.0:
            continue
        first = listed(start, place, words)
        for size in range(1, MAX_LINK + 1):
            if first > 0.0 and is_extra(LINK, place - size, place, words):
                first = listed(start, place - size, words)
        if first <= 0.0:
            best = max(best, first + last)
    return best


@compiled
def logp_of_small(start: Any, end: Any, words: Any) -> Any:
    """Return `Lexicon.logp` of the small form of a stretch of letters."""
    logp = listed(start, end, words)
    if logp <= 0.0:
        return logp
    size = end - start
    if words.traits & COMPOUNDS and size <= MAX_COMPOUND:
        return max(guess(size), _compound(start, end, words) + UNTITLED)
    return guess(size)


@compiled
def _is_titled(start: Any, end: Any, words: Any) -> Any:
    marks = words.marks
    while start < end:
        opens = False
        for index in range(_BEFORE_TITLES.shape[0]):
            opens = opens or marks[NORMAL, start] == _BEFORE_TITLES[index]
        # The right single quote has the normal form of the straight one.
        if not opens or (
            marks[NORMAL, start] == _QUOTE and marks[CHANGED, start + 1] != marks[CHANGED, start]
        ):
            break
        start += 1
    return start < end and marks[CLASS, start] & UPPER != 0


@compiled
def logp_of(start: Any, end: Any, words: Any) -> Any:
    """Return `Lexicon.logp` of a stretch of the token."""
    marks = words.marks
    letters = marks[LETTERS, end] - marks[LETTERS, start] == end - start
    if marks[CHANGED, end] == marks[CHANGED, start]:
        logp = listed(start, end, words)
        if logp <= 0.0:
            return logp
    first, last = start, end
    while first < last and not marks[CLASS, first] & _WORD_CHARACTER:
        first += 1
    while first < last and not marks[CLASS, last - 1] & _WORD_CHARACTER:
        last -= 1
    if first == last:
        return PUNCTUATION
    logp = _word(first, last, words)
    if logp <= 0.0:
        return logp
    size = last - first
    all_letters = letters or marks[LETTERS, last] - marks[LETTERS, first] == size
    if all_letters and not words.traits & COMPOUNDS:
        return guess(size)
    if _is_number(first, last, words):
        return NUMBER
    together = _hyphenated(first, last, words)
    if together < np.inf:
        return min(MAX_HYPHENATED, max(together, guess(size)))
    if _is_broken(start, end, words):
        return guess(size) + BROKEN_WORD
    if words.traits & COMPOUNDS and size <= MAX_COMPOUND:
        titled = TITLED if _is_titled(start, end, words) else UNTITLED
        return max(guess(size), _compound(first, last, words) + titled)
    return guess(size)
