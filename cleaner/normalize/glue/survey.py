"""Where in a text the tokens stand that may have lost a space."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from cleaner.normalize.glue.code import is_code_line
from cleaner.normalize.glue.examine import Examiner
from cleaner.normalize.glue.kernel_terms import DULL, ODD, SUSPICIOUS, UNSUSPICIOUS
from cleaner.normalize.glue.reconsider import reconsidered
from cleaner.normalize.glue.tokens import TokenTable
from cleaner.normalize.glue.widths import Chosen, choose_plainly
from cleaner.normalize.glue.wordtable import codes_of
from cleaner.normalize.glue.wrap import Breaks

# Lines are surveyed together up to so many characters.
_BLOCK = 32_768

# The tokens of a line in order, each with its place in the line, by number of the line.
Tokens = dict[int, list[tuple[int, str]]]


class Survey(NamedTuple):
    """The number of words of a text, whether any may part, and if so its lines and their starts."""

    words: int
    may_part: bool
    lines: Sequence[str]
    starts: Sequence[int]


class _Met(NamedTuple):
    """A token that may part: its line, its place in the text, what is known of it, its number."""

    line: int
    start: int
    token: str
    kind: int
    number: int


class Surveyor:
    """Looks for tokens of one text that may part, and for the widths of its lines.

    With a table of tokens the compiled functions do it, else their plain twins; both find the same.
    """

    def __init__(self, text: str, examiner: Examiner, table: TokenTable | None) -> None:
        self._text = text
        self._examiner = examiner
        self._table = table
        self._lines: Sequence[str] = ()
        self._starts: Sequence[int] = ()
        self._dull = False
        self._met: list[_Met] = []

    def survey(self, *, dull: bool) -> Survey:
        """Look for tokens that may part, with `dull` also for those that nothing speaks against."""
        self._dull = dull
        if self._table is None:
            words, self._met = self._survey_plainly()
        else:
            words, self._met = self._survey_compiled(self._table)
        return Survey(words, len(self._met) > 0, self._lines, self._starts)

    def _split(self) -> None:
        self._lines = self._text.split("\n")
        self._starts = line_starts(self._lines)

    def _survey_plainly(self) -> tuple[int, list[_Met]]:
        self._split()
        words = 0
        met = []
        for first, after in _blocks(self._starts, len(self._text)):
            end = self._starts[after] - 1 if after < len(self._starts) else len(self._text)
            count, odd = self._examiner.odd_tokens(self._text[self._starts[first] : end])
            words += count
            if not self._dull:
                odd -= self._examiner.dull
            for number in range(first, after) if odd else ():
                start = self._starts[number]
                tokens = _tokens(self._lines[number])
                met += [
                    _Met(number, start + at, token, ODD, 0) for at, token in tokens if token in odd
                ]
        return words, met

    def _survey_compiled(self, table: TokenTable) -> tuple[int, list[_Met]]:
        text = self._text
        self._codes = codes_of(text)
        words, starts, ends, numbers = table.survey(
            text, self._codes, self._examiner.is_plain, dull=self._dull
        )
        if not len(numbers):
            return words, []
        self._split()
        places = starts.tolist()
        tokens = [text[start:end] for start, end in zip(places, ends.tolist(), strict=True)]
        kinds = table.kinds(numbers)
        self._examiner.remember(tokens, kinds)
        lines = [bisect_right(self._starts, place) - 1 for place in places]
        return words, list(map(_Met, lines, places, tokens, kinds, numbers.tolist()))

    def suspicious(self) -> list[int]:
        """Return for each line how many tokens are likelier parted by a lost line end than whole.

        Lines of program text have none.
        """
        counts = [0] * len(self._lines)
        for line, _ in {(m.line, m.token) for m in self._met if m.kind & SUSPICIOUS}:
            counts[line] += 1
        asked: dict[int, set[str]] = {}
        for line, _, token, kind, _ in self._met:
            if not kind & (SUSPICIOUS | UNSUSPICIOUS | DULL):
                asked.setdefault(line, set()).add(token)
        for line, tokens in asked.items():
            # Program text is full of tokens that nobody has seen before.
            if all(map(self._examiner.is_weighed, tokens)) or not is_code_line(self._lines[line]):
                counts[line] += sum(map(self._examiner.is_suspicious, tokens))
        return [
            count if count and not is_code_line(line) else 0
            for count, line in zip(counts, self._lines, strict=True)
        ]

    def tokens(self, without: Container[int]) -> tuple[Tokens, Tokens]:
        """Return the odd and the dull tokens of all lines but some."""
        found: tuple[Tokens, Tokens] = {}, {}
        late = []
        for line, start, token, kind, number in self._met:
            if line in without:
                continue
            dull = kind & DULL != 0
            if not dull and token in self._examiner.dull:
                dull = True
                late.append(number)
            if self._dull or not dull:
                found[dull].setdefault(line, []).append((start - self._starts[line], token))
        if late and self._table is not None:
            self._table.set_dull(late)
        return found

    def choose(self, first: int, after: int, suspicious: Sequence[int]) -> Chosen:
        """Return the widths of some lines; `suspicious` counts the tokens of all lines."""
        splits = self._examiner.seams.splits
        if self._table is None:
            return choose_plainly(
                self._lines[first:after], self._starts[first:after], suspicious[first:after], splits
            )
        end = self._starts[after] - 1 if after < len(self._starts) else len(self._text)
        return self._table.choose(
            self._text, self._codes, self._starts[first:after], end, suspicious[first:after], splits
        )

    def reconsider(self, breaks: Breaks) -> Breaks:
        """Return the breaks, moved within their tokens where that is far likelier."""
        asked: Sequence[int] = range(len(breaks.places))
        if self._table is not None and breaks.places:
            breaks, asked = self._table.words.reconsider(self._codes, breaks)
        seams = self._examiner.seams
        return reconsidered(self._text, breaks, asked, seams.splits_of, self._examiner.lexicon)


def line_starts(lines: Sequence[str]) -> list[int]:
    """Return where each of the `lines` of a text starts.

    >>> line_starts(["ab", "", "c"])
    [0, 3, 4]
    """
    lengths = (len(line) + 1 for line in lines[:-1])
    return list(itertools.accumulate(lengths, initial=0))


def _blocks(starts: Sequence[int], length: int) -> Iterator[tuple[int, int]]:
    first = 0
    while first < len(starts):
        after = max(first + 1, bisect_right(starts, min(starts[first] + _BLOCK, length)))
        yield first, after
        first = after


def _tokens(line: str) -> Iterator[tuple[int, str]]:
    """Yield the tokens of `line` with their places."""
    at = 0
    for token in line.split():
        at = line.index(token, at)
        yield at, token
        at += len(token)
