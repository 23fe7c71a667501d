"""`--diff`: what would be written is shown, and nothing is written."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.test_streams import piped
from tests.running import Run

RECORDS = '{"text": "One."}\n{"text": "The tide  came in."}\r\n{"text": "\\u200b"}\nbad\n\n'


@pytest.fixture
def corpus(here: Path) -> Path:
    (here / "in").mkdir()
    (here / "in/a.txt").write_text("The tide  came in.\n")
    (here / "in/b.txt").write_text("Nothing to change.\n")
    (here / "in/c.txt").write_bytes("Die Brücke  bleibt im März zu.".encode("cp1252"))
    (here / "in/d.jsonl").write_bytes(RECORDS.encode())
    return here


@pytest.mark.parametrize("name", ["check", "clean"])
def test_of_files(corpus: Path, run: Run, name: str) -> None:
    ended = run(name, "in", "--diff")
    assert ended.status == 3
    assert ended.out == (
        "--- in/a.txt\n+++ in/a.txt\n@@ -1 +1 @@\n-The tide  came in.\n+The tide came in.\n"
        "--- in/c.txt\n+++ in/c.txt\n@@ -1 +1 @@\n-Die Brücke  bleibt im März zu.\n"
        "\\ No newline at end of file\n+Die Brücke bleibt im März zu.\n"
        "--- in/d.jsonl\n+++ in/d.jsonl\n@@ -1,5 +1,2 @@\n"
        ' {"text": "One."}\n-{"text": "The tide  came in."}\r\n+{"text": "The tide came in."}\n'
        '-{"text": "\\u200b"}\n-bad\n-\n'
    )
    assert ended.errors == [
        "cleaner: error: d.jsonl:4: not a JSON object; a record is an object on one line"
    ]
    assert [path.name for path in corpus.iterdir()] == ["in"]


def test_status(corpus: Path, run: Run) -> None:
    assert run("clean", "in/b.txt", "--diff") == (0, "", "")
    assert run("clean", "in/a.txt", "--diff").status == 1


def test_it_leads_to_what_is_written(corpus: Path, run: Run) -> None:
    (corpus / "in/c.txt").unlink()
    diff = run("clean", "in", "--diff").out
    run("clean", "in", "-o", "out", "-q")
    subprocess.run(
        ["git", "apply", "-p0", "--whitespace=nowarn", "-"],
        input=diff.encode(), cwd=corpus, check=True,
    )  # fmt: skip
    for name in ("a.txt", "b.txt", "d.jsonl"):
        assert (corpus / "in" / name).read_bytes() == (corpus / "out" / name).read_bytes()


def test_of_a_stream(here: Path) -> None:
    ended = piped("The tide  came in.\n", "clean", "-", "--diff", cwd=here)
    assert (ended.status, ended.err) == (1, "")
    assert ended.out == "--- -\n+++ -\n@@ -1 +1 @@\n-The tide  came in.\n+The tide came in.\n"
    ended = piped(RECORDS, "check", "-", "--diff", "--as", "jsonl", cwd=here)
    assert ended.status == 3
    assert ended.out.endswith('-{"text": "\\u200b"}\n bad\n \n')
