"""``python -m benchmarks.reliability``: attack what `cleaner` promises of every input."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from benchmarks.reliability.checks import write
from benchmarks.reliability.fuzzing import Failure, fuzz, fuzz_case, shrunk
from benchmarks.reliability.inputs import corpus_of
from benchmarks.reliability.killing import kill
from benchmarks.reliability.tasks import task_of

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
    killing = commands.add_parser("kill", help="runs stopped at any moment and done again")
    killing.add_argument("--times", type=int, default=500, help="how many runs (500)")
    killing.add_argument("--seed", type=int, default=1, help="the first number (1)")
    killing.set_defaults(run=_kill)
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


def _kill(arguments: argparse.Namespace) -> bool:
    failed = 0
    for told in kill(arguments.times, arguments.seed):
        failed += bool(told)
        print(told, end="", flush=True)
    print(f"{arguments.times:,} runs stopped from seed {arguments.seed}, {failed} failures")
    return failed > 0


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
