"""What is read, under which name, and what is refused with a word on what to do instead."""

from __future__ import annotations

import gzip
import json
import lzma
import os
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running import Run

GOOD = b"The tide came in over the third step again.\n"
COMMANDS = (["clean"], ["dedup"], ["dedup", "--unit", "record"], ["dedup", "--unit", "line"])


def sqlite(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("create table texts (text)")


def parquet(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": ["a", "b"]}), path)


def arrow(path: Path) -> None:
    import pyarrow as pa

    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, pa.schema([])) as writer:
        writer.close()


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", GOOD)


def tarred(path: Path) -> None:
    (path.parent / "x").write_bytes(GOOD)
    with tarfile.open(path, "w") as archive:
        archive.add(path.parent / "x", "x")
    (path.parent / "x").unlink()


def holding(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


WARC = b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 4\r\n\r\ntext\r\n\r\n"
BY_CONTENT = {
    "a web archive": holding(WARC),
    "a Parquet file": parquet,
    "an Arrow file": arrow,
    "an SQLite database": sqlite,
    "a zip archive": zipped,
    "a tar archive": tarred,
    "gzip data": holding(gzip.compress(gzip.compress(GOOD))),
    "xz data": holding(gzip.compress(lzma.compress(GOOD))),
    "a PDF document": holding(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"),
    "an RTF document": holding(b"{\\rtf1\\ansi The tide.}"),
    "a PNG image": holding(b"\x89PNG\r\n\x1a\n"),
}


@pytest.mark.parametrize(
    ("what", "name", "command"),
    [
        *((what, name, ["clean"]) for what in BY_CONTENT for name in ("bad.txt", "bad.md")),
        *(("a web archive", "bad.jsonl", command) for command in COMMANDS),
        *(("a Parquet file", "bad.jsonl", command) for command in COMMANDS),
    ],
)
def test_content_that_is_no_text(
    here: Path, run: Run, what: str, name: str, command: list[str]
) -> None:
    (here / "a.txt").write_bytes(GOOD)
    BY_CONTENT[what](here / name)
    ended = run(*command, "a.txt", name, "-o", "out", "-q")
    assert ended.status == 3
    assert ended.others == []
    assert len(ended.errors) == 1
    assert f"{name}: is {what}, which is not read; " in ended.errors[0]
    assert (here / "out/a.txt").read_bytes() == GOOD
    assert not (here / "out" / name).exists()


@pytest.mark.parametrize(
    "name",
    "a.geojson a.mht a.XML a.warc.wat.gz a.arc a.docx "
    "a.epub a.xlsx a.jar a.rar a.txt.lzma a.txt.lz4 a.7z a.jpg".split(),
)
def test_suffix_of_a_format_that_is_not_read(here: Path, run: Run, name: str) -> None:
    (here / "b.md").write_bytes(b"The  tide.\n")
    data = b"text,lang\nThe  tide,en\n"
    (here / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    for command in (["check"], ["clean", "-o", "out", "-q"]):
        ended = run(*command, "b.md", name)
        assert ended.status == 3
        assert len(ended.errors) == 1
        assert f"{name}: is " in ended.errors[0]
        assert "which is not read; " in ended.errors[0]
    assert (here / "out/b.md").read_bytes() == b"The tide.\n"
    assert json.loads((here / "out/_cleaner/report.json").read_bytes())["problems"]


@pytest.mark.parametrize(
    "data",
    [b"<!DOCTYPE html>\n<p>The  tide.", b"<html><body>", b'{"text": "The  tide."}\n', b"<?xml ?>",
     b'[{"text": "The  tide."}]'],
)  # fmt: skip
def test_data_without_a_suffix(here: Path, run: Run, data: bytes) -> None:
    (here / "page").write_bytes(data)
    ended = run("check", "page")
    assert ended.status == 3
    assert "page: is " in ended.errors[0]


@pytest.mark.parametrize("name", ["README", "notes.md", "run.log", "page.rst", "song.tab", "x.tex"])
@pytest.mark.parametrize(
    "text", ["The  tide.\n", "PAR1S is no word  here\n", "ORCHIDS  grow\n", "BZh9  is a mark\n"]
)
def test_text_of_any_suffix(here: Path, run: Run, name: str, text: str) -> None:
    (here / name).write_text(text)
    assert run("check", name, "-q").status == 1


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.txt.gz", "a.jsonl.gz", "a.txt.zst", "a"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_empty_file(here: Path, run: Run, name: str, command: list[str]) -> None:
    (here / "in").mkdir()
    (here / "in/b.txt").write_bytes(GOOD)
    (here / "in" / name).touch()
    inputs = ["in/b.txt", f"in/{name}"]
    assert run("check", *inputs).status == 0
    ended = run(*command, *inputs, "-o", "out")
    assert (ended.status, ended.err) == (0, "")
    assert "1 file is empty, and written so\n" in ended.out
    if not name.endswith(("gz", "zst")):
        assert (here / "out" / name).read_bytes() == b""
    assert run(*command, "out", "-o", "again", "-q").status == 0
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert (here / "back" / name).read_bytes() == b""


def test_empty_compressed_file(here: Path, run: Run) -> None:
    data = gzip.compress(b"", 3, mtime=7)
    (here / "a.txt.gz").write_bytes(data)
    assert run("clean", "a.txt.gz", "-o", "out", "-q").status == 0
    assert gzip.decompress((here / "out/a.txt.gz").read_bytes()) == b""
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert (here / "back/a.txt.gz").read_bytes() == data


@pytest.fixture
def records(here: Path) -> Path:
    (here / "in").mkdir()
    line = b'{"body": "The  tide.", "lang": "en"}\n'
    (here / "in/a.jsonl").write_bytes(line)
    (here / "in/b.jsonl.gz").write_bytes(gzip.compress(b"\nno JSON\n" + line))
    return here / "in"


@pytest.mark.parametrize("command", [*COMMANDS, ["check"]], ids=" ".join)
@pytest.mark.parametrize("asked", [[], ["--text-field", "txet"]])
def test_wrong_text_field(
    records: Path, here: Path, run: Run, command: list[str], asked: list[str]
) -> None:
    out = [] if command == ["check"] else ["-o", "deep/out"]
    ended = run(*command, "in", *out, *asked)
    assert ended.status == 2
    assert ended.err.count("\n") == 1
    assert "they have 'body', 'lang'; name the right one with --text-field" in ended.errors[0]
    assert sorted(path.name for path in here.iterdir()) == ["in"]


def test_text_field_that_some_records_lack(records: Path, run: Run) -> None:
    with (records / "a.jsonl").open("ab") as file:
        file.write(b'{"text": "The  boats."}\n')
    ended = run("check", "in", "-q")
    assert ended.status == 3
    assert "in/a.jsonl:2:4: FMT508" in ended.out
    assert all("jsonl" in error for error in ended.errors)


def test_other_files_beside_records_without_the_default_field(records: Path, run: Run) -> None:
    (records / "c.txt").write_bytes(b"The  tide.\n")
    ended = run("check", "in", "-q")
    assert ended.status == 3
    assert "in/c.txt:1:4: FMT508" in ended.out
    assert run("check", "in", "-q", "--text-field", "txet").status == 2


def test_names_of_several_inputs(here: Path, run: Run) -> None:
    for folder in "ab":
        (here / folder).mkdir()
        (here / folder / "x.txt").write_bytes(f"The  tide of {folder}.\n".encode())
    found = run("check", "a/x.txt", "b/x.txt", "-q").out.splitlines()
    assert [line.partition(":")[0] for line in found] == ["a/x.txt", "b/x.txt"]
    for inputs in (["a", "b"], ["b/x.txt", "a/x.txt"]):
        assert run("clean", *inputs, "-o", "out", "-q", "--overwrite").status == 0
        for folder in "ab":
            written = (here / f"out/{folder}/x.txt").read_bytes()
            assert written == f"The tide of {folder}.\n".encode()
    assert run("explain", "a/x.txt:1", "--output", "out").status == 0
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert (here / "back/b/x.txt").read_bytes() == b"The  tide of b.\n"


def test_what_is_no_file_is_said(here: Path, run: Run) -> None:
    (here / "in/old/_cleaner").mkdir(parents=True)
    (here / "in/a.txt").write_bytes(GOOD)
    os.mkfifo(here / "in/pipe.txt")
    ended = run("clean", "in", "-o", "out")
    assert ended.status == 0
    assert "1 passed over: journal of a run: old/_cleaner\n" in ended.out
    assert "1 passed over: no file, but a pipe, a socket or a device: pipe.txt\n" in ended.out


@pytest.mark.parametrize("text", ["The  tide.", "The  tide.\n", "The tide", "A\n\nB", "", "\n"])
@pytest.mark.parametrize("end", [b"\n", b"", b"\r\n"])
def test_a_field_gains_no_line_end(here: Path, run: Run, text: str, end: bytes) -> None:
    data = json.dumps({"text": text}).encode() + end
    (here / "a.jsonl").write_bytes(data)
    assert run("clean", "a.jsonl", "-o", "out", "-q", "--keep-empty").status == 0
    written = json.loads((here / "out/a.jsonl").read_bytes())["text"]
    assert written.endswith("\n") == (text.endswith("\n") and bool(text.strip()))
    assert run("clean", "out", "-o", "again", "-q", "--keep-empty").status == 0
    assert (here / "again/a.jsonl").read_bytes() == (here / "out/a.jsonl").read_bytes()
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert (here / "back/a.jsonl").read_bytes() == data


def test_a_field_that_loses_its_last_paragraph_gains_no_line_end(here: Path, run: Run) -> None:
    long = (
        "Nobody had told the children that the ferry would not come back before the end of May, so "
        "they stood on the steps of the chapel until it was dark."
    )
    own = [f"The {one} boat came home with nets full of herring." for one in ("third", "fourth")]
    texts = [f"{long}\n\nThe first.", f"{own[0]}\n\n{long}", f"{own[1]}\n\n{long}\n"]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    (here / "a.jsonl").write_text(lines)
    assert run("clean", "a.jsonl", "-o", "out", "-q").status == 0
    lines_written = (here / "out/a.jsonl").read_text().splitlines()
    written = [json.loads(line)["text"] for line in lines_written]
    assert written == [texts[0], own[0], f"{own[1]}\n"]
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert (here / "back/a.jsonl").read_text() == lines


@pytest.mark.parametrize("depth", [199, 200, 201, 970, 100_000])
@pytest.mark.parametrize(
    "command", [["clean"], ["dedup", "--unit", "record"], ["check"]], ids=" ".join
)
def test_one_limit_of_nesting_everywhere(
    here: Path, run: Run, depth: int, command: list[str]
) -> None:
    deep = "[" * (depth - 1) + "]" * (depth - 1)
    data = f'{{"text": "The  tide.", "deep": {deep}}}\n{{"text": "The end."}}\n'
    (here / "a.jsonl").write_text(data)
    out = [] if command == ["check"] else ["-o", "out", "-q"]
    ended = run(*command, "a.jsonl", *out, "-j", 1)
    assert (ended.status == 3) == (depth > 200)
    if depth > 200:
        assert len(ended.errors) == 1
        assert "a.jsonl:1: not usable JSON: nested too deeply" in ended.errors[0]
    if out:
        assert run("restore", "out", "-o", "back", "-q").status == 0
        assert (here / "back/a.jsonl").read_text() == data
