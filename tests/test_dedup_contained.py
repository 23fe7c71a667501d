"""Passages inside longer ones, held against plain references that compare every pair."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.signing import hashing
from cleaner.dedup.signing.sign import Batch, DedupConfig, sign
from cleaner.dedup.text import words
from cleaner.dedup.verify.contain_kernel import winnow
from tests.interpreted import interpreted, kernels
from tests.test_dedup_engine import VOCABULARY


def contained(texts: list[str], config: DedupConfig | None = None) -> dict[int, tuple[int, float]]:
    config = config or DedupConfig()
    with Deduplicator(config) as engine:
        for start in range(0, len(texts), 100):
            engine.add(sign(Batch.from_texts(texts[start : start + 100]), config))
        engine.decide()
        found = engine.contained()
    return {
        unit: (container, share)
        for unit, container, share in zip(
            found.units.tolist(), found.containers.tolist(), found.shares.tolist(), strict=True
        )
    }


def test_contained_passages_are_found_where_brute_force_finds_them() -> None:
    rng = random.Random(11)
    long = [[rng.choice(VOCABULARY) + rng.choice("abc") for _ in range(90)] for _ in range(60)]
    texts = [" ".join(one) for one in long]
    for one in long[:30]:
        start = rng.randrange(40)
        part = one[start : start + rng.randrange(12, 45)]
        if rng.random() < 0.5:
            part[-1] = "other"
        texts.append(" ".join(part))
    sets = [frozenset(hashing.shingles(words.split_words(text), 5)) for text in texts]
    expected = {}
    for unit, own in enumerate(sets):
        shares = [(len(own & other) / len(own), at) for at, other in enumerate(sets)]
        best = max((share, -at) for share, at in shares if len(sets[at]) > len(own) or at == unit)
        candidates = [one for one in shares if len(sets[one[1]]) > len(own) and one[0] >= 0.9]
        if candidates:
            best = max((share, -at) for share, at in candidates)
            expected[unit] = (-best[1], best[0])
    assert len(expected) >= 20
    assert contained(texts) == expected
    with kernels(compiled=False):
        assert contained(texts) == expected


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), max_size=20), max_size=5), st.integers(1, 6))
def test_winnowing_is_the_plain_one(units: list[list[int]], window: int) -> None:
    shingles = np.array([value for unit in units for value in unit], dtype=np.uint32)
    ends = np.cumsum([len(unit) for unit in units], dtype=np.int64)
    starts = ends - np.array([len(unit) for unit in units], dtype=np.int64)
    results = []
    for kernel in (winnow, interpreted("cleaner.dedup.verify.contain_kernel").winnow):
        found = np.empty(len(shingles), dtype=np.uint32)
        counts = np.empty(len(units), dtype=np.int64)
        filled = kernel(shingles, starts, ends, window, found, counts)
        results.append((found[:filled].tolist(), counts.tolist()))
    assert results[0] == results[1]
