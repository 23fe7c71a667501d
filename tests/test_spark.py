"""Runs on a real cluster of Spark, with executors in processes of their own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from cleaner import Cleaner, CleanerError
from cleaner.engines.base import Engine
from cleaner.runs.input import spread_reading
from tests.running import ROOT, command
from tests.runs.corpus import restored, tree
from tests.runs.every_kind import every_kind
from tests.sites import site

T = TypeVar("T")
R = TypeVar("R")

_GROUP_BYTES = spread_reading._GROUP_BYTES

_MISSING = [name for name in ("pyspark", "java") if importlib.util.find_spec(name) is None]
if shutil.which("java"):
    _MISSING = [name for name in _MISSING if name != "java"]

pytestmark = [
    pytest.mark.skipif(bool(_MISSING), reason=f"needs {' and '.join(_MISSING)}"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session with two executors."""
    from cleaner.engines.spark.session import open_session

    conf = {
        "spark.driver.memory": "512m",
        "spark.local.dir": str(tmp_path_factory.mktemp("spark")),
        "spark.sql.shuffle.partitions": "2",
        # What tests have executors do stands in this module.
        "spark.executorEnv.PYTHONPATH": str(ROOT),
        "spark.deploy.maxExecutorRetries": "-1",
    }
    session = open_session("local-cluster[2,1,1024]", conf)
    application = session.sparkContext.applicationId
    yield session
    session.stop()
    import pyspark

    shutil.rmtree(Path(pyspark.__file__).parent / "work" / application, ignore_errors=True)


@pytest.fixture(autouse=True)
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small corpus come in some parts."""
    monkeypatch.setattr(spread_reading, "_GROUP_BYTES", 120_000)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a corpus."""
    return every_kind(tmp_path_factory.mktemp("corpus") / "in")


def _factory(session: Any, wrap: Callable[[Any], Any] = lambda engine: engine) -> Any:
    from cleaner.engines.spark.engine import SparkEngine

    @contextmanager
    def opened(work: Path) -> Iterator[Engine]:
        with SparkEngine(session, work) as engine:
            yield wrap(engine)

    return opened


def test_outputs_journal_and_report_are_those_of_one_machine(
    session: Any, sources: Path, tmp_path: Path
) -> None:
    cleaner = Cleaner({"jobs": 1})
    here = cleaner.clean_files([sources], tmp_path / "here")
    report = cleaner.clean_files([sources], tmp_path / "there", engine=_factory(session))
    assert tree(tmp_path / "there") == tree(tmp_path / "here")
    assert report == here
    assert {"BOI350", "DUP402", "DUP412", "DUP413", "DUP421"} <= set(report.counts)
    assert len(report.problems) == 4
    own = restored(tmp_path / "there", tmp_path / "back")
    # A table has the values that it had, not always the bytes.
    del own["table.parquet"]
    assert all(own[name] == (sources / name).read_bytes() for name in own)
    assert len(own) == len(report.files) - 1


def _kill_executor(marker: Path) -> None:
    """End the executor that this is called in, once."""
    if not marker.exists():
        marker.touch()
        # This worker was started by a daemon that the executor started.
        status = Path(f"/proc/{os.getppid()}/status").read_text()
        executor = next(line for line in status.splitlines() if line.startswith("PPid"))
        os.kill(int(executor.split()[1]), signal.SIGKILL)


@dataclass(frozen=True)
class _Killing:
    """A function that ends the executor it is called in, once."""

    function: Callable[[Any], Any]
    marker: Path

    def __call__(self, item: Any) -> Any:
        _kill_executor(self.marker)
        return self.function(item)

    def again(self, item: Any) -> Any:
        return getattr(self.function, "again", self.function)(item)


@dataclass(frozen=True)
class _KillingQuestion:
    """A question that ends the executor in which the first item is finished, once."""

    question: Any
    marker: Path

    def ask(self, item: Any, buckets: int) -> Any:
        return self.question.ask(item, buckets)

    def answer(self, asked: Any) -> Any:
        return self.question.answer(asked)

    def finish(self, item: Any, answers: Any) -> Any:
        _kill_executor(self.marker)
        return self.question.finish(item, answers)


