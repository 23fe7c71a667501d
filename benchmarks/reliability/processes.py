"""What attacks on whole processes share: a corpus that takes a moment, helpers, the environment."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.reliability.checks import ROOT
from benchmarks.reliability.inputs import Corpus, corpus_of

# So many files of each format stand in a corpus of all.
_OF_EACH = 2

# Helpers that are still there after so many seconds were forgotten.
_SECONDS_TO_END = 1.0


def large_corpus(dice: random.Random, most_paragraphs: int) -> Corpus:
    """Return a corpus of all formats that takes a moment."""
    corpus: Corpus = {}
    for _ in range(dice.choice((1, 5, 12))):
        for name, data in corpus_of(dice.randrange(10**6)).items():
            if name.endswith((".txt", ".jsonl", ".gz", ".zst")):
                corpus[f"{len(corpus)}{''.join(Path(name).suffixes[-2:])}"] = data
    words = [
        first + last for first in ("ba", "de", "fi", "go") for last in ("ck", "lt", "mm", "rn")
    ]
    count = dice.choice((min(50, most_paragraphs), most_paragraphs))
    paragraphs = (" ".join(dice.choices(words, k=50)) for _ in range(count))
    corpus["large.txt"] = "  &amp;\r\n\r\n".join(paragraphs).encode()
    return corpus


def corpus_of_all(dice: random.Random, most_paragraphs: int) -> Corpus:
    """Return a corpus in which every format stands, a large text among them."""
    corpus: Corpus = {}
    for seed in range(40):
        for name, data in corpus_of(dice.randrange(10**6) + seed).items():
            suffix = "".join(Path(name).suffixes[-2:])
            if sum(one.endswith(suffix) for one in corpus) < _OF_EACH:
                corpus[f"{len(corpus)}{suffix}"] = data
    return corpus | {"large.txt": large_corpus(dice, most_paragraphs)["large.txt"]}


def environment() -> dict[str, str]:
    """Return the environment of a process that finds this package from anywhere."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def is_running(pid: int) -> bool:
    """Whether a process is there, and more than a status for its parent."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def live_on(helpers: Iterable[int]) -> bool:
    """Whether some of the processes are still there after a moment."""
    deadline = time.monotonic() + _SECONDS_TO_END
    while any(map(is_running, helpers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return any(map(is_running, helpers))
