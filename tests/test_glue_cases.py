"""The case files of lost spaces and hyphen breaks: a text, what becomes of it, and by which edits.

A file holds blocks parted by blank lines. A block is the text, a line `# expect`, the repaired
text, a line `# edits`, and one line for each edit: `start:end CODE "before" -> "after"`, texts as
JSON strings.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
import regex

from cleaner.core.edits import StepResult, apply_edits, invert_edits
from cleaner.normalize.context import Context
from cleaner.normalize.glue.repair import repair_glue
from cleaner.normalize.hyphens import rejoin_hyphens

CASES = Path(__file__).parent / "cases"
STEPS = {"glued": repair_glue, "hyphens": rejoin_hyphens}
EDIT = regex.compile(r'(\d+):(\d+) ([A-Z]{3}\d{3}) ("(?:[^"\\]|\\.)*") -> ("(?:[^"\\]|\\.)*")')


class Case(NamedTuple):
    step: str
    text: str
    expected: str
    edits: list[tuple[int, int, str, str, str]]


def read_cases(path: Path) -> list[Case]:
    cases = []
    for block in path.read_text("utf-8").rstrip("\n").split("\n\n"):
        text, rest = block.split("\n# expect\n")
        expected, _, edits = rest.partition("\n# edits")
        cases.append(
            Case(path.parent.name, text, expected, [parse_edit(e) for e in edits.split("\n") if e])
        )
    return cases


def parse_edit(line: str) -> tuple[int, int, str, str, str]:
    match = EDIT.fullmatch(line)
    assert match is not None, f"not an edit: {line}"
    start, end, code, before, after = match.groups()
    return int(start), int(end), code, json.loads(before), json.loads(after)


ALL = [
    pytest.param(case, id=f"{path.parent.name}-{path.stem}-{number}")
    for folder in STEPS
    for path in sorted((CASES / folder).glob("*.txt"))
    for number, case in enumerate(read_cases(path), start=1)
]


def run(case: Case) -> StepResult:
    return STEPS[case.step](case.text, Context())


@pytest.mark.parametrize("case", ALL)
def test_case(case: Case) -> None:
    result = run(case)
    assert result.text == case.expected
    assert [tuple(edit[:2]) + (edit.code, edit.before, edit.after) for edit in result.edits] == (
        case.edits
    )


@pytest.mark.parametrize("case", ALL)
def test_edits_lead_there_and_back(case: Case) -> None:
    result = run(case)
    assert apply_edits(case.text, result.edits) == result.text
    assert apply_edits(result.text, invert_edits(result.edits)) == case.text
    assert all(edit.detail for edit in result.edits)


@pytest.mark.parametrize("case", ALL)
def test_a_second_run_changes_nothing(case: Case) -> None:
    again = STEPS[case.step](case.expected, Context())
    assert again.edits == ()


def test_there_are_as_many_negatives_as_positives() -> None:
    cases = [param.values[0] for param in ALL]
    for step in STEPS:
        mine = [case for case in cases if case.step == step]
        untouched = sum(not case.edits for case in mine)
        assert untouched * 3 >= len(mine)
