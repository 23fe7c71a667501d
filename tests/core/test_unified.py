"""Diffs made from edits: they are right whatever the edits are, and other programs apply them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.edits import Edit, apply_edits
from cleaner.core.unified import diff_of, unified

TEXTS = st.text("ab \n\r\x0c\u2028", max_size=40)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str, list[list[Edit]]]:
    """Draw a text, and what some steps make of it."""
    source = text = draw(TEXTS)
    steps = []
    for _ in range(draw(st.integers(0, 3))):
        places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
        edits = [
            Edit(start, end, text[start:end], draw(TEXTS), "X")
            for start, end in zip(places[::2], places[1::2], strict=False)
        ]
        text = apply_edits(text, edits)
        steps.append(edits)
    return source, text, steps


@given(edited())
def test_both_sides_are_whole(drawn: tuple[str, str, list[list[Edit]]]) -> None:
    source, result, steps = drawn
    lines = list(diff_of(source, result, steps))
    assert "".join(line.text for line in lines if line.sign != "+") == source
    assert "".join(line.text for line in lines if line.sign != "-") == result
    assert bool(list(unified("a.txt", lines))) == (source != result)


def test_lines_between_changes_stay() -> None:
    source = "".join(f"line {number}\n" for number in range(100))
    edits = [
        Edit(at, at + 6, "line 7", "LINE 7", "X")
        for at in range(len(source))
        if source.startswith("line 7", at)
    ]
    lines = list(diff_of(source, apply_edits(source, edits), [edits]))
    assert sum(line.sign == "-" for line in lines) == 11
    assert len(list(unified("a.txt", lines))) == 2


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("places", [[0], [39], [5, 12], [5, 13], [5, 14], [0, 1, 20, 39]])
def test_others_apply_it(tmp_path: Path, places: list[int], end: str) -> None:
    lines = [f"line {number}" for number in range(40)]
    source = "\n".join(lines) + end
    edits = []
    for place in places:
        at = sum(len(line) + 1 for line in lines[:place])
        edits.append(Edit(at, at + 4, "line", "two\nlines", "X"))
    result = apply_edits(source, edits)
    (tmp_path / "a.txt").write_text(source)
    diff = "".join(unified("a.txt", diff_of(source, result, [edits])))
    subprocess.run(
        ["git", "apply", "-p0", "--whitespace=nowarn", "-"],
        input=diff.encode(), cwd=tmp_path, check=True,
    )  # fmt: skip
    assert (tmp_path / "a.txt").read_text() == result


def test_long_texts_take_no_long(tmp_path: Path) -> None:
    """A comparison of lines that are all alike would never end."""
    source = "same\n" * 200_000
    edits = [Edit(at, at + 4, "same", "other", "X") for at in range(0, len(source), 50)]
    result = apply_edits(source, edits)
    assert sum(line.sign == "+" for line in diff_of(source, result, [edits])) == len(edits)
