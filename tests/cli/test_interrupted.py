"""Runs that end before their end."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cleaner import Cleaner, Settings, clean_files, restore_files
from cleaner.core.errors import CleanerError, UsageError
from cleaner.core.settings.config import Dedup
from cleaner.runs.dedup import deduplicate_files
from cleaner.runs.input import parsing
from cleaner.runs.input.finding import find_inputs
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.output.output_folder import output_folder
from cleaner.runs.progress import NullProgress
from cleaner.storage.compress import writing
from tests.running import command, environment

# Comparing paragraphs takes long and has nothing of its own to be interrupted.
HOW = ("-q", "-j", 2, "--scope", "none")
SETTINGS = Settings(jobs=2, dedup=Dedup(scope="none"))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some megabytes in a few files; long enough to be interrupted at any point."""
    folder = tmp_path_factory.mktemp("corpus")
    dice = random.Random(3)
    words = [a + b for a in ("ba", "de", "fi", "go", "lu") for b in ("ck", "lt", "mm", "rn", "st")]
    for number in range(6):
        paragraphs = (" ".join(dice.choices(words, k=60)) for _ in range(1300))
        (folder / f"{number}.txt").write_text("  &amp;\r\n\r\n".join(paragraphs))
    return folder


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def undisturbed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("undisturbed")
    clean_files([corpus], out, SETTINGS)
    return files_below(out)


