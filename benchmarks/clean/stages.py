"""How long each stage of a run takes: what `cleaner/cli/progress.py` weighs stages by.

python -m benchmarks.clean.stages INPUT...
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from cleaner import Cleaner
from cleaner.runs.progress import NullProgress


class Clock(NullProgress):
    """Notes when stages begin."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, float]] = []

    def begin(self, stage: str, total: int | None) -> None:
        self.begun.append((stage, time.perf_counter()))


def shares(inputs: list[Path]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        clock.begin("start", None)
        report = Cleaner({}).clean_files(inputs, Path(folder, "out"), progress=clock)
        clock.begin("end", None)
    whole = clock.begun[-1][1] - clock.begun[0][1]
    print(f"{report.bytes_before / 1e6:.1f} MB in {whole:.1f} s")
    for (stage, begun), (_, ended) in zip(clock.begun, clock.begun[1:], strict=False):
        print(f"  {stage:<12}{ended - begun:6.1f} s  {(ended - begun) / whole:.3f}")


if __name__ == "__main__":
    shares([Path(one) for one in sys.argv[1:]])
