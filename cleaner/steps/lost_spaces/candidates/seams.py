"""Where a token may part, and how much likelier its two parts are than the whole."""

from __future__ import annotations

import functools
import math
import unicodedata
from collections.abc import Callable, Sequence

import regex

from cleaner.steps.lost_spaces.alphabet import (
    CLOSING,
    DASHES,
    EDGES,
    FRENCH_LONE,
    JOINERS,
    LONE,
    LONE_DASHES,
    MARKS,
    OPENING,
    OPENING_AFTER_WORD,
)
from cleaner.steps.lost_spaces.languages.language import CLITICS, COMPOUNDING, ELIDING, LOW_QUOTES
from cleaner.steps.lost_spaces.odds import (
    ACRONYM_SEAM,
    ADDRESS_SEAM,
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
    UNKNOWN_BASE,
    UNKNOWN_PER_LETTER,
)
from cleaner.steps.lost_spaces.reader.codes import MAX_TOKEN
from cleaner.steps.lost_spaces.words.lexicon import Lexicon, most_remembered

_AFTER_ARTICLE = {"a": "bcdfghjklmnpqrstuvwxyz", "an": "aefhilmnorsux"}
_ARTICLE_LENGTHS = frozenset(map(len, _AFTER_ARTICLE))
_YEAR = regex.compile(r"(?:19|20)\d\d(?!\d)")
_MISSHAPE = regex.compile(r"\p{Ll}\p{Lu}|\p{Lu}{2}\p{Ll}")
_DIGITS_AND_HYPHEN = tuple("-0123456789")
_ANY_LONE = LONE | FRENCH_LONE
_ATTACHED = frozenset({"Mn", "Mc", "Me", "Cf", "Cs"})
_ADDRESS = regex.compile(r"https?://|www\.|\b[\w.+-]+@")
_CORES_REMEMBERED = 2**16

# Gives for each token its seams, or None.
SeamsOf = Callable[[Sequence[str]], Sequence[tuple[tuple[int, float], ...] | None]]