@contextmanager
def running(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Start a command in a process group of its own, as a terminal does."""
    with subprocess.Popen(
        command(*arguments),
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as started:
        try:
            yield started
        finally:
            if started.poll() is None:
                os.killpg(started.pid, signal.SIGKILL)


def shards(out: Path) -> int:
    return len(list((out / "_cleaner/work").glob("*.zst")))


def written(out: Path) -> int:
    return len(list((out / "_cleaner/work/staged").glob("*.txt")))


def wait_for(done: Callable[[], bool], run: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while not done() and run.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    assert run.poll() is None, "the run ended before it could be stopped"


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "at the start": lambda out: (out / "_cleaner/work").is_dir(),
    "normalizing": lambda out: shards(out) >= 2,
    "writing": lambda out: written(out) >= 2,
}


def assert_only_whole_files(out: Path, undisturbed: dict[str, bytes]) -> None:
    for name, data in files_below(out).items():
        if not name.startswith("_cleaner/work/"):
            assert data == undisturbed[name]


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_run_is_gone_on_with(
    corpus: Path, undisturbed: dict[str, bytes], tmp_path: Path, moment: str
) -> None:
    out = tmp_path / "out"
    with running("clean", corpus, "-o", out, *HOW) as run:
        wait_for(lambda: MOMENTS[moment](out), run)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    assert (out / "_cleaner/work").is_dir()
    assert_only_whole_files(out, undisturbed)
    with pytest.raises(UsageError, match="this run was not finished"):
        restore_files(out, tmp_path / "back")
    clean_files([corpus], out, SETTINGS)
    assert files_below(out) == undisturbed


def test_killed_restore_is_run_again(
    corpus: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    out, back = tmp_path / "out", tmp_path / "back"
    for name, data in undisturbed.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
    staging = back / "_cleaner/restore"
    with running("restore", out, "-o", back) as run:
        wait_for(lambda: staging.is_dir() and any(staging.iterdir()), run)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    sources = files_below(corpus)
    for name, data in files_below(back).items():
        assert name.startswith("_cleaner/restore/") or sources[name] == data
    (staging / ".cleaner-0.part").write_bytes(b"what another one left")
    assert all(file.error is None for file in restore_files(out, back))
    assert files_below(back) == sources
    assert not (back / "_cleaner").exists()


def test_interrupted_run(corpus: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    with running("clean", corpus, "-o", out, *HOW) as run:
        wait_for(lambda: shards(out) >= 2, run)
        os.killpg(run.pid, signal.SIGINT)
        said = run.communicate(timeout=60)[1]
    assert run.returncode == 130
    assert said.strip() == ("cleaner: error: interrupted; the same command goes on where it stood")
    assert_only_whole_files(out, undisturbed)
    clean_files([corpus], out, SETTINGS)
    assert files_below(out) == undisturbed


def test_shards_of_a_killed_run_are_used_again(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with running("clean", corpus, "-o", out, *HOW) as run:
        wait_for(lambda: shards(out) >= 2, run)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    before = {path.name: path.stat().st_mtime_ns for path in (out / "_cleaner/work").glob("*.zst")}
    after: dict[str, int] = {}

    class Look(NullProgress):
        def begin(self, stage: str, total: int | None) -> None:
            if stage == "deduplicate":
                for path in (out / "_cleaner/work").glob("*.zst"):
                    after[path.name] = path.stat().st_mtime_ns

    Cleaner(SETTINGS).clean_files([corpus], out, progress=Look())
    assert len(before) >= 2
    assert {name: after[name] for name in before} == before


def test_changed_file_is_read_anew_after_a_killed_run(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "a.txt").write_text("The  tide.\n")

    class Kill(NullProgress):
        def begin(self, stage: str, total: int | None) -> None:
            if stage == "write":
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Cleaner(Settings(jobs=1)).clean_files([source], out, progress=Kill())
    (source / "a.txt").write_text("The  boat.\n")
    clean_files([source], out, Settings(jobs=1))
    assert (out / "a.txt").read_text() == "The boat.\n"


class Change(NullProgress):
    """Does something when a stage begins."""

    def __init__(self, stage: str, change: Callable[[], object]) -> None:
        self.stage = stage
        self.change = change
        self.errors: list[CleanerError] = []

    def begin(self, stage: str, total: int | None) -> None:
        if stage == self.stage:
            self.change()

    def problem(self, error: CleanerError) -> None:
        self.errors.append(error)


CONTENTS = {
    "b.txt": b"The quay.\n",
    "b.jsonl": b'{"text": "The quay.\\n"}\n',
    "b.txt.gz": gzip.compress(b"The quay.\n", 6, mtime=0),
    "b.jsonl.gz": gzip.compress(b'{"text": "The quay.\\n"}\n', 1, mtime=7),
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("The  tide.\n")
    (tmp_path / "in/c.txt").write_text("The  boat.\n")
    return tmp_path / "in"


@pytest.mark.parametrize("name", CONTENTS)
def test_file_that_vanishes_before_it_is_read(source: Path, tmp_path: Path, name: str) -> None:
    (source / name).write_bytes(CONTENTS[name])
    progress = Change("parse", (source / name).unlink)
    report = Cleaner(Settings(jobs=1)).clean_files([source], tmp_path / "out", progress=progress)
    assert report.problems == [f"{source / name}: cannot be read: No such file or directory"]
    assert [str(error) for error in progress.errors] == report.problems
    assert (tmp_path / "out/a.txt").read_text() == "The tide.\n"
    assert (tmp_path / "out/c.txt").read_text() == "The boat.\n"
    assert not (tmp_path / "out" / name).exists()
    restored = [(r.name, r.error) for r in restore_files(tmp_path / "out", tmp_path / "back")]
    assert restored == [("a.txt", None), ("c.txt", None)]


@pytest.mark.parametrize("unit", ["paragraph", "record"])
def test_file_that_vanishes_before_it_is_compared(source: Path, tmp_path: Path, unit: str) -> None:
    (source / "b.txt").write_bytes(CONTENTS["b.txt"])
    cleaner = Cleaner(Settings(jobs=1, dedup=Dedup(unit=unit)))
    found = find_inputs([source])
    (source / "b.txt").unlink()
    with output_folder(tmp_path / "out", found.files) as work:
        report = deduplicate_files(found, tmp_path / "out", work, cleaner.settings, NullProgress())
    assert report.problems == [f"{source}/b.txt: cannot be read: No such file or directory"]
    assert sorted(path.name for path in (tmp_path / "out").glob("*.txt")) == ["a.txt", "c.txt"]


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("vanishes", [True, False], ids=["vanishes", "changes"])
def test_file_that_is_gone_or_another_after_it_was_read(
    source: Path, tmp_path: Path, name: str, vanishes: bool
) -> None:
    path = source / name
    path.write_bytes(CONTENTS[name])
    data = gzip.compress(b"x") if name.endswith("gz") else b"x"
    change = path.unlink if vanishes else lambda: path.write_bytes(data)
    progress = Change("write", change)
    report = Cleaner(Settings(jobs=1)).clean_files([source], tmp_path / "out", progress=progress)
    assert report.problems == []
    assert {r.error for r in restore_files(tmp_path / "out", tmp_path / "back")} == {None}
    assert (tmp_path / "back" / name).read_bytes() == CONTENTS[name]


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("vanishes", [True, False], ids=["vanishes", "changes"])
def test_file_that_changes_while_its_container_is_looked_at(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, vanishes: bool
) -> None:
    """One line is said of it, and the rest is done as if it had not been there."""
    if not name.endswith("gz"):
        return
    path = source / name
    path.write_bytes(CONTENTS[name])
    keep = parsing.keep_container

    def change_and_keep(file: SourceFile, staged: Path) -> None:
        if file.path == path and vanishes:
            path.unlink()
        elif file.path == path:
            path.write_bytes(gzip.compress(b"another"))
        keep(file, staged)

    monkeypatch.setattr(parsing, "keep_container", change_and_keep)
    report = clean_files([source], tmp_path / "out", Settings(jobs=1))
    assert report.problems == [f"{path}: was changed while it was read; run the same command again"]
    monkeypatch.undo()
    path.unlink(missing_ok=True)
    clean_files([source], tmp_path / "without", Settings(jobs=1))
    now, without = files_below(tmp_path / "out"), files_below(tmp_path / "without")
    del now["_cleaner/report.json"], without["_cleaner/report.json"]  # it tells of the problem
    assert now == without


@pytest.mark.parametrize("unit", ["paragraph", "line", "record"])
@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize(("stage", "vanishes"), [("deduplicate", True), ("write", False)])
def test_file_that_changes_between_the_readings_of_dedup(
    source: Path, tmp_path: Path, unit: str, name: str, stage: str, vanishes: bool
) -> None:
    """What was decided by it is decided again without it: nothing goes as a copy of what it had."""
    twice = "The keeper of the light wrote down every ship that passed before noon that day.\n"
    path, opener = source / name, gzip.open if name.endswith("gz") else open
    with opener(path, "wt") as file:
        file.write(json.dumps({"text": twice}) + "\n" if "jsonl" in name else twice)
    for other in ("c.txt", "d.txt"):
        (source / other).write_text(twice if unit == "record" else f"Of {other}.\n\n{twice}")

    def change() -> None:
        if vanishes:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(gzip.compress(b"other") if name.endswith("gz") else b"other")

    progress = Change(stage, change)
    dedup = Dedup(unit=unit, min_words_exact=2)
    cleaner = Cleaner(Settings(jobs=1, dedup=dedup))
    report = cleaner.deduplicate_files([source], tmp_path / "out", progress=progress)
    problem = f"{path}: was changed while it was read; run the same command again"
    assert report.problems == [problem]
    assert [str(error) for error in progress.errors] == [problem]
    path.unlink(missing_ok=True)
    cleaner.deduplicate_files([source], tmp_path / "without")
    now, without = files_below(tmp_path / "out"), files_below(tmp_path / "without")
    del now["_cleaner/report.json"], without["_cleaner/report.json"]  # it tells of the problem
    assert now == without


@pytest.mark.parametrize("command", ["clean", "dedup"])
def test_containers_of_inputs_that_are_gone_go_with_them(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """What is kept of a source for its restoring stands beside the journal, and nowhere else."""
    for name in ("b.txt.gz", "d/b.txt.gz", "e.txt.gz"):
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_bytes(gzip.compress(name.encode(), 1, mtime=7))
    cleaner, out = Cleaner(Settings(jobs=1)), tmp_path / "out"
    write = cleaner.clean_files if command == "clean" else cleaner.deduplicate_files

    def kill(*arguments: object, **more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("cleaner.runs.clean.close_run", kill)
        patch.setattr("cleaner.runs.dedup.close_run", kill)
        with pytest.raises(KeyboardInterrupt):
            write([source], out)
    containers = out / "_cleaner/containers"
    staged = files_below(out / "_cleaner/work/staged/_cleaner/containers")
    assert set(staged) == {"b.txt.gz", "d/b.txt.gz", "e.txt.gz"}
    (source / "d/b.txt.gz").unlink()
    with (source / "e.txt.gz").open("wb") as raw, writing(raw, "gzip") as stream:
        stream.write(b"The boat.\n")
    write([source], out)
    assert set(files_below(containers)) == {"b.txt.gz"}
    write([source], tmp_path / "anew")
    assert files_below(out) == files_below(tmp_path / "anew")
    assert [one.error for one in restore_files(out, tmp_path / "back")] == [None] * 4
    assert files_below(tmp_path / "back") == files_below(source)
