"""`--in-place`: files are replaced whole, and their sources come back from the journal's folder."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cleaner.runs.output.in_place
from cleaner import Cleaner, restore_files
from cleaner.storage.trees import held_trees
from tests.running import Run, command, environment

DIRTY = "The tide  came in.\n"
CLEAN = "The tide came in.\n"


@pytest.fixture
def notes(here: Path) -> Path:
    """Make a folder with dirty and clean files of several kinds."""
    (here / "notes/sub").mkdir(parents=True)
    for name in ("a.txt", "sub/b.txt"):
        (here / "notes" / name).write_text(DIRTY)
    (here / "notes/clean.txt").write_text(CLEAN)
    (here / "notes/latin.txt").write_bytes(
        "Die Brücke  über die Ruhr bleibt zu.\n".encode("cp1252")
    )
    (here / "notes/c.jsonl").write_text('{"text": "The tide  came in.", "n": 1}\nbad\n')
    (here / "notes/d.txt.gz").write_bytes(gzip.compress(DIRTY.encode(), mtime=5))
    (here / "notes/e.txt.gz").write_bytes(gzip.compress(CLEAN.encode(), 1, mtime=5))
    (here / "notes/gone.txt").write_text("\u200b\n")
    return here / "notes"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def restored(journal: Path, folder: Path) -> dict[str, bytes]:
    assert all(file.error is None for file in restore_files(journal, folder))
    return contents(folder)


def test_files_are_replaced(notes: Path, run: Run) -> None:
    before = contents(notes)
    untouched = (notes / "clean.txt").stat()
    (notes / "a.txt").chmod(0o640)
    ended = run("clean", "notes", "--in-place", "--journal", "before")
    assert ended.status == 3  # of the bad record
    assert ended.out.endswith("6 files replaced in place\n")
    after = contents(notes)
    assert after["a.txt"] == after["sub/b.txt"] == CLEAN.encode()
    assert after["latin.txt"].decode() == "Die Brücke über die Ruhr bleibt zu.\n"
    assert after["c.jsonl"] == b'{"text": "The tide came in.", "n": 1}\n'
    assert gzip.decompress(after["d.txt.gz"]) == CLEAN.encode()
    assert after["gone.txt"] == b""
    assert {name for name in before if before[name] == after[name]} == {"clean.txt", "e.txt.gz"}
    assert (notes / "clean.txt").stat().st_ino == untouched.st_ino
    assert (notes / "a.txt").stat().st_mode & 0o777 == 0o640
    assert restored(notes.parent / "before", notes.parent / "back") == before


def test_tables_without_an_edit_are_not_packed_anew(here: Path, run: Run) -> None:
    for name, text in (("a", "The tide  came in."), ("b", "Nothing to change.")):
        pq.write_table(pa.table({"text": [text]}), here / f"{name}.parquet", compression="gzip")
    untouched = (here / "b.parquet").read_bytes()
    ended = run("clean", "a.parquet", "b.parquet", "--in-place", "--journal", "j")
    assert ended.status == 0
    assert ended.out.endswith("1 file replaced in place\n")
    assert pq.read_table(here / "a.parquet")["text"].to_pylist() == ["The tide came in."]
    assert (here / "b.parquet").read_bytes() == untouched


def test_restored_in_place(notes: Path, run: Run) -> None:
    before = contents(notes)
    run("clean", "notes", "--in-place", "--journal", "before", "-q")
    run("restore", "before", "-o", "notes", "--overwrite")
    assert contents(notes) == before


def test_a_second_time_changes_nothing(notes: Path, run: Run) -> None:
    run("clean", "notes", "--in-place", "--journal", "first", "-q")
    after = contents(notes)
    ended = run("clean", "notes", "--in-place", "--journal", "second")
    assert ended.status == 0
    assert "0 files replaced in place" in ended.out
    assert contents(notes) == after


def test_the_journal_of_an_earlier_run_is_kept(notes: Path, run: Run) -> None:
    run("clean", "notes", "--in-place", "--journal", "before", "-q")
    kept = contents(notes.parent / "before")
    (notes / "a.txt").write_text(DIRTY)
    ended = run("clean", "notes", "--in-place", "--journal", "before")
    assert ended.status == 2
    assert "name another folder with --journal" in ended.errors[0]
    assert contents(notes.parent / "before") == kept


def test_files_that_stand_alone_and_links(here: Path, run: Run) -> None:
    (here / "x").mkdir()
    (here / "x/real.txt").write_text(DIRTY)
    (here / "link.txt").symlink_to("x/real.txt")
    assert run("clean", "link.txt", "--in-place", "--journal", "j", "-q").status == 0
    assert (here / "link.txt").is_symlink()
    assert (here / "x/real.txt").read_text() == CLEAN


@pytest.mark.parametrize(
    "arguments",
    [
        ["--in-place"],
        ["--in-place", "--journal", "j", "--overwrite"],
        ["--in-place", "--journal", "j", "-o", "out"],
        ["--in-place", "--journal", "j", "--diff"],
        ["--in-place", "--journal", "full"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_said(notes: Path, run: Run, arguments: list[str]) -> None:
    (notes.parent / "full").mkdir()
    (notes.parent / "full/x").write_text("x")
    before = contents(notes)
    ended = run("clean", "notes", *arguments)
    assert (ended.status, len(ended.errors)) == (2, 1)
    assert contents(notes) == before


class TestAnotherRun:
    @pytest.mark.parametrize("other", ["notes", "notes/sub", ".", "notes/a.txt"])
    def test_over_the_same_files_is_refused(self, notes: Path, run: Run, other: str) -> None:
        before = contents(notes)
        with held_trees([notes.parent / other]):
            ended = run("clean", "notes", "--in-place", "--journal", "j")
        assert ended.status == 2
        assert "another run is changing files here" in ended.errors[0]
        assert contents(notes) == before
        assert run("clean", "notes", "--in-place", "--journal", "j", "-q").status == 3

    def test_beside_it_is_not(self, notes: Path, run: Run) -> None:
        (notes.parent / "other").mkdir()
        with held_trees([notes.parent / "other", notes.parent / "other"]):
            assert run("clean", "notes", "--in-place", "--journal", "j", "-q").status == 3

    def test_files_that_somebody_changed_stay(
        self, notes: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        planned = cleaner.runs.output.in_place.make_plan

        def meddle(*arguments: object) -> object:
            (notes / "a.txt").write_text("Something else.\n")
            return planned(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr("cleaner.runs.output.in_place.make_plan", meddle)
        ended = run("clean", "notes", "--in-place", "--journal", "j")
        assert ended.status == 3
        assert any("a.txt: was changed while it was being cleaned" in e for e in ended.errors)
        assert (notes / "a.txt").read_text() == "Something else.\n"
        assert (notes / "sub/b.txt").read_text() == CLEAN


def killed_after(count: int, folder: Path) -> Callable[..., None]:
    """Return an `os.replace` that ends the run once so many files of a folder were replaced."""
    replace = os.replace
    left = count

    def replace_or_end(one: object, other: object, **more: object) -> None:
        nonlocal left
        if str(one).endswith(".part") and str(other).startswith(str(folder)):
            if not left:
                raise KeyboardInterrupt
            left -= 1
        replace(one, other, **more)  # type: ignore[arg-type]

    return replace_or_end


class TestKilled:
    def test_while_files_are_replaced(
        self, notes: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """After each file: all are old or new, restorable, and the same command goes on."""
        before = contents(notes)
        for count in range(7):
            journal = f"j{count}"
            with monkeypatch.context() as patch:
                patch.setattr(os, "replace", killed_after(count, notes))
                ended = run("clean", "notes", "--in-place", "--journal", journal, "-q")
            assert ended.status == (130 if count < 6 else 3)
            now = contents(notes)
            assert sum(now[name] != before[name] for name in before) == count
            assert restored(notes.parent / journal, notes.parent / f"back{count}") == before
            if count < 6:
                other = run("clean", "notes/a.txt", "--in-place", "--journal", journal)
                assert other.status == 2
                ended = run("clean", "notes", "--in-place", "--journal", journal)
                assert (ended.status, ended.out) == (0, "6 files replaced in place\n")
            assert restored(notes.parent / journal, notes.parent / f"again{count}") == before
            for name, data in before.items():
                (notes / name).write_bytes(data)

    def test_at_any_moment(self, here: Path) -> None:
        """A real process, ended with no warning: no file is lost, and doing it again ends well."""
        folder = here / "notes"
        folder.mkdir()
        for number in range(300):
            (folder / f"{number}.txt").write_text(f"The tide  came in at {number}.\n")
        before = contents(folder)
        clean = {name: data.replace(b"  ", b" ") for name, data in before.items()}
        arguments = command("clean", "notes", "--in-place", "--journal", "j", "-q", "-j", "1")
        for moment in (0.3, 0.8, 1.1, 1.3):
            running = subprocess.Popen(arguments, cwd=here, env=environment())
            time.sleep(moment)
            running.send_signal(signal.SIGKILL)
            running.wait()
            now = contents(folder)
            assert {name for name in now if not name.endswith(".part")} == set(before)
            assert all(now[name] in (before[name], clean[name]) for name in before)
        done = subprocess.run(arguments, cwd=here, env=environment(), check=False)
        finished = json.loads((here / "j/_cleaner/in_place.json").read_bytes())["done"]
        assert finished
        assert done.returncode in (0, 2)  # 2 where the last one had been through already
        assert contents(folder) == clean
        assert restored(here / "j", here / "back") == before


def test_from_python(notes: Path) -> None:
    done = Cleaner({"select": ["FMT508"]}).clean_in_place("notes", "j")
    assert done.replaced == 5
    assert done.report is not None
    assert done.report.counts == {"FMT508": 5}
    assert len(done.problems) == 1
