"""Units found in bytes are those of the plain definition."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cleaner.dedup.signing.sign import Batch
from cleaner.runs.duplicates.units.units import Unit, unit_spans, units_of
from tests.interpreted import kernels


def plainly(texts: list[str], unit: Unit) -> tuple[list[list[str]], list[int]]:
    units = [[text[start:end] for start, end in unit_spans(text, unit)] for text in texts]
    return units, [len(own) for own in units]


def in_bytes(texts: list[str], unit: Unit) -> tuple[list[list[str]], list[int]]:
    units, counts = units_of(Batch.from_texts(texts), unit)
    found = iter(
        bytes(units.data[start:end]).decode("utf-8", "surrogatepass")
        for start, end in zip(units.starts, units.ends, strict=True)
    )
    return [[next(found) for _ in range(count)] for count in counts], counts.tolist()


_PIECES = st.sampled_from(
    [
        "\n", "\n", "\n\n", " ", "\t", "\r", "\x0b", "\x1c", "\x85", "\xa0", "\u1680", "\u2003",
        "\u2028", "\u202f", "\u205f", "\u3000", "\u200b", "\u2fff", "\u3001", "a", "end.", "é",
        "漢", "\U0001f600", "\udce9", "w" * 119, "w" * 120, "w" * 121, "é" * 120, "漢" * 121,
    ]
)  # fmt: skip


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("unit", ["paragraph", "line", "record"])
def test_units_are_those_of_the_definition(unit: Unit, compiled: bool) -> None:
    @examples(max_examples=300 if compiled else 60, deadline=None, derandomize=True)
    @given(st.lists(st.lists(_PIECES, max_size=12).map("".join), max_size=4))
    def check(texts: list[str]) -> None:
        assert in_bytes(texts, unit) == plainly(texts, unit)

    with kernels(compiled=compiled):
        check()


def test_every_character_that_is_space_is_blank() -> None:
    for start in range(0, sys.maxunicode + 1, 4096):
        texts = [f"{chr(code)}x\n{chr(code)}\n" for code in range(start, start + 4096)]
        assert in_bytes(texts, "line") == plainly(texts, "line")
