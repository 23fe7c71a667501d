"""Classes of characters as tables, and the hash of a word."""

from __future__ import annotations

import functools
import unicodedata

import numpy as np
import numpy.typing as npt

LETTER, UPPER, DIGIT, SPACE, PUNCTUATION, END = 1, 2, 4, 8, 16, 32
COMMA, SEPARATOR, SYMBOL, MONEY, BRACKET, UNSPACED = 64, 128, 256, 512, 1024, 2048

TABLE_SIZE = 0x20000
_ENDS = frozenset(".!?…。！？؟।۔።")
_COMMAS = frozenset(",;、，،؛；")
_SEPARATORS = frozenset("|•·»«›‹>→←/–—►▶▼▲✓✔×*#+=_\\~")
_BRACKETS = frozenset('()[]{}"“”„‘’«»')
_UNSPACED_NAMES = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
MULTIPLIER = 0x9E3779B97F4A7C15 | 1

Codes = npt.NDArray[np.uint32]


def code_points(text: str) -> Codes:
    """Return the code points of `text`, shape (characters,); lone surrogates stay what they are."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@functools.cache
def class_table() -> npt.NDArray[np.uint16]:
    """Return the class bits of each code point below 0x20000, shape (131072,)."""
    return np.array([_class_of(chr(code)) for code in range(TABLE_SIZE)], dtype=np.uint16)


@functools.cache
def lower_table() -> Codes:
    """Return the lower-case code point of each code point below 0x20000, shape (131072,)."""
    lowered = (chr(code).lower() for code in range(TABLE_SIZE))
    return np.array(
        [ord(low) if len(low) == 1 else code for code, low in enumerate(lowered)], dtype=np.uint32
    )


def _class_of(character: str) -> int:
    category = unicodedata.category(character)
    bits = 0
    if category[0] in "LM":
        bits |= LETTER
    if category in ("Lu", "Lt"):
        bits |= UPPER
    if category[0] == "N":
        bits |= DIGIT
    if character.isspace():
        bits |= SPACE
    if category[0] == "P":
        bits |= PUNCTUATION
    if category in ("So", "Sk", "Cf", "Co", "Cs"):
        bits |= SYMBOL
    if category == "Sc":
        bits |= MONEY
    bits |= END if character in _ENDS else 0
    bits |= COMMA if character in _COMMAS else 0
    bits |= SEPARATOR if character in _SEPARATORS else 0
    bits |= BRACKET if character in _BRACKETS else 0
    if bits & LETTER and ord(character) > 0xE00:
        name = unicodedata.name(character, "")
        bits |= UNSPACED if name.startswith(_UNSPACED_NAMES) else 0
    return bits


def hash_word(word: str) -> int:
    """Return the hash of a word (or line), the case of letters aside.

    A polynomial over the lower-case code points modulo 2**64.

    >>> hash_word("The") == hash_word("the"), hash_word("the") == hash_word("hat")
    (True, False)
    """
    value = 0
    for code in reversed(code_points(word).tolist()):
        lowered = int(lower_table()[min(code, TABLE_SIZE - 1)])
        value = (value * MULTIPLIER + lowered + 1) % (1 << 64)
    return value