class Seams:
    """Scores the seams of tokens of one language, and remembers them.

    `seams_kernel` is asked first, by `seams_of`; here are scored addresses and tokens with
    characters that it does not know.
    """

    def __init__(self, lexicon: Lexicon, seams_of: SeamsOf) -> None:
        self._lexicon = lexicon
        self._seams_of = seams_of
        self._fast = lexicon.language not in COMPOUNDING
        self._memo: dict[str, tuple[tuple[int, float], ...]] = {}

    def splits(self, token: str) -> tuple[tuple[int, float], ...]:
        """Return the seams of `token` in order, each with log10 odds of parted over whole."""
        found = self._memo.get(token)
        return self._learn([token])[0] if found is None else found

    def splits_of(self, tokens: Sequence[str]) -> dict[str, tuple[tuple[int, float], ...]]:
        """Return the seams of all `tokens`, as `splits` does for each."""
        known = {token: self._memo.get(token) for token in tokens}
        missing = [token for token, found in known.items() if found is None]
        learned = dict(zip(missing, self._learn(missing), strict=True)) if missing else {}
        return {token: learned[token] if f is None else f for token, f in known.items()}

    def _learn(self, tokens: Sequence[str]) -> list[tuple[tuple[int, float], ...]]:
        """Score tokens, and remember their seams."""
        if len(self._memo) + len(tokens) > most_remembered():
            self._memo.clear()
        found = [
            self._score(token) if seams is None else seams
            for token, seams in zip(tokens, self._seams_of(tokens), strict=True)
        ]
        self._memo.update(zip(tokens, found, strict=True))
        return found

    def best(self, token: str) -> float:
        """Return the odds of the likeliest seam of `token`; -inf for a token that cannot part."""
        return max((odds for _, odds in self.splits(token)), default=-math.inf)

    def _score(self, token: str) -> tuple[tuple[int, float], ...]:
        if len(token) < 2 or len(token) > MAX_TOKEN:
            return ()
        core = token.strip(EDGES)
        french = self._lexicon.language == "fr"
        if self._fast and core.isalpha() and not (french and FRENCH_LONE.intersection(token)):
            return self._score_letters(core, token.find(core))
        logp = self._lexicon.logp
        whole = logp(token)
        seams = []
        cased = token[1:] != token[1:].lower()
        lone = not _ANY_LONE.isdisjoint(token)
        first = token.find(token.lstrip(EDGES))
        has_word = self._word_test(token)
        found = _ADDRESS.search(token)
        address = found.start() if found else len(token)
        for place in range(1, min(len(token), address + 1)):
            surface = seam_surface(token, place, self._lexicon.language)
            if place == address:
                surface = ADDRESS_SEAM
            at_symbol = token[place - 1].isalnum() != token[place].isalnum()
            at_number = token[place - 1].isdigit() != token[place].isdigit()
            for part in (token[:place], token[place:]) if lone else ():
                if LONE.issuperset(part):
                    surface = LONE_DASH_SEAM if LONE_DASHES.issuperset(part) else LONE_SEAM
                elif french and FRENCH_LONE.issuperset(part):
                    surface = LONE_DASH_SEAM
            if surface <= IMPOSSIBLE:
                # A line may end at any symbol, so that no odd one stops the decoding.
                if at_symbol and token[place] not in "'’" and token[place - 1] not in "'’":
                    seams.append((place, LAST_RESORT - (not token[place].isalnum())))
                continue
            if surface == 0.0 and not (at_symbol or at_number or has_word(place)):
                continue
            odds = logp(token[:place]) + logp(token[place:]) - whole + surface
            if cased or place - first in _ARTICLE_LENGTHS:
                odds += self._form(token, place, cased)
            if at_symbol and odds < SYMBOL_SEAM:
                odds = SYMBOL_SEAM
            if odds > MIN_ODDS:
                seams.append((place, odds))
        return tuple(seams)

    def _word_test(self, token: str) -> Callable[[int], bool]:
        """Return whether the letters right before or right after a place are a listed word."""
        size = len(token)
        starts = [0] * (size + 1)
        for place in range(1, size + 1):
            starts[place] = starts[place - 1] if token[place - 1].isalpha() else place
        ends = [size] * (size + 1)
        contracted = [size] * (size + 1)
        for place in range(size - 1, -1, -1):
            is_letter = token[place].isalpha()
            ends[place] = ends[place + 1] if is_letter else place
            contracted[place] = (
                contracted[place + 1] if is_letter or token[place] in "'’" else place
            )
        listed = self._lexicon.listed.get

        def is_listed(word: str) -> bool:
            share = listed(word.lower())
            return share is not None and share > MIN_WORD

        def has_word(place: int) -> bool:
            end, after = ends[place], contracted[place]
            return (
                is_listed(token[starts[place] : place])
                or is_listed(token[place:end])
                or (after > end and is_listed(token[place:after].replace("’", "'")))
            )

        return has_word

    def _form(self, token: str, place: int, cased: bool) -> float:
        """Return log10 odds for the two parts from their letters: English articles, capitals."""
        odds = 0.0
        if self._lexicon.language == "en" and token[place].isalpha():
            article = token[:place].lstrip(EDGES).lower()
            if token[place].lower() not in _AFTER_ARTICLE.get(article, token[place].lower()):
                odds = ARTICLE
        if cased:
            for part in (token[:place], token[place:]):
                if _MISSHAPE.search(part):
                    odds += MISSHAPEN
        return odds

    def _score_letters(self, core: str, before: int) -> tuple[tuple[int, float], ...]:
        """Score a token that has only letters between its edges; the same result, faster."""
        low = core.lower()
        if len(low) != len(core):
            return ()
        listed = self._lexicon.listed.get
        whole = self._lexicon.logp(low)
        least = MIN_ODDS + whole
        length = len(low)
        cased = core != low
        mixed = core[1:] != low[1:]
        seams = []
        for place in range(1, length):
            left = listed(low[:place])
            if left is None:
                left = UNKNOWN_BASE + UNKNOWN_PER_LETTER * place
            right = listed(low[place:])
            if right is None:
                right = UNKNOWN_BASE + UNKNOWN_PER_LETTER * (length - place)
            odds = left + right
            if cased:
                odds += _case_surface(core, place)
            if odds > least:
                if mixed or place in _ARTICLE_LENGTHS:
                    odds += self._form(core, place, mixed)
                seams.append((before + place, odds - whole))
        return tuple(seams)


