"""Marks: the characters around words that may differ between copies of one text.

Every other character that is neither of a word nor white space (``%``, ``+``, ``€``, ``?``) is a
sign and always matters.
"""

from __future__ import annotations

import unicodedata

# Kinds of marks; SKIPPED are those that nobody sees.
SKIPPED, PERIOD, COMMA, SEMICOLON, COLON, BANG, DOUBLE, SINGLE = range(1, 9)
OPENING, CLOSING, BRACKET, CLOSING_BRACKET, HYPHEN, DASH, DOTS = range(9, 16)

# What each kind is written as where it matters, in order from 1.
WRITTEN = "\0.,;:!\"'()[]--~"

_BY_KIND = {
    PERIOD: ".。．｡।॥۔።။։។",
    COMMA: ",，、､،﹐၊",
    SEMICOLON: ";；؛",
    COLON: ":：﹕",
    BANG: "!！¡¿",
    DOUBLE: '"“”„‟«»＂「」『』〝〞〟《》〈〉',
    SINGLE: "'‘’‚‛‹›`´＇",
    OPENING: "(（",
    CLOSING: ")）",
    BRACKET: "[［【〔",
    CLOSING_BRACKET: "]］】〕",
    HYPHEN: "-‐‑－﹣",
    DASH: "–—―‒−⸺",
    DOTS: "…⋯‥•·‧・･‣◦▪⁃",
}
_KINDS = {ord(mark): kind for kind, marks in _BY_KIND.items() for mark in marks}


def mark_kind(character: str) -> int:
    r"""Return the kind of mark that `character` is; 0 for signs, words and white space.

    >>> [mark_kind(character) for character in ",%a \u00ad"]
    [3, 0, 0, 0, 1]
    """
    kind = _KINDS.get(ord(character))
    if kind is not None:
        return kind
    if character.isspace():
        return 0
    return SKIPPED if unicodedata.category(character) in ("Cc", "Cf") else 0


def written(kind: int) -> str:
    """Return the character that stands for all marks of a kind.

    >>> written(DASH), written(HYPHEN)
    ('-', '-')
    """
    return WRITTEN[kind - 1]
