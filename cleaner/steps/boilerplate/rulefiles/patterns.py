"""Patterns of rule files: what they must contain, and whether they can be trusted with any text."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

# What a pattern matches is told by no public parser.
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any

import regex

from cleaner.steps.boilerplate.rulefiles.compiled import compile_pattern
from cleaner.steps.boilerplate.rulefiles.probing import SECONDS, is_slow

_COMMON = frozenset(
    [
        "a",
        "ad",
        "all",
        "and",
        "by",
        "for",
        "from",
        "get",
        "here",
        "in",
        "is",
        "it",
        "may",
        "more",
        "most",
        "my",
        "new",
        "now",
        "of",
        "on",
        "or",
        "other",
        "our",
        "sc",
        "see",
        "that",
        "the",
        "this",
        "to",
        "top",
        "up",
        "us",
        "we",
        "what",
        "when",
        "who",
        "with",
        "you",
        "your",
        "ver",
    ]
)
_UNBOUNDED = 64
_MOST_WORDS = 320
_MOST_CHARACTERS = 6
_PHRASE = 2
_MOST_UNBOUNDED = 2
_LONGEST_PATTERN = 8000
_LONGEST_LITERAL = 300
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT)
_POSSESSIVE = (ops.POSSESSIVE_REPEAT, ops.ATOMIC_GROUP)
_REFUSED = {
    ops.GROUPREF: "a back-reference",
    ops.GROUPREF_EXISTS: "a conditional group",
}


def pattern_problems(pattern: str) -> list[str]:
    r"""Return what forbids the use of `pattern`, in words; an empty list is a good pattern.

    Refused are patterns that do not compile, that can match the empty text, that look back at
    what they matched, and that can backtrack without bound: a repeat inside a repeat, a repeat of
    alternatives that begin alike, many open repeats in one pattern. What the analysis lets
    through is still tried on hostile texts under a time limit.

    >>> pattern_problems("share (?:this|it)")
    []
    >>> pattern_problems("(?:a+)+b")
    ['an open repeat inside a repeat can backtrack without bound']
    """
    if len(pattern) > _LONGEST_PATTERN:
        return [f"longer than {_LONGEST_PATTERN} characters"]
    try:
        with warnings.catch_warnings():
            # What both modules may come to read in another way is not clear today.
            warnings.simplefilter("error", FutureWarning)
            tree = sre.parse(pattern)
            compiled = compile_pattern(pattern)
    except (re.error, regex.error, OverflowError, RecursionError, FutureWarning) as error:
        return [f"not a pattern: {error}"]
    problems = sorted(set(_structure_problems(tree)))
    if _longest_literal(tree) > _LONGEST_LITERAL:
        # Where one letter repeats, the regex module takes minutes to prepare its search for it.
        problems.append(f"over {_LONGEST_LITERAL} letters in a row that stand for themselves")
    if sum(_open_repeats(tree)) > _MOST_UNBOUNDED:
        problems.append(f"more than {_MOST_UNBOUNDED} open repeats can backtrack for very long")
    if problems:
        return problems
    if compiled.fullmatch("") is not None:
        return ["matches an empty line"]
    if is_slow(compiled, tree, sorted(_literals(tree)) or ["a"]):
        return [f"takes over {SECONDS} s on a hostile text"]
    return []


def required_literals(pattern: str) -> frozenset[str]:
    """Return words one of which is in every text that `pattern` matches (empty: unknown).

    The set is what the prefilter looks for, so longer and fewer words are chosen.

    >>> sorted(required_literals(".*(?:sign|log) ?in to continue"))
    ['log in to continue', 'login to continue', 'sign in to continue', 'signin to continue']
    >>> sorted(required_literals("(?:tweet|share) (?:it|this)[0-9]+"))
    ['share it', 'share this', 'tweet it', 'tweet this']
    """
    return _literals(sre.parse(pattern))


def longest_match(pattern: str) -> int:
    """Return the length in characters of the longest text that `pattern` matches.

    >>> longest_match("share (?:this|it)")
    10
    """
    return int(sre.parse(pattern).getwidth()[1])


def _literals(tree: Any) -> frozenset[str]:
    """Return the best set of words of a sequence: runs are drawn out over their alternatives."""
    best: frozenset[str] = frozenset()
    run = frozenset([""])
    for op, value in [*tree, (None, None)]:
        longer = _product(run, _expanded(op, value))
        if longer is not None:
            run = longer
            continue
        begun = _product(run, _leading(op, value))
        best = _better(best, run if begun is None else begun)
        run = frozenset([""])
        best = _better(best, _literals_of(op, value))
        alone = _expanded(op, value)
        if alone is not None and len(alone) <= _MOST_WORDS:
            run = alone
    return _better(best, run)


def _expanded(op: Any, value: Any) -> frozenset[str] | None:
    """Return all texts that a part matches, None where they are too many to tell."""
    if op is ops.LITERAL:
        return frozenset([chr(value)])
    if (
        op is ops.IN
        and len(value) <= _MOST_CHARACTERS
        and all(kind is ops.LITERAL for kind, _ in value)
    ):
        return frozenset(chr(code) for _, code in value)
    if op is ops.SUBPATTERN:
        return _sequence(value[3])
    if op is ops.MAX_REPEAT and value[1] == 1:
        once = _sequence(value[2])
        return None if once is None else once | {""}
    if op is ops.BRANCH:
        parts = [_sequence(branch) for branch in value[1]]
        if any(part is None for part in parts):
            return None
        return frozenset().union(*(part for part in parts if part is not None))
    return None


def _leading(op: Any, value: Any) -> frozenset[str]:
    """Return texts one of which every match of a part begins with."""
    whole = _expanded(op, value)
    if whole is not None:
        return whole
    if op is ops.SUBPATTERN:
        return _leading_sequence(value[3])
    if op in _REPEATS and value[0] > 0:
        return _leading_sequence(value[2])
    if op is ops.BRANCH:
        return frozenset().union(*map(_leading_sequence, value[1]))
    return frozenset([""])


def _leading_sequence(tree: Any) -> frozenset[str]:
    texts = frozenset([""])
    for op, value in tree:
        longer = _product(texts, _expanded(op, value))
        if longer is None:
            return _product(texts, _leading(op, value)) or texts
        texts = longer
    return texts


def _sequence(tree: Any) -> frozenset[str] | None:
    texts: frozenset[str] | None = frozenset([""])
    for op, value in tree:
        texts = _product(texts, _expanded(op, value)) if texts is not None else None
    return texts


def _product(left: frozenset[str], right: frozenset[str] | None) -> frozenset[str] | None:
    if right is None or len(left) * len(right) > _MOST_WORDS:
        return None
    return frozenset(first + second for first in left for second in right)


def _literals_of(op: Any, value: Any) -> frozenset[str]:
    if op is ops.SUBPATTERN:
        return _literals(value[3])
    if op is ops.ATOMIC_GROUP:
        return _literals(value)
    if op in _REPEATS or op is ops.POSSESSIVE_REPEAT:
        return _literals(value[2]) if value[0] > 0 else frozenset()
    if op is ops.BRANCH:
        sets = [_literals(branch) for branch in value[1]]
        return frozenset().union(*sets) if all(sets) else frozenset()
    return frozenset()


def _better(left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    chosen = max(left, right, key=_worth)
    return frozenset() if "" in chosen else chosen


def _worth(words: frozenset[str]) -> tuple[int, int]:
    """Rank a set of words by how rarely text holds one of them."""
    if not words or "" in words:
        return (-1, 0)
    return (min(*map(_rarity, words), 12), -len(words))


def _rarity(literal: str) -> int:
    """Return the bytes of a literal; a very common word counts for one, words together for more."""
    words = literal.split()
    sizes = (1 if word in _COMMON else len(word.encode("utf-8", "replace")) for word in words)
    return sum(sizes) + _PHRASE * max(len(words) - 1, 0)


def _children(op: Any, value: Any) -> Iterator[Any]:
    if op is ops.SUBPATTERN:
        yield value[3]
    elif op is ops.ATOMIC_GROUP:
        yield value
    elif op in _REPEATS or op is ops.POSSESSIVE_REPEAT:
        yield value[2]
    elif op is ops.BRANCH:
        yield from value[1]
    elif op in (ops.ASSERT, ops.ASSERT_NOT):
        yield value[1]


def _structure_problems(tree: Any, inside_repeat: bool = False) -> Iterator[str]:
    for op, value in tree:
        if op in _REFUSED:
            yield f"{_REFUSED[op]} is not allowed"
        opens = op in _REPEATS and value[1] >= _UNBOUNDED
        if opens and inside_repeat:
            yield "an open repeat inside a repeat can backtrack without bound"
        repeats = op in _REPEATS and value[1] > 1
        if opens and _begins_alike(value[2]):
            yield "an open repeat of alternatives that begin alike can backtrack without bound"
        for child in _children(op, value):
            nested = inside_repeat or repeats
            yield from _structure_problems(child, nested and op not in _POSSESSIVE)


def _begins_alike(tree: Any) -> bool:
    """Whether a repeated part holds alternatives or optional parts that begin alike."""
    for op, value in tree:
        if op is ops.BRANCH:
            firsts = [_first(branch) for branch in value[1]]
            if any(first is None for first in firsts):
                return True
            seen: set[int] = set()
            for first in firsts:
                if first is not None:
                    if seen & first:
                        return True
                    seen |= first
        elif op is ops.SUBPATTERN and _begins_alike(value[3]):
            return True
    return False


def _first(tree: Any) -> frozenset[int] | None:
    """Return the characters a part can begin with, None when that is not plain to see."""
    for op, value in tree:
        if op is ops.LITERAL:
            return frozenset([value])
        if op is ops.IN and all(kind is ops.LITERAL for kind, _ in value):
            return frozenset(code for _, code in value)
        if op is ops.SUBPATTERN:
            return _first(value[3])
        return None
    return None


def _longest_literal(tree: Any) -> int:
    """Return how many letters that stand for themselves follow each other at most, about."""
    longest = run = 0
    for op, value in tree:
        inside = max((_longest_literal(child) for child in _children(op, value)), default=0)
        run = run + 1 if op is ops.LITERAL else run + inside if op is ops.SUBPATTERN else 0
        longest = max(longest, run, inside)
    return longest


def _open_repeats(tree: Any) -> Iterator[int]:
    for op, value in tree:
        if op in _REPEATS and value[1] >= _UNBOUNDED:
            yield 1
        if op is ops.BRANCH:
            yield max(sum(_open_repeats(branch)) for branch in value[1])
        else:
            for child in _children(op, value):
                yield from _open_repeats(child)
