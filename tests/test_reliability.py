"""The fuzzer's short profile; the long one is `python -m benchmarks.reliability fuzz`."""

from __future__ import annotations

from benchmarks.reliability.fuzzing import Failure, fuzz


def test_short_profile() -> None:
    failures = [one for one in fuzz(files=150, seed=1) if isinstance(one, Failure)]
    assert not failures, "\n".join(map(str, failures))
