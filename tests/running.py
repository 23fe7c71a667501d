"""Running the command line, in this process or as a user does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent


class Ended(NamedTuple):
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """The error lines; anything on stderr that is none is in `others`."""
        return [line for line in self.err.splitlines() if line.startswith("cleaner: error: ")]

    @property
    def others(self) -> list[str]:
        return [line for line in self.err.splitlines() if not line.startswith("cleaner: error: ")]


Run = Callable[..., Ended]


def command(*arguments: object) -> list[str]:
    """Return the command line of a real process."""
    return [sys.executable, "-m", "cleaner", *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a real process, which finds this package from anywhere."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "PYTHONIOENCODING": "utf-8",
        **more,
    }


# Gives up root's rights once everything is imported, for the interpreter and the packages may
# themselves stand where nobody else can read. What is loaded only when it is needed, such as words
# and parts of numpy, is loaded by a run before.
_AS_NOBODY = """
import importlib, os, pathlib, pkgutil, sys, tempfile
import cleaner
for module in pkgutil.walk_packages(cleaner.__path__, "cleaner."):
    importlib.import_module(module.name)
with tempfile.TemporaryDirectory() as folder:
    source = pathlib.Path(folder, "source")
    source.mkdir()
    for name in ("a.txt", "b.txt"):
        (source / name).write_text("What is loaded by need is loaded by this text.\\n" * 9)
    cleaner.__main__._run(["clean", str(source), "-o", f"{folder}/out", "-q"])
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
sys.exit(cleaner.__main__._run(sys.argv[1:]))
"""


def process_of_nobody(*arguments: object, cwd: Path) -> Ended:
    """Run a real process without any rights, to its end; needs root."""
    done = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def process(*arguments: object, cwd: Path, **options: object) -> Ended:
    """Run a real process to its end."""
    done = subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        **options,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