class _KilledEngine:
    """An engine that loses an executor in one of its passes."""

    def __init__(self, engine: Any, passes: dict[str, Path]) -> None:
        self._engine = engine
        self._passes = passes
        self.scratch = engine.scratch

    @property
    def cluster(self) -> _KilledEngine:
        return self

    def consult(self, question: Any, items: Iterable[T]) -> Iterator[Any]:
        marker = self._passes[type(question).__name__]
        result: Iterator[Any] = self._engine.consult(_KillingQuestion(question, marker), items)
        return result

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        marker = self._passes.get(type(function).__name__)
        result: Iterator[R] = self._engine.map(
            function if marker is None else _Killing(function, marker), items
        )
        return result

    def map_merged(
        self, function: Callable[[T], R], items: Iterable[T], merge: Callable[[R, R], R]
    ) -> Iterator[R]:
        result: Iterator[R] = self._engine.map_merged(function, items, merge)
        return result


def test_an_executor_that_is_killed_changes_nothing(
    session: Any, sources: Path, tmp_path: Path
) -> None:
    some = tmp_path / "in"
    some.mkdir()
    for name in ("00.txt", "01.txt", "a.jsonl", "b.jsonl"):
        shutil.copy(sources / name, some)
    passes = {name: tmp_path / name for name in ("ReadFiles", "TransformPart", "SharedUnits")}
    factory = _factory(session, lambda engine: _KilledEngine(engine, passes))
    Cleaner({"jobs": 1}).clean_files([some], tmp_path / "here")
    Cleaner().clean_files([some], tmp_path / "there", engine=factory)
    assert all(marker.exists() for marker in passes.values())
    assert tree(tmp_path / "there") == tree(tmp_path / "here")


def test_a_run_whose_driver_was_killed_goes_on_where_it_stood(
    session: Any, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, conf = tmp_path / "out", f"spark.local.dir={tmp_path / 'local'}"
    arguments = ("clean", sources, "-o", out, "-q", "--engine", "spark", "--master", "local[1]")
    driver = subprocess.Popen(
        command(*arguments, "--conf", conf), stderr=subprocess.DEVNULL, start_new_session=True
    )
    work = out / "_cleaner" / "work"
    end = time.monotonic() + 120
    while not (left := list(work.glob("*-changed.spool.zst"))) and driver.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.05)
    os.killpg(driver.pid, signal.SIGKILL)
    driver.wait()
    assert left
    assert not (out / "_cleaner" / "report.json").exists()
    parts = _stamps(work.glob("*.spool.zst"))
    kept: list[dict[Path, tuple[int, int]]] = []

    class Looking(_KilledEngine):
        def consult(self, question: Any, items: Iterable[T]) -> Iterator[Any]:
            kept.append(_stamps(parts))
            result: Iterator[Any] = self._engine.consult(question, items)
            return result

    # The killed run read what it read in larger groups.
    monkeypatch.setattr(spread_reading, "_GROUP_BYTES", _GROUP_BYTES)
    factory = _factory(session, lambda engine: Looking(engine, {}))
    Cleaner({"jobs": 1}).clean_files([sources], tmp_path / "here")
    Cleaner().clean_files([sources], out, engine=factory)
    assert kept[0] == parts
    assert tree(out) == tree(tmp_path / "here")


def _stamps(paths: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """Return what tells that files were written anew."""
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in paths}


def test_dataframes_are_cleaned_and_learned_from_in_their_session(session: Any) -> None:
    from cleaner import spark

    texts = [*site(30), "The  cafÃ© by the quay.", None, "the committee saidthat it wouldmeet"]
    rows = [(number, text, float(number)) for number, text in enumerate(texts)]
    frame = session.createDataFrame(rows, "id long, body string, score double").repartition(3)
    given = [text for text in texts if text is not None]

    model = spark.fit(frame, "body")
    assert model.digest == Cleaner().fit_texts(given).digest

    expected = Cleaner(model=model).clean_batch(texts)
    cleaned = spark.clean(frame, "body", model=model)
    assert cleaned.schema == frame.schema
    found = sorted(tuple(row) for row in cleaned.collect())
    assert found == [(i, expected[i], score) for i, _, score in rows]

    told = spark.clean(frame, "body", model=model, journal="journal").orderBy("id").collect()
    assert [row.body for row in told] == expected
    whole = Cleaner(model=model)
    for row, text in zip(told, texts, strict=True):
        assert row.journal.error is None
        if text is not None and row.id < 30:
            edits = [(edit.code, edit.before, edit.after) for edit in whole.clean_text(text).edits]
            own = [(edit.rule, edit.before, edit.after) for edit in row.journal.edits]
            assert own == [edit for edit in edits if edit[0] != "FMT508"]

    with pytest.raises(CleanerError, match="no columns 'text'"):
        spark.clean(frame)
    with pytest.raises(CleanerError, match="holds double, not text"):
        spark.clean(frame, "score")
