"""Passes whose tasks read the inputs themselves, as they do on a cluster, in this process."""

from __future__ import annotations

import pickle
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from cleaner import Cleaner, CleanerError
from cleaner.engines.base import Again, Block, Engine, Question
from cleaner.runs.input import parsing, spread_reading
from cleaner.runs.passes import apply_removals, transform
from cleaner.runs.passes.tries import Tries
from tests.runs.corpus import restored, tree
from tests.runs.every_kind import every_kind

_BUCKETS = 5
_ATTEMPTS = 8

T = TypeVar("T")
R = TypeVar("R")


@dataclass
class Spread:
    """An engine whose tasks know nothing but what is pickled and what lies in the work folder."""

    scratch: Path

    @property
    def cluster(self) -> Spread:
        return self

    def consult(self, question: Question[T, R], items: Iterable[T]) -> Iterator[R]:
        own = list(items)
        asked: list[list[Block]] = [[] for _ in range(_BUCKETS)]
        for number, item in enumerate(own):
            for bucket, data in _copied(question).ask(_copied(item), _BUCKETS):
                asked[bucket].append(Block(number, data))
        answers: list[list[bytes]] = [[] for _ in own]
        for blocks in asked:
            for number, data in _copied(question).answer(blocks[::-1]):
                answers[number].append(data)
        for item, told in zip(own, answers, strict=True):
            yield _copied(_copied(question).finish(_copied(item), told[::-1]))

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        for item in list(items):
            yield _copied(_copied(function)(_copied(item)))

    def map_merged(
        self, function: Callable[[T], R], items: Iterable[T], merge: Callable[[R, R], R]
    ) -> Iterator[R]:
        results = list(self.map(function, items))
        while len(results) > 1:
            results.append(merge(results.pop(), results.pop(0)))
        return iter(results)


