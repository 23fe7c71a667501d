"""One deduplicator on one JSONL file, in a process of its own.

usage: python -m benchmarks.dedup.peers NAME IN.jsonl REMOVED.txt

Every library gets word 5-grams of case-folded runs of letters and digits, 128 permutations and the
threshold 0.8, keeps the first of each pair, and writes the numbers of the removed records after the
clock has stopped. The clock starts after the imports and includes reading the file. `cleaner` is
the command itself, timed from start to end.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

WORD = re.compile(r"[^\W_]+")
N, THRESHOLD, PERMUTATIONS, MIN_WORDS = 5, 0.8, 128, 10


class Run(NamedTuple):
    """What one run removed (record numbers from 0), and what it cost."""

    removed: list[int]
    seconds: float
    cpu: float
    peak: float


def shingles(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the shingles of every record that is long enough."""
    with path.open(encoding="utf-8") as source:
        for number, line in enumerate(source):
            words = WORD.findall(json.loads(line)["text"].casefold())
            if len(words) >= MIN_WORDS:
                yield number, [" ".join(words[i : i + N]) for i in range(len(words) - N + 1)]


def timed(work: Callable[[], list[int]]) -> Run:
    """Run `work` in this process, whose imports are done."""
    start, used = time.perf_counter(), time.process_time()
    removed = work()
    seconds, cpu = time.perf_counter() - start, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Run(removed, seconds, cpu, peak)


def with_datasketch(path: Path) -> Run:
    """Sign with MinHash, look up in MinHashLSH."""
    from datasketch import MinHash, MinHashLSH

    def work() -> list[int]:
        index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
        removed = []
        empty = MinHash(num_perm=PERMUTATIONS)
        for number, own in shingles(path):
            made = empty.copy()
            made.update_batch([one.encode() for one in own])
            if index.query(made):
                removed.append(number)
            else:
                index.insert(number, made, check_duplication=False)
        return removed

    return timed(work)


def with_rensa(path: Path) -> Run:
    """Sign with RMinHash, look up in RMinHashLSH."""
    from rensa import RMinHash, RMinHashLSH

    def work() -> list[int]:
        index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=16)
        removed = []
        for number, own in shingles(path):
            made = RMinHash(num_perm=PERMUTATIONS, seed=42)
            made.update(own)
            if index.query(made):
                removed.append(number)
            else:
                index.insert(number, made)
        return removed

    return timed(work)


def with_gaoya(path: Path) -> Run:
    """Let gaoya shingle, sign and look up."""
    from gaoya.minhash import MinHashStringIndex

    def work() -> list[int]:
        index = MinHashStringIndex(
            hash_size=32,
            jaccard_threshold=THRESHOLD,
            num_bands=16,
            band_size=8,
            num_hashes=PERMUTATIONS,
            analyzer="word",
            lowercase=True,
            ngram_range=(N, N),
        )
        removed = []
        with path.open(encoding="utf-8") as source:
            for number, line in enumerate(source):
                text = json.loads(line)["text"]
                if len(WORD.findall(text)) < MIN_WORDS:
                    continue
                if index.query(text):
                    removed.append(number)
                else:
                    index.insert_document(number, text)
        return removed

    return timed(work)


def with_exact_hashes(path: Path) -> Run:
    """Keep the first of each text: a set of hashes, which knows no near-duplicates."""
    from xxhash import xxh3_128_intdigest

    def work() -> list[int]:
        seen: set[int] = set()
        removed = []
        with path.open(encoding="utf-8") as source:
            for number, line in enumerate(source):
                digest = xxh3_128_intdigest(json.loads(line)["text"].encode())
                if digest in seen:
                    removed.append(number)
                seen.add(digest)
        return removed

    return timed(work)


def with_cleaner(path: Path, jobs: int) -> Run:
    """Run the command as a user does; outputs, journal and report are written."""
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        command = [
            sys.executable, "-m", "cleaner", "dedup", str(path), "-o", f"{folder}/out", "--quiet",
            "--unit", "record", "--numbers", "ignore", "--variants", "remove",
            "--survivor", "first", "--jobs", str(jobs),
        ]  # fmt: skip
        start = time.perf_counter()
        subprocess.run(command, check=True)
        seconds = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        rows = pq.read_table(f"{folder}/out/_cleaner/journal.parquet").to_pylist()
        removed = [row["record"] - 1 for row in rows if row["kind"] == "removed"]
    return Run(removed, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


PEERS: dict[str, Callable[[Path], Run]] = {
    "datasketch": with_datasketch,
    "gaoya": with_gaoya,
    "rensa": with_rensa,
    "xxh3 (exact only)": with_exact_hashes,
    "cleaner, 1 job": partial(with_cleaner, jobs=1),
    "cleaner, 2 jobs": partial(with_cleaner, jobs=2),
}


def main() -> None:
    name, source, target = sys.argv[1:4]
    run = PEERS[name](Path(source))
    Path(target).write_text("\n".join(map(str, run.removed)), encoding="utf-8")
    print(json.dumps({"seconds": run.seconds, "cpu": run.cpu, "peak": run.peak}))


if __name__ == "__main__":
    main()
