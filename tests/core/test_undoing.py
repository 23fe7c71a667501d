"""Some edits are taken back: what is left still leads from the source to the text, and back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.edits import Edit, apply_edits
from cleaner.core.findings import undo_steps
from cleaner.core.undoing import undo_some


def edit(start: int, before: str, after: str) -> Edit:
    return Edit(start, start + len(before), before, after, "X")


def applied(source: str, steps: Sequence[Sequence[Edit]]) -> str:
    for edits in steps:
        source = apply_edits(source, edits)
    return source


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[list[Edit]]]:
    source = text = draw(st.text("abc ", max_size=14))
    steps = []
    for _ in range(draw(st.integers(0, 4))):
        edits = []
        at = 0
        while at <= len(text) and draw(st.integers(0, 3)):
            start = draw(st.integers(at, len(text)))
            end = draw(st.integers(start, min(len(text), start + 4)))
            after = draw(st.text("xyz ", max_size=3))
            if text[start:end] != after:
                edits.append(edit(start, text[start:end], after))
            at = max(end, start + 1)
        steps.append(edits)
        text = apply_edits(text, edits)
    return source, steps


@given(histories(), st.data())
def test_what_is_left_leads_there_and_back(
    history: tuple[str, list[list[Edit]]], data: st.DataObject
) -> None:
    source, steps = history
    places = [(n, at) for n, edits in enumerate(steps) for at in range(len(edits))]
    chosen = set(data.draw(st.lists(st.sampled_from(places), unique=True))) if places else set()
    undone = undo_some(source, steps, chosen)
    assert applied(source, undone.steps) == undone.text
    assert undo_steps(undone.text, undone.steps) == source
    left = [place for own in undone.kept for place in own]
    assert sorted([*left, *(chosen - undone.refused.keys())]) == places
    assert undone.refused.keys() <= chosen
    for place, other in undone.refused.items():
        assert other not in chosen or other in undone.refused
        assert other[0] >= place[0]
    for edits, own in zip(undone.steps, undone.kept, strict=True):
        for one, (number, at) in zip(edits, own, strict=True):
            was = steps[number][at]
            assert (one.before, one.after) == (was.before, was.after)
    if chosen == set(places):
        assert undone.text == source
    if not chosen:
        assert undone.text == applied(source, steps)


@pytest.mark.parametrize(
    ("source", "steps", "chosen", "text"),
    [
        # A line went; a later edit beside it moves.
        ("a\nAD\nb  c", [[edit(2, "AD\n", "")], [edit(3, "  ", " ")]], {(0, 0)}, "a\nAD\nb c"),
        # Two removals that touch, taken back together.
        ("abcd", [[edit(1, "b", "")], [edit(1, "c", "")]], {(0, 0), (1, 0)}, "abcd"),
        # What was removed with what an earlier edit had put there.
        ("a b", [[edit(1, " ", "__")], [edit(0, "a__b", "")]], {(0, 0), (1, 0)}, "a b"),
        ("a b", [[edit(1, " ", "__")], [edit(0, "a__b", "")]], {(1, 0)}, "a__b"),
    ],
)
def test_taken_back(
    source: str, steps: list[list[Edit]], chosen: set[tuple[int, int]], text: str
) -> None:
    undone = undo_some(source, steps, chosen)
    assert (undone.text, undone.refused) == (text, {})


def test_an_edit_that_a_later_one_was_built_on_stays() -> None:
    steps = [[edit(1, " ", "__"), edit(3, "", "!")], [edit(1, "__", "-")]]
    undone = undo_some("a b", steps, {(0, 0), (0, 1)})
    assert undone.refused == {(0, 0): (1, 0)}
    assert undone.text == "a-b"
    assert undo_some("a b", steps, {(0, 0), (1, 0)}).text == "a b!"


def test_many_edits_take_time_in_their_number() -> None:
    text = "a  b\n" * 20_000
    edits = [edit(5 * n + 1, "  ", " ") for n in range(20_000)]
    second = [edit(4 * n + 3, "\n", "") for n in range(20_000)]
    chosen = {(0, n) for n in range(0, 20_000, 2)}
    undone = undo_some(text, [edits, second], chosen)
    assert undone.text == "a  ba b" * 10_000
