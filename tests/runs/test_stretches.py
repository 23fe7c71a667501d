"""Passages of short units: found in arrays as by hand, and only where there may be any."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest

from cleaner.runs.duplicates.copies import Copies
from cleaner.runs.duplicates.passages import Document
from cleaner.runs.duplicates.units.traits import Trait
from tests.interpreted import kernels

_LEAST_WORDS, _LEAST_UNITS, _LOOKS = 100, 4, 50


def copies_of(documents: list[list[str]]) -> Copies:
    """Return units that are copies where their texts are the same; the first one stays."""
    texts = [text for document in documents for text in document]
    first: dict[str, int] = {}
    stand_ins = [first.setdefault(text, unit) for unit, text in enumerate(texts)]
    sizes = [len(document) for document in documents]
    return Copies(
        np.array(stand_ins, dtype=np.int64),
        np.array([len(text.split()) for text in texts], dtype=np.uint32),
        np.append(0, np.cumsum(sizes)).astype(np.int64),
        np.arange(len(documents)),
        np.zeros(len(documents), dtype=bool),
    )


def covered_by_hand(copies: Copies, document: int, barred: bytes) -> list[int]:
    """Return the copy of each unit in a passage, -1 of others, found one unit after the other."""
    borders = copies.first_units.tolist()
    first, end = borders[document], borders[document + 1]
    stand_ins, words = copies.stand_ins.tolist(), copies.words.tolist()
    least = max(_LEAST_WORDS, sum(words[first:end]) / 3)
    covered = [-1] * (end - first)
    failed: dict[int, int] = {}
    looks = 0
    unit = first
    while unit < end and looks <= _LOOKS * (end - first):
        shift = unit - stand_ins[unit]
        if not shift or covered[unit - first] >= 0 or unit < failed.get(shift, 0):
            unit += 1
            continue
        other = next(n for n in range(len(borders)) if borders[n + 1] > stand_ins[unit])

        def is_aligned(one: int, shift: int = shift, other: int = other) -> bool:
            return (
                first <= one < end
                and borders[other] <= one - shift < borders[other + 1]
                and stand_ins[one] != one
                and stand_ins[one - shift] == stand_ins[one]
            )

        start, stop = unit, unit + 1
        while is_aligned(start - 1):
            start -= 1
        while is_aligned(stop):
            stop += 1
        looks += stop - start + 1
        passage = range(start, stop)
        if (
            len(passage) >= _LEAST_UNITS
            and sum(words[one] for one in passage) >= least
            and not any(barred[one - first] for one in passage)
        ):
            for one in passage:
                covered[one - first] = one - shift
            unit = stop
        else:
            failed[shift] = stop
            unit += 1
    return covered


@pytest.fixture(params=[True, False], ids=["compiled", "interpreted"])
def both_ways(request: pytest.FixtureRequest) -> Iterator[None]:
    with kernels(compiled=request.param):
        yield


@pytest.mark.usefixtures("both_ways")
def test_passages_of_short_units() -> None:
    found = 0
    for seed in range(300):
        dice = random.Random(seed)
        known = ["w " * dice.randint(1, 30) + str(n) for n in range(dice.choice((2, 5, 40)))]
        units: list[str] = []
        while len(units) < 60:
            at = dice.randint(0, len(units))
            units += units[at : at + dice.randint(1, 12)] if dice.random() < 0.5 else []
            units += dice.choices(known, k=dice.randint(1, 5))
        copies = copies_of([units[:25], units[25:28], [], units[28:]])
        for document in (0, 1, 3):
            size = int(copies.first_units[document + 1] - copies.first_units[document])
            barred = bytes(dice.random() < 0.02 for _ in range(size))
            covered = np.full(size, -1, dtype=np.int64)
            copies.cover_short_passages(document, np.frombuffer(barred, np.uint8), covered, 0)
            assert covered.tolist() == covered_by_hand(copies, document, barred)
            found += int((covered >= 0).any())
    assert found > 50


def test_what_may_lose_nothing_is_not_looked_at() -> None:
    letters = random.Random(1).choices("abcdef", k=5000)
    assert copies_of([letters]).doubtful_documents(20).tolist() == []
    doubled = [f"{letter} {number}" for number, letter in enumerate(letters[:60])]
    copies = copies_of([doubled * 2, letters])
    assert copies.doubtful_documents(20).tolist() == [0]
    units, others = Document(copies, 0, bytes([Trait.REPEATS]) * 120, 20).going()
    assert units.tolist() == list(range(60, 120))
    assert others.tolist() == list(range(60))
    code = bytes([Trait.REPEATS | Trait.STRUCTURED]) * 120
    assert Document(copies, 0, code, 20).going()[0].tolist() == []
