"""Where a token may part, and how much likelier its two parts are than the whole."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from cleaner.normalize.glue.lexicon import Lexicon

_CLOSING = frozenset(",.;:!?)]}%»”…")
_OPENING = frozenset("([{«“„¿¡$#@")
# Languages that write quotations „so“.
_LOW_QUOTES = frozenset({"bg", "cs", "de", "hr", "is", "lt", "mk", "sh", "sk", "sl"})
_DASHES = frozenset("–—―&")
_JOINERS = frozenset("-‐‑'’_/\\@+=*~^|<>")
_ATTACHED = frozenset({"Mn", "Mc", "Me", "Cf", "Cs"})
_ADDRESS = ("://", "www.", "@")
_IMPOSSIBLE = -7.0
_DIGIT_SEAM = -4.0
_DASH_SEAM = -1.0
_HYPHEN_SEAM = -4.0
_CASE_SEAM = 2.0
_PUNCTUATION_SEAM = 1.0
_MIN_ODDS = -9.0
_MAX_TOKEN = 80
_MEMO_LIMIT = 300_000


class Seams:
    """Scores the seams of tokens with a lexicon and, if given, the document's own words.

    `own` maps a lower-case word that the lexicon does not know to log10 of its share of the
    document's words.
    """

    def __init__(self, lexicon: Lexicon, own: Mapping[str, float] | None = None) -> None:
        self._lexicon = lexicon
        self._own = own or {}
        self._memo: dict[str, tuple[tuple[int, float], ...]] = {}

    def logp(self, piece: str) -> float:
        """Return log10 of the probability of `piece`, the document's own words included."""
        known = self._lexicon.logp(piece)
        if self._own:
            mine = self._own.get(piece.strip(",.;:!?()'’\"“”").lower().removesuffix("’s").removesuffix("'s"))
            if mine is not None and mine > known:
                return mine
        return known

    def splits(self, token: str) -> tuple[tuple[int, float], ...]:
        """Return the seams of `token` in order, each with log10 odds of parted over whole."""
        found = self._memo.get(token)
        if found is None:
            if len(self._memo) >= _MEMO_LIMIT:
                self._memo.clear()
            found = self._memo[token] = self._score(token)
        return found

    def best(self, token: str) -> tuple[int, float]:
        """Return the likeliest seam and its odds; (0, -inf) for a token that cannot part."""
        return max(self.splits(token), key=lambda seam: seam[1], default=(0, float("-inf")))

    def _score(self, token: str) -> tuple[tuple[int, float], ...]:
        if len(token) < 2 or len(token) > _MAX_TOKEN:
            return ()
        whole = self.logp(token)
        seams = []
        address = min((at for mark in _ADDRESS if (at := token.find(mark)) >= 0), default=len(token))
        for place in range(1, min(len(token), address + 1)):
            surface = seam_surface(token, place, self._lexicon.language)
            if surface <= _IMPOSSIBLE:
                continue
            odds = self.logp(token[:place]) + self.logp(token[place:]) - whole + surface
            if odds > _MIN_ODDS:
                seams.append((place, odds))
        return tuple(seams)


def seam_surface(token: str, place: int, language: str = "") -> float:
    """Return log10 odds for a lost space at `place` from the characters around it alone.

    >>> seam_surface("forces,renowned", 7) > 0 > seam_surface("forces,renowned", 6)
    True
    """
    left, right = token[place - 1], token[place]
    if left.isalpha() and right.isalpha():
        if left.islower() and right.isupper():
            return _CASE_SEAM
        return -2.0 if left.isupper() and right.isupper() else 0.0
    if unicodedata.category(right) in _ATTACHED:
        return _IMPOSSIBLE
    if left.isdigit() and right.isdigit():
        # Only where thousands are parted by spaces.
        return _DIGIT_SEAM if token[place : place + 4].isdigit() else _IMPOSSIBLE
    if language in _LOW_QUOTES:
        # There “ closes what „ opened.
        left, right = left.replace("“", "”"), right.replace("“", "”")
    if language == "fr" and (left == "«" or right in "»?!:;"):
        return 0.0
    if right in _CLOSING or left in _OPENING:
        return _IMPOSSIBLE
    if left in _DASHES or right in _DASHES:
        return _DASH_SEAM
    if left == "-" and right.isalpha():
        return _HYPHEN_SEAM
    if left in _JOINERS or right in _JOINERS:
        return _IMPOSSIBLE
    if left in _CLOSING:
        return _PUNCTUATION_SEAM if right.isalpha() else -2.0
    return 0.0
