"""`clean` on a local cluster of Spark beside one machine: time, processors, memory, shuffles.

usage: python -m benchmarks.spark FILE.jsonl [--megabytes 10,30] [--executors 2] [--memory 2048]

Each prefix of the file is cleaned by whole processes: once by as many processes of this machine as
there are executors, and once by `local-cluster`, whose executors are processes of their own with
one core each. Both outputs, with journal and report, must be the same bytes. Writes a line of JSON
for each run to standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


def prefix(source: Path, size: int, target: Path) -> int:
    """Write the first records of a file until they come to `size` bytes; return how many."""
    written = records = 0
    with source.open("rb") as lines, target.open("wb") as out:
        for line in lines:
            if written >= size:
                break
            out.write(line)
            written += len(line)
            records += 1
    return records


class Watch(threading.Thread):
    """Samples memory and processor time of a process and of all that it has started, by role."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.peaks: Counter[str] = Counter()
        self._seconds: dict[tuple[int, str], float] = {}
        self._root = root

    @property
    def seconds(self) -> dict[str, float]:
        """The processor time of each role; what was used since the last look is missing."""
        found: dict[str, float] = {}
        for (_, role), seconds in self._seconds.items():
            found[role] = found.get(role, 0.0) + seconds
        return {role: round(seconds, 1) for role, seconds in sorted(found.items())}

    def run(self) -> None:
        """Look twice a second until the process has ended."""
        while Path(f"/proc/{self._root}").exists():
            now: Counter[str] = Counter()
            for pid, role in self._family():
                try:
                    resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
                    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                except (OSError, IndexError):
                    continue
                now[role] += resident
                self._seconds[pid, role] = (int(stat[11]) + int(stat[12])) / _TICKS
            for role, size in now.items():
                self.peaks[role] = max(self.peaks[role], size)
            time.sleep(0.5)

    def _family(self) -> list[tuple[int, str]]:
        parents, commands = {}, {}
        for path in Path("/proc").glob("[0-9]*"):
            try:
                parents[int(path.name)] = int(
                    (path / "stat").read_text().rsplit(")")[-1].split()[1]
                )
                commands[int(path.name)] = (path / "cmdline").read_bytes()
            except (OSError, IndexError):
                continue
        found = [(self._root, "driver")]
        for pid in parents:
            above = pid
            while above in parents and above != self._root:
                above = parents[above]
            if above != self._root or pid == self._root:
                continue
            if b"CoarseGrainedExecutorBackend" in commands.get(pid, b""):
                found.append((pid, "executors, Java"))
            elif b"SparkSubmit" in commands.get(pid, b""):
                found.append((pid, "driver, Java"))
            else:
                found.append((pid, "workers"))
        return found


def measure(arguments: list[str]) -> dict[str, Any]:
    """Run the command as a process; return its times and the peaks of memory by role."""
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "cleaner", *arguments], stderr=sys.stderr)
    watch = Watch(process.pid)
    watch.start()
    if process.wait():
        sys.exit(f"status {process.returncode}: {' '.join(arguments)}")
    return {
        "wall_s": round(time.monotonic() - begun, 1),
        "cpu_s": watch.seconds,
        "peak_MB": {role: round(size / 1e6) for role, size in sorted(watch.peaks.items())},
    }


def shuffles(events: Path) -> dict[str, Any]:
    """Return what the event log of a session says of its tasks."""
    totals: Counter[str] = Counter()
    for path in events.rglob("*"):
        if not path.is_file() or path.name.startswith("appstatus"):
            continue
        for line in path.read_text().splitlines():
            event = json.loads(line)
            if event["Event"] == "SparkListenerTaskEnd":
                metrics = event.get("Task Metrics") or {}
                totals["tasks"] += 1
                written = metrics.get("Shuffle Write Metrics", {})
                totals["shuffle_bytes"] += written.get("Shuffle Bytes Written", 0)
                totals["spilled_bytes"] += metrics.get("Disk Bytes Spilled", 0)
                totals["task_ms"] += metrics.get("Executor Run Time", 0)
            totals["stages"] += event["Event"] == "SparkListenerStageCompleted"
    return dict(totals)


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files."""
    names = [{p.relative_to(f) for p in f.rglob("*") if p.is_file()} for f in (one, other)]
    return names[0] == names[1] and all(
        (one / name).read_bytes() == (other / name).read_bytes() for name in names[0]
    )


def compare(source: Path, size: int, executors: int, memory: int) -> list[dict[str, Any]]:
    """Clean a prefix both ways; return a row for each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        (folder / "events").mkdir()
        # One task reads a file, so there should be some.
        whole = folder / "whole.jsonl"
        records = prefix(source, size, whole)
        lines = whole.read_bytes().splitlines(keepends=True)
        step = -(-len(lines) // (4 * executors))
        for number in range(0, len(lines), step):
            part = b"".join(lines[number : number + step])
            (folder / "in" / f"{number:09d}.jsonl").write_bytes(part)
        about = {"MB": round(whole.stat().st_size / 1e6, 1), "records": records}
        here, there = folder / "here", folder / "there"
        inputs = ["clean", str(folder / "in"), "-q", "-o"]
        rows = [{"engine": "local", **about, **measure([*inputs, str(here), "-j", str(executors)])}]
        conf = {
            "spark.eventLog.enabled": "true",
            "spark.eventLog.compress": "false",
            "spark.eventLog.rolling.enabled": "false",
            "spark.eventLog.dir": f"file:{folder / 'events'}",
            "spark.local.dir": str(folder / "local"),
        }
        options = [word for key, value in conf.items() for word in ("--conf", f"{key}={value}")]
        master = ["--engine", "spark", "--master", f"local-cluster[{executors},1,{memory}]"]
        done = measure([*inputs, str(there), *master, *options])
        rows.append({"engine": "spark", **about, **done, **shuffles(folder / "events")})
        if not same(here, there):
            sys.exit("the outputs differ")
        return rows


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--megabytes", default="10,30")
    parser.add_argument("--executors", type=int, default=2)
    parser.add_argument("--memory", type=int, default=2048)
    options = parser.parse_args()
    for size in map(float, options.megabytes.split(",")):
        for row in compare(options.file, int(size * 1e6), options.executors, options.memory):
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
