"""`cleaner stats`: what a corpus is made of."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cleaner import Cleaner
from cleaner.reports.statistics import Repeats
from cleaner.runs.stats import Copies
from tests.running import Run

PROSE = (
    "The harbour lay still under the first snow of the year, and nobody came to the quay that "
    "morning but the pilot and his dog, who had both seen worse."
)
GERMAN = (
    "Der Hafen lag still unter dem ersten Schnee des Jahres, und niemand kam an diesem Morgen an "
    "den Kai, nur der Lotse und sein Hund, die beide schon Schlimmeres gesehen hatten."
)


@pytest.fixture
def corpus(here: Path) -> Path:
    (here / "in").mkdir()
    (here / "in/a.txt").write_text(f"Nets\n\n{PROSE}\r\n\r\n- two\n- ten\n")
    (here / "in/b.txt").write_text(f"{GERMAN}\n")
    (here / "in/c.jsonl").write_text(
        "".join(json.dumps({"text": text}) + "\n" for text in (PROSE, PROSE, " ")) + "bad\n"
    )
    (here / "in/.hidden.txt").write_text(PROSE)
    (here / "in/d.xyz").write_text(PROSE)
    return here


def test_as_json(corpus: Path, run: Run) -> None:
    ended = run("stats", "in", "--json", "-q")
    assert ended.status == 3
    counted = json.loads(ended.out)
    assert counted["files"] == 3
    assert counted["formats"] == {"txt": 2, "jsonl": 1}
    assert (counted["documents"], counted["empty"]) == (5, 1)
    assert counted["words"] == 3 * len(PROSE.split()) + len(GERMAN.split()) + 5
    assert counted["languages"] == {"en": 3, "de": 1}
    assert counted["kinds"]["list"] == 1
    assert counted["lines"]["longest"] == len(GERMAN)
    assert counted["lines"]["count"] == sum(counted["lines"]["up_to"].values()) == 7
    assert counted["repeated_documents"] == {"count": 4, "looked_at": 4, "copies": 1}
    assert counted["repeated_paragraphs"]["copies"] == 2
    assert set(counted["skipped"]) == {".hidden.txt", "d.xyz"}
    assert len(counted["problems"]) == 1


def test_as_a_table(corpus: Path, run: Run) -> None:
    ended = run("stats", "in")
    assert ended.status == 3
    rows = dict(line.split("  ", 1) for line in ended.out.splitlines() if "  " in line)
    assert rows["documents"].split() == ["5", "1", "without", "text"]
    assert "en 60.0%, de 20.0%" in rows["languages"]
    assert "25.0%, exact copies alone" in rows["repeated documents"]
    assert "1 passed over: hidden" in ended.out


def test_processes_make_no_difference(corpus: Path) -> None:
    one, two = (Cleaner({"jobs": jobs}).stats_files("in") for jobs in (1, 2))
    assert one == two


def test_nothing(here: Path, run: Run) -> None:
    (here / "a.txt").write_text("")
    ended = run("stats", "a.txt")
    assert ended.status == 0
    assert "repeated documents                 0  0.0%, exact copies alone\n" in ended.out


def test_of_very_many_a_sample_is_looked_at() -> None:
    rng = np.random.default_rng(5)
    known = rng.integers(0, 2**64, 30_000, dtype=np.uint64)
    copies = Copies(Repeats(), most=1000)
    for part in np.array_split(np.concatenate([known, known]), 20):
        copies.add(part)
    found = copies.repeats
    assert found.count == 60_000
    assert 500 < found.looked_at < 2500
    assert found.share() == 0.5
