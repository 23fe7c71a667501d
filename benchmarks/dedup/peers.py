"""One deduplicator on one JSONL file, in a process of its own.

usage: peers.py NAME IN.jsonl REMOVED.txt

Every peer gets word 5-grams of case-folded runs of letters and digits, 128 permutations and the
threshold 0.8, keeps the first of each pair, and writes the numbers of the removed records after the
clock has stopped. The clock starts after the imports and includes reading the file.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

WORD = re.compile(r"[^\W_]+")
N, THRESHOLD, PERMUTATIONS, MIN_WORDS = 5, 0.8, 128, 10


def shingles(path: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the shingles of every record that is long enough."""
    with open(path, encoding="utf-8") as source:
        for number, line in enumerate(source):
            words = WORD.findall(json.loads(line)["text"].casefold())
            if len(words) >= MIN_WORDS:
                yield number, [" ".join(words[i : i + N]) for i in range(len(words) - N + 1)]


def with_datasketch() -> Callable[[str], list[int]]:
    from datasketch import MinHash, MinHashLSH

    def run(path: str) -> list[int]:
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

    return run


def with_rensa() -> Callable[[str], list[int]]:
    from rensa import RMinHash, RMinHashLSH

    def run(path: str) -> list[int]:
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

    return run


def with_gaoya() -> Callable[[str], list[int]]:
    from gaoya.minhash import MinHashStringIndex

    def run(path: str) -> list[int]:
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
        with open(path, encoding="utf-8") as source:
            for number, line in enumerate(source):
                text = json.loads(line)["text"]
                if len(WORD.findall(text)) < MIN_WORDS:
                    continue
                if index.query(text):
                    removed.append(number)
                else:
                    index.insert_document(number, text)
        return removed

    return run


def with_cleaner(jobs: int) -> Callable[[str], list[int]]:
    def run(path: str) -> list[int]:
        target = Path(sys.argv[3]).with_suffix(".kept")
        script = Path(__file__).with_name("whole.py")
        subprocess.run(
            [sys.executable, script, path, target, "--jobs", str(jobs), "--numbers", "ignore"],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        with open(f"{target}.journal", encoding="utf-8") as journal:
            removed = [json.loads(line)[0] for line in journal]
        for ending in ("", ".removed", ".journal"):
            Path(f"{target}{ending}").unlink()
        return removed

    return run


PEERS: dict[str, Callable[[], Callable[[str], list[int]]]] = {
    "datasketch": with_datasketch,
    "rensa": with_rensa,
    "gaoya": with_gaoya,
    "cleaner": lambda: with_cleaner(1),
    "cleaner, 2 jobs": lambda: with_cleaner(2),
}


def main() -> None:
    name, source, target = sys.argv[1:4]
    run = PEERS[name]()
    start = time.perf_counter()
    removed = run(source)
    seconds = time.perf_counter() - start
    who = resource.RUSAGE_CHILDREN if name.startswith("cleaner") else resource.RUSAGE_SELF
    peak = resource.getrusage(who).ru_maxrss / 1024
    Path(target).write_text("\n".join(map(str, removed)), encoding="utf-8")
    print(json.dumps({"seconds": seconds, "peak": peak, "removed": len(removed)}))


if __name__ == "__main__":
    main()
