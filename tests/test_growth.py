"""The growth test's short profile; the long one is `python -m benchmarks.reliability growth`."""

from __future__ import annotations

from functools import partial

import pytest

from benchmarks.reliability.growth import (
    ATOMS,
    Pumped,
    grows,
    hostile_to,
    module_patterns,
    pumped,
    targets,
)

# What takes the square of the length takes a hundred times as long for ten times the length, and
# processor time is never told to a factor of two.
MOST = 25
SIZES = (2_000, 20_000)

# What some step or other once took long for, or might.
TEXTS = (
    ("un-" * 10 + "\n",), ("{",), ("=",), ("ab-\n",), ("x",), ("1,",), ("e" + "\u0301" * 30,),
    ("\u0301",), ("a\n",), ("> ",), ("| ",), ("&amp;",), ("ÃƒÂ©",), ("\xad\n",), ("\u200b",),
    ("â€™",), ("saidthat ",), ("http://",), ("\t \n",), ("(", "[", "\u201c", "word ", "\n"), ATOMS,
)  # fmt: skip


@pytest.mark.parametrize("name", targets())
def test_steps(name: str) -> None:
    take = targets()[name]
    take(Pumped(ATOMS).text(2_000))  # what is loaded once is loaded
    found = [grows(name, take, Pumped(units, 1).text, SIZES, MOST) for units in TEXTS]
    assert [str(one) for one in found if one is not None] == []


def test_patterns() -> None:
    found = []
    for pattern in module_patterns():
        for pump in hostile_to(pattern):
            text = partial(pumped, pump)
            found.append(grows(pattern.pattern, pattern.match, text, (1_000, 10_000), MOST))
    assert len(found) > 1000
    assert [str(one) for one in found if one is not None] == []
