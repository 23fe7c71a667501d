"""Compiled twin of the plain definitions in `essence`, word by word and mark by mark.

What is known of a text so far goes in and out as a tuple, the *state*: the hash of its essence, the
bytes that it has not taken in yet and how many they are; the hash of the places of capitals and how
many they are; the damage and the marks.
"""

# mypy: disable-error-code="assignment,call-arg,var-annotated"

# Written for the compiler, as comparisons in a row.
# ruff: noqa: PLR1714

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.core.machine import load_byte, load_chunk, load_word, trailing_zeros
from cleaner.dedup.essence import (
    DAMAGE_SHIFT,
    MOST_DAMAGE,
    MOST_MARKS,
    MOST_WORDS,
    WORDS_SHIFT,
)
from cleaner.dedup.hashing import FIRST
from cleaner.dedup.kernels_words import LONG, compiled, decode, inlined, mix_first, push_folded
from cleaner.dedup.marks import COLON, DOTS, HYPHEN, PERIOD, SINGLE, SKIPPED, WRITTEN
from cleaner.dedup.words import DIGIT, KIND_SHIFT, SPACE, SPACELESS, WORD

U = np.uint64
_FIRST = U(FIRST)
_HIGH = U(0x8080808080808080)
_LOWER = U(0x2020202020202020)
_LETTERS = U(0x4040404040404040)
_ALL = U(0xFFFFFFFFFFFFFFFF)
_WRITTEN = tuple(U(int.from_bytes(WRITTEN[at : at + 8].encode("ascii"), "little")) for at in (0, 8))
_WRITTEN_LOW, _WRITTEN_HIGH = _WRITTEN


@inlined
def blank() -> Any:
    """Return the state before anything was seen."""
    return U(0), U(0), 0, U(0), np.int64(0), np.int64(0), np.int64(0)


@inlined
def _place_hash(place: Any) -> Any:
    mixed = U(place + 1) * _FIRST
    return mixed ^ (mixed >> U(32))


@inlined
def _take(packed: Any, size: Any, chunk: Any, filled: Any, h: Any) -> Any:
    """Take up to eight bytes into the essence: (chunk, filled, h)."""
    # Without a branch, which nobody could foretell.
    bits = U(8 * filled)
    joined = chunk | packed << bits
    rest = packed >> U(8) >> (U(56) - bits)
    filled += size
    full = filled >= 8
    return rest if full else joined, filled & 7, mix_first(h, joined) if full else h


@inlined
def _is_mojibake(before: Any, code: Any) -> Any:
    """Whether two characters look like one that was decoded wrongly."""
    after = (code >= 0x80 and code <= 0xBF) or code == 0x20AC
    return after and (
        before == 0xC2 or before == 0xC3 or before == 0xD0 or before == 0xD1 or before == 0xE2
    )


@inlined
def _last_code(data: Any, first: Any, at: Any) -> Any:
    """Return the code point before a place, which is after `first`, and where it begins."""
    at -= 1
    while at > first and load_byte(data, at) & 0xC0 == 0x80:
        at -= 1
    return decode(data, at, at + 4)[0], at


@inlined
def take_word(
    data: Any, at: Any, end: Any, safe: Any, tables: Any, ignore: Any, place: Any, state: Any
) -> Any:
    """Take the word in [at, end), whose first letter or digit has the number `place`."""
    h, chunk, filled, total, count, damage, marks = state
    while at < end and at <= safe:
        size = min(np.int64(8), end - at)
        mask = _ALL if size == 8 else (U(1) << U(8 * size)) - U(1)
        raw = load_chunk(data, at) & mask
        if raw & _HIGH or (ignore and ~raw & _LETTERS & mask):
            break
        capitals = ~raw & _LOWER & mask
        while capitals:
            letter = place + np.int64(trailing_zeros(capitals) >> U(3))
            if letter:
                total += _place_hash(letter)
                count += 1
            capitals &= capitals - U(1)
        chunk, filled, h = _take(raw | (_LOWER & mask), size, chunk, filled, h)
        at += size
        place += size
    state = h, chunk, filled, total, count, damage, marks
    return _take_characters(data, at, end, tables, ignore, place, state) if at < end else state


@compiled
def _take_characters(
    data: Any, at: Any, end: Any, tables: Any, ignore: Any, place: Any, state: Any
) -> Any:
    """Take the rest of a word, in [at, end), character by character."""
    h, chunk, filled, total, count, damage, marks = state
    before = np.int64(0)
    while at < end:
        code, at = decode(data, at, end)
        damage += _is_mojibake(before, code)
        before = code
        width = 1
        if code < tables[3]:
            folded = load_word(tables[1], code)
            if folded & LONG:
                row = np.int64(folded ^ LONG)
                width = 2 + np.int64(load_word(tables[2], 3 * row + 2) != 0)
            elif place and np.int64(folded) != code:
                total += _place_hash(place)
                count += 1
        place += width
        if not ignore or not load_byte(tables[0], code) & DIGIT:
            chunk, filled, h, _ = push_folded(code, tables, chunk, filled, h, U(0))
    return h, chunk, filled, total, count, damage, marks


