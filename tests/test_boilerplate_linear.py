"""Every packaged pattern takes time in proportion to the length of the text."""

from __future__ import annotations

import itertools
import os
import time

import pytest

# What a pattern matches is told by no public parser.
from re import _parser as sre  # type: ignore[attr-defined]  # isort: skip

from cleaner.steps.boilerplate.rulefiles.compiled import compile_pattern
from cleaner.steps.boilerplate.rulefiles.packaged import packaged_rules
from cleaner.steps.boilerplate.rulefiles.patterns import required_literals
from cleaner.steps.boilerplate.rulefiles.probing import Pump, hostile_pumps
from cleaner.steps.boilerplate.rulefiles.rulefile import FiledRule, all_patterns

SIZES = (10_000, 100_000, 1_000_000)
MOST = 12
LEAST_SECONDS = 0.002
FAMILIES = sorted({filed.code for filed in packaged_rules()})
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"


def seconds(pattern: str, pump: Pump, size: int) -> float:
    """Return the processor time of a search and a match on a text of about `size` characters."""
    compiled = compile_pattern(pattern)
    text = pump.head + pump.body * (size // len(pump.body)) + "\0"
    start = time.thread_time()
    compiled.search(text)
    compiled.fullmatch(text)
    return max(time.thread_time() - start, LEAST_SECONDS)


def growth(pattern: str, pump: Pump, small: int, large: int) -> float:
    """Return how many times as long the large text takes; the least of three trials."""
    tries = 0
    ratio = float("inf")
    while ratio > MOST and tries < 3:
        ratio = min(ratio, seconds(pattern, pump, large) / seconds(pattern, pump, small))
        tries += 1
    return ratio


def rules_of(code: str) -> list[FiledRule]:
    return [filed for filed in packaged_rules() if filed.code == code]


@pytest.mark.parametrize("code", FAMILIES)
def test_patterns_take_linear_time(code: str) -> None:
    patterns = {pattern for filed in rules_of(code) for _, pattern in all_patterns(filed.rule)}
    for pattern in sorted(patterns):
        pumps = hostile_pumps(sre.parse(pattern), sorted(required_literals(pattern)) or ["a"])
        worst = max(pumps, key=lambda pump: seconds(pattern, pump, 1_000))
        sizes = SIZES if DEEP else SIZES[:2]
        for small, large in itertools.pairwise(sizes):
            assert growth(pattern, worst, small, large) <= MOST, (pattern, worst)
