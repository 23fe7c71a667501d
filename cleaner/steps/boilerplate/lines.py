"""A text as lines: where each begins, and what rules see of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate

from cleaner.core.edits import Edit

BULLETS = "•·|*▪●○◦►▶→»›‹«✕×"
_QUOTES = {"‘": "'", "’": "'", "ʼ": "'", "´": "'", "“": '"', "”": '"', "„": '"', "‐": "-", "‑": "-"}
_SPACES = [bytes([space]) for space in b"\t\r\x0b\x0c\x1c\x1d\x1e\x1f"]
_WIDE_SPACES = "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_FOLDED_BYTES = {**_QUOTES, **dict.fromkeys(_WIDE_SPACES, " ")}
_FEW_CAPITALS = 12
_ASCII = bytes(range(128))
# Letters of scripts without spaces: words of Han and kana have about two, those of Thai, Lao,
# Burmese and Khmer about four.
_wide_letters = re.compile(
    "[\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_narrow_letters = re.compile("[\u0e01-\u0edf\u1000-\u109f\u1780-\u17ff]")


def view(line: str) -> str:
    r"""Return what patterns are matched against: lower case, plain quotes, squeezed, unbulleted.

    >>> view("  •  Don’t  Miss\u00a0It ")
    "don't miss it"
    """
    seen = line.lower()
    if not seen.isascii():
        for mark, plain in _QUOTES.items():
            seen = seen.replace(mark, plain)
    return " ".join(seen.split()).strip(BULLETS).strip()


def count_words(text: str) -> int:
    """Return how many words stand in `text`; where a script has no spaces, about how many.

    >>> count_words("Small ads"), count_words("潮の時刻表"), count_words("ตารางน้ำขึ้นน้ำลง")
    (2, 3, 5)
    """
    if text.isascii():
        return len(text.split())
    spaced, wide = _wide_letters.subn(" ", text)
    spaced, narrow = _narrow_letters.subn(" ", spaced)
    return len(spaced.split()) + -(-wide // 2) + -(-narrow // 4)


def has_narrow_letters(text: str) -> bool:
    """Whether `text` has letters of scripts that mark neither words nor the ends of sentences."""
    return _narrow_letters.search(text) is not None


def folded_bytes(text: str) -> bytes:
    """Return the views of all lines of `text`, but for their bullets, in UTF-8."""
    data = text.encode("utf-8", "surrogatepass")
    if text.isascii():
        data = data.lower()
    else:
        beyond = data.translate(None, _ASCII).decode("utf-8", "surrogatepass")
        there = sorted(set(beyond))
        data = _lowered(text, data, there)
        for mark in there:
            if mark in _FOLDED_BYTES:
                data = data.replace(mark.encode(), _FOLDED_BYTES[mark].encode())
    for space in _SPACES:
        data = data.replace(space, b" ")
    while b"  " in data:
        data = data.replace(b"  ", b" ")
    return data.replace(b" \n", b"\n").replace(b"\n ", b"\n")


def _lowered(text: str, data: bytes, there: list[str]) -> bytes:
    """Return `text` (in UTF-8 `data`) in lower case; by bytes where few letters need more.

    What follows a capital sigma decides its lower case, so it is left to `str.lower`.
    """
    capitals = [mark for mark in there if mark.lower() != mark]
    if len(capitals) > _FEW_CAPITALS or "\u03a3" in capitals:
        return text.lower().encode("utf-8", "surrogatepass")
    data = data.lower()
    for capital in capitals:
        data = data.replace(capital.encode(), capital.lower().encode())
    return data


class Lines:
    """The lines of a text, some of which may be taken away; white-space lines are blank.

    Places are line numbers of the whole text; what is gone is skipped as if it never stood there,
    so that judging a text again after a removal is the same as judging the text that is left.
    """

    def __init__(self, text: str) -> None:

        self.text = text
        self._raw = text.split("\n")
        self._views: dict[int, str] = {}
        self._gone: set[int] = set()
        # By line, whether it is a label: `TextLeft.is_label` asks it of many lines many times.
        self.labels: dict[int, bool] = {}

    def __len__(self) -> int:
        return len(self._raw)

    def raw(self, line: int) -> str:
        """Return the line as it stands."""
        return self._raw[line]

    def view(self, line: int) -> str:
        """Return the line as patterns see it."""
        seen = self._views.get(line)
        if seen is None:
            seen = self._views[line] = view(self._raw[line])
        return seen

    def is_blank(self, line: int) -> bool:
        """Whether the line holds nothing but white space."""
        return not self._raw[line] or self._raw[line].isspace()

    def is_gone(self, line: int) -> bool:
        """Whether the line has been taken away."""
        return line in self._gone

    @cached_property
    def _links(self) -> tuple[list[int], list[int]]:
        """The living line after and before each full line (-1: none), kept up by `remove`."""
        after = [-1] * len(self._raw)
        before = [-1] * len(self._raw)
        last = -1
        for line in range(len(self._raw)):
            if not self.is_blank(line) and line not in self._gone:
                before[line] = last
                if last >= 0:
                    after[last] = line
                last = line
        return after, before

    def after(self, line: int) -> int:
        """Return the next living line (neither blank nor gone) after the living line, or -1."""
        return self._links[0][line]

    def before(self, line: int) -> int:
        """Return the living line before the living line `line`, or -1."""
        return self._links[1][line]

    @property
    def alive(self) -> list[int]:
        """The lines that are neither blank nor gone."""
        return [
            line
            for line in range(len(self._raw))
            if line not in self._gone and not self.is_blank(line)
        ]

    def remove(self, first: int, last: int) -> None:
        """Take away the living lines `first` to `last`, and what stands between them."""
        after, before = self._links
        left, right = before[first], after[last]
        if left >= 0:
            after[left] = right
        if right >= 0:
            before[right] = left
        self._gone.update(range(first, last + 1))

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self._raw)]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the code points of the lines `first` to `last`, with the last line's end."""
        return self._starts[first], min(self._starts[last + 1], len(self.text))

    def word_count(self, lines: Iterable[int]) -> int:
        """Return how many words stand in `lines`."""
        return sum(count_words(self._raw[line]) for line in lines)

    def removal(self, first: int, last: int, code: str, detail: str) -> Edit:
        """Return the edit that removes the lines `first` to `last` whole."""
        start, end = self.span(first, last)
        return Edit(start, end, self.text[start:end], "", code, detail)

    def joined(self, first: int, last: int) -> str:
        """Return the view of the lines `first` to `last` as one line."""
        return " ".join(filter(None, map(self.view, range(first, last + 1))))
