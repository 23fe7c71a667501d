"""Ours and the peers on one file: speed, memory, false and missed removals.

usage: python -m benchmarks.dedup IN.jsonl [--results FOLDER] [--peers NAME;NAME] [--sample 20000]

IN.jsonl holds {"id", "text"} records, a paragraph each (`corpus.py` makes such a file). Speed and
memory are taken on the whole file, errors on an even sample of it. Writes results.md, results.json
and results.png.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.dedup.peers import PEERS
from benchmarks.dedup.score import duplicates, errors, near_pairs, sample_of


def measure(name: str, source: Path, removed: Path) -> dict[str, float]:
    """Run one deduplicator in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.dedup.peers", name, source, removed],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    result: dict[str, float] = json.loads(done.stdout)
    return result


def table(rows: list[dict[str, Any]]) -> str:
    """Return the results as a Markdown table."""
    head = list(rows[0])
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(str(row[key]) for key in head) + " |" for row in rows]
    return "\n".join(lines)


def plot(rows: list[dict[str, Any]], about: str, target: Path) -> None:
    """Draw speed, memory and errors as bars, a row each."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = [row["deduplicator"] for row in rows]
    panels = (
        ("whole file, MB/s", [("MB/s", "#4878a8", "")]),
        ("MB a CPU second", [("MB a CPU second", "#8064a2", "")]),
        ("peak memory, MB", [("peak MB", "#7a9a5a", "")]),
        (
            "errors in the sample, records",
            [("false", "#c0504d", "false"), ("missed", "#e0a050", "missed")],
        ),
    )
    figure, axes = pyplot.subplots(1, 4, figsize=(16, 1.6 + 0.5 * len(rows)), sharey=True)
    for axis, (title, series) in zip(axes, panels, strict=True):
        height = 0.7 / len(series)
        for at, (key, colour, label) in enumerate(series):
            values = [float(row[key]) for row in rows]
            places = [y + (at - (len(series) - 1) / 2) * height for y in range(len(rows))]
            bars = axis.barh(places, values, height, color=colour, label=label or None)
            axis.bar_label(bars, [f"{value:g}" for value in values], padding=3, fontsize=9)
            axis.set_xlim(0, max(1.0, *axis.get_xlim(), *(1.18 * value for value in values)))
        axis.set_title(title, fontsize=11)
        axis.spines[["top", "right"]].set_visible(False)
        if len(series) > 1:
            axis.legend(frameon=False, loc="lower right", fontsize=9)
    axes[0].set_yticks(range(len(rows)), names)
    axes[0].invert_yaxis()
    figure.text(0.01, 0.01, about, fontsize=8, color="#555555")
    figure.tight_layout(rect=(0, 0.05, 1, 1))
    figure.savefig(target, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dedup", description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--results", type=Path, default=Path("results-dedup"))
    parser.add_argument("--peers", default=";".join(PEERS))
    parser.add_argument("--sample", type=int, default=20_000)
    given = parser.parse_args()
    given.results.mkdir(parents=True, exist_ok=True)
    sample, removed = given.results / "sample.jsonl", given.results / "removed.txt"
    sample_of(given.source, sample, given.sample)
    size = given.source.stat().st_size / 1e6
    rows: list[dict[str, Any]] = []
    gone: list[set[int]] = []
    for name in given.peers.split(";"):
        # The small run comes first: it compiles what is compiled once for a machine.
        measure(name, sample, removed)
        gone.append({int(one) for one in removed.read_text().split()})
        result = measure(name, given.source, removed)
        rows.append(
            {
                "deduplicator": name,
                "seconds": f"{result['seconds']:.2f}",
                "MB/s": f"{size / result['seconds']:.1f}",
                "MB a CPU second": f"{size / result['cpu']:.1f}",
                "peak MB": f"{result['peak']:.0f}",
                "removed": len(removed.read_text().split()),
            }
        )
        print(name, rows[-1]["MB/s"], "MB/s", file=sys.stderr)
    near = near_pairs(sample)  # last: a child's peak memory starts from its parent's
    for row, own in zip(rows, gone, strict=True):
        row["false"], row["missed"] = errors(near, own)
    sample.unlink()
    removed.unlink()
    about = (
        f"{given.source.name}, {size:.1f} MB; errors on a sample of {len(near):,} records long "
        f"enough, {duplicates(near):,} with a near-copy before them; "
        f"{len(os.sched_getaffinity(0))} cores ({platform.machine()}), "
        f"load {os.getloadavg()[1]:.1f}, Python {platform.python_version()}"
    )
    text = f"{about}\n\n{table(rows)}\n"
    (given.results / "results.md").write_text(text, encoding="utf-8")
    (given.results / "results.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    plot(rows, about, given.results / "results.png")
    print(text)


if __name__ == "__main__":
    main()
