from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.document import Source
from cleaner.core.edits import Edit
from cleaner.core.findings import Lines, findings_of, located_edits, shown
from cleaner.core.rules import Rule

MAGIC = {
    "TST100": Rule(code="TST100", name="defect", summary="a defect", rationale="It is one."),
    "TST200": Rule(code="TST200", name="note", summary="a note", rationale="So.", notes=True),
}


@given(st.text("ab\r\n", max_size=30))
def test_places_are_those_of_universal_newlines(text: str) -> None:
    lines = Lines(text)
    ends = [
        i
        for i, character in enumerate(text)
        if character == "\n" or (character == "\r" and text[i + 1 : i + 2] != "\n")
    ]
    for at in range(len(text) + 1):
        before = [end for end in ends if end < at]
        expected = (len(before) + 1, at - (before[-1] + 1 if before else 0) + 1)
        assert lines.place(at) == expected


def test_findings_are_sorted_by_place_whatever_the_step() -> None:
    steps = [
        [Edit(6, 7, "x", "", "TST100")],
        [Edit(0, 1, "a", "", "TST100")],
    ]
    assert [e.start for e in located_edits(steps)] == [0, 6]


def test_finding_says_all() -> None:
    found = findings_of(
        Source("a.txt"), "a", "one\ntxo\n", [[Edit(5, 6, "x", "w", "TST100", "why")]], MAGIC
    )
    assert [str(f) for f in found] == ['a.txt:2:2: TST100 a defect: "x" -> "w" (why)']


def test_finding_in_a_record() -> None:
    edits = [[Edit(5, 6, "x", "", "TST100")]]
    (found,) = findings_of(Source("a.jsonl", 7), "a", "one\ntxo\n", edits, MAGIC)
    assert str(found) == 'a.jsonl:7:6: TST100 a defect: "x"'


def test_long_texts_are_cut_in_the_middle() -> None:
    assert len(shown("x" * 1000)) == 61
    assert shown('say "a\\b"\n') == '"say \\"a\\\\b\\"\\n"'


def test_a_note_is_one_only_where_nothing_is_changed() -> None:
    edits = [
        [
            Edit(0, 0, "", "", "TST100"),
            Edit(0, 0, "", "", "TST200"),
            Edit(5, 6, "x", "", "TST200"),
        ]
    ]
    found = findings_of(Source("a.txt"), "a", "one\ntxo\n", edits, MAGIC)
    assert [one.note for one in found] == [False, True, False]


def test_what_two_steps_change_in_turn_is_the_whole_repair_of_neither() -> None:
    steps = [
        [Edit(0, 2, "xx", "y", "TST100"), Edit(3, 4, "b", "c", "TST100")],
        [Edit(0, 1, "y", "z", "TST100"), Edit(4, 4, "", "!", "TST100")],
    ]
    found = findings_of(Source("a.txt"), "a", "xxab d", steps, MAGIC)
    assert [(one.start, one.end, one.after, one.is_whole) for one in found] == [
        (0, 2, "y", False), (0, 2, "z", False), (3, 4, "c", True), (5, 5, "!", True),
    ]  # fmt: skip


def test_two_insertions_at_one_place_are_the_whole_repair_of_neither() -> None:
    steps = [[Edit(1, 1, "", "b", "TST100")], [Edit(2, 2, "", "c", "TST100")]]
    found = findings_of(Source("a.txt"), "a", "ad", steps, MAGIC)
    assert [one.is_whole for one in found] == [False, False]
