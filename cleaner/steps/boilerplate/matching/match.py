"""Matching rules: one scan for the words they need, then the rules whose words are there."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from cleaner.steps.boilerplate.lines import Lines
from cleaner.steps.boilerplate.matching.company import Claim, with_company
from cleaner.steps.boilerplate.matching.left import TextLeft
from cleaner.steps.boilerplate.matching.scan import WordScan
from cleaner.steps.boilerplate.matching.trial import Trial
from cleaner.steps.boilerplate.rulefiles.rulefile import FiledRule

_SPARE = 8


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
        self.fixed = frozenset((filed.code, filed.rule.id) for filed in rules if filed.rule.fixed)
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
        # By word, in how long a line it makes which patterns be tried.
        self._users = [[(widths[user], user) for user in users[word]] for word in self._words]

    @functools.cached_property
    def _scan(self) -> WordScan:
        return WordScan(self._words, [max(users)[0] for users in self._users])

    def candidates(self, text: str) -> dict[int, dict[int, list[str]]]:
        """Return, by rule number and line, the patterns of which a word begins in the line.

        Line feeds count as spaces here, since words of a paragraph may go over lines.
        """
        fitting = {
            (pattern, line)
            for word, line, length in self._scan.hits(text)
            for width, pattern in self._users[word]
            if length <= width
        }
        found_in: dict[int, dict[int, list[str]]] = {}
        for pattern, line in sorted(fitting):
            number, source = self._patterns[pattern]
            found_in.setdefault(number, {}).setdefault(line, []).append(source)
        return {number: dict(sorted(places.items())) for number, places in found_in.items()}

    def trials(self, lines: Lines, acts: Callable[[str], bool]) -> list[Trial]:
        """Return the rules whose code `acts` and that have candidates, to be tried on `lines`."""
        return [
            Trial(self.rules[number], lines, places)
            for number, places in self.candidates(lines.text).items()
            if acts(self.rules[number].code)
        ]

    def blocks(self, lines: Lines, trials: list[Trial]) -> Iterator[Block]:
        """Yield what the rules tried would remove, until nothing more is found.

        Whoever takes a block calls `lines.remove` before asking for the next one. All rules judge
        the same text, then what they take goes, then they judge what is left.
        """
        again = bool(trials)
        while again:
            again = False
            left = TextLeft(lines)
            for claim in with_company(left, _claims(left, trials)):
                for first, last in _parts_left(lines, claim.first, claim.last):
                    yield Block(first, last, claim.code, claim.rule)
                    again = again or lines.is_gone(first)


def _claims(left: TextLeft, trials: list[Trial]) -> list[Claim]:
    """Return what the rules take, but for those whose matter the text itself is about."""
    found = [(trial, list(trial.claims(left))) for trial in trials]
    taken, labels = set[int](), set[int]()
    for _, claims in found:
        for claim in claims:
            (taken if claim.alone else labels).update(range(claim.first, claim.last + 1))
    return [
        claim
        for trial, claims in found
        if claims and not trial.is_about(left, taken, labels - taken)
        for claim in claims
    ]


def _parts_left(lines: Lines, first: int, last: int) -> list[tuple[int, int]]:
    """Return what is left of the lines `first` to `last`, in stretches from line to line."""
    parts: list[tuple[int, int]] = []
    for line in range(first, last + 1):
        if lines.is_gone(line) or lines.is_blank(line):
            continue
        if parts and not any(map(lines.is_gone, range(parts[-1][1], line))):
            parts[-1] = (parts[-1][0], line)
        else:
            parts.append((line, line))
    return parts
