"""What of a text matters: its essence, which copies have in common, as a plain definition.

Copies of one text may differ in white space, in lost spaces, and in the marks around words. The
essence leaves these out and keeps letters, digits and signs, and with them the marks that carry
meaning: those inside a word or number, and those that touch a digit or a single letter. So what
differs in a word, a number, a minus, an operator, a unit or a currency has another essence.

Case is held apart (`cases`): a text in capitals is a copy, one with ``MW`` for ``mW`` is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleaner.dedup.signing.hashing import FIRST, MASK
from cleaner.dedup.text.marks import (
    COLON,
    COMMA,
    DOTS,
    HYPHEN,
    PERIOD,
    SEMICOLON,
    SINGLE,
    SKIPPED,
    mark_kind,
    written,
)
from cleaner.dedup.text.words import is_spaceless, is_word_character

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Signs that begin an item, a heading or a quotation, where white space follows.
ITEM_SIGNS = "*#>|"

# Texts of which one has so many capitals more differ by being set in capitals.
RECASED = 4

# Flaws are one number, the less the better: the damage (characters that cannot be seen, undecodable
# or mojibake, words parted at a hyphen, text all in capitals), then the words and then the marks
# that are missing to the most that are counted.
MOST_DAMAGE, MOST_WORDS, MOST_MARKS = 63, (1 << 17) - 1, (1 << 9) - 1
WORDS_SHIFT = 9
DAMAGE_SHIFT = 26

# Marks that end a clause mean nothing even after a digit or a single letter.
_CLAUSE_ENDS = (PERIOD, COMMA, SEMICOLON, COLON, DOTS)


class Part(NamedTuple):
    """A run of word characters, or of others between them."""

    start: int
    end: int
    is_word: bool


def essence(text: str, *, ignore_digits: bool = False) -> str:
    """Return what of `text` matters.

    >>> essence('He said: "Rain, all day."'), essence("he said rain, allday")
    ('hesaidrainallday', 'hesaidrainallday')
    >>> essence("-12 °C"), essence("12 °C"), essence("12,5 °C")
    ('-12°c', '12°c', '12,5°c')
    >>> essence("in C++"), essence("f'' (x)"), essence("don't re-sign")
    ('inc++', "f''(x)", "don'tre-sign")
    """
    pieces = []
    for part in parts_of(text):
        if part.is_word:
            word = text[part.start : part.end]
            if ignore_digits:
                word = "".join(one for one in word if not one.isdecimal())
            pieces.append(word.casefold())
        else:
            pieces.extend(_kept_marks(text, part, ignore_digits=ignore_digits))
    return "".join(pieces)


def cases(text: str) -> int:
    """Return where `text` has capitals: a hash of the places, and their number in the low 16 bits.

    Places count the folded letters and digits before, so spaces and marks do not count. Neither
    does the case of the first letter.

    >>> cases("Storm over Wick") == cases("storm, over Wick") != cases("storm over wick")
    True
    """
    total = 0
    places, _ = capitals(text)
    for place in places:
        mixed = (place + 1) * FIRST & MASK
        total = total + (mixed ^ mixed >> 32) & MASK
    return (total & ~0xFFFF) | min(len(places), 0xFFFF)


def capitals(text: str) -> tuple[list[int], int]:
    """Return the places of capitals, but for a first letter, and how many places there are."""
    found = []
    place = 0
    for character in filter(is_word_character, text):
        folded = character.casefold()
        if place and len(folded) == 1 and folded != character:
            found.append(place)
        place += len(folded)
    return found, place


def cases_agree(one: int, two: int) -> bool:
    """Whether texts whose `cases` these are differ in case by nothing that matters.

    >>> mega, milli, loud = map(cases, ("a lamp of 5 MW", "a lamp of 5 mW", "A LAMP OF 5 MW"))
    >>> cases_agree(mega, milli), cases_agree(milli, loud)
    (False, True)
    """
    return one == two or abs((one & 0xFFFF) - (two & 0xFFFF)) >= RECASED


def more_flaws(
    flaws: npt.NDArray[np.uint32], damage: npt.NDArray[np.uint32]
) -> npt.NDArray[np.uint32]:
    """Return flaws with further damage: that which was repaired.

    >>> import numpy as np
    >>> more_flaws(np.array([5, 5], np.uint32), np.array([0, 2])).tolist() == [5, 5 + (2 << 26)]
    True
    """
    damaged = ((flaws >> DAMAGE_SHIFT) + damage).clip(max=MOST_DAMAGE)
    return (damaged << DAMAGE_SHIFT | flaws & ((1 << DAMAGE_SHIFT) - 1)).astype(flaws.dtype)


def parts_of(text: str) -> list[Part]:
    """Return the runs of word characters of `text`, and the runs between them.

    >>> [text for text in map(lambda part: "a, bc."[part.start : part.end], parts_of("a, bc."))]
    ['a', ', ', 'bc', '.']
    """
    parts: list[Part] = []
    for at, character in enumerate(text):
        is_word = is_word_character(character)
        if parts and parts[-1].is_word == is_word:
            parts[-1] = Part(parts[-1].start, at + 1, is_word)
        else:
            parts.append(Part(at, at + 1, is_word))
    return parts


def _kept_marks(text: str, part: Part, *, ignore_digits: bool) -> list[str]:
    """Return what matters of the characters between two words."""
    start, end, _ = part
    spaces = [at for at in range(start, end) if text[at].isspace()]
    has_left, has_right = start > 0, end < len(text)
    binds_left = has_left and _binds(text, start - 1, -1, ignore_digits=ignore_digits)
    binds_right = has_right and _binds(text, end, 1, ignore_digits=ignore_digits)
    seen = sum(mark_kind(one) != SKIPPED for one in text[start:end])
    kept = []
    for at in range(start, end):
        kind = mark_kind(text[at])
        is_left = has_left and (not spaces or at < spaces[0])
        is_right = has_right and (not spaces or at > spaces[-1])
        if text[at].isspace() or kind == SKIPPED:
            matters = False
        elif kind == 0:
            matters = has_left or is_right or text[at] not in ITEM_SIGNS
        elif is_left and is_right:
            in_word = kind == HYPHEN or (kind == SINGLE and seen == 1)
            matters = binds_left or binds_right or in_word
        elif is_left:
            matters = binds_left and kind not in _CLAUSE_ENDS
        elif is_right:
            matters = binds_right
        else:
            matters = binds_left or binds_right
        if matters:
            kept.append(written(kind) if kind else text[at].casefold())
    return kept


def _binds(text: str, at: int, step: int, *, ignore_digits: bool) -> bool:
    """Whether marks beside the word that ends or begins at a place may carry meaning."""
    if text[at].isdecimal():
        return not ignore_digits
    after = at + step
    is_single = not (0 <= after < len(text) and is_word_character(text[after]))
    return is_single and not is_spaceless(text[at])
