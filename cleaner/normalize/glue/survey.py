"""Where in a text the tokens stand that may have lost a space."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.normalize.glue.examine import Examiner
from cleaner.normalize.glue.kernel_terms import DULL
from cleaner.normalize.glue.reconsider import reconsidered
from cleaner.normalize.glue.tokens import TokenTable
from cleaner.normalize.glue.widths import Chosen, choose_plainly
from cleaner.normalize.glue.wordtable import codes_of
from cleaner.normalize.glue.wrap import Breaks

# Lines are surveyed together up to so many characters.
_BLOCK = 32_768

# The odd tokens of a line in order, each with its place in the line.
Odd = list[tuple[int, str]]


class Survey(NamedTuple):
    """The number of words of a text, its lines, and by line number the tokens that may part.

    Those are `dull` that nothing in them speaks against.
    """

    words: int
    lines: Sequence[str]
    starts: Sequence[int]
    odd: dict[int, Odd]
    dull: dict[int, Odd]


class Surveyor:
    """Looks for odd tokens in one text, and for the widths of its lines.

    With a table of tokens the compiled functions do it, else their plain twins; both find the same.
    """

    def __init__(self, text: str, examiner: Examiner, table: TokenTable | None) -> None:
        self._text = text
        self._examiner = examiner
        self._table = table
        self._lines: Sequence[str] = ()
        self._starts: Sequence[int] = ()

    def survey(self, *, dull: bool) -> Survey:
        """Return what is odd, and with `dull` what is dull."""
        if self._table is None:
            words, odd, dull_ones = self._survey_plainly(dull=dull)
        else:
            words, odd, dull_ones = self._survey_compiled(self._table, dull=dull)
        return Survey(words, self._lines, self._starts, odd, dull_ones)

    def _split(self) -> None:
        self._lines = self._text.split("\n")
        self._starts = line_starts(self._lines)

    def _survey_plainly(self, *, dull: bool) -> tuple[int, dict[int, Odd], dict[int, Odd]]:
        self._split()
        words = 0
        found: tuple[dict[int, Odd], dict[int, Odd]] = {}, {}
        for first, after in _blocks(self._starts, len(self._text)):
            end = self._starts[after] - 1 if after < len(self._starts) else len(self._text)
            count, odd = self._examiner.odd_tokens(self._text[self._starts[first] : end])
            words += count
            dull_ones = odd & self._examiner.dull if dull else set()
            odd -= self._examiner.dull
            for number in range(first, after) if odd or dull_ones else ():
                for tokens, lines in zip((odd, dull_ones), found, strict=True):
                    mine = [one for one in _tokens(self._lines[number]) if one[1] in tokens]
                    if mine:
                        lines[number] = mine
        return words, *found

    def _survey_compiled(
        self, table: TokenTable, *, dull: bool
    ) -> tuple[int, dict[int, Odd], dict[int, Odd]]:
        text = self._text
        self._codes = codes_of(text)
        words, starts, ends, numbers = table.survey(
            text, self._codes, self._examiner.is_plain, dull=dull
        )
        found: tuple[dict[int, Odd], dict[int, Odd]] = {}, {}
        if not len(numbers):
            return words, *found
        odd = list(zip(starts.tolist(), ends.tolist(), numbers.tolist(), strict=True))
        tokens: dict[int, str] = {}
        for start, end, number in odd:
            if number not in tokens:
                tokens[number] = text[start:end]
        dull_ones = self._take_dull(table, tokens)
        if not dull:
            for number in dull_ones:
                del tokens[number]
        if not tokens:
            return words, *found
        self._split()
        for start, _, number in odd:
            token = tokens.get(number)
            if token is not None:
                line = bisect_right(self._starts, start) - 1
                lines = found[number in dull_ones]
                lines.setdefault(line, []).append((start - self._starts[line], token))
        return words, *found

    def _take_dull(self, table: TokenTable, tokens: dict[int, str]) -> set[int]:
        """Let table and examiner know what the other knows of tokens; return which are dull."""
        kinds = table.kinds([*tokens])
        self._examiner.remember(tokens.values(), kinds)
        dull = {number for number, kind in zip(tokens, kinds, strict=True) if kind & DULL}
        known = self._examiner.dull
        late = [number for number, token in tokens.items() if token in known]
        if late:
            table.set_dull(late)
        return dull.union(late)

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
