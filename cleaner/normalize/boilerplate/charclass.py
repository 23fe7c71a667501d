"""Classes of characters, and hashes of words, as arrays."""

from __future__ import annotations

import functools
import unicodedata

import numpy as np
import numpy.typing as npt

LETTER, UPPER, DIGIT, SPACE, PUNCTUATION, END = 1, 2, 4, 8, 16, 32
COMMA, SEPARATOR, SYMBOL, MONEY, BRACKET, UNSPACED = 64, 128, 256, 512, 1024, 2048

_TABLE_SIZE = 0x20000
_ENDS = frozenset(".!?…。！？؟।۔።")
_COMMAS = frozenset(",;、，،؛；")
_SEPARATORS = frozenset("|•·»«›‹>→←/–—►▶▼▲✓✔×*#+=_\\~")
_BRACKETS = frozenset('()[]{}"“”„‘’«»')
_UNSPACED_NAMES = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
_MULTIPLIER = 0x9E3779B97F4A7C15 | 1
_INVERSE = pow(_MULTIPLIER, -1, 1 << 64)

Codes = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]


def code_points(text: str) -> Codes:
    """Return the code points of `text`, shape (characters,); lone surrogates stay what they are."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@functools.cache
def class_table() -> npt.NDArray[np.uint16]:
    """Return the class bits of each code point below 0x20000, shape (131072,)."""
    return np.array([_class_of(chr(code)) for code in range(_TABLE_SIZE)], dtype=np.uint16)


@functools.cache
def lower_table() -> Codes:
    """Return the lower-case code point of each code point below 0x20000, shape (131072,)."""
    lowered = (chr(code).lower() for code in range(_TABLE_SIZE))
    return np.array(
        [ord(low) if len(low) == 1 else code for code, low in enumerate(lowered)], dtype=np.uint32
    )


def classes(codes: Codes) -> npt.NDArray[np.uint16]:
    """Return the class bits of `codes`; code points beyond the table count as its last ones."""
    return class_table()[np.minimum(codes, _TABLE_SIZE - 1)]


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


@functools.lru_cache(maxsize=4)
def _powers(base: int, size: int) -> Hashes:
    powers = np.full(size, base, dtype=np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


def word_hashes(codes: Codes, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> Hashes:
    """Return a hash of each word ``codes[start:end]``, the case of letters aside; shape (words,).

    A polynomial over the lower-case code points modulo 2**64, from one running sum over the text.

    >>> text = code_points("The the hat")
    >>> first, second, third = word_hashes(text, np.array([0, 4, 8]), np.array([3, 7, 11]))
    >>> bool(first == second), bool(first == third)
    (True, False)
    """
    if len(starts) == 0:
        return np.zeros(0, dtype=np.uint64)
    size = 1 << max(16, (len(codes) + 1).bit_length())
    lowered = lower_table()[np.minimum(codes, _TABLE_SIZE - 1)].astype(np.uint64) + np.uint64(1)
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(lowered * _powers(_MULTIPLIER, size)[: len(codes)], out=sums[1:])
    return (sums[ends] - sums[starts]) * _powers(_INVERSE, size)[starts]


def hash_word(word: str) -> int:
    """Return the hash of one word, as `word_hashes` has it."""
    codes = code_points(word)
    return int(word_hashes(codes, np.array([0]), np.array([len(codes)]))[0])
