"""Problems are told in one order, whatever is read ahead for other processes."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from cleaner import Cleaner, Settings
from cleaner.core.settings.config import Dedup


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some batches of records, with bad ones, and files that fail at their end or as a whole."""
    folder = tmp_path_factory.mktemp("in")
    dice = random.Random(5)
    words = [a + b for a in ("ba", "de", "fi", "go", "lu") for b in ("ck", "lt", "mm", "rn", "st")]
    for number in range(8):
        texts = (" ".join(dice.choices(words, k=40)) for _ in range(1500))
        lines = [json.dumps({"text": text}).encode() + b"\n" for text in texts]
        for _ in range(3):
            lines.insert(dice.randrange(len(lines)), b"no JSON\n")
        data = b"".join(lines)
        if number % 3 == 1:
            packed = gzip.compress(data, 1)
            (folder / f"{number:02}.jsonl.gz").write_bytes(packed[: len(packed) // 2])
        else:
            (folder / f"{number:02}.jsonl").write_bytes(data)
        (folder / f"{number:02}.txt").write_bytes(b"nu\0l" if number % 4 == 0 else b"The tide.\n")
    return folder


@pytest.mark.parametrize("unit", ["paragraph", "record"])
def test_order(source: Path, tmp_path: Path, unit: str) -> None:
    told = []
    for jobs in (1, 2):
        settings = Settings(jobs=jobs, dedup=Dedup(unit=unit))
        report = Cleaner(settings).deduplicate_files([source], tmp_path / f"{jobs}")
        told.append(list(report.problems))
        files = (tmp_path / f"{jobs}/_cleaner/report.json").read_bytes()
        told.append([files])
    assert told[:2] == told[2:]
    assert len(set(told[0])) > 15


def test_problems_are_told_file_by_file_whatever_is_compared(source: Path, tmp_path: Path) -> None:
    told = []
    for unit in ("paragraph", "line", "record"):
        settings = Settings(jobs=1, dedup=Dedup(unit=unit))
        report = Cleaner(settings).deduplicate_files([source], tmp_path / unit)
        told.append([Path(problem.split(":")[0]).name for problem in report.problems])
    assert told[0] == told[1] == told[2] == sorted(told[0])
