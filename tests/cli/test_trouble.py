"""What a machine may do to a run: signals, full disks, closed streams, no memory, no processes."""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner import Cleaner, Settings, clean_files
from cleaner.core.settings.config import Dedup
from cleaner.engines.local import cores, jobs_for
from cleaner.runs.input.reading import Inputs
from cleaner.runs.progress import NullProgress
from tests.running import Run, command, environment, process

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    dice = random.Random(3)
    words = [a + b for a in ("ba", "de", "fi", "go", "lu") for b in ("ck", "lt", "mm", "rn", "st")]
    for number in range(4):
        paragraphs = (" ".join(dice.choices(words, k=60)) for _ in range(1300))
        (folder / f"{number}.txt").write_text("  &amp;\r\n\r\n".join(paragraphs))
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    for number in range(3):
        text = "\n\n".join(f"The  tide of day {n} came in, {number}." for n in range(400))
        (folder / f"{number}.txt").write_text(text)
    return folder


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    return "\nState:\tZ" not in status


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(0.01)
    return done()


HOW = ("-q", "-j", 2, "--scope", "none")


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (signal.SIGKILL, -signal.SIGKILL),
        (signal.SIGTERM, 128 + signal.SIGTERM),
        (signal.SIGHUP, 128 + signal.SIGHUP),
        (signal.SIGINT, 130),
    ],
)
def test_no_helper_lives_longer(
    corpus: Path, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        command("clean", corpus, "-o", out, *HOW),
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        try:
            assert wait_until(lambda: any((out / "_cleaner/work").glob("*.zst")), 60)
            helpers = children_of(run.pid)
            assert len(helpers) >= 2
            os.kill(run.pid, number)
            said = run.communicate(timeout=60)[1]
            assert wait_until(lambda: not any(map(is_running, helpers)), 5)
        finally:
            run.kill()
    assert run.returncode == status
    if number != signal.SIGKILL:
        assert said == "cleaner: error: interrupted; the same command goes on where it stood\n"
    settings = Settings(jobs=1, dedup=Dedup(scope="none"))
    clean_files(corpus, out, settings)
    clean_files(corpus, tmp_path / "undisturbed", settings)
    assert files_below(out) == files_below(tmp_path / "undisturbed")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signal_to_all_of_a_terminal(corpus: Path, tmp_path: Path, number: signal.Signals) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        command("clean", corpus, "-o", out, *HOW),
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        try:
            assert wait_until(lambda: any((out / "_cleaner/work").glob("*.zst")), 60)
            os.killpg(run.pid, number)
            said = run.communicate(timeout=60)[1]
        finally:
            run.kill()
    assert run.returncode == 128 + number
    assert said == "cleaner: error: interrupted; the same command goes on where it stood\n"


def test_interrupt_while_helpers_start(small: Path, tmp_path: Path) -> None:
    for delay in (0, 0.02, 0.05, 0.1):
        with subprocess.Popen(
            command("clean", small, "-o", tmp_path / str(delay), *HOW),
            env=environment(),
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as run:
            try:
                assert wait_until(lambda run=run: len(children_of(run.pid)) >= 2, 60)
                time.sleep(delay)
                os.killpg(run.pid, signal.SIGINT)
                said = run.communicate(timeout=60)[1]
            finally:
                run.kill()
        assert run.returncode == 130
        assert said == "cleaner: error: interrupted; the same command goes on where it stood\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_check_leaves_nothing_behind(corpus: Path, tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        command("check", corpus, "-q", "-j", 1),
        env=environment(TMPDIR=str(tmp_path)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        try:
            assert wait_until(lambda: any(tmp_path.glob("*/work/*.zst")), 60)
            os.kill(run.pid, number)
            said = run.communicate(timeout=60)[1]
        finally:
            run.kill()
    assert run.returncode == 128 + number
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_signal_that_is_to_be_ignored(small: Path, tmp_path: Path) -> None:
    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with subprocess.Popen(
        command("clean", small, "-o", tmp_path / "out", "-q", "-j", 1),
        env=environment(),
        preexec_fn=ignore,  # noqa: PLW1509
    ) as run:
        wait_until((tmp_path / "out/_cleaner/work").is_dir, 60)
        os.kill(run.pid, signal.SIGHUP)
        assert run.wait(timeout=60) == 0


_IN_A_FINALIZER = """
import os, signal, sys, time
from cleaner.cli import process

class Finalized:
    def __del__(self):
        os.kill(os.getpid(), int(sys.argv[1]))
        time.sleep(0.001)

process.end_on_signals()
try:
    Finalized()
    for _ in range(1000):
        time.sleep(0.01)
except process.StoppedError as stopped:
    sys.exit(128 + stopped.number)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signal_while_a_finalizer_runs(number: signal.Signals) -> None:
    """Nothing that is raised there is heard of; libraries have finalizers that run all the time."""
    done = subprocess.run(
        [sys.executable, "-c", _IN_A_FINALIZER, str(int(number))],
        env=environment(), check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (128 + number, "")


def test_worker_that_is_killed(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        command("clean", corpus, "-o", out, *HOW),
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        try:
            assert wait_until(lambda: any((out / "_cleaner/work").glob("*.zst")), 60)
            names = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in children_of(run.pid)}
            os.kill(
                next(pid for pid, name in names.items() if "popen_loky" in name), signal.SIGKILL
            )
            said = run.communicate(timeout=60)[1]
        finally:
            run.kill()
    assert run.returncode == 2
    assert said.splitlines()[-1].startswith(
        "cleaner: error: a worker process was ended from outside: "
    )
    assert "Traceback" not in said


RUNS = (
    ("clean",),
    ("dedup",),
    ("dedup", "--unit", "record"),
    ("dedup", "--index", "seen.index"),
)


@pytest.mark.parametrize("arguments", RUNS, ids=" ".join)
def test_disk_that_is_full(small: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """No file may grow beyond a size, which to the writer is as if the disk were full."""
    whole = (*arguments, small, "-o", "out", "-q", "-j", 1)
    (tmp_path / "one").mkdir()
    assert process(*whole, cwd=tmp_path / "one").status == 0
    largest = max(len(data) for data in files_below(tmp_path / "one/out").values())
    for size in (0, 3000, largest // 2):
        here = tmp_path / str(size)
        here.mkdir()

        def limit(size: int = size) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

        ended = process(*whole, cwd=here, preexec_fn=limit)
        assert ended.status == 2
        assert ended.others == []
        assert len(ended.errors) == 1
        for name, data in files_below(here / "out").items() if (here / "out").exists() else ():
            if not name.startswith("_cleaner/"):
                assert data == (tmp_path / "one/out" / name).read_bytes()
    assert process(*whole, cwd=here).status == 0
    mark = "_cleaner/index-mark"
    one, again = files_below(tmp_path / "one/out"), files_below(here / "out")
    assert {**one, mark: b""} == {**again, mark: b""}


def redirected(redirection: str, *arguments: object, cwd: Path) -> tuple[int, str]:
    line = " ".join(map(str, command(*arguments)))
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec {line} {redirection}"],
        cwd=cwd, env=environment(), check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize("arguments", [("check", "in"), ("rule",), ("--help",), ("config",)])
@pytest.mark.parametrize("redirection", [">/dev/full", ">&-", ">&- <&-"])
def test_output_that_goes_nowhere(
    tmp_path: Path, arguments: tuple[str, ...], redirection: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("The  tide.\n")
    status, said = redirected(redirection, *arguments, cwd=tmp_path)
    assert status == 2
    assert said.count("\n") == 1
    assert said.startswith("cleaner: error: cannot be written: ")
    assert redirected(f"{redirection} 2>&-", *arguments, cwd=tmp_path)[0] == 2


def test_errors_that_nobody_can_be_told(tmp_path: Path) -> None:
    for redirection in ("2>/dev/full", "2>&-"):
        assert redirected(redirection, "clean", "in", cwd=tmp_path) == (2, "")


def test_closed_streams_are_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(4):
        (tmp_path / f"in/{number}.txt").write_text("The  tide.\n")
    status, _ = redirected(">&- 2>&- <&-", "clean", "in", "-o", "out", cwd=tmp_path)
    assert status == 2
    assert process("clean", "in", "-o", "one", "-q", cwd=tmp_path).status == 0
    assert files_below(tmp_path / "out") == files_below(tmp_path / "one")


def test_two_runs_into_one_folder(corpus: Path, tmp_path: Path) -> None:
    whole = ("clean", corpus, "-o", "out", "-q", "-j", 1, "--scope", "none")
    with subprocess.Popen(command(*whole), cwd=tmp_path, env=environment()) as first:
        try:
            assert wait_until(lambda: any((tmp_path / "out/_cleaner/work").glob("*.zst")), 60)
            first.send_signal(signal.SIGSTOP)  # so that it does not end before the others begin
            for more in ((), ("--overwrite",)):
                second = process(*whole, *more, cwd=tmp_path)
                assert second.status == 2
                assert second.errors == [
                    "cleaner: error: out: another run is writing into this folder; wait for it, "
                    "or choose another with -o"
                ]
            first.send_signal(signal.SIGCONT)
            assert first.wait(timeout=100) == 0
        finally:
            first.kill()
    clean_files(corpus, tmp_path / "one", Settings(jobs=1, dedup=Dedup(scope="none")))
    assert files_below(tmp_path / "out") == files_below(tmp_path / "one")


def test_more_processes_than_there_can_be(small: Path, tmp_path: Path) -> None:
    ended = process("dedup", small, "-o", "out", "-q", "-j", 10**30, cwd=tmp_path)
    assert (ended.status, ended.err) == (0, "")


def test_number_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert jobs_for(1, 0, 1) == 1
    assert 2 <= jobs_for(10**9, 0, 1) <= 4 * max(2, cores())
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert cores() == (os.cpu_count() or 1)
    assert jobs_for(0, 10**12, 1) == cores()


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("can't start new thread"),
        ImportError("libparquet.so.2600: failed to map segment from shared object"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_memory_that_runs_out(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*arguments: object, **more: object) -> None:
        raise error

    monkeypatch.setattr(Cleaner, "clean_files", fail)
    ended = run("clean", "in", "-o", "out")
    assert (ended.status, ended.err) == (
        2,
        "cleaner: error: memory ran out; give fewer --jobs, or a --memory\n",
    )


def test_system_that_gives_no_process(
    small: Path, here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("loky.ProcessPoolExecutor", fail)
    ended = run("clean", small, "-o", "out", "-q", "-j", "2")
    assert ended.status == 2
    assert ended.err == (
        "cleaner: error: no further process can be started: No space left on device; "
        "run the same command again with --jobs 1\n"
    )


def test_output_folder_that_is_taken_away(small: Path, here: Path, run: Run) -> None:
    class TakeAway(NullProgress):
        def begin(self, stage: str, total: int | None) -> None:
            if stage == "normalize":
                shutil.rmtree("out")

    with pytest.MonkeyPatch.context() as patch:
        clean = Cleaner.clean_files
        patch.setattr(
            Cleaner,
            "clean_files",
            lambda self, inputs, output, **_: clean(self, inputs, output, progress=TakeAway()),
        )
        ended = run("clean", small, "-o", "out", "-q", "-j", "1")
    assert ended.status == 2
    assert ended.others == []
    assert "No such file or directory; mend that" in ended.errors[0]
    assert run("clean", small, "-o", "out", "-q", "-j", "1").status == 0


def test_killed_before_the_work_is_removed(small: Path, here: Path, run: Run) -> None:
    assert run("clean", small, "-o", "out", "-q", "-j", "1").status == 0
    before = files_below(here / "out")
    finished = here / "out/_cleaner/finished"
    finished.mkdir()
    (finished / "1.drafts.zst").write_bytes(b"of a run that ended well")
    assert run("restore", "out", "-o", "back").status == 0
    assert run("clean", small, "-o", "out", "-q", "-j", "1") == (0, "", "")
    assert files_below(here / "out") == before


@pytest.mark.parametrize("arguments", [("clean",), ("dedup",), ("dedup", "--unit", "record")])
def test_file_that_becomes_a_pipe(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """Nobody ever writes into it, so whoever opens it as a file waits for ever."""
    (here / "in").mkdir()
    (here / "in/a.txt").write_text("The  tide.\n")
    (here / "in/b.txt").write_text("The  quay.\n")
    found = Inputs.total_bytes

    def swapped(self: Inputs) -> int:
        (here / "in/b.txt").unlink(missing_ok=True)
        if not (here / "in/b.txt").exists():
            os.mkfifo(here / "in/b.txt")
        return found(self)

    monkeypatch.setattr(Inputs, "total_bytes", swapped)
    ended = run(*arguments, "in", "-o", "out", "-q", "-j", "1")
    assert (ended.status, ended.errors) == (
        3,
        ["cleaner: error: in/b.txt: cannot be read: is no file"],
    )
    assert (here / "out/a.txt").exists()
