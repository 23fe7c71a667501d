"""Removals held against brute force over all pairs that share a shingle."""

from __future__ import annotations

import collections
import itertools
import json
from pathlib import Path

from benchmarks.dedup.peers import MIN_WORDS, THRESHOLD, WORD, N


def near_pairs(source: Path) -> dict[int, list[int]]:
    """Return the partners of every record at or over the threshold."""
    sets: dict[int, frozenset[tuple[str, ...]]] = {}
    index: dict[tuple[str, ...], list[int]] = collections.defaultdict(list)
    near: dict[int, list[int]] = collections.defaultdict(list)
    with source.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            words = WORD.findall(json.loads(line)["text"].casefold())
            if len(words) < MIN_WORDS:
                continue
            own = frozenset(tuple(words[i : i + N]) for i in range(len(words) - N + 1))
            shared = collections.Counter(other for one in own for other in index[one])
            for other, count in shared.items():
                if count / (len(own) + len(sets[other]) - count) >= THRESHOLD - 1e-9:
                    near[number].append(other)
                    near[other].append(number)
            for one in own:
                index[one].append(number)
            sets[number] = own
    return {number: near[number] for number in sets}


def errors(near: dict[int, list[int]], removed: set[int]) -> tuple[int, int]:
    """Return how many removals are false and how many duplicates are missed.

    A removed record is false if no kept record resembles it at the threshold; a kept one is missed
    if a kept record before it does.
    """
    false = missed = 0
    for number, partners in near.items():
        if number in removed:
            false += not any(other not in removed for other in partners)
        else:
            missed += any(other < number and other not in removed for other in partners)
    return false, missed


def duplicates(near: dict[int, list[int]]) -> int:
    """Return how many records have a near-copy before them."""
    return sum(any(other < one for other in partners) for one, partners in near.items())


def sample_of(source: Path, target: Path, size: int) -> None:
    """Write an even sample of the lines of `source`, in runs of a hundred."""
    with source.open("rb") as lines:
        step = max(1, sum(1 for _ in lines) // size)
    with source.open("rb") as lines, target.open("wb") as out:
        chosen = (line for at, line in enumerate(lines) if (at // 100) % step == 0)
        out.writelines(itertools.islice(chosen, size))
