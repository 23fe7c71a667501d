"""A part that a killed run has normalized tells the next run what it told the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner import Settings
from cleaner.runs.input.spool import StagedDocument, load_spool, save_spool
from cleaner.runs.passes.fit import Learned
from cleaner.runs.passes.transform import TransformPart


@pytest.mark.parametrize(("text", "changes"), [("The tide.\n", False), ("The  tide .\n", True)])
def test_whether_it_changed_is_remembered(tmp_path: Path, text: str, changes: bool) -> None:
    """Whether a corpus is looked at once more, and compared again, depends on it."""
    part = tmp_path / "00000000-a.spool.zst"
    save_spool(part, [StagedDocument(0, 1, text=text)])
    transform = TransformPart(Settings(), Learned(None, "0" * 64))
    first = transform(part)
    documents = list(load_spool(first.path))
    assert transform(part) == first
    assert first.changed is changes
    assert list(load_spool(first.path)) == documents
