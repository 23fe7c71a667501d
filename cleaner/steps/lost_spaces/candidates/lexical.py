"""Lexical glue (GLU203): words run together that no case change or punctuation betrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import regex

from cleaner.steps.lost_spaces.languages.language import COMPOUNDING, ENCLITICS, PREFIXES, SUFFIXES
from cleaner.steps.lost_spaces.odds import (
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
    W_DETERMINER,
    W_ENDS_COMPOUNDS,
    W_HYPHENATED,
    W_INNER_CAPITAL,
    W_LENGTH,
    W_LISTED,
    W_ODDS,
    W_OTHER_LANGUAGE,
    W_RARER_PART,
    W_SHORTER_PART,
    W_SMALL_I,
    W_UNLISTED,
)
from cleaner.steps.lost_spaces.words.compounds import compounds_of
from cleaner.steps.lost_spaces.words.lexicon import added, guess, lexicon_of

_LETTERS = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:['’]\p{L}[\p{L}\p{M}]*)?")

# No sentence ends in one, but names and Latin words do.
_DETERMINERS = frozenset("a an the my your our their every".split())
_CLOSERS = frozenset(",.;:!?)]")
_FITTED_LANGUAGE = "en"


class Parting(NamedTuple):
    """A way to part a token: the places of its seams, and the log odds (natural) for it."""

    places: tuple[int, ...]
    odds: float


PartWord = Callable[[str, str], Parting | None]


class _Seam(NamedTuple):
    """A seam: log10 odds of parted over whole, its place, log10 shares of its parts."""

    odds: float
    place: int
    left: float
    right: float


def part_letters(token: str, language: str, part: PartWord) -> Parting | None:
    """Return the likeliest parting of the words in `token`, or None where it has none.

    `part` is `part_word` or does the same.

    >>> parting = part_letters("sailorssaid", "en", part_word)
    >>> parting.places, parting.odds > 2
    ((7,), True)
    >>> part_letters("sailors", "en", part_word) is None
    True
    """
    if language in COMPOUNDING:
        return None
    places: list[int] = []
    odds = math.inf
    pieces = list(_LETTERS.finditer(token))
    for piece in pieces:
        word = piece.group()
        if not MIN_LENGTH <= len(word) <= MAX_LENGTH:
            continue
        parting = part(word, language)
        if parting is not None and parting.odds > 0:
            places.extend(piece.start() + place for place in parting.places)
            odds = min(odds, parting.odds)
            last = word[parting.places[-1] :].lower()
            if last in _DETERMINERS and token[piece.end() : piece.end() + 1] in _CLOSERS:
                odds += W_DETERMINER
    if not places:
        return None
    if language != _FITTED_LANGUAGE:
        odds += W_OTHER_LANGUAGE
    return Parting(tuple(places), odds + (W_HYPHENATED if len(pieces) > 1 else 0.0))


def part_word(word: str, language: str) -> Parting | None:
    """Return the likeliest parting of a run of letters, however unlikely it is."""
    lexicon = lexicon_of(language)
    whole = lexicon.logp(word)
    if whole >= FAMILIAR or (whole >= KNOWN and len(word) > MAX_LISTED_LENGTH):
        return None
    low = word.lower()
    if len(low) != len(word):
        return None
    seams = _seams(low, whole, language)
    if not _may_part(word, whole, seams, language):
        return None
    if not seams:
        return None
    odds, place, left, right = seams[0]
    if whole >= KNOWN and odds < MIN_LISTED_ODDS:
        return None
    places = [place]
    parts = [low[:place], low[place:]]
    logps = [left, right]
    if min(left, right) < KNOWN:
        longer = _segment(low, language)
        longer_logps = [lexicon.logp(part) for part in longer]
        if longer and (min(left, right) < UNKNOWN_BASE or added(longer_logps) > left + right):
            parts, logps = longer, longer_logps
            odds = added(logps) - whole
            places = []
            for part in parts[:-1]:
                places.append((places[-1] if places else 0) + len(part))
    discount = _compound_discount(parts, language)
    sizes = [len(part) for part in parts]
    score = _score(word, whole, sizes, logps, odds, discount)
    if (parts[0] in PREFIXES and logps[1] < VERY_COMMON) or (
        parts[-1] in SUFFIXES and logps[-2] < VERY_COMMON
    ):
        score += W_AFFIX
    if language == "en" and low[places[-1] :] == "i":
        score += W_SMALL_I
    return Parting(tuple(places), score)


def _seams(low: str, whole: float, language: str) -> list[_Seam]:
    """Return the seams of `low` whose parts are not far too rare, best first."""
    logp = _logp_of_parts(low, language)
    enclitics = ENCLITICS.get(language, frozenset())
    seams = []
    for place in range(1, len(low)):
        if not (low[place - 1].isalpha() and low[place].isalpha()) or low[place:] in enclitics:
            continue
        left, right = logp(low[:place]), logp(low[place:])
        odds = left + right - whole
        if odds >= MIN_SPLIT_ODDS:
            seams.append(_Seam(odds, place, left, right))
    seams.sort(key=lambda seam: (-seam.odds, seam.place))
    return seams


def _logp_of_parts(low: str, language: str) -> Callable[[str], float]:
    """Return `Lexicon.logp` for parts of `low`; a word of letters alone is listed or guessed."""
    lexicon = lexicon_of(language)
    if not low.isalpha() or language in COMPOUNDING:
        return lexicon.logp
    listed = lexicon.listed.get

    def logp(part: str) -> float:
        known = listed(part)
        return guess(part) if known is None else known

    return logp


def _may_part(word: str, whole: float, seams: list[_Seam], language: str) -> bool:
    """Whether `word` would part if its parts made no compounds.

    Most words that no list has would not, and compounds are costly to count.
    """
    size = len(word)
    if any(
        _score(word, whole, (s.place, size - s.place), (s.left, s.right), s.odds) > 0 for s in seams
    ):
        return True
    if not any(min(seam.left, seam.right) < KNOWN for seam in seams):
        return False
    parts = _segment(word.lower(), language)
    logps = [lexicon_of(language).logp(part) for part in parts]
    return bool(parts) and _score(word, whole, [*map(len, parts)], logps, added(logps) - whole) > 0


def _segment(low: str, language: str) -> list[str]:
    """Return the likeliest run of three and more listed words that makes up `low`, or nothing."""
    logp_of = _logp_of_parts(low, language)
    best: list[tuple[float, int, int]] = [(0.0, 0, 0)]
    for end in range(1, len(low) + 1):
        found = (-math.inf, 0, 0)
        for start in range(max(0, end - MAX_PART), end):
            before, _, count = best[start]
            if before == -math.inf:
                continue
            logp = logp_of(low[start:end])
            # Of two equal ones the later start is taken.
            if logp >= UNKNOWN_BASE and before + logp >= found[0]:
                found = (before + logp, start, count + 1)
        best.append(found)
    total, _, count = best[-1]
    if total == -math.inf or not 3 <= count <= MAX_WORDS:
        return []
    words: list[str] = []
    end = len(low)
    while end:
        start = best[end][1]
        words.append(low[start:end])
        end = start
    return words[::-1]


def _compound_discount(parts: list[str], language: str) -> tuple[float, float]:
    compounds = compounds_of(language)
    return (
        W_BEGINS_COMPOUNDS * max(map(compounds.beginning, parts[:-1])),
        W_ENDS_COMPOUNDS * max(map(compounds.ending, parts[1:])),
    )


def _score(
    word: str,
    whole: float,
    sizes: Sequence[int],
    logps: Sequence[float],
    odds: float,
    discount: tuple[float, float] = (0.0, 0.0),
) -> float:
    """Return the log odds of a parting into parts of `sizes`; a discount lowers them."""
    unlisted = whole <= UNKNOWN_BASE
    return (
        CONSTANT
        + W_ODDS * odds
        + W_RARER_PART * min(logps)
        + W_COMMONER_PART * max(logps)
        + discount[0]
        + discount[1]
        + W_SHORTER_PART * min(FULL_SIZE, *sizes)
        + W_LENGTH * len(word)
        + (W_CAPITAL if word[0].isupper() else 0.0)
        + (W_INNER_CAPITAL if word[1:] != word[1:].lower() else 0.0)
        + (W_UNLISTED if unlisted else W_LISTED * whole)
    )
