"""What holds of the blocks of any text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cleaner.blocks import find_blocks, kinds_of
from tests.strategies import texts

_SIGNS = (
    "```",
    "~~~",
    "---",
    "a::",
    "  a",
    "- b",
    "1. c",
    "@@ -1 +1 @@",
    "+d",
    "| e |",
    "F: g",
    "",
)
structured = st.lists(st.sampled_from((*_SIGNS, "The tide.", "came in", "> h", "\t"))).map(
    "\n".join
)


@given(st.one_of(texts, structured))
def test_blocks_hold_every_line_that_is_not_blank(text: str) -> None:
    found = find_blocks(text)
    assert all(a.last < b.first and a.end < b.start for a, b in pairwise(found))
    lines = text.split("\n")
    held = [number for block in found for number in range(block.first, block.last + 1)]
    assert held == [number for number, line in enumerate(lines) if line and not line.isspace()]
    for block in found:
        assert text[block.start : block.end] == "\n".join(lines[block.first : block.last + 1])


@given(st.one_of(texts, structured))
def test_kinds_of_spans_are_those_of_their_blocks(text: str) -> None:
    found = find_blocks(text)
    spans = [(block.start, block.end) for block in found]
    assert kinds_of(text, spans) == [block.kind for block in found]
