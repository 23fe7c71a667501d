"""One run over several formats, killed again and again, and gone on with each time.

Each kill comes at a random moment of what is left; in the end, all has to be as if nobody had
killed it: the same outputs, the same journal, the same report, and nothing left in the work folder.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.reliability.checks import differing, tree, write
from benchmarks.reliability.inputs import Corpus
from benchmarks.reliability.processes import children_of, corpus_of_all, environment, live_on
from cleaner.core.errors import UsageError
from cleaner.runs.output.destination import destination_of
from cleaner.runs.output.status import status_of

# So many times one run is killed at most.
_OF_ONE_RUN = 10
# What importing takes; nothing is begun before.
_LEAST_SECONDS = 0.4

Command = tuple[str, ...]
COMMANDS: tuple[Command, ...] = (
    ("clean",),
    ("clean", "--work", "between"),
    ("clean", "--select", "FMT,ENC,DUP", "--work", "between"),
)


def resume(times: int, seed: int, *, most_paragraphs: int = 800) -> Iterator[str]:
    """Yield what failed after each of so many kills, nothing where it went well."""
    killed = 0
    number = seed
    while killed < times:
        with tempfile.TemporaryDirectory(prefix="cleaner-resume-") as name:
            most = min(_OF_ONE_RUN, times - killed)
            for told in _killed_run(number, Path(name), most, most_paragraphs):
                killed += 1
                yield f"seed {number}: {told}\n" if told else ""
        number += 1


def _killed_run(seed: int, folder: Path, most: int, most_paragraphs: int) -> Iterator[str]:
    """Yield what is wrong after each kill of a run, and after its end."""
    dice = random.Random(f"resume {seed}")
    command = dice.choice(COMMANDS)
    corpus = corpus_of_all(dice, most_paragraphs)
    write(corpus, folder / "in")
    begun = time.monotonic()
    _run((command[0], *command[1:]), folder, "first")
    takes = time.monotonic() - begun
    place = destination_of(folder / "out", folder / "between" if "--work" in command else None)
    for _ in range(most):
        told = _kill_once(command, folder, dice, takes)
        try:
            state = status_of(place).state
        except UsageError:
            state = "stopped"
        if state not in ("stopped", "finished"):
            told += f"; it {state} after it was killed"
        yield told
        if state == "finished":
            break
    error = _run(command, folder, "out")
    if error and "not empty" not in error:
        yield f"{command}: {error}"
    if difference := differing(*_trees(folder)):
        yield f"{command}: {difference}"
    elif (folder / "between").exists() and any((folder / "between").iterdir()):
        yield f"{command}: the work folder is not empty"


def _trees(folder: Path) -> tuple[Corpus, Corpus]:
    first, again = (tree(folder / name, journal=True) for name in ("first", "out"))
    for path in [*again]:
        if path.startswith(("_cleaner/finished/", "_cleaner/committed/")):
            again.pop(path)
    return first, again


def _kill_once(command: Command, folder: Path, dice: random.Random, takes: float) -> str:
    """Kill a run at some moment; return what was wrong with that, if anything."""
    jobs = str(dice.choice((1, 2)))
    with subprocess.Popen(
        [*_command(command, "out"), "-j", jobs],
        cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as run:  # fmt: skip
        time.sleep(_LEAST_SECONDS + dice.random() * max(0.1, takes - _LEAST_SECONDS))
        helpers = children_of(run.pid)
        run.send_signal(signal.SIGKILL)
        said = run.communicate(timeout=120)[1]
    wrong = f"{command}: {said}" if "Traceback" in said else ""
    return f"{wrong}; helpers live on" if live_on(helpers) else wrong


def _command(command: Command, output: str) -> list[str]:
    return [sys.executable, "-m", "cleaner", *command, "in", "-o", output, "-q"]


def _run(command: Command, folder: Path, output: str) -> str:
    done = subprocess.run(
        _command(command, output),
        cwd=folder, env=environment(), check=False, capture_output=True, text=True,
    )  # fmt: skip
    return "" if done.returncode in (0, 3) else f"status {done.returncode}: {done.stderr}"
