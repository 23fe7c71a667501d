"""Matching rules: one scan for the words they need, then the rules whose words are there."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from cleaner.normalize.boilerplate.lines import Lines
from cleaner.normalize.boilerplate.patterns import found, full_match
from cleaner.normalize.boilerplate.rulefile import FiledRule, LineRule

_EDGE_LINES = 15
_BYTES_A_WORD = 16
_LEAST_BYTES = 400
_sentences = re.compile(r"(?<=[.!?]) +").split


class Block(NamedTuple):
    """Lines `first` to `last` (line numbers) that the rule `rule` would remove whole."""

    first: int
    last: int
    code: str
    rule: str


class RuleSet:
    """Rules, ready to be matched: an automaton over the words that they need."""

    def __init__(self, rules: Sequence[FiledRule]) -> None:
        self.rules = tuple(rules)
        users: dict[str, list[int]] = {}
        for number, filed in enumerate(self.rules):
            for word in filed.literals:
                users.setdefault(word, []).append(number)
        words = sorted(users)
        self._users = [tuple(users[word]) for word in words]
        self._limit = np.array(
            [max(_longest(self.rules[number].rule) for number in users[word]) for word in words],
            dtype=np.int64,
        )
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            [word.encode("utf-8", "surrogatepass") for word in words]
        )

    def candidates(self, text: str) -> dict[int, list[int]]:
        """Return, by rule number, the lines (ascending) that hold a word the rule needs."""
        data = text.lower().encode("utf-8", "surrogatepass")
        hits = self._automaton.find_matches_as_indexes(data, overlapping=True)
        if not hits:
            return {}
        table = np.array(hits, dtype=np.int64)
        ends = _line_ends(data)
        lines = np.searchsorted(ends, table[:, 1], side="left")
        lengths = np.diff(ends, prepend=-1) - 1
        short = lengths[lines] <= self._limit[table[:, 0]]
        if not short.any():
            return {}
        pairs = np.unique(np.stack([lines[short], table[short, 0]], axis=1), axis=0)
        found_in: dict[int, list[int]] = {}
        for line, word in pairs.tolist():
            for number in self._users[word]:
                seen = found_in.setdefault(number, [])
                if not seen or seen[-1] != line:
                    seen.append(line)
        return dict(sorted(found_in.items()))

    def blocks(self, lines: Lines, acting: Iterable[int]) -> Iterator[Block]:
        """Yield what the rules numbered `acting` would remove, until nothing more is found.

        Whoever takes a block calls `lines.remove` before asking for the next one; blocks are
        then judged as they stand in the text that is left.
        """
        acts = set(acting)
        candidates = {n: c for n, c in self.candidates(lines.text).items() if n in acts}
        again = True
        while again:
            again = False
            for number, places in candidates.items():
                filed = self.rules[number]
                for line in places:
                    if lines.is_gone(line) or lines.is_blank(line):
                        continue
                    span = _match(filed.rule, lines, line)
                    if span is not None:
                        yield Block(*span, filed.code, filed.rule.id)
                        again = again or lines.is_gone(line)


@functools.lru_cache(maxsize=8)
def rule_set(rules: tuple[FiledRule, ...]) -> RuleSet:
    """Return the rule set of `rules` (built once)."""
    return RuleSet(rules)


def _line_ends(data: bytes) -> npt.NDArray[np.int64]:
    """Return the byte places of line feeds, and the end of the data; shape (lines,)."""
    ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 10)
    return np.append(ends, len(data)).astype(np.int64)


def _longest(rule: LineRule) -> int:
    """Return the bytes beyond which a line has too many words for the rule."""
    return max(rule.max_words * _BYTES_A_WORD, _LEAST_BYTES)


def _match(rule: LineRule, lines: Lines, line: int) -> tuple[int, int] | None:
    if not _stands_there(rule, lines, line):
        return None
    if rule.scope == "paragraph":
        return _match_paragraph(rule, lines, line)
    if not _any_full(rule.patterns, rule, lines.view(line)):
        return None
    if rule.scope == "tail":
        return _match_tail(rule, lines, line)
    if rule.scope == "line":
        return line, line
    return _match_block(rule, lines, line)


def _any_full(patterns: Sequence[str], rule: LineRule, seen: str) -> bool:
    if not seen or len(seen.split()) > rule.max_words:
        return False
    return any(full_match(pattern, seen) for pattern in patterns)


def _stands_there(rule: LineRule, lines: Lines, line: int) -> bool:
    if rule.place == "anywhere" and not rule.before and not rule.after:
        return True
    place, alive = lines.place(line), lines.alive
    if rule.place == "head" and place >= _EDGE_LINES:
        return False
    if rule.place == "tail" and place < len(alive) - _EDGE_LINES:
        return False
    for patterns, other in ((rule.before, place - 1), (rule.after, place + 1)):
        if patterns:
            seen = lines.view(alive[other]) if 0 <= other < len(alive) else ""
            if not any(full_match(pattern, seen) for pattern in patterns):
                return False
    return True


def _match_block(rule: LineRule, lines: Lines, line: int) -> tuple[int, int] | None:
    alive = lines.alive
    place = lines.place(line)
    strong, count = 1, 1
    ends = [place, place]
    for side, step in ((0, -1), (1, 1)):
        at = place + step
        while 0 <= at < len(alive) and count < rule.max_lines:
            seen = lines.view(alive[at])
            if _any_full(rule.patterns, rule, seen):
                strong += 1
            elif not _any_full(rule.weak, rule, seen):
                break
            ends[side] = at
            count += 1
            at += step
    if count < rule.min_lines or strong < rule.min_strong:
        return None
    return alive[ends[0]], alive[ends[1]]


def _match_paragraph(rule: LineRule, lines: Lines, line: int) -> tuple[int, int] | None:
    first, last = lines.paragraph(line, rule.max_lines)
    text = lines.joined(first, last)
    if len(text.split()) > rule.max_words:
        return None
    if rule.starts and not any(found(f"^(?:{start})", text) for start in rule.starts):
        return None
    evidence = [pattern for pattern in rule.patterns if found(pattern, text)]
    if len(evidence) < rule.min_evidence:
        return None
    sentences = _sentences(text)
    covered = sum(any(found(pattern, sentence) for pattern in evidence) for sentence in sentences)
    if covered < rule.min_cover * len(sentences):
        return None
    place = lines.place(first)
    if rule.heading and place > 0:
        above = lines.alive[place - 1]
        if _any_full(rule.heading, rule, lines.view(above)):
            first = above
    return first, last


def _match_tail(rule: LineRule, lines: Lines, line: int) -> tuple[int, int] | None:
    alive = lines.alive
    if len(alive) - lines.place(line) > rule.max_lines:
        return None
    return line, alive[-1]
