"""Every case of every case file, through the public API."""

from __future__ import annotations

import pytest

from cleaner import clean_text
from cleaner.core.settings.configfile import load_configuration
from tests.casefiles import CASES, Case, all_cases, cases_in, edit_line, escaped, same_edit


@pytest.mark.parametrize("case", list(all_cases()), ids=lambda case: case.place)
def test_case(case: Case) -> None:
    settings = load_configuration(None, case.settings).settings
    result = clean_text(case.text, settings)
    assert escaped(result.text) == escaped(case.expected)
    if case.edits is not None:
        assert [edit_line(e) for e in result.edits] == [same_edit(line) for line in case.edits]


@pytest.mark.parametrize("case", list(all_cases()), ids=lambda case: case.place)
def test_expected_text_stays(case: Case) -> None:
    settings = load_configuration(None, case.settings).settings
    assert clean_text(case.expected, settings).edits == ()


@pytest.mark.parametrize("path", sorted(CASES.rglob("*.txt")), ids=lambda path: path.name)
def test_file_says_what_is_left_alone(path) -> None:
    cases = list(cases_in(path))
    assert any(case.text != case.expected for case in cases)
    assert any(case.text == case.expected for case in cases)


@pytest.mark.parametrize(
    "body",
    [
        "text alone\n",
        "text\n# expect\ntext\n# stays\n",
        "text\n# stays\nmore\n",
        "text\n# expect\ntext\n# edits\n0:1 FMT501 a -> b\n",
        "te\\qxt\n# stays\n",
    ],
)
def test_mistakes_in_case_files_are_told(tmp_path, body: str) -> None:
    path = tmp_path / "wrong.txt"
    path.write_text(body, "utf-8")
    with pytest.raises(ValueError, match=r"wrong\.txt:1"):
        list(cases_in(path))