# The words of a text are the words of the next.
@functools.lru_cache(maxsize=_CORES_REMEMBERED)
def strip_clitic(token: str) -> str:
    """Return `token` without the punctuation at its edges and without a possessive.

    >>> strip_clitic("(Quuxford’s),")
    'Quuxford'
    """
    return token.strip(EDGES).removesuffix("’s").removesuffix("'s")


def _case_surface(token: str, place: int) -> float:
    """Return log10 odds for a lost space at `place`, between two letters, from their case."""
    left, right = token[place - 1], token[place]
    if not right.isupper():
        return 0.0
    if left.islower():
        return CASE_SEAM
    if left.isupper():
        return ACRONYM_SEAM if token[place + 1 : place + 2].islower() else CAPITALS_SEAM
    return 0.0


def seam_surface(token: str, place: int, language: str = "") -> float:
    """Return log10 odds for a lost space at `place` from the characters around it alone.

    >>> seam_surface("forces,renowned", 7) > 0 > seam_surface("forces,renowned", 6)
    True
    """
    left, right = token[place - 1], token[place]
    if left.isalpha() and right.isalpha():
        return _case_surface(token, place)
    if unicodedata.category(right) in _ATTACHED:
        return IMPOSSIBLE
    if left.isdigit() and right.isdigit():
        # Only where thousands are parted by spaces.
        return DIGIT_SEAM if token[place : place + 4].isdigit() else IMPOSSIBLE
    if language in LOW_QUOTES:
        # There “ closes what „ opened.
        left, right = left.replace("“", "”"), right.replace("“", "”")
    if language == "fr" and (left == "«" or right in "»?!:;"):
        return 0.0
    if right in CLOSING or left in OPENING:
        return IMPOSSIBLE
    if right in OPENING_AFTER_WORD and (left.isalnum() or left in CLOSING or left in "'’="):
        return OPENING_SEAM
    if right in MARKS and left in CLOSING:
        return DASH_SEAM
    if left in DASHES or right in DASHES:
        return DASH_SEAM
    if right == "-" and token[place + 1 : place + 2] in _DIGITS_AND_HYPHEN:
        return DASH_SEAM
    if left == "-" and token[place - 2 : place] == "--":
        return DASH_SEAM
    if left == "-" and right.isalpha():
        return HYPHEN_SEAM
    if left in "'’" and right.isalnum() and place > 1 and language not in ELIDING:
        # The owner of a plural, or the end of a quotation.
        return OWNER_SEAM if token[place - 2] in "s.,!?" else HYPHEN_SEAM
    if right in "'‘" and left.isalpha() and language not in ELIDING:
        quoted = regex.match(r"\p{L}*", token, pos=place + 1)
        if quoted and quoted.group() and quoted.group().lower() not in CLITICS:
            return QUOTED_SEAM
    if left == "+" and right.isalpha() and token[place - 2 : place - 1].isdigit():
        return 0.0
    if left in JOINERS or right in JOINERS:
        return IMPOSSIBLE
    if left in CLOSING:
        if right.isdigit() and token[place - 2 : place - 1].isdigit():
            return DASH_SEAM if left == "," and _YEAR.match(token, place) else IMPOSSIBLE
        if right.isdigit() and token[place - 2 : place - 1].isalpha():
            return 0.0
        return PUNCTUATION_SEAM if right.isalpha() else DASH_SEAM
    return 0.0
