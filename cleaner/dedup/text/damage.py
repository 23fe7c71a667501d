"""Whether a text is another one that was damaged, or a part of it: a second look at a few pairs."""

from __future__ import annotations

import re

from cleaner.dedup.text.essence import cases, cases_agree, essence
from cleaner.dedup.text.words import is_spaceless, split_words

_BREAKS_OFF = re.compile(r" ?(?:[\[(] ?(?:\.{3}|…) ?[\])]|\.{3}|…)[ \"'”’»]{0,3}\Z")
_BREAKS_IN = re.compile(r"[ \"'“‘«]{0,3}(?:[\[(] ?(?:\.{3}|…) ?[\])]|\.{3}|…) ?")
_LONGEST_BREAK = 12
_LOST = "\ufffd"

# A character that could not be decoded stands for so many at most.
_MOST_LOST = 2


def looks_damaged(text: str) -> bool:
    """Whether `text` may be a damaged copy of another one.

    >>> looks_damaged("The quay stays op"), looks_damaged("The quay stays open.")
    (True, False)
    """
    text = text.strip()
    return (
        text[-1:].isalpha()
        or _LOST in text
        or _BREAKS_OFF.search(text, max(0, len(text) - _LONGEST_BREAK)) is not None
        or _BREAKS_IN.match(text) is not None
        or _decoded(text) != text
    )


def is_damaged_copy(text: str, other: str) -> bool:
    r"""Whether `text` says what `other` does, but for what was cut off or decoded wrongly.

    >>> whole = "The caf\u00e9 by the quay stays open in winter."
    >>> is_damaged_copy("The caf\u00e9 by the quay stays op", whole)
    True
    >>> is_damaged_copy("The caf\u00e9 by the quay \u2026", whole)
    True
    >>> is_damaged_copy("The caf\ufffd by the quay stays open in winter", whole)
    True
    >>> is_damaged_copy("The caf\u00e9 by the quay stays open", whole)
    False
    """
    if _is_cut_off(" ".join(text.split()), " ".join(other.split())):
        return True
    decoded = _decoded(text)
    lost = _LOST in text and _LOST not in other
    if (decoded == text and not lost) or not cases_agree(cases(decoded), cases(other)):
        return False
    wanted = essence(other)
    return essence(decoded) == wanted or (lost and _fits(essence(text), wanted))


def is_part(text: str, other: str) -> bool:
    """Whether the words and signs of `text` stand in a row in `other`.

    >>> is_part("Rain, all day.", "He wrote: rain all day"), is_part("rain", "no trains")
    (True, False)
    """
    inside, around = ("\0".join(["", *split_words(one).words, ""]) for one in (text, other))
    return inside in around and essence(text) in essence(other)


def _is_cut_off(text: str, other: str) -> bool:
    """Whether `text` is the beginning or end of `other`, cut in a word or with an ellipsis."""
    off = _BREAKS_OFF.search(text, max(0, len(text) - _LONGEST_BREAK))
    if off is not None:
        return off.start() < len(other) and other.startswith(text[: off.start()])
    into = _BREAKS_IN.match(text)
    if into is not None:
        return len(text) - into.end() < len(other) and other.endswith(text[into.end() :])
    rest = other[len(text) :]
    in_word = text[-1:].isalpha() and rest[:1].isalpha() and not is_spaceless(rest[0])
    return in_word and other.startswith(text)


def _decoded(text: str) -> str:
    """Return `text` as it was before its UTF-8 bytes were taken for another encoding's."""
    if text.isascii():
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _fits(damaged: str, whole: str) -> bool:
    """Whether `whole` is `damaged` with something in the place of every lost character."""
    first, *pieces = re.split(f"{_LOST}+", damaged)
    if not whole.startswith(first):
        return False
    at = len(first)
    for number, piece in enumerate(pieces):
        if number == len(pieces) - 1:
            return whole.endswith(piece) and 0 < len(whole) - len(piece) - at <= _MOST_LOST
        gaps = [gap for gap in range(1, _MOST_LOST + 1) if whole.startswith(piece, at + gap)]
        if not gaps:
            return False
        at += gaps[0] + len(piece)
    return False
