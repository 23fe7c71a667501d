"""``cleaner explain --text`` and ``--id``: edits are found wherever they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import Run

RECORDS = [
    {"id": "one", "text": "The  tide came in.\n\nR&amp;D was late."},
    {"id": "two", "text": "Nobody saw the boats go."},
    {"id": "three", "text": "R&amp;D was  early, \ud83d\ude00 and the \ud800 lamp lit."},
    {"id": "four", "text": "\u200b"},
]


@pytest.fixture
def out(here: Path, run: Run) -> Path:
    (here / "in").mkdir()
    lines = "".join(json.dumps(record) + "\n" for record in RECORDS)
    (here / "in" / "r.jsonl").write_text(lines)
    (here / "in" / "a.txt").write_text("One line.\n\nThe harbour  was shut (R&amp;D).\n")
    assert run("clean", "in", "-o", "out", "-j", "1").status == 0
    return here / "out"


def places(said: str) -> list[str]:
    """Return the place and code of each edit that is explained."""
    heads = [line.split(" ") for line in said.splitlines() if line and line[0] != " "]
    return [
        f"{head[0].rpartition(':')[0].rpartition(':')[0]} {head[1]}"
        for head in heads
        if len(head) == 3 and head[0].count(":") == 3
    ]


def test_by_the_text_that_went(out: Path, run: Run) -> None:
    ended = run("explain", "--text", "&amp;", "--output", "out")
    assert ended.status == 0
    assert places(ended.out) == ["a.txt:3 ENC111", "r.jsonl:1 ENC111", "r.jsonl:3 ENC111"]
    page = run("rule", "ENC111").out
    rationale = next(line for line in page.splitlines() if len(line) > 40)[:30]
    assert ended.out.replace("\n", " ").count(rationale) <= 1
    assert ended.out.count('before    "&amp;"') == 3


@pytest.mark.parametrize("text", ["harbour  was shut", "harbour was shut", "The harbour  was"])
def test_by_the_text_around(out: Path, run: Run, text: str) -> None:
    ended = run("explain", "--text", text, "--output", "out")
    assert (ended.status, places(ended.out)) == (0, ["a.txt:3 FMT508"])


def test_by_the_record(out: Path, run: Run) -> None:
    assert places(run("explain", "--id", "one", "--output", "out").out) == [
        "r.jsonl:1 FMT508",
        "r.jsonl:1 ENC111",
    ]
    assert "ENC113" in run("explain", "--id", "four", "--output", "out").out
    assert run("explain", "--id", "two", "--output", "out").status == 1


def test_many_are_counted(here: Path, run: Run) -> None:
    (here / "a.txt").write_text("".join(f"Word  {n}.\n\n" for n in range(50)))
    assert run("clean", "a.txt", "-o", "out", "--select", "FMT508").status == 0
    ended = run("explain", "--text", "  ", "--output", "out")
    assert ended.out.count("before    ") == 10
    assert ended.out.endswith("\nand 40 more of FMT508\n")


def test_the_run_is_found_from_within(out: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(out)
    assert run("explain", "--text", "&amp;").status == 0


def test_where_there_is_nothing(out: Path, run: Run) -> None:
    ended = run("explain", "--text", "no such thing\n", "--output", "out")
    assert (ended.status, ended.out) == (1, "no such thing\\n: nothing was changed there\n")


@pytest.mark.parametrize(
    "arguments", [(), ("--text", ""), ("--text", "a", "--id", "b"), ("a.txt:1", "--text", "a")]
)
def test_what_cannot_be_asked(out: Path, run: Run, arguments: tuple[str, ...]) -> None:
    ended = run("explain", *arguments, "--output", "out")
    assert (ended.status, len(ended.errors)) == (2, 1)
