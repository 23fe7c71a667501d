"""`clean` as a whole beside its parts and its peers: speed and memory.

usage: python -m benchmarks.clean DATA [--rounds 3] [--tools NAME;NAME] [--results FOLDER]

DATA is a folder that `benchmarks.clean.corpora` made. Each tool reads each corpus in a process of
its own on one core, in turn, as many rounds as asked; the least time of the rounds counts. Writes
results.md, results.json and results.png.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.clean.tools import TOOLS
from benchmarks.dedup.__main__ import table


def size_of(corpus: Path) -> int:
    """Return the bytes of a file, or of the files of a folder."""
    if corpus.is_file():
        return corpus.stat().st_size
    return sum(path.stat().st_size for path in corpus.rglob("*") if path.is_file())


def measure(tool: str, corpus: Path) -> dict[str, float] | None:
    """Run a tool on one core; None where it failed."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.clean.tools", tool, corpus, f"{folder}/out"],
            check=False,
            capture_output=True,
            text=True,
        )
    if done.returncode:
        print(f"{tool} on {corpus.name}: {done.stderr.strip()[-300:]}", file=sys.stderr)
        return None
    found: dict[str, float] = json.loads(done.stdout.split("\n")[-2])
    return found


def plot(rows: list[dict[str, Any]], target: Path) -> None:
    """Draw megabytes a second, a panel a corpus and a bar a tool."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    corpora = list(dict.fromkeys(row["corpus"] for row in rows))
    figure, axes = pyplot.subplots(1, len(corpora), figsize=(3.2 * len(corpora), 4), sharey=True)
    for axis, corpus in zip(axes if len(corpora) > 1 else [axes], corpora, strict=True):
        own = [row for row in rows if row["corpus"] == corpus]
        values = [float(row["MB/s"]) for row in own]
        colours = ["#4878a8" if row["tool"].startswith("cleaner") else "#b0b0b0" for row in own]
        bars = axis.barh([row["tool"] for row in own], values, color=colours)
        axis.bar_label(bars, [f"{value:g}" for value in values], padding=3, fontsize=8)
        axis.set_xlim(0, 1.25 * max(values))
        axis.set_title(corpus, fontsize=10)
        axis.spines[["top", "right"]].set_visible(False)
        axis.invert_yaxis() if axis is (axes[0] if len(corpora) > 1 else axes) else None
    figure.suptitle("MB/s of one core, whole process with outputs", fontsize=11)
    figure.tight_layout()
    figure.savefig(target, dpi=110)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clean", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--results", type=Path, default=Path("results-clean"))
    parser.add_argument("--tools", default=";".join(TOOLS))
    parser.add_argument("--corpora", default="", help="names, parted by commas")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    corpora = [
        path
        for path in sorted(given.data.iterdir())
        if not given.corpora or path.name.split(".")[0] in given.corpora.split(",")
    ]
    rows: list[dict[str, Any]] = []
    for corpus in corpora:
        tools = given.tools.split(";")
        runs: dict[str, list[dict[str, float]]] = {tool: [] for tool in tools}
        for _ in range(given.rounds):
            for tool in tools:
                found = measure(tool, corpus)
                if found is not None:
                    runs[tool].append(found)
        size = size_of(corpus) / 1e6
        for tool in filter(runs.__getitem__, tools):
            least = min(runs[tool], key=lambda run: run["seconds"])
            rows.append(
                {
                    "corpus": corpus.name.split(".")[0],
                    "MB": f"{size:.1f}",
                    "tool": tool,
                    "seconds": f"{least['seconds']:.2f}",
                    "MB/s": f"{size / least['seconds']:.2f}",
                    "MB a CPU second": f"{size / min(run['cpu'] for run in runs[tool]):.2f}",
                    "peak MB": f"{max(run['peak'] for run in runs[tool]):.0f}",
                }
            )
            print(*rows[-1].values(), file=sys.stderr)
    about = (
        f"{platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[1]:.1f}, "
        f"least of {given.rounds} rounds"
    )
    given.results.mkdir(parents=True, exist_ok=True)
    (given.results / "results.md").write_text(f"{table(rows)}\n\n{about}\n", encoding="utf-8")
    (given.results / "results.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    plot(rows, given.results / "results.png")
    shutil.copyfileobj((given.results / "results.md").open(encoding="utf-8"), sys.stdout)


if __name__ == "__main__":
    main()
