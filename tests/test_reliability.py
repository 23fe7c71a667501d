"""The short profile of all attacks; the long one is `python -m benchmarks.reliability`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from benchmarks.reliability.fuzzing import Failure, fuzz
from benchmarks.reliability.killing import kill
from benchmarks.reliability.resuming import resume
from benchmarks.reliability.troubles import full_disks, killed_workers, two_at_once


def test_short_profile() -> None:
    failures = [one for one in fuzz(files=150, seed=1) if isinstance(one, Failure)]
    assert not failures, "\n".join(map(str, failures))


@pytest.mark.parametrize(
    ("attack", "times"),
    [
        (partial(kill, most_paragraphs=50), 3),
        (partial(resume, most_paragraphs=50), 10),
        (full_disks, 2),
        (killed_workers, 1),
        (two_at_once, 1),
    ],
)
def test_processes(attack: Callable[[int, int], Iterator[str]], times: int) -> None:
    assert "".join(attack(times, 1)) == ""
