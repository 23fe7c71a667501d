"""Full disks, closed streams, killed workers, two runs at once: one line, and nothing lost."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.reliability.checks import differing, tree, write
from benchmarks.reliability.processes import children_of, environment, large_corpus, live_on

_COMMANDS = (
    ("clean",),
    ("dedup",),
    ("dedup", "--unit", "line"),
    ("dedup", "--unit", "record"),
    ("dedup", "--index", "seen"),
)
_MARK = "_cleaner/index-mark"

# Where standard output and errors may lead, and whether anything can be told of errors.
_REDIRECTIONS = (
    (">/dev/full", True), (">&-", True), (">&- <&-", True), ("| true", True),
    ("| head -c 20 >/dev/null", True), ("2>/dev/full", False), ("2>&-", False),
    (">&- 2>&- <&-", False), (">/dev/full 2>&-", False),
)  # fmt: skip
_SAYING = (
    ("check", "in"), ("check", "in", "--output-format", "json"), ("clean", "in", "-o", "out"),
    ("dedup", "in", "-o", "out2"), ("rule",), ("config",), ("--help",), ("clean", "missing"),
)  # fmt: skip


def full_disks(times: int, seed: int) -> Iterator[str]:
    """Yield what failed where no file can grow beyond a size, which is like a full disk."""
    for number in range(seed, seed + times):
        with tempfile.TemporaryDirectory(prefix="cleaner-full-") as name:
            yield "".join(f"seed {number}: {told}\n" for told in _full_disk(number, Path(name)))


def _full_disk(seed: int, folder: Path) -> Iterator[str]:
    dice = random.Random(f"full {seed}")
    command = [*dice.choice(_COMMANDS), "-j", str(dice.choice((1, 2)))]
    _make(folder, dice)
    over = dice.random() < 0.5
    if over:
        _run(folder, "limited", "clean", "../earlier")
        command.append("--overwrite")
    whole = _run(folder, "whole", *command, "../in")
    largest = max(len(data) for data in tree(folder / "whole/out", journal=True).values())
    size = dice.choice((0, 1, dice.randrange(5000), dice.randrange(largest), largest - 1))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    done = _run(folder, "limited", *command, "../in", preexec_fn=limit)
    told = f"{command} with files of {size:,} bytes at most"
    lines = done.stderr.splitlines()
    ends = [line for line in lines if line not in whole.stderr.splitlines()]
    if done.returncode == whole.returncode:
        pass  # whatever was larger is made in memory
    elif done.returncode != 2 or len(ends) != 1 or not ends[0].startswith("cleaner: error: "):
        yield f"{told}: status {done.returncode}: {done.stderr}"
    elif over:
        _run(folder, "limited", "restore", "out", "-o", "back")
        if difference := differing(tree(folder / "earlier"), tree(folder / "limited/back")):
            yield f"{told}: the earlier run restored: {difference}"
    elif found := list(tree(folder / "limited/out")):
        yield f"{told}: {found} stand there"
    yield from _again(folder, "limited", command, told)


def closed_streams() -> Iterator[str]:
    """Yield what failed of each command whose output or errors lead nowhere."""
    for redirection, heard in _REDIRECTIONS:
        for arguments in _SAYING:
            with tempfile.TemporaryDirectory(prefix="cleaner-closed-") as name:
                told = _closed(redirection, arguments, Path(name), heard=heard)
                yield f"{arguments} {redirection}: {told}\n" if told else ""


def _closed(redirection: str, arguments: tuple[str, ...], folder: Path, *, heard: bool) -> str:
    write({f"{n}.txt": b"The  tide.\n" * 2000 for n in range(4)}, folder / "in")
    line = " ".join((sys.executable, "-m", "cleaner", *arguments, redirection))
    done = subprocess.run(
        ["/bin/bash", "-c", line],
        cwd=folder, env=environment(), check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    if "Traceback" in done.stderr or done.stderr.count("\n") > 1:
        return done.stderr
    if "|" not in redirection and done.returncode not in (0, 1, 2):
        return f"status {done.returncode}: {done.stderr}"
    if not heard and done.stderr:
        return done.stderr
    return ""


def killed_workers(times: int, seed: int) -> Iterator[str]:
    """Yield what failed where a worker of a run was killed."""
    for number in range(seed, seed + times):
        with tempfile.TemporaryDirectory(prefix="cleaner-worker-") as name:
            yield "".join(f"seed {number}: {told}\n" for told in _killed(number, Path(name)))


def _killed(seed: int, folder: Path) -> Iterator[str]:
    dice = random.Random(f"worker {seed}")
    _make(folder, dice)
    command = ["clean", "-j", "2", *dice.choice(((), ("--scope", "none")))]
    begun = time.monotonic()
    _run(folder, "whole", *command, "../in")
    takes = time.monotonic() - begun
    with _started(folder, "limited", command) as run:
        time.sleep(takes * dice.random())
        helpers = children_of(run.pid)
        workers = [pid for pid in helpers if "popen_loky" in _line_of(pid)]
        if workers:
            os.kill(dice.choice(workers), signal.SIGKILL)
        said = run.communicate(timeout=120)[1]
    told = f"{command}, a worker of {len(workers)} killed"
    if run.returncode not in (0, 2, 3) or "Traceback" in said:
        yield f"{told}: status {run.returncode}: {said}"
    if live_on(helpers):
        yield f"{told}: helpers live on"
    yield from _again(folder, "limited", command, told)


def two_at_once(times: int, seed: int) -> Iterator[str]:
    """Yield what failed where two runs wrote into one folder."""
    for number in range(seed, seed + times):
        with tempfile.TemporaryDirectory(prefix="cleaner-two-") as name:
            yield "".join(f"seed {number}: {told}\n" for told in _two(number, Path(name)))


def _two(seed: int, folder: Path) -> Iterator[str]:
    dice = random.Random(f"two {seed}")
    _make(folder, dice)
    command = [*dice.choice(_COMMANDS), "-j", "1", *dice.choice(((), ("--overwrite",)))]
    begun = time.monotonic()
    _run(folder, "whole", *command, "../in")
    takes = time.monotonic() - begun
    runs = []
    for _ in range(2):
        runs.append(_started(folder, "limited", command))
        time.sleep(dice.choice((0, takes * dice.random())))
    said = [run.communicate(timeout=240)[1] for run in runs]
    statuses = [run.returncode for run in runs]
    told = f"two of {command}"
    if not {0, 3} & set(statuses) or not set(statuses) <= {0, 2, 3}:
        yield f"{told}: {statuses}: {said}"
    for status, one in zip(statuses, said, strict=True):
        refused = "another run is writing" in one or "not empty" in one
        if status == 2 and not (refused and one.count("\n") == 1):
            yield f"{told}: {one}"
    whole = tree(folder / "whole/out", journal=True)
    both = tree(folder / "limited/out", journal=True)
    if difference := differing({**whole, _MARK: b""}, {**both, _MARK: b""}):
        yield f"{told}: {difference}"


def _make(folder: Path, dice: random.Random) -> None:
    write(large_corpus(dice, 600), folder / "in")
    write({"a.txt": b"The  tide.\n", "of the earlier run.txt": b"The  boat.\n"}, folder / "earlier")
    for name in ("whole", "limited"):
        (folder / name).mkdir()


def _again(folder: Path, name: str, command: list[str], told: str) -> Iterator[str]:
    """Yield how a run that is repeated differs from one that nothing happened to."""
    done = _run(folder, name, *command, "../in")
    if done.returncode not in (0, 3) and "not empty" not in done.stderr:
        yield f"{told}, done again: {done.stderr}"
    whole, again = (tree(folder / one / "out", journal=True) for one in ("whole", name))
    if difference := differing({**whole, _MARK: b""}, {**again, _MARK: b""}):
        yield f"{told}, done again: {difference}"


def _run(
    folder: Path,
    name: str,
    command: str,
    *arguments: str,
    preexec_fn: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    output = () if command == "restore" else ("-o", "out")
    return subprocess.run(
        [sys.executable, "-m", "cleaner", command, *arguments, *output, "-q"],
        cwd=folder / name, env=environment(), check=False, capture_output=True, text=True,
        preexec_fn=preexec_fn,
        timeout=240,
    )  # fmt: skip


def _started(folder: Path, name: str, command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cleaner", *command, "../in", "-o", "out", "-q"],
        cwd=folder / name, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip


def _line_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
