"""Files of any name are cleaned and restored, and told of in one line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.running import Run, process

NAMES = [
    "new\nline.txt",
    "tab\tand\x1b[31mred.txt",
    "ñandú/日本語/עברית.txt",
    "e\u0301 and \u00e9.txt",
    "-rf.txt",
    "--help.txt",
    " spaces .txt",
    "a" * 251 + ".txt",
    "/".join(["漢字" * 20] * 8) + "/x.txt",
    "quo\"te'.txt",
    "back\\slash.txt",
    "%s{}.txt",
    "\U0001f600.jsonl",
    os.fsdecode(b"not utf-8 \xff\xfe.txt"),
    os.fsdecode(b"folder \xe9/not utf-8.jsonl.gz"),
]


@pytest.fixture
def source(here: Path) -> Path:
    import gzip

    for number, name in enumerate(NAMES):
        path = here / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = f"Boat  {number}.\n"
        if ".jsonl" in name:
            data = json.dumps({"text": data}) + "\n"
        path.write_bytes(gzip.compress(data.encode()) if name.endswith("gz") else data.encode())
    return here / "in"


def test_any_name(source: Path, here: Path, run: Run) -> None:
    ended = run("clean", "in", "-o", "out")
    assert (ended.status, ended.err) == (0, "")
    for name in NAMES:
        assert (here / "out" / name).exists()
    ended = run("restore", "out", "-o", "back")
    assert (ended.status, ended.err) == (0, "")
    for name in NAMES:
        assert (here / "back" / name).read_bytes() == (source / name).read_bytes()
    report = json.loads((here / "out/_cleaner/report.json").read_bytes())
    assert sorted(file["name"] for file in report["files"]) == sorted(NAMES)


def test_a_finding_is_a_line_whatever_the_name(source: Path, run: Run) -> None:
    ended = run("check", "in", "-q")
    assert (ended.status, ended.err) == (1, "")
    lines = ended.out.splitlines()
    assert len([line for line in lines if " FMT508 " in line]) == len(NAMES)
    assert all(line.startswith("in/") for line in lines)
    assert all(line.isprintable() for line in lines)
    found = json.loads(run("check", "in", "-q", "--output-format", "json").out)
    assert {item["path"] for item in found} == {f"in/{name}" for name in NAMES}


def test_folders_of_any_name(here: Path) -> None:
    folder = os.fsdecode(b"in \xff\n")
    (here / folder).mkdir()
    (here / folder / "a.txt").write_text("The  tide.\n")
    out, back = (os.fsdecode(name) for name in (b"out \xff\n", b"back \xff\n"))
    # No name makes a line more: the words on the family, what took most and where, the files that
    # were written, and where to look on.
    for lines, arguments in ((5, ["clean", folder, "-o", out]), (1, ["restore", out, "-o", back])):
        ended = process(*arguments, cwd=here)
        assert (ended.status, ended.err) == (0, "")
        assert ended.out.count("\n") == lines
    assert (here / back / "a.txt").read_text() == "The  tide.\n"
    ended = process("clean", folder, "-o", out, cwd=here)
    assert ended.status == 2
    assert len(ended.err.splitlines()) == 1
