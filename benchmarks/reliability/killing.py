"""Runs that are stopped at any moment, done again, and held against one that nobody stopped.

Half of them are stopped by a signal at random, half kill themselves before or after they rename a
file, which is how anything that they write comes to stand where it does. Half of them write over
what an earlier run left.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.reliability.checks import differing, tree, write
from benchmarks.reliability.inputs import Corpus
from benchmarks.reliability.processes import children_of, environment, large_corpus, live_on

SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
COMMANDS = (
    ("clean",),
    ("clean", "--scope", "none"),
    ("dedup",),
    ("dedup", "--index", "seen"),
    ("dedup", "--unit", "record", "--index", "seen"),
)

# What a run with an index leaves that tells its folder from others.
_MARK = "_cleaner/index-mark"

# Counts the files that its own process renames, and kills it at one of them.
_SELF_KILLING = """
import os, signal, sys
rename, left, moment = os.replace, int(sys.argv[1]), sys.argv[2]
def replace(*given, **named):
    global left
    left -= 1
    if left == 0 and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    rename(*given, **named)
    if left == 0 and moment == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    if moment == "count":
        with open(sys.argv[3], "w") as file:
            file.write(str(-left))
os.replace = replace
from cleaner.__main__ import _run
sys.exit(_run(sys.argv[4:]))
"""


class Stopped(NamedTuple):
    """How a run was stopped, the helpers it had, and what it said."""

    how: str
    helpers: list[int]
    said: str


def kill(times: int, seed: int, *, most_paragraphs: int = 800) -> Iterator[str]:
    """Yield what failed of so many stopped runs, or nothing for one that went well."""
    for number in range(seed, seed + times):
        with tempfile.TemporaryDirectory(prefix="cleaner-kill-") as name:
            told = _stopped_run(number, Path(name), most_paragraphs)
            yield "".join(f"seed {number}: {one}\n" for one in told)


def _stopped_run(seed: int, folder: Path, most_paragraphs: int) -> Iterator[str]:
    """Yield what is wrong after a run was stopped and done again."""
    dice = random.Random(f"kill {seed}")
    arguments = [*dice.choice(COMMANDS), "-j", str(dice.choice((1, 2)))]
    over = dice.random() < 0.5
    corpus = large_corpus(dice, most_paragraphs)
    write(corpus, folder / "in")
    earlier = {"a.txt": b"The  tide.\n", "of the earlier run.txt": b"The  boat.\n"}
    write(earlier, folder / "earlier")
    for name in ("first", "anew"):
        (folder / name).mkdir()
    if over:
        _run([arguments[0], "-j", "1"], folder / "first", "../earlier")
    shutil.copytree(folder / "first", folder / "stopped")
    if over:
        arguments.append("--overwrite")
    begun = time.monotonic()
    if error := _run(arguments, folder / "first", counted=folder / "count"):
        yield f"{arguments}: {error}"
        return
    takes = time.monotonic() - begun
    by_itself = dice.random() < 0.5
    stop = _stop_itself if by_itself else _stop_by_signal
    stopped = stop(arguments, folder, dice, takes)
    told = f"{arguments}, {stopped.how}"
    if "Traceback" in stopped.said:
        yield f"{told}: {stopped.said}"
    if live_on(stopped.helpers):
        yield f"{told}: helpers live on"
    changed = dice.random() < 0.4
    if changed:
        name = dice.choice(sorted(corpus))
        (folder / "in" / name).unlink()
        if dice.random() < 0.5:
            write({name: b"Another text stands here now.\n"}, folder / "in")
    yield from _done_again(
        arguments, folder, told, earlier if over else {}, corpus, changed=changed
    )


def _done_again(
    arguments: list[str],
    folder: Path,
    told: str,
    earlier: Corpus,
    corpus: Corpus,
    *,
    changed: bool,
) -> Iterator[str]:
    """Yield what is wrong with what a stopped run left, and with doing it again."""
    own = folder / "stopped/out/_cleaner"
    has_report = (own / "report.json").exists()
    is_committed = (own / "committed").exists() or (has_report and not (own / "work").exists())
    is_whole = has_report and not (own / "committed").exists()
    if is_whole and (difference := _restored(folder, {"", *earlier}, (earlier, corpus))):
        yield f"{told}, restored: {difference}"
    if is_committed and earlier and changed:
        # What comes of other inputs then is another run, which an index holds against the first.
        changed = False
        write(corpus, folder / "in")
    error = _run(arguments, folder / "stopped")
    refused = "not empty" in error
    if error and not (refused and is_committed):
        yield f"{told}, done again: {error}"
        return
    if changed and not refused:
        _run(arguments, folder / "anew")
    anew, again = (
        tree(folder / name / "out", journal=True)
        for name in ("anew" if changed and not refused else "first", "stopped")
    )
    for path in [*anew, *again]:
        if path.startswith(("_cleaner/finished/", "_cleaner/committed/")):
            anew.pop(path, None)
            again.pop(path, None)
    if difference := differing({**anew, _MARK: b""}, {**again, _MARK: b""}):
        yield f"{told}, done again: {difference}"


def _restored(folder: Path, names: set[str], sources: tuple[Corpus, Corpus]) -> str:
    """Return how the restored sources differ from those of either run, if they do."""
    back = folder / "back"
    shutil.rmtree(back, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", "restore", "out", "-o", back, "-q"],
        cwd=folder / "stopped", env=environment(), check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        return done.stderr
    found = tree(back)
    # What could not be read was not written, and is not restored.
    expected = sources[0] if set(found) == names - {""} else sources[1]
    return differing({name: expected.get(name, b"") for name in found}, found)


def _stop_by_signal(
    arguments: list[str], folder: Path, dice: random.Random, takes: float
) -> Stopped:
    number = dice.choice(SIGNALS)
    with subprocess.Popen(
        _command(arguments),
        cwd=folder / "stopped",
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        # The end is where a run commits to anything.
        time.sleep(takes * dice.choice((dice.random(), 1 - dice.random() * 0.2)))
        helpers = children_of(run.pid)
        if dice.random() < 0.3:
            os.killpg(run.pid, number)
        else:
            run.send_signal(number)
        said = run.communicate(timeout=120)[1]
    return Stopped(f"after {number.name}", helpers, said)


def _stop_itself(arguments: list[str], folder: Path, dice: random.Random, takes: float) -> Stopped:
    renamed = int((folder / "count").read_text())
    # Most are of the spool; the last ones are the commit.
    at = dice.choice((dice.randint(1, renamed), max(1, renamed - dice.randint(0, 15))))
    moment = dice.choice(("before", "after"))
    how = f"killed {moment} renaming file {at} of {renamed}"
    done = subprocess.run(
        _command(arguments, at, moment),
        cwd=folder / "stopped", env=environment(), check=False, capture_output=True, text=True,
        timeout=120 + 20 * takes,
    )  # fmt: skip
    if done.returncode not in (-signal.SIGKILL, 0, 3):
        return Stopped(how, [], f"Traceback? status {done.returncode}: {done.stderr}")
    return Stopped(how, [], done.stderr)


def _command(
    arguments: list[str],
    at: int = 0,
    moment: str = "never",
    source: str = "../in",
    counted: Path | str = "-",
) -> list[str]:
    script = [sys.executable, "-c", _SELF_KILLING, str(at), moment, str(counted)]
    return [*script, *arguments, source, "-o", "out", "-q"]


def _run(
    arguments: list[str], folder: Path, source: str = "../in", counted: Path | None = None
) -> str:
    """Run a command to its end; return what it said if it failed."""
    moment = "never" if counted is None else "count"
    done = subprocess.run(
        _command(arguments, 0, moment, source, counted or "-"),
        cwd=folder,
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
    )
    return "" if done.returncode in (0, 3) else f"status {done.returncode}: {done.stderr}"
