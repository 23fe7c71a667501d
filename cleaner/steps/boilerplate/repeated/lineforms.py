"""What single lines look like: the label of a link, a sentence, or something else."""

from __future__ import annotations

import re
from enum import Enum

from cleaner.steps.boilerplate.lines import count_words, has_narrow_letters

_LABEL_WORDS = 6
_LABEL_CHARACTERS = 48
_SENTENCE_WORDS = 2
_ENDS = tuple(".!。！｡।॥۔።။")
# After such an end something follows: an answer, a value, the rest of a sentence.
_OPEN_ENDS = tuple(",;:?…-=，；：？、،؛؟")
_CLOSING = "\"'”’»)]）」』"
_parted = re.compile(r"[|\t_=]|\S {2}|\S: \S").search
_NUMBERING = "0123456789 .:)(#*¶§-–—|\t"


class Form(Enum):
    """What a line looks like."""

    LABEL = "label"
    SENTENCE = "sentence"
    OTHER = "other"


def form_of(line: str) -> Form:
    """Return whether a line is a label, as in a menu, a sentence, or something else.

    Fields, questions, columns, and what begins with a small letter (as words of programs and
    wrapped lines do) are something else.

    >>> [form_of(line).value for line in ("Small ads", "We print on Thursdays.", "Status: draft")]
    ['label', 'sentence', 'other']
    """
    bare = line.strip().rstrip(_CLOSING)
    first = next(filter(str.isalnum, bare), "")
    if not first or first.islower() or bare.endswith(_OPEN_ENDS):
        return Form.OTHER
    if bare.endswith(_ENDS):
        return Form.SENTENCE if count_words(bare) >= _SENTENCE_WORDS else Form.OTHER
    if len(bare) > _LABEL_CHARACTERS or _parted(line.strip()):
        return Form.OTHER
    if count_words(bare) > _LABEL_WORDS:
        return Form.SENTENCE if has_narrow_letters(bare) else Form.OTHER
    return Form.LABEL if any(map(str.isalpha, bare)) else Form.OTHER


def without_numbering(line: str) -> str:
    """Return the line without the numbers and signs that a heading has and its entry lacks.

    >>> without_numbering("2.1 Cleaning¶")
    'Cleaning'
    """
    return line.strip().strip(_NUMBERING)


def indent(line: str) -> int:
    """Return how many characters of white space the line begins with."""
    return len(line) - len(line.lstrip())
