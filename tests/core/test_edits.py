"""Edits lead there and back, and say where in the source they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.edits import Edit, SourceMap, apply_edits, edited, invert_edits, unchanged


@st.composite
def steps(draw: st.DrawFn, text: str) -> list[Edit]:
    """Draw the edits of one step on `text`: sorted, not overlapping, touching at times."""
    points = draw(st.lists(st.integers(0, len(text)), max_size=8).map(sorted))
    return [
        Edit(start, end, text[start:end], draw(st.text("xyz\n", max_size=3)), "TST100")
        for start, end in zip(points[::2], points[1::2], strict=False)
    ]


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[list[Edit]]]:
    """Draw a source text and the steps taken from it."""
    source = text = draw(st.text("abcdefgh \n", max_size=30))
    taken = []
    for _ in range(draw(st.integers(0, 4))):
        edits = draw(steps(text))
        taken.append(edits)
        text = apply_edits(text, edits)
    return source, taken


def with_steps(texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, list[Edit]]]:
    return texts.flatmap(lambda text: st.tuples(st.just(text), steps(text)))


@given(with_steps(st.text("abc\ud800\U0001f600", max_size=20)))
def test_inverted_edits_lead_back(drawn: tuple[str, list[Edit]]) -> None:
    text, edits = drawn
    changed = apply_edits(text, edits)
    inverse = invert_edits(edits)
    assert apply_edits(changed, inverse) == text
    assert invert_edits(inverse) == edits


@given(with_steps(st.text("abc", max_size=20)))
def test_text_between_edits_stays(drawn: tuple[str, list[Edit]]) -> None:
    text, edits = drawn
    borders = [0, *(place for edit in edits for place in (edit.start, edit.end)), len(text)]
    kept = [text[a:b] for a, b in zip(borders[::2], borders[1::2], strict=True)]
    after = [*(edit.after for edit in edits), ""]
    expected = "".join(part for pair in zip(kept, after, strict=True) for part in pair)
    assert apply_edits(text, edits) == expected


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 1, "b", "x", "TST100")],
        [Edit(2, 3, "c", "x", "TST100"), Edit(0, 1, "a", "x", "TST100")],
        [Edit(0, 2, "ab", "x", "TST100"), Edit(1, 3, "bc", "x", "TST100")],
        [Edit(2, 9, "cdefghi", "x", "TST100")],
    ],
    ids=["other text", "not sorted", "overlapping", "past the end"],
)
def test_edits_that_do_not_fit_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match=r"TST100 at .* does not fit"):
        apply_edits("abc", edits)


def test_result_of_a_step() -> None:
    edit = Edit(1, 2, "b", "", "TST100")
    assert edited("abc", [edit]) == ("ac", (edit,))
    assert edited("abc", []) == unchanged("abc") == ("abc", ())


def origins(source: str, taken: list[list[Edit]]) -> list[tuple[int, int]]:
    """Return for each character of the newest text the source span it came from, the slow way."""
    spans = [(i, i + 1) for i in range(len(source))]
    for edits in taken:
        new: list[tuple[int, int]] = []
        at = 0
        for edit in edits:
            new += spans[at : edit.start]
            if edit.start < edit.end:
                span = (spans[edit.start][0], spans[edit.end - 1][1])
            else:
                place = spans[edit.start][0] if edit.start < len(spans) else len(source)
                span = (place, place)
            new += [span] * len(edit.after)
            at = edit.end
        spans = new + spans[at:]
    return spans


@given(histories())
def test_located_spans_are_where_the_text_came_from(history: tuple[str, list[list[Edit]]]) -> None:
    source, taken = history
    spans = SourceMap()
    text = source
    for edits in taken:
        spans.add(edits)
        text = apply_edits(text, edits)
    slow = origins(source, taken)
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            low, high = spans.locate(start, end)
            assert 0 <= low <= high <= len(source)
            assert low <= min(a for a, _ in slow[start:end])
            assert high >= max(b for _, b in slow[start:end])
            if all(b == a + 1 for a, b in slow[start:end]):
                assert (low, high) == (slow[start][0], slow[end - 1][1])


@given(histories())
def test_untouched_text_is_located_exactly(history: tuple[str, list[list[Edit]]]) -> None:
    source, taken = history
    spans = SourceMap()
    for edits in taken:
        spans.add(edits)
    for place, (start, end) in enumerate(origins(source, taken)):
        if end == start + 1:
            low, high = spans.locate(place, place + 1)
            assert source[low:high] == source[start:end] or (low, high) == (start, end)
