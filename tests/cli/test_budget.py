"""Budgets end a run before it writes; a dry run says what one would come to."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from cleaner import Settings
from cleaner.api import Cleaner
from cleaner.runs.output.measure import BudgetError
from tests.running import Run

TEXT = "The tide  came in.\n\n\n\n\nNobody  saw the boats.\n"


@pytest.fixture
def dirty(here: Path) -> Path:
    (here / "in").mkdir()
    (here / "in" / "a.txt").write_text(TEXT)
    records = [{"text": TEXT}, {"text": "All is well here, and will be tomorrow."}]
    (here / "in" / "b.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))
    return here / "in"


def taken(limit: str, dirty: Path) -> bool:
    try:
        Cleaner(Settings(jobs=1, budget={"max_removed": limit})).clean_files(
            dirty, dirty.parent / "o"
        )
    except BudgetError:
        assert not (dirty.parent / "o").exists()
        return True
    return False


def test_over_it_nothing_is_written(dirty: Path, here: Path, run: Run) -> None:
    ended = run("clean", "in", "-o", "out", "--max-removed", "5%")
    assert (ended.status, ended.out, len(ended.errors)) == (1, "", 1)
    assert "nothing was written" in ended.err
    assert "FMT504" in ended.err
    assert "a.txt" in ended.err
    assert sorted(path.name for path in here.iterdir()) == ["in"]


def test_the_folder_stays_as_it_was(dirty: Path, here: Path, run: Run) -> None:
    assert run("clean", "in", "-o", "out").status == 0
    before = {path: path.read_bytes() for path in (here / "out").rglob("*") if path.is_file()}
    again = run("clean", "in", "-o", "out", "--overwrite", "--max-removed", "FMT=1%")
    assert again.status == 1
    assert before == {p: p.read_bytes() for p in (here / "out").rglob("*") if p.is_file()}


def test_the_share_is_of_the_characters_that_were_read(dirty: Path, here: Path) -> None:
    measured = Cleaner(Settings(jobs=1)).measure_files(dirty)
    read = 2 * len(TEXT) + len("All is well here, and will be tomorrow.")
    assert measured.characters == read
    share = measured.tally.taken / read
    assert taken(f"{100 * share - 0.01:.4f}%", dirty)
    assert not taken(f"{100 * share + 0.01:.4f}%", dirty)


def test_a_budget_changes_no_byte(dirty: Path, here: Path, run: Run) -> None:
    assert run("clean", "in", "-o", "one", "-j", "1").status == 0
    assert run("clean", "in", "-o", "two", "-j", "1", "--max-removed", "90%").status == 0
    for path in (here / "one").rglob("*"):
        if path.is_file():
            other = here / "two" / path.relative_to(here / "one")
            assert path.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("limits", "status"),
    [
        (["BOI=0%"], 0),
        (["fmt=1%"], 1),
        (["FMT504=90%"], 0),
        (["BOI=0%,FMT508=0.5 %"], 1),
        (["ALL=0%"], 1),
        (["90%", "FMT508=0.1%"], 1),
    ],
)
def test_by_family_and_rule(dirty: Path, run: Run, limits: list[str], status: int) -> None:
    options = [part for limit in limits for part in ("--max-removed", limit)]
    assert run("clean", "in", "-o", "out", *options).status == status


@pytest.mark.parametrize("limit", ["5", "-5%", "101%", "XYZ=5%", "BOI", "%", "BOI=5%5"])
def test_what_is_no_budget(dirty: Path, run: Run, limit: str) -> None:
    ended = run("clean", "in", "-o", "out", f"--max-removed={limit}")
    assert (ended.status, len(ended.errors)) == (2, 1)


def test_in_the_configuration(dirty: Path, here: Path, run: Run) -> None:
    (here / "cleaner.toml").write_text('[budget]\nmax-removed = ["50%", "FMT508=0.1%"]\n')
    assert run("clean", "in", "-o", "out").status == 1
    assert run("clean", "in", "-o", "out", "--max-removed", "50%").status == 0


def test_a_dry_run_says_what_a_run_says(dirty: Path, here: Path, run: Run) -> None:
    before = sorted(here.rglob("*"))
    dry = run("clean", "in", "--dry-run")
    assert (dry.status, dry.err) == (0, "")
    assert sorted(here.rglob("*")) == before
    wet = run("clean", "in", "-o", "out").out.replace("written to out", "would be written")
    told = [line.partition(";")[0] for line in wet.splitlines() if not line.startswith("look on")]
    assert [line.partition(";")[0] for line in dry.out.splitlines()] == told


def test_a_dry_run_keeps_to_the_budget(dirty: Path, run: Run) -> None:
    ended = run("clean", "in", "--dry-run", "--max-removed", "1%")
    assert ended.status == 1
    assert "canonical form" in ended.out
    assert len(ended.errors) == 1


def test_a_stream_keeps_no_budget_and_says_so(here: Path, run: Run) -> None:
    ended = run("clean", "-", "-o", "-", "--max-removed", "5%")
    assert (ended.status, ended.out, len(ended.errors)) == (2, "", 1)
    assert "standard input" in ended.errors[0]


def test_a_run_needs_a_place(dirty: Path, run: Run) -> None:
    assert run("clean", "in").status == 2


def test_the_summary_fits_a_screen(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    for number in range(30):
        (here / "in" / f"{number}.txt").write_text(
            f"{TEXT}\n\ncaf\xc3\xa9  {number}&amp;\n", "utf-8"
        )
        (here / "in" / f"{number}.png").write_bytes(b"x")
        (here / "in" / f"{number}.link.txt").symlink_to(here / "in" / f"{number}.txt")
    ended = run("clean", "in", "-o", "out dir")
    lines = ended.out.splitlines()
    assert len(lines) <= 24
    at = lines.index("most text went by")
    assert all(line.startswith("  ") for line in lines[at + 1 : at + 4])
    assert lines[-1].startswith("look on with `cleaner report 'out dir'`")


@pytest.mark.parametrize("name", ["a.txt", "b.jsonl"])
def test_where_to_look_next_is_so(dirty: Path, here: Path, run: Run, name: str) -> None:
    (dirty / ("a.txt" if name == "b.jsonl" else "b.jsonl")).unlink()
    if name == "a.txt":
        (dirty / name).write_text('R&amp;D it was, and "so&amp;so".\n' * 9)
    last = run("clean", "in", "-o", "out").out.splitlines()[-1]
    commands = last.split("`")[1::2]
    assert len(commands) == 2
    for command in commands:
        assert run(*shlex.split(command)[1:]).status == 0
