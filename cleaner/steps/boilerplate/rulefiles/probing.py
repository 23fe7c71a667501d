"""Trying patterns on hostile texts, made from the patterns themselves, which grow step by step.

A pattern that backtracks without bound takes many times as long for a few characters more. So each
repeat of a pattern is fed what it repeats, again and again, with an end that it cannot match, and
the time is looked at before the text grows: no trial takes much longer than the limit.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator, Sequence

# What a pattern matches is told by no public parser.
from re import _constants as ops  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import regex

SECONDS = 0.25
"""The processor time that no trial may take."""

_ALL_SECONDS = 8 * SECONDS
_LONGEST = 2000
_LONGEST_BODY = 60
_BY_FEW = 40
_MOST_TEXTS = 80
_END = "\x00"
_CATEGORIES = {
    ops.CATEGORY_DIGIT: "1",
    ops.CATEGORY_NOT_DIGIT: "a",
    ops.CATEGORY_SPACE: " ",
    ops.CATEGORY_NOT_SPACE: "a",
    ops.CATEGORY_WORD: "a",
    ops.CATEGORY_NOT_WORD: " ",
}
_TRIED = "a1 .,-x_\x01é"
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)


class Pump(NamedTuple):
    """Texts ``head + body * n`` that a pattern begins to match."""

    head: str
    body: str


def is_slow(compiled: regex.Pattern[str], tree: Any, words: Sequence[str]) -> bool:
    """Whether a trial of the pattern, parsed as `tree`, takes longer than `SECONDS`.

    All trials together may take eight times as long.
    """
    whole = 0.0
    for pump in hostile_pumps(tree, words):
        for times in _steps(len(pump.body)):
            spent = _time(compiled, pump.head + pump.body * times + _END)
            whole += spent
            if spent > SECONDS or whole > _ALL_SECONDS:
                return True
    return False


def hostile_pumps(tree: Any, words: Sequence[str]) -> list[Pump]:
    """Return what a pattern, parsed as `tree`, that needs one of `words` is tried on."""
    pumps = dict.fromkeys([*_pumps(tree), *_common_pumps(words)])
    return list(itertools.islice(pumps, _MOST_TEXTS))


def _time(compiled: regex.Pattern[str], text: str) -> float:
    """Return the processor time of one trial; no trial goes on for much longer than the limit."""
    start = time.thread_time()
    try:
        compiled.search(text, timeout=4 * SECONDS)
        compiled.fullmatch(text, timeout=4 * SECONDS)
    except TimeoutError:
        return math.inf
    return time.thread_time() - start


def _steps(size: int) -> Iterator[int]:
    """Yield how often a body of `size` characters is repeated: a few more each time at first."""
    yield from range(2, _BY_FEW, 2)
    times = _BY_FEW
    while times * size < _LONGEST:
        yield times
        times *= 4
    if size < _LONGEST // _BY_FEW:
        yield _LONGEST // size


def _common_pumps(words: Sequence[str]) -> Iterator[Pump]:
    """Yield texts of no pattern in particular; of long words only their beginnings are repeated."""
    begun = [f"{word[:_LONGEST_BODY]} " for word in words[:4]]
    for body in ("a", "a ", "1", "1 ", ". ", "a, ", *begun):
        yield Pump("", body)
        yield Pump(words[0], body)


def _pumps(tree: Any, head: str = "") -> Iterator[Pump]:
    """Yield for each repeat in `tree` texts that end within it."""
    for op, value in tree:
        if op in _REPEATS and value[1] > 1:
            for body in dict.fromkeys(_samples(value[2])):
                if body:
                    yield Pump(head, body)
        for child in _parts(op, value):
            yield from _pumps(child, head)
        head += next(iter(_samples([(op, value)])), "")


def _parts(op: Any, value: Any) -> Iterator[Any]:
    if op is ops.SUBPATTERN:
        yield value[3]
    elif op is ops.ATOMIC_GROUP:
        yield value
    elif op in _REPEATS:
        yield value[2]
    elif op is ops.BRANCH:
        yield from value[1]
    elif op in (ops.ASSERT, ops.ASSERT_NOT):
        yield value[1]


def _samples(tree: Any) -> list[str]:
    """Return up to four short texts that a part matches, the shortest way and longer ones."""
    texts = [""]
    for op, value in tree:
        texts = [first + second for first in texts for second in _samples_of(op, value)][:4]
    return texts


def _samples_of(op: Any, value: Any) -> list[str]:
    if op is ops.LITERAL:
        return [chr(value)]
    if op is ops.NOT_LITERAL:
        return [next(c for c in _TRIED if ord(c) != value)]
    if op is ops.ANY:
        return ["a"]
    if op is ops.IN:
        return _members(value)
    if op is ops.BRANCH:
        return [text for branch in value[1] for text in _samples(branch)[:1]][:4]
    if op in _REPEATS:
        once = _samples(value[2])
        least = [text * max(value[0], 1) for text in once]
        return [*([""] if value[0] == 0 else []), *least][:3]
    if op in (ops.ASSERT, ops.ASSERT_NOT):
        return [""]
    children = list(_parts(op, value))
    return _samples(children[0]) if children else [""]


def _members(items: Any) -> list[str]:
    """Return one or two characters of a set."""
    if items[0][0] is ops.NEGATE:
        return [c for c in _TRIED if not any(_holds(item, c) for item in items[1:])][:2] or ["a"]
    found = []
    for kind, value in items[:2]:
        if kind is ops.LITERAL:
            found.append(chr(value))
        elif kind is ops.RANGE:
            found.append(chr(value[0]))
        elif kind is ops.CATEGORY:
            found.append(_CATEGORIES.get(value, "a"))
    return found or ["a"]


def _holds(item: tuple[Any, Any], character: str) -> bool:
    kind, value = item
    if kind is ops.LITERAL:
        return bool(ord(character) == value)
    if kind is ops.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    return kind is ops.CATEGORY and _CATEGORIES.get(value) == character
