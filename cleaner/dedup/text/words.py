"""Words: what a text is cut into before it is compared, as a plain definition and as tables.

A word is a run of letters and digits with the combining marks that follow it, case-folded; a letter
after a mark begins a new word, so that texts with and without their marks have as many words. A
paragraph whose word characters stand mostly in scripts without spaces (Han, Kana, Thai, Lao,
Burmese, Khmer) is cut into single characters instead.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from cleaner.dedup.text.marks import mark_kind

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

WORD, DIGIT, SPACELESS, SPACE, MARK = 1, 2, 4, 8, 16

# The class of a character that is neither of a word nor white space is its kind of mark, so high.
KIND_SHIFT = 4

_SPACELESS_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x19E0, 0x19FF),  # Khmer symbols
    (0x3005, 0x3007),  # Han iteration marks
    (0x3021, 0x3029),
    (0x3031, 0x30FF),  # Kana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FF),  # Burmese extended
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),  # half-width Kana
    (0x1AFF0, 0x1B16F),  # Kana supplements
    (0x20000, 0x3FFFF),  # Han supplements
)
_FOLDS_END = 0x1F000
_MARKS_END = 0x20000
_ASSIGNED_END = 0x32400
_LATE_MARKS = slice(0xE0100, 0xE01F0)
_CODE_POINTS = 0x110000


class Words(NamedTuple):
    """The words of a text, and whether they are single characters."""

    words: list[str]
    single: bool


class Tables(NamedTuple):
    """Character properties by code point, for compiled code.

    ``classes``: uint8, shape (0x110000,) or less, a sum of WORD, DIGIT, SPACELESS,
    SPACE and MARK; without WORD and SPACE, the kind of mark (`marks.mark_kind`), shifted.
    ``folds``: uint32, shape (0x1F000,) or less, the case-folded code point, or ``2**31 + k`` where
    folding gives several, which then stand in row ``k`` of ``long_folds`` (uint32, shape (m, 3),
    padded with zeros).
    """

    classes: npt.NDArray[np.uint8]
    folds: npt.NDArray[np.uint32]
    long_folds: npt.NDArray[np.uint32]


def is_word_character(character: str) -> bool:
    """Whether `character` is a letter, a digit or a combining mark."""
    return character.isalnum() or is_mark(character)


def is_mark(character: str) -> bool:
    """Whether `character` is a combining mark."""
    return unicodedata.category(character)[0] == "M"


def begins_word(before: str, character: str) -> bool:
    """Whether the word character `character` begins a word after the character `before`.

    >>> begins_word("-", "a"), begins_word("a", "b"), begins_word("\u093f", "\u0928")
    (True, False, True)
    """
    return not is_word_character(before) or (is_mark(before) and not is_mark(character))


def is_spaceless(character: str) -> bool:
    """Whether `character` belongs to a script that is written without spaces."""
    code = ord(character)
    return any(first <= code <= last for first, last in _SPACELESS_RANGES)


def split_words(text: str) -> Words:
    """Return the words of `text`.

    >>> split_words("Größe: 3.5 km, naïve_x")
    Words(words=['grösse', '3', '5', 'km', 'naïve', 'x'], single=False)
    >>> split_words("東京の天気")
    Words(words=['東', '京', 'の', '天', '気'], single=True)
    """
    words: list[str] = []
    spaceless = total = 0
    before = " "
    for character in text:
        if is_word_character(character):
            folded = character.casefold()
            if begins_word(before, character):
                words.append(folded)
            else:
                words[-1] += folded
            total += len(folded)
            spaceless += is_spaceless(character)
        before = character
    if 2 * spaceless > total:
        return Words(list("".join(words)), True)
    return Words(words, False)


def count_words(words: Words) -> int:
    """Return how many words `words` stand for: two single characters count as one.

    >>> count_words(split_words("東京の天気"))
    2
    """
    return len(words.words) // 2 if words.single else len(words.words)


def numbers(text: str) -> list[str]:
    """Return the runs of decimal digits of `text`, in order.

    >>> numbers("On 3 May 2021 at 10.30")
    ['3', '2021', '10', '30']
    """
    return re.findall(r"\d+", text)


@functools.cache
def tables(end: int = _CODE_POINTS) -> Tables:
    """Return the character tables of the running Python's Unicode version, for code points < `end`.

    All of them take a tenth of a second to make; most texts need only the first few thousand.
    """
    import numpy as np

    classes = np.zeros(end, dtype=np.uint8)
    every = "".join(map(chr, range(min(end, _ASSIGNED_END))))
    for pattern, kind in ((r"[^\W_]+", WORD), (r"\d+", DIGIT), (r"\s+", SPACE)):
        for run in re.finditer(pattern, every):
            classes[run.start() : run.end()] |= kind
    others = np.flatnonzero(classes[:_MARKS_END] == 0).tolist()
    marks = [code for code in others if unicodedata.category(chr(code))[0] == "M"]
    classes[marks] |= WORD | MARK
    classes[_LATE_MARKS] |= WORD | MARK
    for first, last in _SPACELESS_RANGES:
        classes[first : last + 1] |= SPACELESS
    classes[classes & (WORD | SPACE) == 0] = 0
    for code in np.flatnonzero(classes[:_MARKS_END] == 0).tolist():
        classes[code] = mark_kind(chr(code)) << KIND_SHIFT
    folds = np.arange(min(end, _FOLDS_END), dtype=np.uint32)
    long_folds: list[list[int]] = []
    for code, folded in enumerate(map(str.casefold, every[:_FOLDS_END])):
        if len(folded) > 1:
            folds[code] = 2**31 + len(long_folds)
            long_folds.append([*map(ord, folded), 0][:3])
        elif ord(folded) != code:
            folds[code] = ord(folded)
    return Tables(classes, folds, np.array(long_folds, dtype=np.uint32).reshape(-1, 3))
