"""A run with an index that is killed near its end, and done again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.api import index_info
from cleaner.runs.duplicates.index_sync import own_runs
from cleaner.storage import replace
from tests.running import Run, environment

LINES = [
    "The keeper of the light wrote down every ship that passed the point before noon that day, and "
    "what it seemed to carry.",
    "Nobody had told the children that the ferry would not come back before the end of winter, so "
    "they went to look for it.",
    "Three of the boats were never seen again, and their owners were paid out in the spring by the "
    "board of the harbour.",
]

# Kills its own process when the run reaches a point.
_KILLED = """
import importlib, os, signal, sys
module, name, moment = sys.argv[1:4]
module = importlib.import_module(module)
owner = module
*owners, name = name.split(".")
for one in owners:
    owner = getattr(owner, one)
done = getattr(owner, name)
def reached(*given, **named):
    if moment == "after":
        done(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, reached)
from cleaner.__main__ import _run
sys.exit(_run(sys.argv[4:]))
"""

MOMENTS = {
    "before the index is written": ("cleaner.dedup.index.index", "Index.add", "before"),
    "after the index was written": ("cleaner.dedup.index.index", "Index.add", "after"),
    "before the run counts as finished": (
        "cleaner.runs.output.commit",
        "move_below",
        "before",
    ),
    "after the run counts as finished": (
        "cleaner.runs.output.commit",
        "move_below",
        "after",
    ),
}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "index-mark"
    }


def units(index: Path) -> str:
    return index_info(index)["units"]


@pytest.fixture
def source(here: Path) -> Path:
    (here / "in").mkdir()
    (here / "in/a.txt").write_text("\n\n".join(LINES[:2]) + "\n")
    (here / "in/b.txt").write_text("\n\n".join(LINES[1:]) + "\n")
    records = [json.dumps({"text": line}) + "\n" for line in (*LINES, LINES[0])]
    (here / "in/c.jsonl").write_text("".join(records))
    return here / "in"


def killed(arguments: tuple[str, ...], moment: str, cwd: Path) -> None:
    command = [sys.executable, "-c", _KILLED, *MOMENTS[moment], *arguments]
    ended = subprocess.run(command, cwd=cwd, env=environment(), check=False, timeout=120)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("unit", "moment"),
    [*(("paragraph", moment) for moment in MOMENTS), ("record", "after the index was written")],
)
def test_the_rerun_gives_the_same(
    source: Path, here: Path, run: Run, monkeypatch: pytest.MonkeyPatch, unit: str, moment: str
) -> None:
    one, two = here / "one", here / "two"
    one.mkdir()
    two.mkdir()
    arguments = ("dedup", "../in", "-q", "-j1", "--unit", unit, "--index", "seen", "-o", "out")
    monkeypatch.chdir(one)
    assert run(*arguments).status == 0
    killed(arguments, moment, two)
    monkeypatch.chdir(two)
    again = run(*arguments)
    assert (again.status, again.err) == (0, "")
    assert tree(two / "out") == tree(one / "out")
    assert units(two / "seen") == units(one / "seen")


def test_a_source_that_changed_before_the_rerun(source: Path, here: Path, run: Run) -> None:
    arguments = ("dedup", "in", "-q", "-j", "1", "--index", "seen.index", "-o", "out")
    killed(arguments, "after the index was written", here)
    (source / "a.txt").unlink()
    assert run(*arguments).status == 0
    assert {path.name for path in (here / "out").iterdir()} == {"_cleaner", "b.txt", "c.jsonl"}
    assert (here / "out/b.txt").read_bytes() == (source / "b.txt").read_bytes()


def test_the_same_sources_elsewhere_are_known(source: Path, here: Path, run: Run) -> None:
    arguments = ("dedup", "in", "-q", "--index", "seen.index", "-o")
    assert run(*arguments, "one").status == 0
    assert run(*arguments, "one", "--overwrite").status == 0
    assert (here / "one/a.txt").read_bytes() == (source / "a.txt").read_bytes()
    assert run(*arguments, "two").status == 0
    assert not (here / "two/a.txt").exists()


def test_other_sources_into_the_same_folder_are_held_against_the_first(
    source: Path, here: Path, run: Run
) -> None:
    arguments = ("-q", "--index", "seen.index", "-o", "out", "--overwrite")
    assert run("dedup", "in/a.txt", *arguments).status == 0
    (source / "d.txt").write_text(f"{LINES[0]}\n\nNews of another day, which nobody had heard.\n")
    assert run("dedup", "in/d.txt", *arguments).status == 0
    assert (here / "out/d.txt").read_text() == "News of another day, which nobody had heard.\n"
    assert not (here / "out/a.txt").exists()


def test_the_mark_of_a_folder_is_half_written_only_in_the_work_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is killed there leaves nothing beside whole files."""
    (tmp_path / "work").mkdir()
    moved = []
    move = replace.move_below
    monkeypatch.setattr(replace, "move_below", lambda *given: moved.append(given) or move(*given))
    own_runs([], tmp_path / "work")
    ((_, unnamed, name),) = moved
    assert (Path(unnamed).parent.as_posix(), name) == ("work", "index-mark")
