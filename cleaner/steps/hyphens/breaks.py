"""Where line ends stand behind hyphens, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import regex

SOFT = "\u00ad"
NO_BREAK = "\u2011"
HYPHENS = f"-\u2010{NO_BREAK}"
#: No word is longer; what is, is none.
LONGEST = 64

# Every sign of a line end behind a hyphen; the places are found from it, a bounded way each side.
LINE_END_HYPHEN = re.compile(rf"[{HYPHENS}]{SOFT}*[ \t\u00a0]*\r?\n[ \t\u00a0]*{SOFT}*")
_LEFT = regex.compile(rf"(?r)[\p{{L}}\p{{M}}\p{{N}}'’{SOFT}]{{1,{LONGEST}}}")
_RIGHT = regex.compile(rf"[\p{{L}}\p{{M}}'’{SOFT}]{{1,{LONGEST}}}|\p{{N}}{{1,{LONGEST}}}")
_TOKEN_BEFORE = regex.compile(rf"(?r)\S{{1,{LONGEST}}}")
_TOKEN_AFTER = regex.compile(rf"\S{{1,{LONGEST}}}")


class Break(NamedTuple):
    """A line end behind a hyphen that has letters or digits on both sides.

    The hyphen stands at `hyphen`, the line end and what belongs to it ends at `end`. `left` and
    `right` are the runs of letters or digits beside it, `before` and `after` the tokens that hold
    them, each without soft hyphens and up to a length that no word has; `left` starts at `start`,
    `before` at `token`.
    """

    token: int
    start: int
    hyphen: int
    end: int
    left: str
    right: str
    before: str
    after: str

    @property
    def whole(self) -> str:
        """The word without the hyphen."""
        return self.left + self.right

    def behind(self, last: Break, *, joined: bool) -> Break:
        """Return the break as it stands when that before it, in the same word, is settled."""
        # A word of many lines is none; of its beginning nothing is asked.
        before = (last.before + ("" if joined else "-") + self.before)[-4 * LONGEST :]
        left = last.left + self.left if joined and last.end == self.start else self.left
        left = left[-LONGEST:]
        return self._replace(left=left, before=before, token=last.token, start=last.start)


def find_breaks(text: str) -> Iterator[Break]:
    r"""Yield the breaks of `text`.

    >>> [brk[4:] for brk in find_breaks("the (har-\nbours) of 1990 -\nand")]
    [('har', 'bours', '(har', 'bours)')]
    """
    for match in LINE_END_HYPHEN.finditer(text):
        hyphen, end = match.span()
        left = _LEFT.match(text, max(0, hyphen - LONGEST), hyphen)
        right = _RIGHT.match(text, end)
        before = _TOKEN_BEFORE.match(text, max(0, hyphen - LONGEST), hyphen)
        if left is None or right is None or before is None:
            continue
        after = _TOKEN_AFTER.match(text, end)
        parts = [
            found[0].replace(SOFT, "") if found is not None else ""
            for found in (left, right, before, after)
        ]
        longest = max(len(left[0]), len(right[0]))
        if all(part.strip("'’") for part in parts[:2]) and longest < LONGEST:
            yield Break(before.start(), left.start(), hyphen, end, *parts)
