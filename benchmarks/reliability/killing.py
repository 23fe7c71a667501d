"""Runs that are stopped at any moment, done again, and held against one that nobody stopped."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.reliability.checks import ROOT, differing, tree, write
from benchmarks.reliability.inputs import Corpus, corpus_of

SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
COMMANDS = (
    ("clean",),
    ("clean", "--scope", "none"),
    ("dedup",),
    ("dedup", "--index", "seen"),
    ("dedup", "--unit", "record", "--index", "seen"),
)

# Helpers that are still there after so many seconds were forgotten.
_SECONDS_TO_END = 2.0

# What a run with an index leaves that tells its folder from others.
_MARK = "_cleaner/index-mark"


def kill(times: int, seed: int) -> Iterator[str]:
    """Yield what failed of so many stopped runs, or nothing for one that went well."""
    for number in range(seed, seed + times):
        with tempfile.TemporaryDirectory(prefix="cleaner-kill-") as folder:
            yield "".join(f"seed {number}: {told}\n" for told in _stopped(number, Path(folder)))


def _stopped(seed: int, folder: Path) -> Iterator[str]:
    """Yield what is wrong after a run was stopped and done again."""
    dice = random.Random(f"kill {seed}")
    arguments = [*dice.choice(COMMANDS), "-j", str(dice.choice((1, 2)))]
    corpus = _large_corpus(dice)
    write(corpus, folder / "in")
    begun = time.monotonic()
    if error := _run(arguments, _made(folder / "first")):
        yield f"{arguments}: {error}"
        return
    takes = time.monotonic() - begun
    number = dice.choice(SIGNALS)
    with subprocess.Popen(
        _command(arguments),
        cwd=_made(folder / "stopped"),
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        # The end is where a run commits to anything.
        time.sleep(takes * dice.choice((dice.random(), 1 - dice.random() * 0.2)))
        helpers = _children_of(run.pid)
        if dice.random() < 0.3:
            os.killpg(run.pid, number)
        else:
            run.send_signal(number)
        said = run.communicate(timeout=60)[1]
    if "Traceback" in said:
        yield f"{arguments} after {number.name}: {said}"
    deadline = time.monotonic() + _SECONDS_TO_END
    while any(map(_is_running, helpers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    if any(map(_is_running, helpers)):
        yield f"{arguments}: helpers live on after {number.name}"
    changed = dice.random() < 0.4
    if changed:
        name = dice.choice(sorted(corpus))
        (folder / "in" / name).unlink()
        if dice.random() < 0.5:
            write({name: b"Another text stands here now.\n"}, folder / "in")
    finished = not (folder / "stopped/out/_cleaner/work").exists()
    if finished and (folder / "stopped/out/_cleaner/report.json").exists():
        changed = False
    elif error := _run(arguments, folder / "stopped"):
        yield f"{arguments}, done again after {number.name}: {error}"
        return
    if changed:
        _run(arguments, _made(folder / "anew"))
    anew, again = (
        tree(folder / name / "out", journal=True)
        for name in ("anew" if changed else "first", "stopped")
    )
    if told := differing({**anew, _MARK: b""}, {**again, _MARK: b""}):
        yield f"{arguments}, done again after {number.name}: {told}"


def _large_corpus(dice: random.Random) -> Corpus:
    """Return a corpus that takes a moment."""
    corpus: Corpus = {}
    for _ in range(dice.choice((1, 5, 30))):
        for name, data in corpus_of(dice.randrange(10**6)).items():
            if name.endswith((".txt", ".jsonl", ".gz", ".zst")):
                corpus[f"{len(corpus)}{''.join(Path(name).suffixes[-2:])}"] = data
    words = [
        first + last for first in ("ba", "de", "fi", "go") for last in ("ck", "lt", "mm", "rn")
    ]
    paragraphs = (" ".join(dice.choices(words, k=50)) for _ in range(dice.choice((50, 2000))))
    corpus["large.txt"] = "  &amp;\r\n\r\n".join(paragraphs).encode()
    return corpus


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _command(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "cleaner", *arguments, "../in", "-o", "out", "-q"]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _run(arguments: list[str], folder: Path) -> str:
    """Run a command to its end; return what it said if it failed."""
    done = subprocess.run(
        _command(arguments),
        cwd=folder,
        env=_environment(),
        check=False,
        capture_output=True,
        text=True,
    )
    return "" if done.returncode in (0, 3) else f"status {done.returncode}: {done.stderr}"


def _children_of(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
