"""Where in a text the tokens stand that may have lost a space."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Container, Sequence
from typing import NamedTuple

from cleaner.steps.lost_spaces.candidates.classifier import TokenClassifier
from cleaner.steps.lost_spaces.candidates.code import is_code_line
from cleaner.steps.lost_spaces.candidates.names import is_path
from cleaner.steps.lost_spaces.reader.codes import DULL, SUSPICIOUS, UNSUSPICIOUS
from cleaner.steps.lost_spaces.wrapping.rescore_breaks import reconsidered
from cleaner.steps.lost_spaces.wrapping.widths import Chosen
from cleaner.steps.lost_spaces.wrapping.wrap import Breaks

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
    """Looks for tokens of one text that may part, and for the widths of its lines."""

    def __init__(self, text: str, classifier: TokenClassifier) -> None:
        self._text = text
        self._classifier = classifier
        self._table = classifier.table
        self._table.read(text)
        self._lines: Sequence[str] = ()
        self._starts: Sequence[int] = ()
        self._dull = False
        self._met: list[_Met] = []

    def survey(self, *, dull: bool) -> Survey:
        """Look for tokens that may part, with `dull` also for those that nothing speaks against."""
        self._dull = dull
        words, starts, ends, numbers = self._table.survey(self._classifier.is_plain, dull=dull)
        self._met = []
        if len(numbers):
            self._lines = self._text.split("\n")
            self._starts = line_starts(self._lines)
            places = starts.tolist()
            spans = zip(places, ends.tolist(), strict=True)
            tokens = [self._text[start:end] for start, end in spans]
            kinds = self._table.kinds(numbers)
            self._classifier.remember(tokens, kinds)
            lines = [bisect_right(self._starts, place) - 1 for place in places]
            self._met = list(map(_Met, lines, places, tokens, kinds, numbers.tolist()))
        return Survey(words, len(self._met) > 0, self._lines, self._starts)

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
            if all(map(self._classifier.is_weighed, tokens)) or not is_code_line(self._lines[line]):
                counts[line] += sum(map(self._classifier.is_suspicious, tokens))
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
            if not dull and token in self._classifier.dull:
                dull = True
                late.append(number)
            if self._dull or not dull:
                found[dull].setdefault(line, []).append((start - self._starts[line], token))
        if late:
            self._table.set_dull(late)
        return found

    def choose(self, first: int, after: int, suspicious: Sequence[int]) -> Chosen:
        """Return the widths of some lines; `suspicious` counts the tokens of all lines."""
        end = self._starts[after] - 1 if after < len(self._starts) else len(self._text)
        return self._table.choose(
            self._starts[first:after], end, suspicious[first:after], self._classifier.seams.splits
        )

    def is_evidence(self, token: str) -> bool:
        """Whether a seam in `token` speaks for a lost line end; names of files do not."""
        return self._classifier.is_evidence(token) and not is_path(token)

    def rescore_breaks(self, breaks: Breaks) -> Breaks:
        """Return the breaks, moved within their tokens where that is far likelier."""
        if not breaks.places:
            return breaks
        breaks, asked = self._table.rescore_breaks(breaks)
        seams = self._classifier.seams
        return reconsidered(self._text, breaks, asked, seams.splits_of, self._classifier.lexicon)


def line_starts(lines: Sequence[str]) -> list[int]:
    """Return where each of the `lines` of a text starts.

    >>> line_starts(["ab", "", "c"])
    [0, 3, 4]
    """
    lengths = (len(line) + 1 for line in lines[:-1])
    return list(itertools.accumulate(lengths, initial=0))
