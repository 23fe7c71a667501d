"""Memory in proportion to what was given, whatever stands there."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from tests.running import command, environment

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")

_PEAK = """
import os, resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""

# What a line may take in all: texts, spans, kinds, and what is compared.
_MOST_A_LINE = 320


def peak_of(folder: Path, *arguments: object) -> int:
    whole = command(*arguments, "-o", folder / "out", "-q", "-j", 1, "--overwrite")
    done = subprocess.run(
        [whole[0], "-c", _PEAK, *whole],
        cwd=folder, env=environment(), check=True, capture_output=True, text=True,
    )  # fmt: skip
    return int(done.stdout)


@pytest.mark.parametrize(
    "arguments",
    [("clean",), ("dedup",), ("clean", "--select", "BOI", "--unsafe-fixes")],
    ids=" ".join,
)
def test_lines_of_one_letter(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    peaks = []
    sizes = 10_000, 300_000
    for size in sizes:
        letters = random.Random(1).choices("abcdefgh", k=size)
        (tmp_path / "a.txt").write_text("\n".join(letters))
        peaks.append(peak_of(tmp_path, arguments[0], tmp_path / "a.txt", *arguments[1:]))
    assert peaks[1] - peaks[0] < _MOST_A_LINE * (sizes[1] - sizes[0])
