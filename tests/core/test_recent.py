"""Answers that are kept: the same as those of the function, and bounded."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from cleaner.core.recent import Recent


def test_latest_answers_are_kept_and_old_ones_forgotten() -> None:
    asked: list[str] = []
    recent = Recent[str, str](lambda key: asked.append(key) or key.upper(), size=len, most=96)
    for number in range(1000):
        assert recent(f"key {number:04}") == f"KEY {number:04}"
        assert recent(f"key {max(0, number - 4):04}") == f"KEY {max(0, number - 4):04}"
    assert len(asked) == 1000
    assert recent("key 0000") == "KEY 0000"
    assert len(asked) == 1001


def test_one_larger_than_all_that_is_kept_is_answered_too() -> None:
    recent = Recent[str, int](len, size=len, most=10)
    assert [recent("x" * size) for size in (5, 500, 5, 500, 3)] == [5, 500, 5, 500, 3]


def test_threads_get_the_answers_of_the_function() -> None:
    recent = Recent[int, int](lambda key: key * key, size=lambda _: 1, most=50)

    def ask(seed: int) -> bool:
        keys = random.Random(seed).choices(range(200), k=20_000)
        return all(recent(key) == key * key for key in keys)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(8)))


def test_what_failed_is_asked_again() -> None:
    asked: list[str] = []

    def answer(key: str) -> str:
        asked.append(key)
        if len(asked) == 1:
            raise TimeoutError
        return key.upper()

    recent = Recent[str, str](answer, size=len, most=40)
    with pytest.raises(TimeoutError):
        recent("nets")
    assert recent("nets") == recent("nets") == "NETS"
    assert len(asked) == 2
