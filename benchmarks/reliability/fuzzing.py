"""The loop: corpora and tasks by number, what fails, and the smallest corpus that still does."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from benchmarks.reliability.checks import REFUSALS, Case, differences_of_processes, write
from benchmarks.reliability.inputs import Corpus, corpus_of
from benchmarks.reliability.tasks import Task, task_of
from cleaner.core.errors import CleanerError, InputError
from cleaner.storage.compress import codec_of, reading

# So many corpora are put into one for the checks that start processes.
_TOGETHER = 25


class Failure(NamedTuple):
    """What failed: the number it can be repeated by, the task, the check, and how."""

    seed: int
    task: str
    check: str
    how: str

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.check}\n  {self.task}\n  {self.how}"


def fuzz(files: int, seed: int, *, processes: bool = True) -> Iterator[Failure | int]:
    """Yield failures, and on the way how many files were tried."""
    tried = 0
    together: list[tuple[int, Corpus]] = []
    while tried < files:
        corpus = corpus_of(seed)
        yield from fuzz_case(corpus, task_of(seed), seed)
        tried += len(corpus)
        together.append((seed, corpus))
        if processes and (len(together) == _TOGETHER or tried >= files):
            yield from _fuzz_processes(together)
            together = []
        yield tried
        seed += 1


def fuzz_case(corpus: Corpus, task: Task, seed: int, only: str = "") -> Iterator[Failure]:
    """Yield what fails of one corpus and task; see `Case.failures`."""
    with tempfile.TemporaryDirectory(prefix="cleaner-fuzz-") as folder:
        try:
            for check, how in Case(corpus, task, seed, Path(folder)).failures(only):
                yield Failure(seed, str(task), check, how)
        except Exception:  # Whatever is raised is what is looked for.
            yield Failure(seed, str(task), "traceback", traceback.format_exc(limit=-4))


def _fuzz_processes(together: list[tuple[int, Corpus]]) -> Iterator[Failure]:
    first = together[0][0]
    task = task_of(first)
    with tempfile.TemporaryDirectory(prefix="cleaner-fuzz-") as name:
        folder = Path(name)
        for seed, corpus in together:
            write(corpus, folder / "in" / str(seed))
        try:
            for told in differences_of_processes(folder / "in", task, first, folder):
                check = f"corpora {first} to {together[-1][0]}"
                yield Failure(first, str(task), check, told)
        except CleanerError as error:
            if not any(known in str(error) for known in REFUSALS):
                yield Failure(first, str(task), "run", str(error))
        except Exception:  # Whatever is raised is what is looked for.
            yield Failure(first, str(task), "traceback", traceback.format_exc(limit=-4))


def shrunk(corpus: Corpus, task: Task, failure: Failure) -> Corpus:
    """Return the smallest corpus found that fails the same check."""

    def fails(smaller: Corpus) -> bool:
        again = fuzz_case(smaller, task, failure.seed, failure.check)
        return any(one.check == failure.check for one in again)

    changed = True
    while changed:
        changed = False
        for smaller in _smaller(corpus):
            if fails(smaller):
                corpus, changed = smaller, True
                break
    return corpus


def _smaller(corpus: Corpus) -> Iterator[Corpus]:
    for name in corpus:
        if len(corpus) > 1:
            yield {other: data for other, data in corpus.items() if other != name}
    for name, data in corpus.items():
        codec = codec_of(Path(name))
        if codec != "plain":
            with suppress(InputError), reading(BytesIO(data), codec) as stream:
                others = {other: it for other, it in corpus.items() if other != name}
                yield {**others, name.rpartition(".")[0]: stream.read()}
            continue
        pieces = data.splitlines(keepends=True)
        if len(pieces) == 1:
            pieces = [piece + b" " for piece in data.split(b" ")]
        size = max(1, len(pieces) // 2)
        while size and len(pieces) > 1:
            for at in range(0, len(pieces), size):
                yield {**corpus, name: b"".join([*pieces[:at], *pieces[at + size :]])}
            size //= 2
