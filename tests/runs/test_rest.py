"""A run that stops before nothing changes any more says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner import clean_files
from cleaner.reports.summary import summary
from tests.sites import site


def test_a_run_says_whether_it_came_to_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number, text in enumerate(site(8)):
        (pages / f"{number}.txt").write_text(text, "utf-8")
    report = clean_files(pages, tmp_path / "one")
    assert report.stable
    assert "come to rest" not in summary(report, tmp_path, seconds=1.0)
    monkeypatch.setattr("cleaner.runs.clean._MOST_LOOKS", 1)
    report = clean_files(pages, tmp_path / "two")
    assert not report.stable
    assert "did not come to rest" in summary(report, tmp_path, seconds=1.0)
