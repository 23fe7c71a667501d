"""Ours and the peers on one file: speed, memory, false and missed removals.

usage: run.py IN.jsonl [--results FOLDER] [--peers NAME,NAME] [--sample 20000]

IN.jsonl holds {"id", "text"} records, a paragraph each (`corpus.py` makes such a file). Speed and
memory are taken on the whole file, errors on an even sample of it against brute force: a removed
record is *false* if no kept record resembles it at the threshold, a kept one is *missed* if a kept
record before it does. Writes results.md, results.json and results.svg.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import json
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from peers import MIN_WORDS, PEERS, THRESHOLD, WORD, N

HERE = Path(__file__).parent


def measure(name: str, source: Path, removed: Path) -> dict[str, float]:
    """Run one peer in a process of its own."""
    done = subprocess.run(
        [sys.executable, HERE / "peers.py", name, source, removed],
        check=True,
        capture_output=True,
        text=True,
    )
    result: dict[str, float] = json.loads(done.stdout)
    result["megabytes a second"] = source.stat().st_size / 1e6 / result["seconds"]
    return result


def near_pairs(source: Path) -> dict[int, list[int]]:
    """Return the partners of every record at or over the threshold, by brute force."""
    sets: dict[int, frozenset[tuple[str, ...]]] = {}
    index: dict[tuple[str, ...], list[int]] = collections.defaultdict(list)
    near: dict[int, list[int]] = collections.defaultdict(list)
    with source.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            words = WORD.findall(json.loads(line)["text"].casefold())
            if len(words) < MIN_WORDS:
                continue
            own = frozenset(tuple(words[i : i + N]) for i in range(len(words) - N + 1))
            shared = collections.Counter(other for one in own for other in index[one])
            for other, count in shared.items():
                if count / (len(own) + len(sets[other]) - count) >= THRESHOLD - 1e-9:
                    near[number].append(other)
                    near[other].append(number)
            for one in own:
                index[one].append(number)
            sets[number] = own
    return {number: near[number] for number in sets}


def errors(near: dict[int, list[int]], removed: set[int]) -> tuple[int, int]:
    """Return how many removals are false and how many duplicates are missed."""
    false = missed = 0
    for number, partners in near.items():
        if number in removed:
            false += not any(other not in removed for other in partners)
        else:
            missed += any(other < number and other not in removed for other in partners)
    return false, missed


def sample_of(source: Path, target: Path, size: int) -> None:
    """Write an even sample of the lines of `source`."""
    with source.open("rb") as lines:
        step = max(1, sum(1 for _ in lines) // size)
    block = 100
    with source.open("rb") as lines, target.open("wb") as out:
        chosen = (line for at, line in enumerate(lines) if (at // block) % step == 0)
        out.writelines(itertools.islice(chosen, size))


def table(rows: list[dict[str, Any]]) -> str:
    """Return the results as a Markdown table."""
    head = list(rows[0])
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(str(row[key]) for key in head) + " |" for row in rows]
    return "\n".join(lines)


def plot(rows: list[dict[str, Any]]) -> str:
    """Return the speeds as bars, in SVG."""
    speeds = [float(str(row["MB/s"])) for row in rows]
    scale = 420 / max(speeds)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="{30 * len(rows) + 40}" '
        'font-family="sans-serif" font-size="13">',
        '<text x="10" y="20">Deduplication of one JSONL file, MB/s</text>',
    ]
    for at, (row, speed) in enumerate(zip(rows, speeds, strict=True)):
        y = 34 + 30 * at
        parts.append(f'<text x="10" y="{y + 15}">{row["deduplicator"]}</text>')
        parts.append(
            f'<rect x="130" y="{y}" width="{speed * scale:.1f}" height="20" fill="#4878a8"/>'
        )
        parts.append(f'<text x="{136 + speed * scale:.1f}" y="{y + 15}">{speed:.1f}</text>')
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    parser.add_argument("--peers", default=";".join(PEERS))
    parser.add_argument("--sample", type=int, default=20_000)
    given = parser.parse_args()
    given.results.mkdir(parents=True, exist_ok=True)
    sample, removed = given.results / "sample.jsonl", given.results / "removed.txt"
    sample_of(given.source, sample, given.sample)
    rows: list[dict[str, Any]] = []
    for name in given.peers.split(";"):
        measure(name, sample, removed)
        gone = {int(one) for one in removed.read_text().split()}
        result = measure(name, given.source, removed)
        rows.append(
            {
                "deduplicator": name,
                "MB/s": f"{result['megabytes a second']:.1f}",
                "peak MB": f"{result['peak']:.0f}",
                "removed": int(result["removed"]),
                "gone": gone,
            }
        )
        print(name, rows[-1]["MB/s"], file=sys.stderr)
    near = near_pairs(sample)  # last: a child's peak memory starts from its parent's
    duplicates = sum(any(other < one for other in partners) for one, partners in near.items())
    for row in rows:
        gone = row.pop("gone")
        row["false in sample"], row["missed in sample"] = errors(near, gone)
    sample.unlink()
    removed.unlink()
    about = (
        f"{given.source.stat().st_size / 1e6:.1f} MB; sample of {len(near)} records long enough, "
        f"{duplicates} with a near-copy before them; {platform.machine()}, "
        f"Python {platform.python_version()}"
    )
    text = f"{about}\n\n{table(rows)}\n"
    (given.results / "results.md").write_text(text, encoding="utf-8")
    (given.results / "results.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    (given.results / "results.svg").write_text(plot(rows), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
