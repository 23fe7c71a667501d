"""The case files of lost spaces and hyphen breaks, through each step by itself."""

from __future__ import annotations

import pytest

from cleaner.core.edits import apply_edits, invert_edits
from cleaner.normalize.context import Context, Step
from cleaner.normalize.glue.repair import repair_glue
from cleaner.normalize.hyphens import rejoin_hyphens
from tests.casefiles import CASES, Case, all_cases, edit_line, same_edit

STEPS = {"glued": repair_glue, "hyphens": rejoin_hyphens}


ALL = [
    pytest.param(STEPS[folder], case, id=case.place)
    for folder in STEPS
    for case in all_cases(CASES / folder)
]


@pytest.mark.parametrize(("step", "case"), ALL)
def test_step_alone_makes_the_edits(step: Step, case: Case) -> None:
    result = step(case.text, Context())
    assert result.text == case.expected
    assert [edit_line(edit) for edit in result.edits] == list(map(same_edit, case.edits or ()))
    assert apply_edits(result.text, invert_edits(result.edits)) == case.text
    assert all(edit.detail for edit in result.edits)


@pytest.mark.parametrize(("step", "case"), ALL)
def test_a_second_run_changes_nothing(step: Step, case: Case) -> None:
    assert step(case.expected, Context()).edits == ()


@pytest.mark.parametrize("folder", STEPS)
def test_there_are_as_many_negatives_as_positives(folder: str) -> None:
    cases = list(all_cases(CASES / folder))
    untouched = sum(case.text == case.expected for case in cases)
    assert untouched * 3 >= len(cases)
