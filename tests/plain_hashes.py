"""Hashes and flaws of a text in plain Python: the oracle of the kernels that sign."""

from __future__ import annotations

import re

from cleaner.dedup.signing.hashing import FIRST, MASK, SECOND, piece_hashes
from cleaner.dedup.text.essence import (
    DAMAGE_SHIFT,
    MOST_DAMAGE,
    MOST_MARKS,
    MOST_WORDS,
    WORDS_SHIFT,
    Part,
    capitals,
    parts_of,
)
from cleaner.dedup.text.marks import HYPHEN, SKIPPED, mark_kind
from cleaner.dedup.text.words import begins_word, is_word_character, numbers

_MOJIBAKE = re.compile("[\u00c2\u00c3\u00d0\u00d1\u00e2](?=[\u0080-\u00bf\u20ac])")


def text_hash(text: str) -> tuple[int, int]:
    r"""Return the 128-bit hash of `text`, case and white space folded, as two integers.

    A NUL before other punctuation counts for nothing: copies that differ in it are copies.

    >>> text_hash("Two  words") == text_hash(" two words\n")
    True
    """
    first, second = FIRST, SECOND
    for piece in _pieces(" ".join(text.split())):
        one, two = piece_hashes(piece)
        first = (first ^ one) * SECOND & MASK
        first ^= first >> 32
        second = (second + two) * FIRST & MASK
        second ^= second >> 29
    return first, second


def _pieces(text: str) -> list[str]:
    """Return the words of `text` and what stands between them if not one space, case-folded."""
    pieces: list[str] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at < len(text):
            inside = is_word_character(text[at])
            if inside == is_word_character(text[at - 1]):
                if not inside or not begins_word(text[at - 1], text[at]):
                    continue
                pieces.append(text[start:at].casefold())
                pieces.append("")
                start = at
                continue
        pieces.append(text[start:at].casefold())
        start = at
    return [piece for piece in pieces if piece != " "]


def numbers_hash(text: str) -> int:
    """Return the 64-bit hash of the sequence of numbers in `text`; 0 where there is none."""
    mixed = 0
    for number in numbers(text.casefold()):
        value = 0
        for digit in number:
            value = (value * SECOND + ord(digit)) & MASK
        mixed = (mixed ^ value) * FIRST & MASK
        mixed ^= mixed >> 32
    return mixed


def flaws(text: str) -> int:
    r"""Return how damaged `text` looks, and then how little it says: the less, the better.

    Damage are characters that cannot be seen, undecodable or mojibake, words parted at a hyphen,
    and text all in capitals.

    >>> copies = ["A caf\u00e9, in May.", "A caf\u00e9 in May", "A caf\u00c3\u00a9, in May."]
    >>> sorted(copies, key=flaws) == copies
    True
    """
    damage = len(_MOJIBAKE.findall(text))
    words = marks = 0
    places, letters = capitals(text)
    for part in parts_of(text):
        run = text[part.start : part.end]
        if part.is_word:
            words += 1
            continue
        for character in run:
            skipped = mark_kind(character) == SKIPPED
            damage += skipped or character == "\ufffd"
            marks += not skipped and not character.isspace()
        damage += _parts_word(text, part)
    damage += 2 * len(places) > letters
    return (
        min(damage, MOST_DAMAGE) << DAMAGE_SHIFT
        | MOST_WORDS - min(words, MOST_WORDS) << WORDS_SHIFT
        | MOST_MARKS - min(marks, MOST_MARKS)
    )


def _parts_word(text: str, part: Part) -> bool:
    """Whether a hyphen and white space stand between two words."""
    run = text[part.start : part.end]
    inside = part.start > 0 and part.end < len(text)
    return inside and len(run) > 1 and mark_kind(run[0]) == HYPHEN and run[1:].isspace()