@inlined
def _binds_left(data: Any, first: Any, at: Any, tables: Any, ignore: Any) -> Any:
    """Whether marks after the word that ends at a place may carry meaning."""
    code, start = _last_code(data, first, at)
    kind = load_byte(tables[0], code)
    if kind & DIGIT:
        return not ignore
    if kind & SPACELESS:
        return False
    return start == first or not load_byte(tables[0], _last_code(data, first, start)[0]) & WORD


@inlined
def _binds_right(data: Any, at: Any, end: Any, tables: Any, ignore: Any) -> Any:
    """Whether marks before the word that begins at a place may carry meaning."""
    code, after = decode(data, at, end)
    kind = load_byte(tables[0], code)
    if kind & DIGIT:
        return not ignore
    if kind & SPACELESS:
        return False
    return after >= end or not load_byte(tables[0], decode(data, after, end)[0]) & WORD


@inlined
def is_clause_end(chunk: Any) -> Any:
    """Whether ASCII characters between words are a mark that ends a clause, and a space."""
    mark = chunk & U(0xFF)
    return chunk >> U(8) == U(32) and (
        mark == U(44) or mark == U(46) or mark == U(59) or mark == U(58)
    )


@inlined
def one_mark_more(state: Any) -> Any:
    """Return the state with a mark that was seen and does not matter."""
    h, chunk, filled, total, count, damage, marks = state
    return h, chunk, filled, total, count, damage, marks + 1


@compiled
def take_marks(
    data: Any, first: Any, start: Any, stop: Any, end: Any, tables: Any, ignore: Any, state: Any
) -> Any:
    """Take what stands in [start, stop) between words of the text in [first, end)."""
    h, chunk, filled, total, count, damage, marks = state
    has_left = start > first
    has_right = stop < end
    first_space, last_space = stop, start - 1
    unseen = seen = 0
    at = start
    while at < stop:
        code, after = decode(data, at, stop)
        kind = load_byte(tables[0], code)
        if kind & SPACE:
            first_space = min(first_space, at)
            last_space = at
        else:
            skipped = kind >> KIND_SHIFT == SKIPPED
            unseen += skipped
            seen += not skipped
            damage += skipped or code == 0xFFFD
        at = after
    code, after = decode(data, start, stop)
    if has_left and code >= 0x80:
        damage += _is_mojibake(_last_code(data, first, start)[0], code)
    if unseen + seen == 0:
        return h, chunk, filled, total, count, damage, marks
    marks += seen
    if has_left and has_right and load_byte(tables[0], code) >> KIND_SHIFT == HYPHEN:
        damage += unseen + seen == 1 and after < stop
    binds_left = has_left and _binds_left(data, first, start, tables, ignore)
    binds_right = has_right and _binds_right(data, stop, end, tables, ignore)
    at = start
    while at < stop:
        code, after = decode(data, at, stop)
        kind = load_byte(tables[0], code)
        mark = kind >> KIND_SHIFT
        is_left = has_left and at < first_space
        is_right = has_right and at > last_space
        at = after
        if kind & SPACE or mark == SKIPPED:
            continue
        if mark == 0:
            # "*", "#", ">" and "|" as the first of a text, with white space behind.
            is_item = code == 42 or code == 35 or code == 62 or code == 124
            if has_left or is_right or not is_item:
                chunk, filled, h, _ = push_folded(code, tables, chunk, filled, h, U(0))
            continue
        if is_left and is_right:
            matters = binds_left or binds_right or mark == HYPHEN or (mark == SINGLE and seen == 1)
        elif is_left:
            matters = binds_left and not (PERIOD <= mark <= COLON or mark == DOTS)
        elif is_right:
            matters = binds_right
        else:
            matters = binds_left or binds_right
        if matters:
            written = (
                _WRITTEN_LOW >> U(8 * (mark - 1))
                if mark < 9
                else (_WRITTEN_HIGH >> U(8 * (mark - 9)))
            )
            chunk, filled, h = _take(written & U(0xFF), 1, chunk, filled, h)
    return h, chunk, filled, total, count, damage, marks


@inlined
def essence_of(state: Any) -> Any:
    """Return the hash of the essence once the whole text was taken."""
    return mix_first(state[0], state[1]) if state[2] else state[0]


@inlined
def cases_of(state: Any) -> Any:
    """Return the hash of the places of capitals with their number."""
    return (state[3] & ~U(0xFFFF)) | U(min(state[4], np.int64(0xFFFF)))


@inlined
def flaws_of(state: Any, words: Any, letters: Any) -> Any:
    """Return how damaged the text is, and then how little it says."""
    damage = min(state[5] + (2 * state[4] > letters), np.int64(MOST_DAMAGE))
    fewer_words = MOST_WORDS - min(words, np.int64(MOST_WORDS))
    fewer_marks = MOST_MARKS - min(state[6], np.int64(MOST_MARKS))
    return np.uint32(damage << DAMAGE_SHIFT | fewer_words << WORDS_SHIFT | fewer_marks)
