from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.paragraphs import paragraph_spans


@given(st.text("ab \n\t", max_size=60))
def test_spans_hold_all_text_and_no_blank_edges(text: str) -> None:
    spans = paragraph_spans(text)
    assert all(a.end < b.start for a, b in pairwise(spans))
    for span in spans:
        body = text[span.start : span.end]
        assert body.strip()
        assert not body.startswith("\n")
        assert not body.endswith("\n")
    outside = list(text)
    for span in spans:
        outside[span.start : span.end] = " " * (span.end - span.start)
    assert not "".join(outside).strip()


def test_lines_of_a_block_with_a_long_one_are_paragraphs() -> None:
    text = f"{'long ' * 30}\nshort\n\nother\nblock\n"
    assert [text[a:b] for a, b in paragraph_spans(text)] == ["long " * 30, "short", "other\nblock"]
