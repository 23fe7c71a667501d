"""Texts that a rule leaves as they are because somebody who looked at its edit said so.

An edit is known by its rule and by the text that it stands in: what it replaces, with the rest of
the words at both of its ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cleaner.core.edits import Edit, StepResult, apply_edits

# By code the texts, or digests of those that are long.
LeftTexts = Mapping[str, frozenset[str]]

# So much of a word is looked at, and so long a text is written out.
_MOST_OF_WORD = 60
LONGEST = 200
_DIGEST = "sha256:"
_DIGITS = 32


def by_code(pairs: Iterable[tuple[str, Sequence[str]]]) -> LeftTexts:
    """Return the texts of the settings by their code."""
    return {code: frozenset(texts) for code, texts in pairs}


def name_of(text: str) -> str:
    """Return what stands for a text in a list: itself, or its digest where it is long.

    >>> name_of(" thetwo "), name_of("word " * 99)
    ('thetwo', 'sha256:59c2260629fb5465e24c5af218f62736')
    """
    text = text.strip()
    if len(text) <= LONGEST and not text.startswith(_DIGEST):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _DIGEST + digest[:_DIGITS]


def text_around(text: str, start: int, end: int) -> str:
    r"""Return a stretch of a text with the words that it begins and ends in.

    Whole lines are what they are.

    >>> text_around("so thetwo men", 6, 6), text_around("a  b\n", 1, 3)
    ('thetwo', 'a  b')
    >>> text_around("a\nbc\nd", 2, 5)
    'bc\n'
    """
    own = text[start:end]
    if own.endswith("\n") and own.strip():
        return own
    before = text[max(0, start - _MOST_OF_WORD) : start]
    behind = text[end : end + _MOST_OF_WORD]
    lead = "" if not before or before[-1].isspace() else before.split()[-1]
    trail = "" if not behind or behind[0].isspace() else behind.split()[0]
    return f"{lead}{own}{trail}"


class Left(NamedTuple):
    """What is left of a step's edits, and whether any was taken out."""

    result: StepResult
    changed: bool


def without_left(text: str, result: StepResult, left: LeftTexts) -> Left:
    """Return the result of a step without the edits of texts that their rules are to leave."""
    kept = tuple(edit for edit in result.edits if not is_left(text, edit, left))
    if len(kept) == len(result.edits):
        return Left(result, changed=False)
    return Left(StepResult(apply_edits(text, kept), kept), changed=True)


def is_left(text: str, edit: Edit, left: LeftTexts) -> bool:
    """Whether an edit's text is one that its rule is to leave; notes change none."""
    texts = left.get(edit.code)
    if not texts or edit.before == edit.after:
        return False
    return name_of(text_around(text, edit.start, edit.end)) in texts
