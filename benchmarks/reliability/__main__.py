"""``python -m benchmarks.reliability``: attack what `cleaner` promises of every input."""

from __future__ import annotations

import argparse
import itertools
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.reliability.bounded import FORMS, bounded
from benchmarks.reliability.checks import write
from benchmarks.reliability.fuzzing import Failure, fuzz, fuzz_case, shrunk
from benchmarks.reliability.growth import SIZES, Grows, pattern_growth, step_growth
from benchmarks.reliability.inputs import corpus_of
from benchmarks.reliability.killing import kill
from benchmarks.reliability.resuming import resume
from benchmarks.reliability.tasks import task_of
from benchmarks.reliability.troubles import (
    closed_streams,
    full_disks,
    killed_workers,
    two_at_once,
)

# The profile of a release; the test suite has a short one.
LONG = 10_000


def main() -> int:
    """Run what the command line asks for; end with 1 where anything failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    commands = parser.add_subparsers(required=True)
    fuzzing = commands.add_parser("fuzz", help="corpora made of numbers, all promises checked")
    fuzzing.add_argument("--files", type=int, default=LONG, help="how many files (10,000)")
    fuzzing.add_argument("--seed", type=int, default=1, help="the first number (1)")
    fuzzing.add_argument("--no-processes", action="store_true", help="only checks in one process")
    fuzzing.set_defaults(run=_fuzz)
    named = {
        "kill": (kill, 500, "runs stopped at any moment and done again"),
        "resume": (resume, 100, "kills of runs that are gone on with after each"),
        "full": (full_disks, 50, "runs on a disk that is full at some size"),
        "workers": (killed_workers, 20, "runs of which a worker is killed"),
        "two": (two_at_once, 20, "two runs at once into one folder"),
    }
    for name, (attack, times, words) in named.items():
        attacking = commands.add_parser(name, help=words)
        attacking.add_argument("--times", type=int, default=times, help=f"how many ({times})")
        attacking.add_argument("--seed", type=int, default=1, help="the first number (1)")
        attacking.set_defaults(run=partial(_attack, attack, words))
    closing = commands.add_parser("closed", help="commands whose output leads nowhere")
    closing.set_defaults(run=_closed)
    growing = commands.add_parser("growth", help="every step and pattern on texts that grow")
    growing.add_argument("--texts", type=int, default=1000, help="how many texts (1,000)")
    growing.add_argument("--seed", type=int, default=1, help="the first number (1)")
    growing.add_argument(
        "--sizes", type=lambda given: [int(size) for size in given.split(",")], default=SIZES
    )
    growing.set_defaults(run=_growth)
    large = commands.add_parser("bounded", help="the memory and time that a made corpus takes")
    large.add_argument("form", choices=FORMS)
    large.add_argument("--megabytes", type=int, default=131, help="how large (131)")
    large.add_argument("--folder", type=Path, required=True, help="where it is made and stays")
    large.add_argument("--options", default="", help="further options of `cleaner clean`, a text")
    large.set_defaults(run=_bounded)
    repeating = commands.add_parser("repeat", help="one number again, and the smallest corpus")
    repeating.add_argument("seed", type=int)
    repeating.add_argument("--keep", type=Path, metavar="FOLDER", help="write the corpus there")
    repeating.set_defaults(run=_repeat)
    arguments = parser.parse_args()
    return int(arguments.run(arguments))


def _fuzz(arguments: argparse.Namespace) -> bool:
    failed = 0
    begun = time.monotonic()
    tried = 0
    for one in fuzz(arguments.files, arguments.seed, processes=not arguments.no_processes):
        if isinstance(one, Failure):
            failed += 1
            print(one, flush=True)
        elif one // 500 > tried // 500:
            print(f"{one:,} files in {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        tried = one if isinstance(one, int) else tried
    print(f"{tried:,} files from seed {arguments.seed}, {failed} failures")
    return failed > 0


def _attack(
    attack: Callable[[int, int], Iterator[str]], words: str, arguments: argparse.Namespace
) -> bool:
    failed = _failed(attack(arguments.times, arguments.seed))
    print(f"{arguments.times:,} {words}, from seed {arguments.seed}: {failed} failures")
    return failed > 0


def _closed(arguments: argparse.Namespace) -> bool:
    failed = _failed(closed_streams())
    print(f"commands whose output leads nowhere: {failed} failures")
    return failed > 0


def _failed(outcomes: Iterator[str]) -> int:
    """Print what failed; return how much."""
    failed = 0
    for told in outcomes:
        failed += bool(told)
        print(told, end="", flush=True)
    return failed


def _growth(arguments: argparse.Namespace) -> bool:
    failed = tried = 0
    for one in itertools.chain(
        pattern_growth(arguments.sizes),
        step_growth(arguments.texts, arguments.seed, arguments.sizes),
    ):
        if isinstance(one, Grows):
            failed += 1
            print(one, flush=True)
        else:
            tried += 1
    print(f"{tried:,} patterns and texts from seed {arguments.seed}: {failed} grow too fast")
    return failed > 0


def _bounded(arguments: argparse.Namespace) -> bool:
    arguments.folder.mkdir(parents=True, exist_ok=True)
    size = arguments.megabytes * 10**6
    took = bounded(arguments.form, size, arguments.folder, shlex.split(arguments.options))
    print(took.said, end="")
    print(
        f"{arguments.form}, {arguments.megabytes:,} MB: {took.seconds:,.0f} s, "
        f"peak {took.peak:,} MB, of which {took.own:,} are no pages of files; status {took.status}"
    )
    return took.status != 0


def _repeat(arguments: argparse.Namespace) -> bool:
    corpus, task = corpus_of(arguments.seed), task_of(arguments.seed)
    failures = list(fuzz_case(corpus, task, arguments.seed))
    for failure in failures:
        print(failure)
    if failures:
        corpus = shrunk(corpus, task, failures[0])
        print(*(f"{name!r}: {data!r}" for name, data in corpus.items()), sep="\n")
    if arguments.keep is not None:
        write(corpus, arguments.keep)
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