def _copied(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own


@contextmanager
def spread(work: Path) -> Iterator[Engine]:
    """Give such an engine for a run."""
    scratch = work / "scratch"
    scratch.mkdir()
    try:
        yield Spread(scratch)
    finally:
        shutil.rmtree(scratch)


@pytest.fixture(autouse=True)
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small corpus come in many parts."""
    monkeypatch.setattr(spread_reading, "_GROUP_BYTES", 40_000)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return every_kind(tmp_path_factory.mktemp("corpus") / "in")


@pytest.mark.parametrize(
    "dedup",
    [
        {},
        {"variants": "remove", "contained": "remove", "unit": "line"},
        {"unit": "record", "survivor": "first", "on_duplicate": "mark"},
        {"contained": "off", "threshold": 0.5, "min_words_near": 3, "min_words_alone": 4},
        {"scope": "file", "unit": "line"},
    ],
)
def test_all_is_as_on_one_machine(sources: Path, tmp_path: Path, dedup: dict[str, Any]) -> None:
    cleaner = Cleaner({"dedup": dedup, "jobs": 1})
    here = cleaner.clean_files([sources], tmp_path / "here")
    there = cleaner.clean_files([sources], tmp_path / "there", engine=spread)
    assert tree(tmp_path / "there") == tree(tmp_path / "here")
    assert there == here
    assert len(there.problems) == 4


@pytest.mark.parametrize("kept", ["protect", "index"])
def test_references_and_an_index_are_those_of_one_machine(
    sources: Path, tmp_path: Path, kept: str
) -> None:
    path = tmp_path / "kept.txt"
    made = []
    for engine in (None, spread):
        path.unlink(missing_ok=True)
        if kept == "protect":
            path.write_bytes((sources / "03.txt").read_bytes())
        dedup = {kept: [path] if kept == "protect" else path}
        cleaner = Cleaner({"dedup": dedup, "jobs": 1})
        for number, inputs in enumerate(([sources / "a.jsonl"], [sources / "b.jsonl"])):
            out = tmp_path / f"{number}"
            cleaner.clean_files(inputs, out, overwrite=True, engine=engine)
            made.append(tree(out))
    assert made[:2] == made[2:]
    assert path.exists()


_NORMALIZE, _REPAIR = apply_removals.transform_staged, parsing.stage


def test_a_document_that_a_step_fails_on_is_left_out_and_told_of(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def transform_or_fail(staged: Any, *others: Any) -> bool:
        if staged.file in poisoned and staged.number <= 3:
            raise ValueError("out of reach")
        return _NORMALIZE(staged, *others)

    poisoned = {3, len(list(sources.glob("[0-9]*"))) + 1}
    monkeypatch.setattr(transform, "transform_staged", transform_or_fail)
    with pytest.raises(ValueError, match="out of reach"):
        Cleaner({"jobs": 1}).clean_files([sources], tmp_path / "here")
    report = Cleaner().clean_files([sources], tmp_path / "out", engine=spread)
    told = [problem for problem in report.problems if "out of reach" in problem]
    assert told == [
        "03.txt: could not be cleaned: ValueError: out of reach",
        "all.json:2: could not be cleaned: ValueError: out of reach",
        "all.json:3: could not be cleaned: ValueError: out of reach",
    ]
    assert not (tmp_path / "out/03.txt").exists()
    own = restored(tmp_path / "out", tmp_path / "back")
    assert own["all.json"] == (sources / "all.json").read_bytes()


def test_a_document_that_ends_its_process_again_and_again_is_left_out(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class EndedError(BaseException):
        """What no step catches, as the end of a process."""

    def transform_or_end(staged: Any, *others: Any) -> bool:
        if staged.file == 3:
            raise EndedError
        return _NORMALIZE(staged, *others)

    def tried(engine: Spread, function: Any, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            for attempt in range(_ATTEMPTS):
                try:
                    own = _copied(function)
                    call = own.again if attempt and isinstance(own, Again) else own
                    done = _copied(call(_copied(item)))
                except EndedError:
                    attempts.append(attempt)
                    continue
                yield done
                break

    attempts: list[int] = []
    monkeypatch.setattr(transform, "transform_staged", transform_or_end)
    monkeypatch.setattr(Spread, "map", tried)
    report = Cleaner().clean_files([sources], tmp_path / "out", engine=spread)
    said = "03.txt: could not be cleaned: RuntimeError: it ends the process that it is cleaned in"
    assert said in report.problems
    assert attempts == [0, 1, 2]
    assert not (tmp_path / "out/03.txt").exists()
    assert (tmp_path / "out/02.txt").exists()


def test_tries_that_ended_elsewhere_are_no_reason(tmp_path: Path) -> None:
    for documents in ([0, 1, 2], [0, 1], [0, 1, 2, 3], [0]):
        with Tries(tmp_path / "tries") as tries:
            for document in documents:
                tries.begin(document)
    with Tries(tmp_path / "tries") as tries:
        tries.begin(2)
    with Tries(tmp_path / "tries") as tries, pytest.raises(RuntimeError, match="ends the process"):
        tries.begin(2)


def test_a_record_that_cannot_be_looked_at_is_left_out_and_told_of(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stage_or_fail(entry: Any, name: str, *others: Any, **more: Any) -> Any:
        if name == "a.jsonl" and entry.record.number == 2:
            raise RecursionError("too deep")
        return _REPAIR(entry, name, *others, **more)

    monkeypatch.setattr(parsing, "stage", stage_or_fail)
    report = Cleaner().clean_files([sources], tmp_path / "out", engine=spread)
    assert "a.jsonl:2: could not be cleaned: RecursionError: too deep" in report.problems
    own = restored(tmp_path / "out", tmp_path / "back")
    assert own["a.jsonl"] == (sources / "a.jsonl").read_bytes()


def test_archives_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("a.txt", "The tide came in.\n")
    with pytest.raises(CleanerError, match=r"in\.zip: archives are not read on a cluster; unpack"):
        Cleaner().clean_files([tmp_path / "in.zip"], tmp_path / "out", engine=spread)
    assert not (tmp_path / "out/_cleaner/report.json").exists()
