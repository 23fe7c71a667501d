"""Matching rules: one scan for the words they need, then the rules whose words are there."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from cleaner.normalize.boilerplate.lines import Lines
from cleaner.normalize.boilerplate.patterns import found, full_match
from cleaner.normalize.boilerplate.rulefile import FiledRule, LineRule, Patterns
from cleaner.normalize.boilerplate.scan import WordScan

_EDGE_LINES = 15
_SPARE = 8
_LONGEST_WORD = 20
_NEAR_LINES = 3
_STRIPPED_WORDS = 2
_WRAPPED = 40
_STOPS = frozenset(".!?:;…)]\"'”»|©")
_sentences = re.compile(r"(?<=[.!?]) +").split


Found = tuple[tuple[int, int] | None, int]
"""What a rule removes (first and last line), and the last line that has been judged with it."""


class Block(NamedTuple):
    """Lines `first` to `last` (line numbers) that the rule `rule` would remove whole."""

    first: int
    last: int
    code: str
    rule: str


class RuleSet:
    """Rules, ready to be matched: one scan for all the words that their patterns need.

    Patterns are numbered through all rules; a hit of a word in a line, short enough for the
    pattern, makes the line a candidate of that pattern, and nothing else is ever tried.
    """

    def __init__(self, rules: Sequence[FiledRule]) -> None:
        self.rules = tuple(rules)
        users: dict[str, list[int]] = {}
        self._patterns: list[tuple[int, str]] = []
        widths = []
        for number, filed in enumerate(self.rules):
            for pattern, (needed, width) in zip(filed.rule.patterns, filed.needs, strict=True):
                for needle in needed:
                    users.setdefault(needle, []).append(len(self._patterns))
                self._patterns.append((number, pattern))
                widths.append(width + _SPARE)
        self._words = sorted(users)
        self._widths = np.array(widths, dtype=np.int64)
        self._users = np.array([user for key in self._words for user in users[key]], np.int64)
        self._counts = np.array([len(users[key]) for key in self._words], dtype=np.int64)
        self._firsts = np.cumsum(self._counts) - self._counts
        self._widest = np.array(
            [max(widths[user] for user in users[key]) for key in self._words], dtype=np.int64
        )

    @functools.cached_property
    def _scan(self) -> WordScan:
        return WordScan(self._words)

    def candidates(self, text: str) -> dict[int, dict[int, list[str]]]:
        """Return, by rule number and line, the patterns of which a word begins in the line.

        Line feeds count as spaces here, since words of a paragraph may go over lines.
        """
        words, lines, lengths, size = self._scan.hits(text)
        fitting = lengths <= self._widest[words]
        words, lines, lengths = words[fitting], lines[fitting], lengths[fitting]
        if len(words) == 0:
            return {}
        counts = self._counts[words]
        steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        patterns = self._users[np.repeat(self._firsts[words], counts) + steps]
        short = np.repeat(lengths, counts) <= self._widths[patterns]
        keys = np.unique(patterns[short] * size + np.repeat(lines, counts)[short])
        found_in: dict[int, dict[int, list[str]]] = {}
        for pattern, line in zip(*(part.tolist() for part in divmod(keys, size)), strict=True):
            number, source = self._patterns[pattern]
            found_in.setdefault(number, {}).setdefault(line, []).append(source)
        return {number: dict(sorted(places.items())) for number, places in found_in.items()}

    def trials(self, lines: Lines, acts: Callable[[str], bool]) -> list[tuple[str, Trial]]:
        """Return the rules whose code `acts` and that have candidates, with their codes."""
        return [
            (self.rules[number].code, Trial(self.rules[number].rule, lines, places))
            for number, places in self.candidates(lines.text).items()
            if acts(self.rules[number].code)
        ]

    def blocks(self, lines: Lines, trials: list[tuple[str, Trial]]) -> Iterator[Block]:
        """Yield what the rules tried would remove, until nothing more is found.

        Whoever takes a block calls `lines.remove` before asking for the next one; blocks are
        then judged as they stand in the text that is left.
        """
        again = True
        while again:
            again = False
            for code, trial in trials:
                for first, last in trial.spans():
                    yield Block(first, last, code, trial.rule.id)
                    again = again or lines.is_gone(first)


@functools.lru_cache(maxsize=4096)
def _any_of(patterns: Patterns) -> str:
    """Return the one pattern that matches what any of `patterns` matches."""
    return "|".join(f"(?:{pattern})" for pattern in patterns)


class Trial:
    """One rule on one text: `places` are its candidates, by line the patterns to be tried."""

    def __init__(self, rule: LineRule, lines: Lines, places: dict[int, list[str]]) -> None:
        self.rule = rule
        self._lines = lines
        self._places = places
        self._known: dict[tuple[str, int], bool] = {}

    def spans(self) -> Iterator[tuple[int, int]]:
        """Yield first and last line of what the rule would remove, as the text stands then."""
        lines, find = self._lines, _FINDERS[self.rule.scope]
        passed = -1
        if self._lists_them():
            return
        for line in self._places:
            if line <= passed or lines.is_gone(line) or lines.is_blank(line):
                continue
            if not self._stands_there(line):
                continue
            span, passed = find(self, line)
            if span is not None:
                yield span

    def _lists_them(self) -> bool:
        """Whether so many lines match that the text is a list of such lines."""
        most = self.rule.max_matches
        return len(self._places) > most and sum(map(self._strong, self._places)) > most

    def _strong(self, line: int) -> bool:
        """Whether one of the rule's patterns matches the whole line."""
        patterns = self._places.get(line, ())
        return any(self._matches(p, line) for p in patterns) and not self._is_wrapped(line)

    def _is_wrapped(self, line: int) -> bool:
        """Whether the line is one of a hard-wrapped paragraph: it, or the one before, goes on."""
        return self._runs_on(line - 1) or self._runs_on(line)

    def _runs_on(self, line: int) -> bool:
        """Whether a line of prose ends within a sentence that the next one ends."""
        lines = self._lines
        if line < 0 or line + 1 >= len(lines) or len(lines.raw(line)) < _WRAPPED:
            return False
        before, after = lines.raw(line).rstrip(), lines.raw(line + 1).lstrip()
        return len(before) >= _WRAPPED and after[:1].islower() and before[-1] not in _STOPS

    def _weak(self, line: int) -> bool:
        return bool(self.rule.weak) and self._matches(_any_of(self.rule.weak), line)

    def _matches(self, pattern: str, line: int) -> bool:
        known = self._known.get((pattern, line))
        if known is None:
            known = self._known[pattern, line] = self._is_short(line) and full_match(
                pattern, self._lines.view(line)
            )
        return known

    def _is_short(self, line: int) -> bool:
        """Whether the line has words, and no more of them than the rule allows."""
        most = self.rule.max_words
        raw = self._lines.raw(line)
        most_raw = most + _STRIPPED_WORDS
        if len(raw) > 2 * most and len(raw.split(None, most_raw)) > most_raw:
            return False
        seen = self._lines.view(line)
        return bool(seen) and seen.count(" ") < most

    def _stands_there(self, line: int) -> bool:
        rule, lines = self.rule, self._lines
        if rule.place == "head" and _is_far(lines.before, line):
            return False
        if rule.place == "tail" and _is_far(lines.after, line):
            return False
        for patterns, other in ((rule.before, lines.before), (rule.after, lines.after)):
            if patterns:
                near = other(line)
                if near < 0 or not self._matches(_any_of(patterns), near):
                    return False
        return not (rule.not_near and self._is_near(line))

    def _is_near(self, line: int) -> bool:
        """Whether one of the next lines on either side holds what the rule keeps away from."""
        pattern = _any_of(self.rule.not_near)
        for step in (self._lines.before, self._lines.after):
            near = line
            for _ in range(_NEAR_LINES):
                near = step(near)
                if near < 0:
                    break
                if found(pattern, self._lines.view(near)):
                    return True
        return False

    def _line(self, line: int) -> Found:
        return ((line, line) if self._strong(line) else None), line

    def _block(self, line: int) -> Found:
        if not self._strong(line):
            return None, line
        rule, lines = self.rule, self._lines
        found_lines, strong = [line], [line]
        for step in (lines.before, lines.after):
            at = step(line)
            while at >= 0 and len(found_lines) < rule.max_lines:
                if self._strong(at):
                    strong.append(at)
                elif not self._weak(at):
                    break
                found_lines.append(at)
                at = step(at)
        passed = max(found_lines)
        block = self._without_loose_ends(sorted(found_lines), min(strong), max(strong))
        enough = len(block) >= rule.min_lines and len(strong) >= rule.min_strong
        if not enough or len(strong) < rule.min_share * len(block):
            return None, passed
        if rule.min_uncommon and sum(map(self._is_uncommon, strong)) < rule.min_uncommon:
            return None, passed
        return (block[0], block[-1]), passed

    def _without_loose_ends(self, block: list[int], first: int, last: int) -> list[int]:
        """Return the block with no more weak lines at its ends than the rule allows."""
        most = self.rule.max_loose
        low, high = block.index(first), block.index(last)
        return block[max(0, low - most) : high + most + 1]

    def _is_uncommon(self, line: int) -> bool:
        return not self._matches(_any_of(self.rule.common), line)

    def _paragraph(self, line: int) -> Found:
        rule, lines = self.rule, self._lines
        first, last = lines.paragraph(line, rule.max_lines)
        tried = {pattern for at in range(first, last + 1) for pattern in self._places.get(at, ())}
        if len(tried) < rule.min_evidence:
            return None, last
        if any(len(lines.raw(at)) > rule.max_words * _LONGEST_WORD for at in (first, last)):
            return None, last
        text = lines.joined(first, last)
        if text.count(" ") >= rule.max_words:
            return None, last
        if rule.starts and not found(f"^(?:{_any_of(rule.starts)})", text):
            return None, last
        evidence = [pattern for pattern in sorted(tried) if found(pattern, text)]
        if len(evidence) < rule.min_evidence:
            return None, last
        sentences = _sentences(text)
        covered = sum(any(found(p, sentence) for p in evidence) for sentence in sentences)
        if covered < rule.min_cover * len(sentences):
            return None, last
        above = lines.before(first)
        if rule.heading and above >= 0 and self._matches(_any_of(rule.heading), above):
            first = above
        return (first, last), last

    def _tail(self, line: int) -> Found:
        last = line
        if self._strong(line):
            for _ in range(self.rule.max_lines):
                after = self._lines.after(last)
                if after < 0:
                    return (line, last), last
                last = after
        return None, line


_FINDERS: dict[str, Callable[[Trial, int], Found]] = {
    "line": Trial._line,
    "block": Trial._block,
    "paragraph": Trial._paragraph,
    "tail": Trial._tail,
}


def _is_far(step: Callable[[int], int], line: int) -> bool:
    """Whether `_EDGE_LINES` and more lines stand between the line and that end of the text."""
    for _ in range(_EDGE_LINES):
        line = step(line)
        if line < 0:
            return False
    return True
