"""A run that is stopped anywhere between its first file and its end, over an earlier run."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner import Settings, clean_files, restore_files
from cleaner.core.errors import UsageError
from cleaner.runs.output import commit
from tests.running import Run

SETTINGS = Settings(jobs=1)


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """Sources of a run whose outputs stand in `out`; each has a container that was kept."""
    source = tmp_path / "earlier"
    (source / "d").mkdir(parents=True)
    for name in ("a.txt", "b.txt", "d/only.txt"):
        (source / name).write_text(f"The  tide of {name}.\n")
        (source / f"{name}.gz").write_bytes(gzip.compress(name.encode(), 1, mtime=7))
    clean_files(source, tmp_path / "out", SETTINGS)
    return source


@pytest.fixture
def later(tmp_path: Path) -> Path:
    source = tmp_path / "later"
    source.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (source / name).write_text(f"The  boat of {name}.\n")
    (source / "a.txt.gz").write_bytes(gzip.compress(b"The boat.\n", 1, mtime=8))
    return source


class StoppedError(BaseException):
    pass


def stopped_at(moves: int, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> Callable[[], int]:
    """Stop a run before or after it has moved so many files of its commit; tell how many it did."""
    move, done = commit.move_below, 0

    def moved(root: Path, name: str, other: str) -> None:
        nonlocal done
        if done == moves and not after:
            raise StoppedError
        move(root, name, other)
        done += 1
        if done > moves and after:
            raise StoppedError

    monkeypatch.setattr(commit, "move_below", moved)
    return lambda: done


def restored(output: Path, folder: Path) -> dict[str, bytes]:
    shutil.rmtree(folder, ignore_errors=True)
    assert {one.error for one in restore_files(output, folder)} == {None}
    return files_below(folder)


@pytest.mark.parametrize("after", [False, True])
def test_stopped_between_any_two_moves(
    earlier: Path, later: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    out, back = tmp_path / "out", tmp_path / "back"
    clean_files(later, tmp_path / "undisturbed", SETTINGS)
    undisturbed = files_below(tmp_path / "undisturbed")
    shutil.copytree(out, tmp_path / "before")
    for moves in range(100):
        shutil.rmtree(out)
        shutil.copytree(tmp_path / "before", out)
        with monkeypatch.context() as patch:
            done = stopped_at(moves, patch, after=after)
            try:
                clean_files(later, out, SETTINGS, overwrite=True)
            except StoppedError:
                pass
            else:
                break
        if done() == 0:  # not committed
            assert restored(out, back) == files_below(earlier)
            with pytest.raises(UsageError, match="not empty"):
                clean_files(later, out, SETTINGS)
            clean_files(later, out, SETTINGS, overwrite=True)
        elif (out / commit.COMMITTED).exists():
            with pytest.raises(UsageError, match="this run was not finished"):
                restore_files(out, tmp_path / "no")
            clean_files(later, out, SETTINGS)
        else:
            assert restored(out, back) == files_below(later)
            clean_files(later, out, SETTINGS)
        assert files_below(out) == undisturbed
        assert restored(out, back) == files_below(later)
    assert moves >= 9


def test_an_earlier_run_stands_until_another_commits(
    earlier: Path, later: Path, tmp_path: Path
) -> None:
    """So it can be restored whenever the other is stopped, and by its commit it is gone."""
    out, back = tmp_path / "out", tmp_path / "back"

    with pytest.MonkeyPatch.context() as patch:
        stopped_at(0, patch, after=False)
        with pytest.raises(StoppedError):
            clean_files(later, out, SETTINGS, overwrite=True)
    assert (out / "_cleaner/work/staged/c.txt").exists()
    assert restored(out, back) == files_below(earlier)
    clean_files(later, out, SETTINGS, overwrite=True)
    assert sorted(path.name for path in out.iterdir() if path.is_file()) == [
        "a.txt",
        "a.txt.gz",
        "b.txt",
        "c.txt",
    ]
    assert set(files_below(out / "_cleaner/containers")) == {"a.txt.gz"}


@pytest.mark.parametrize("command", ["clean", "dedup"])
def test_repeated_after_it_was_killed_at_its_end(
    later: Path, here: Path, run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    arguments = (command, later, "-o", "new", "-q", "-j", 1)
    for moves in (0, 3, 100):
        with monkeypatch.context() as patch:
            stopped_at(moves, patch, after=True)
            if moves < 100:
                with pytest.raises(StoppedError):
                    run(*arguments)
            else:
                assert run(*arguments).status == 0
        if moves < 100:
            assert run(*arguments) == (0, "", "")
        assert run("restore", "new", "-o", "back", "-q").status == 0
        assert files_below(here / "back") == files_below(later)
        shutil.rmtree("back")
        shutil.rmtree("new")


def test_other_sources_do_not_take_the_place_of_a_run_that_ended(
    later: Path, here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was killed before it could say that it had ended; nobody asked to have it overwritten."""
    with monkeypatch.context() as patch:
        stopped_at(2, patch, after=True)
        with pytest.raises(StoppedError):
            run("clean", later, "-o", "new", "-q", "-j", 1)
    sources = files_below(later)
    (later / "a.txt").write_text("Another text.\n")
    (later / "c.txt").unlink()
    ended = run("clean", later, "-o", "new", "-q", "-j", 1)
    assert ended.status == 2
    assert "the output folder is not empty" in ended.errors[0]
    assert run("restore", "new", "-o", "back", "-q").status == 0
    assert files_below(here / "back") == sources
    assert run("clean", later, "-o", "new", "-q", "-j", 1, "--overwrite").status == 0
    assert run("restore", "new", "-o", "back", "-q", "--overwrite").status == 0
    assert (here / "back/a.txt").read_text() == "Another text.\n"


@pytest.mark.parametrize("name", ["../own.txt", "/own.txt", "sub/../../own.txt"])
def test_a_committed_folder_that_anybody_made(later: Path, here: Path, run: Run, name: str) -> None:
    """Nothing outside of the output folder is moved or removed, and no link is followed."""
    (here / "own.txt").write_text("somebody's own")
    folder = here / "new/_cleaner/committed"
    (folder / "staged/_cleaner").mkdir(parents=True)
    (folder / "staged/link.txt").symlink_to(here / "own.txt")
    (folder / "staged/folder").symlink_to(here)
    named = str(here / "own.txt") if name.startswith("/") else name
    report = {"files": [{"name": named, "sha256": "", "output_sha256": ""}]}
    (here / "new/_cleaner/report.json").write_text(json.dumps(report))
    (folder / "staged/_cleaner/report.json").write_text(json.dumps({"files": []}))
    (folder / "staged.json").write_text(json.dumps([name, 5]))
    assert run("clean", later, "-o", "new", "-q", "-j", 1).status == 0
    assert (here / "own.txt").read_text() == "somebody's own"
    assert not (here / "new/link.txt").exists()
    assert not (here / "new/folder").exists()
