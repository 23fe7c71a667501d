"""What each character means for lost spaces, by name and by code point."""

from __future__ import annotations

import functools
import unicodedata

import numpy as np
from numpy.typing import NDArray

from cleaner.steps.lost_spaces.reader import codes as terms

# Punctuation that stands at the edges of words.
EDGES = ",.;:!?()[]'\"“”‘’«»…*„"
CLOSING = frozenset(",.;:!?)]}%»”…°®™″′")
OPENING = frozenset("([{«“‘„¿¡$#@")
# What opens a bracket, a quotation or a sum right behind a word.
OPENING_AFTER_WORD = frozenset("([“‘«„$£€~")
MARKS = frozenset("@#<")
DASHES = frozenset("–—―&")
JOINERS = frozenset("-‐‑'’_/\\@+=*~^|<>")
# What stands between two spaces as a word does.
LONE_DASHES = frozenset("-–—&")
LONE = frozenset("+=/|*•·→←×÷≤≥<>~…") | LONE_DASHES
FRENCH_LONE = frozenset("«»?!:;")
# What parts the words of a hyphenated one.
HYPHENS = frozenset("-‐‑–—/")
# Punctuation that no word has a letter right behind.
BREAKING = frozenset(",;:!?)]}%»”")
_CODE = frozenset("{}=<>_|\\$;#[]*~^@`")
# Marks that `boundary` seeks lost spaces beside.
_ENDS = frozenset(",;.!?")
_CLOSES = frozenset(")]”»")
_OPENS = frozenset("(“«$£€")
_QUOTES = frozenset("’”»)\"'“«‘(")

_CLASSES = (
    (terms.EDGE, EDGES),
    (terms.CLOSING, CLOSING),
    (terms.OPENING, OPENING),
    (terms.OPENING_AFTER, OPENING_AFTER_WORD),
    (terms.DASH, DASHES),
    (terms.JOINER, JOINERS),
    (terms.HYPHEN, HYPHENS),
    (terms.BROKEN, BREAKING - {"%"}),
    (terms.LONE, LONE),
    (terms.LONE_DASH, LONE_DASHES),
    (terms.FRENCH_LONE, FRENCH_LONE),
    (terms.CODE, _CODE),
    (terms.ENDS, _ENDS),
    (terms.CLOSES, _CLOSES),
    (terms.OPENS, _OPENS),
    (terms.QUOTES, _QUOTES),
    (terms.APOSTROPHE, "'’"),
    (terms.MARK, MARKS),
)
# Behind it are few characters of languages that part words by spaces.
_END = 0x2200
_LETTER_CLASSES = {"Lu": terms.UPPER | terms.LETTER, "Ll": terms.LOWER | terms.LETTER}
_SPACES_END = 0x3001
# Its small form depends on what stands around it.
_SIGMA = "Σ"


@functools.cache
def characters() -> NDArray[np.int32]:
    """Return by code point the class of a character, and the character as word lists have it.

    int32 of shape (n, 2). The class is 0 for those that the kernels do not judge: marks, digits of
    other scripts, letters whose small form is not one letter.
    """
    table = np.zeros((_END, 2), np.int32)
    table[:, 1] = np.arange(_END)
    marks: dict[str, int] = {}
    for bit, members in _CLASSES:
        for character in members:
            marks[character] = marks.get(character, 0) | bit
    for code in range(_END):
        character = chr(code)
        category = unicodedata.category(character)
        if category[0] == "L":
            table[code] = _letter(character, category), ord(character.lower()[0])
        elif "0" <= character <= "9":
            table[code, 0] = terms.DIGIT
        elif category[0] in "PS" and character != "@" and not character.isalnum():
            table[code, 0] = terms.SYMBOL | marks.get(character, 0)
    table[ord("’"), 1] = ord("'")
    return table


def _letter(character: str, category: str) -> int:
    """Return the class of a letter, or 0 where it is not like others of its category."""
    small = character.lower()
    if (
        len(small) != 1
        or character == _SIGMA
        or character.isupper() != (category == "Lu")
        or character.islower() != (category == "Ll")
        or category == "Lt"
    ):
        return 0
    return _LETTER_CLASSES.get(category, terms.LETTER)


def codes_of(text: str) -> NDArray[np.uint32]:
    """Return the code points of `text`."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@functools.cache
def spaces() -> NDArray[np.uint8]:
    """Return by code point, up to the last of them, what `str.split` parts at."""
    return np.array([chr(code).isspace() for code in range(_SPACES_END)], np.uint8)
