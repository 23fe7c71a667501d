"""The column at which a text was hard-wrapped, found from its line lengths.

A greedy wrap at width W leaves, at every line end inside a paragraph, a line of at most W columns
that could not have taken the next line's first word. Each line end so votes for the widths
between its own length and the length with that word; in wrapped text the votes pile up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import regex

NARROWEST = 30
WIDEST = 130

# Text filled by an optimizing formatter leaves lines a few columns short of what greed would.
_SLACKS = (0, 4, 9)
_FEWEST_BREAKS = 3
_MANY_BREAKS = 8

_MARKER = re.compile(
    r"[-*•·–—‣◦>|#$+=~_]+(\s|$)|>|\d{1,3}[.)]\s|[A-Za-z]\)\s|\(\w{1,3}\)\s|\[\d+\]"
)
_WORD = re.compile(r"\S+")
_RUN_OF_LETTERS = regex.compile(r"[\p{L}\p{M}]{2,}")
_SENTENCE_END = (".", "!", "?", ":", ";", "。", "؟", "।", "۔")


class Wrap(NamedTuple):
    """The width of a wrapped text, and how many columns short of it a full line may be."""

    width: int
    slack: int


class Line(NamedTuple):
    """What matters of a line: its length and indent in columns, and its first word's length."""

    length: int
    indent: int
    first_word: int


def measure(line: str) -> Line:
    """Return the measures of a line without its end."""
    stripped = line.lstrip(" \t\u3000")
    word = _WORD.match(stripped)
    return Line(len(line), len(line) - len(stripped), word.end() if word else 0)


def find_wrap(lines: Sequence[str], measures: Sequence[Line]) -> Wrap | None:
    """Return the wrap of a document, or None where it is not hard-wrapped.

    `lines` has no line ends; blank lines part blocks. At least three line ends must agree, and
    most of all that lie inside blocks; the lines must read on, as prose does.
    """
    breaks = [
        i
        for i in range(len(lines) - 1)
        if measures[i].first_word and measures[i + 1].first_word and measures[i].length <= WIDEST
    ]
    if len(breaks) < _FEWEST_BREAKS:
        return None
    for slack in _SLACKS:
        votes = [0] * (WIDEST + 3)
        for i in breaks:
            low = max(measures[i].length, NARROWEST)
            high = min(_reach(measures, i) - 1 + slack, WIDEST)
            # Words longer than a line fit any width and say nothing.
            if low <= high and measures[i + 1].first_word < NARROWEST:
                votes[low] += 1
                votes[high + 1] -= 1
        totals = list(accumulate(votes))
        width = max(range(NARROWEST, WIDEST + 1), key=lambda w: (totals[w], -w))
        wrap = Wrap(width, slack)
        full = [i for i in breaks if is_full(measures, i, wrap)]
        share = 0.6 if len(full) >= _MANY_BREAKS else 0.8
        if (
            len(full) >= _FEWEST_BREAKS
            and len(full) >= share * len(breaks)
            and _reads_on(lines, full)
        ):
            return wrap
    return None


def is_full(measures: Sequence[Line], i: int, wrap: Wrap) -> bool:
    """Whether line `i` had no room for the first word of the next."""
    return measures[i].length <= wrap.width and _reach(measures, i) > wrap.width - wrap.slack


def starts_item(line: str) -> bool:
    """Whether a line begins a list item, a quotation, or is drawn rather than written.

    >>> starts_item("  - first"), starts_item("2. second"), starts_item("and so on")
    (True, True, False)
    """
    return _MARKER.match(line.lstrip(" \t\u3000")) is not None


def is_prose(line: str) -> bool:
    """Whether words make up most of a line."""
    return 2 * sum(map(len, _RUN_OF_LETTERS.findall(line))) > len(line.strip())


def _reach(measures: Sequence[Line], i: int) -> int:
    """Return how long line `i` would be with the next line's first word on it."""
    return measures[i].length + 1 + measures[i + 1].first_word


def _reads_on(lines: Sequence[str], full: Sequence[int]) -> bool:
    """Whether line ends fall inside sentences: many lines begin in lower case, as prose does.

    Scripts without case are judged by the punctuation before the line ends.
    """
    prose = [i for i in full if is_prose(lines[i]) and not starts_item(lines[i + 1])]
    if 3 * len(prose) < 2 * len(full):
        return False
    onward = sum(lines[i + 1].lstrip()[:1].upper() != lines[i + 1].lstrip()[:1] for i in prose)
    cased = sum(lines[i + 1].lstrip()[:1].lower() != lines[i + 1].lstrip()[:1] for i in prose)
    if 3 * (onward + cased) < len(prose):
        ended = sum(lines[i].rstrip().endswith(_SENTENCE_END) for i in prose)
        return 5 * ended <= 2 * len(prose)
    return 5 * onward >= 2 * (onward + cased)
