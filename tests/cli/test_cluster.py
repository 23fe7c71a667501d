"""What the options for Spark say where it cannot be used."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from tests.running import Run

_NO_PYSPARK = importlib.util.find_spec("pyspark") is None


@pytest.fixture(autouse=True)
def text(here: Path) -> Path:
    (here / "a.txt").write_text("The tide  came in.\n")
    return here


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("-o out --master yarn", "--master and --conf are of Spark; give --engine spark"),
        ("-o out --conf a=b", "--master and --conf are of Spark; give --engine spark"),
    ],
)
def test_options_of_spark_need_its_engine(run: Run, arguments: str, said: str) -> None:
    ended = run("clean", "a.txt", *arguments.split())
    assert (ended.status, ended.err) == (2, f"cleaner: error: {said}\n")
    assert not Path("out").exists()


@pytest.mark.skipif(_NO_PYSPARK, reason="needs pyspark")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("-o out --conf memory", "memory: wrong value for --conf; write KEY=VALUE"),
        ("--diff", "Spark writes a folder, and nothing else; give -o FOLDER, or leave"),
        ("--dry-run", "Spark writes a folder, and nothing else; give -o FOLDER, or leave"),
        ("--in-place --journal j", "Spark writes a folder, and nothing else; give -o FOLDER"),
        ("-o s3://bucket/out", "Spark writes a folder, and nothing else; give -o FOLDER, or"),
        ("-o out s3://bucket/in", "what URLs name lies in the work folder, which executors must"),
        ("-o out --master sc://host", "sc://host: the command starts a session of its own"),
    ],
)
def test_what_spark_does_not_do(run: Run, arguments: str, said: str) -> None:
    ended = run("clean", "a.txt", "--engine", "spark", *arguments.split())
    assert ended.status == 2
    assert ended.err.startswith(f"cleaner: error: {said}")
    assert ended.err.count("\n") == 1
    assert not Path("out").exists()


def test_without_pyspark(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    ended = run("clean", "a.txt", "-o", "out", "--engine", "spark")
    assert ended.status == 2
    assert ended.err.startswith("cleaner: error: pyspark is not installed: ")
    assert ended.err.endswith("; pip install 'corpus-cleaner[spark]'\n")
    assert ended.err.count("\n") == 1
    assert not Path("out").exists()


@pytest.mark.skipif(_NO_PYSPARK, reason="needs pyspark")
def test_without_java(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(here))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    ended = run("clean", "a.txt", "-o", "out", "--engine", "spark")
    assert ended.status == 2
    assert ended.err == (
        "cleaner: error: Spark needs Java, and there is none: no `java` in PATH, and JAVA_HOME "
        "names none; install Java 17 or later\n"
    )
    assert not Path("out").exists()
