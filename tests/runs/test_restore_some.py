"""Some edits taken back: the rest stays, the journal stays true, the sources come back as ever."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Settings, clean_files, restore_files
from cleaner.api import Cleaner
from cleaner.core.errors import UsageError
from cleaner.runs.undo.take_back import restore_some
from tests.journal.altering import rewrite, rows_of
from tests.running import Run

LONG = (
    "The pilots of the outer sound met on Tuesday to hear what the board had to say of the new "
    "moorings, and nobody was the wiser when the lamps were lit again."
)
SOURCES = {
    "a.txt": f"The  tide came in.\r\n\r\n\r\n\r\n{LONG}\r\nFollow us\r\n".encode(),
    "b.txt": f"The  caf\xe9 by the&amp;quay.\n{LONG}\n".encode("cp1252"),
    "c.jsonl": json.dumps({"text": f"so  be it\u200b and \ud800 on\n\n{LONG}", "n": 5}).encode()
    + b'\n\n{"text": "bad\n{"text": "  "}\n{"text": "and  so on"}\r\n{"text": "\\u200b"}\n'
    + json.dumps({"text": f"{LONG}\n\n{LONG}"}).encode(),
    "sub/d.txt.gz": gzip.compress(f"The  boats rose.\n\n{LONG}\n".encode(), 1, mtime=7),
    "z.txt": b"",
}


@pytest.fixture
def out(here: Path) -> Path:
    for name, data in SOURCES.items():
        (here / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "in" / name).write_bytes(data)
    clean_files([here / "in"], here / "out", Settings(jobs=1))
    return here / "out"


def sources_of(out: Path, back: Path) -> dict[str, bytes]:
    assert all(file.error is None for file in restore_files(out, back))
    return {
        path.relative_to(back).as_posix(): path.read_bytes()
        for path in back.rglob("*")
        if path.is_file()
    }


def check_true(out: Path) -> None:
    """The report says what the journal says."""
    report = json.loads((out / "_cleaner" / "report.json").read_text())
    rows = rows_of(out)
    assert report["counts"] == dict(sorted(Counter(row["rule"] for row in rows["edits"]).items()))
    for file, row in zip(report["files"], rows["files"], strict=True):
        assert file["output_sha256"] == row["output_sha256"]
        written = out / file["name"]
        assert written.exists() == (file["output_sha256"] is not None)
    assert report["bytes_after"] == sum(file["bytes_after"] for file in report["files"])


def rules_in(out: Path) -> set[str]:
    return {row["rule"] for row in rows_of(out)["edits"] if row["kind"] != "note"}


@pytest.mark.parametrize("only", [["FMT508"], ["ENC"], ["FMT"], ["DUP"], ["BOI"], ["ALL"], []])
@pytest.mark.parametrize("files", [(), ("c.jsonl",), ("a.txt", "in/sub/d.txt.gz")])
def test_the_sources_come_back_and_the_rest_stays(
    out: Path, here: Path, only: list[str], files: tuple[str, ...]
) -> None:
    done = restore_some(out, here / "other", only, [Path(file) for file in files])
    check_true(here / "other")
    assert sources_of(here / "other", here / "back") == SOURCES
    before, after = rows_of(out)["edits"], rows_of(here / "other")["edits"]
    assert len(before) - len(after) == done.edits
    names = [Path(file).name for file in files]
    prefixes = tuple(code for code in only if code != "ALL") or ("",)

    def is_chosen(row: dict[str, str]) -> bool:
        named = not names or Path(row["file"]).name in names
        return named and row["rule"].startswith(prefixes) and row["kind"] != "note"

    assert sum(map(is_chosen, after)) == len(done.refused)
    kept_before, kept_after = (
        Counter(
            (row["file"], row["record"], row["rule"], row["before"])
            for row in rows
            if not is_chosen(row)
        )
        for rows in (before, after)
    )
    assert kept_before == kept_after


def test_what_is_taken_back_stands_in_the_output(out: Path, here: Path, run: Run) -> None:
    ended = run("restore", "out", "-o", "other", "--only", "FMT508", "--file", "in/a.txt")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == "1 edit taken back in other\n"
    assert (here / "other" / "a.txt").read_text().startswith("The  tide came in.\n")
    assert "\n\n\n" not in (here / "other" / "a.txt").read_text()
    assert (here / "other" / "b.txt").read_bytes() == (out / "b.txt").read_bytes()
    assert not (here / "other" / "_cleaner" / "work").exists()
    assert "FMT508" in run("explain", "out/a.txt:1").out
    assert "FMT508" not in run("explain", "other/a.txt:1").out
    assert run("report", "other", "-o", "page.html").status == 0


def test_all_of_a_run_and_then_the_rest(out: Path, here: Path) -> None:
    restore_some(out, here / "one", ["FMT508"], [])
    restore_some(here / "one", here / "two", ["ENC"], [])
    assert sources_of(here / "two", here / "back") == SOURCES
    assert not any(code.startswith("ENC") or code == "FMT508" for code in rules_in(here / "two"))


@pytest.mark.parametrize("unit", ["record", "paragraph", "line"])
def test_deduplicated(here: Path, unit: str) -> None:
    (here / "in").mkdir()
    for name, data in SOURCES.items():
        (here / "in" / Path(name).name).write_bytes(data)
    (here / "in" / "e.txt").write_bytes(SOURCES["b.txt"])
    (here / "in" / "f.jsonl").write_bytes(SOURCES["c.jsonl"])
    sources = {path.name: path.read_bytes() for path in (here / "in").iterdir()}
    settings = Settings(jobs=1, dedup={"unit": unit})
    Cleaner(settings).deduplicate_files([here / "in"], here / "out")
    assert rules_in(here / "out")
    done = restore_some(here / "out", here / "other", ["DUP402"], [])
    assert (done.edits > 0, done.refused) == (True, [])
    assert "DUP402" not in rules_in(here / "other")
    check_true(here / "other")
    assert sources_of(here / "other", here / "back") == sources


def test_one_that_another_was_built_on_stays_and_is_told_of(here: Path, run: Run) -> None:
    twice = f"{LONG}\n\nWhat  came of it was told in the inn."
    (here / "in").mkdir()
    (here / "in" / "a.txt").write_text(f"{twice.replace('the board', 'the  board')}\n\n{LONG}\n")
    text = f"Nobody  knew.\n\n{twice.replace('the board', 'the  board')}\n"
    (here / "in" / "b.txt").write_text(text)
    assert run("clean", "in", "-o", "out", "-j", "1", "-q").status == 0
    ended = run("restore", "out", "-o", "other", "--only", "FMT508")
    assert ended.status == 3
    assert ended.errors
    for error in ended.errors:
        assert "FMT508 cannot be taken back alone: DUP" in error
    assert run("restore", "other", "-o", "back", "-q").status == 0
    assert (here / "back" / "b.txt").read_text() == text
    both = run("restore", "out", "-o", "both", "--only", "FMT508,DUP")
    assert (both.status, both.err) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "XYZ"], "no rule begins with 'XYZ'"),
        (["--file", "nowhere.txt"], "this run read no such file"),
        (["--only", "FMT", "-o", "out"], "lies inside"),
        (["--only", "FMT", "-o", "in"], "is not empty"),
    ],
)
def test_what_cannot_be_done(
    out: Path, here: Path, run: Run, arguments: list[str], said: str
) -> None:
    before = sorted(path for path in here.rglob("*"))
    ended = run("restore", "out", "-o", "other", *arguments)
    assert (ended.status, len(ended.errors)) == (2, 1)
    assert said in ended.err
    assert sorted(path for path in here.rglob("*")) == before


def test_an_output_that_was_changed_leaves_nothing(out: Path, here: Path, run: Run) -> None:
    path = out / "c.jsonl"
    path.write_bytes(path.read_bytes().replace(b"and so on", b"and so off"))
    ended = run("restore", "out", "-o", "other", "--only", "FMT508")
    assert (ended.status, len(ended.errors)) == (3, 1)
    assert "was changed after cleaning" in ended.err
    assert not (here / "other").exists()


def test_a_journal_that_does_not_fit_leaves_nothing(out: Path, here: Path, run: Run) -> None:
    rows = rows_of(out)
    edit = next(row for row in rows["edits"] if row["rule"] == "FMT508")
    edit.update(start=10**6, end=10**6 + 2)
    rewrite(out, rows)
    ended = run("restore", "out", "-o", "other", "--only", "FMT508")
    assert (ended.status, len(ended.errors)) == (3, 1)
    assert not (here / "other").exists()


def test_files_that_are_more_than_their_records_stay_as_they_are(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    long = "Fog over the harbour, and nobody saw the ship come in, nor heard the bell that night. "
    texts = [2 * long, "Salt &amp; oil.", None, 2 * long]
    pq.write_table(pa.table({"id": range(4), "text": texts}), here / "in/a.parquet")
    (here / "in/b.csv.gz").write_bytes(gzip.compress(b"text\nSalt &amp; pepper\n", 9, mtime=7))
    (here / "in/c.html").write_bytes(b"<html><body><p>Salt &amp;amp; pepper.</p></body></html>")
    (here / "in/d.txt").write_text("Salt &amp; nets.\n")
    assert run("clean", "in", "-o", "out", "-q").status == 0
    assert list((here / "out/_cleaner/.rows").iterdir())
    ended = run("restore", "out", "-o", "some", "--only", "ENC111", "--file", "in/d.txt", "-q")
    assert (ended.status, ended.err) == (0, "")
    assert (here / "some/d.txt").read_text() == "Salt &amp; nets.\n"
    for name in ("a.parquet", "b.csv.gz", "c.html.txt", "_cleaner/.rows/a.parquet"):
        assert (here / "some" / name).read_bytes() == (here / "out" / name).read_bytes()
    assert run("restore", "some", "-o", "back", "-q").status == 0
    assert pq.read_table(here / "back/a.parquet").equals(pq.read_table(here / "in/a.parquet"))
    for name in ("b.csv.gz", "c.html", "d.txt"):
        assert (here / "back" / name).read_bytes() == (here / "in" / name).read_bytes()
    reports = [
        json.loads((here / f"{run}/_cleaner/report.json").read_bytes()) for run in ("out", "some")
    ]
    before, after = ([f for f in one["files"] if f["name"] != "d.txt"] for one in reports)
    assert before == after
    assert reports[1]["counts"]["ENC111"] == reports[0]["counts"]["ENC111"] - 1


PAGE = f"{LONG} {LONG.upper()}"
ROWS = ["Salt &amp; oil.", PAGE, "So  be it &lt;", None, f"{PAGE}\n\nAnd  so on &amp; on.", PAGE]


def write_table(path: Path) -> None:
    """Write the rows in the format of a file's name."""
    texts = [text for text in ROWS if text is not None or path.suffix in (".parquet", ".arrow")]
    table = pa.table({"id": range(len(texts)), "text": texts, "by": ["A, B;\tC"] * len(texts)})
    rows = table.to_pylist()
    if path.suffix == ".parquet":
        pq.write_table(table, path, row_group_size=2)
    elif path.suffix == ".arrow":
        with pa.ipc.new_file(path, table.schema) as file:
            file.write_table(table, 2)
    elif path.suffix == ".json":
        path.write_text(json.dumps(rows, indent=2))
    else:
        with path.open("w", newline="") as file:
            names = list(rows[0])
            table_writer = csv.DictWriter(
                file, names, delimiter="," if "csv" in path.name else "\t"
            )
            table_writer.writeheader()
            table_writer.writerows(rows)
    if path.name.endswith(".gz"):
        path.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=7))


def rows_in(path: Path) -> object:
    """Return what a file of rows comes to, however its bytes are laid."""
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    if path.suffix == ".arrow":
        return pa.ipc.open_file(path).read_all().to_pylist()
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


TABLES = ["a.csv", "a.tsv.gz", "a.json", "a.parquet", "a.arrow"]


@pytest.mark.parametrize("name", TABLES)
def test_edits_of_tables_are_taken_back(here: Path, run: Run, name: str) -> None:
    write_table(here / name)
    assert run("clean", name, "-o", "out", "-q").status == 0
    assert run("clean", name, "-o", "without", "-q", "--ignore", "ENC111,DUP402").status == 0
    ended = run("restore", "out", "-o", "some", "--only", "ENC111,DUP402")
    assert (ended.status, ended.err) == (0, "")
    assert rows_in(here / "some" / name) == rows_in(here / "without" / name)
    assert rows_in(here / "some" / name) != rows_in(here / "out" / name)
    check_true(here / "some")
    assert run("restore", "some", "-o", "back", "-q").status == 0
    assert rows_in(here / "back" / name) == rows_in(here / name)


@pytest.mark.parametrize("name", TABLES)
def test_records_of_tables_come_back(here: Path, run: Run, name: str) -> None:
    write_table(here / name)
    assert run("dedup", name, "-o", "out", "-q", "--unit", "record").status == 0
    assert rows_in(here / "out" / name) != rows_in(here / name)
    ended = run("restore", "out", "-o", "some", "--only", "DUP402")
    assert (ended.status, ended.out) == (0, "1 edit taken back in some\n")
    assert rows_in(here / "some" / name) == rows_in(here / name)
    assert run("restore", "some", "-o", "back", "-q").status == 0
    assert rows_in(here / "back" / name) == rows_in(here / name)


def test_edits_of_archives_are_not_taken_back_alone(here: Path, run: Run) -> None:
    text = b"Salt &amp; oil.\n"
    head = b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://a.example/\r\n"
    head += b"WARC-Date: 2020-01-01T00:00:00Z\r\nContent-Type: text/plain\r\n"
    (here / "a.wet").write_bytes(
        head + f"Content-Length: {len(text)}\r\n\r\n".encode() + text + b"\r\n\r\n"
    )
    (here / "b.txt").write_text("Salt &amp; nets.\n")
    assert run("clean", "a.wet", "b.txt", "-o", "out", "-q").status == 0
    ended = run("restore", "out", "-o", "some", "--only", "ENC111")
    assert ended.status == 2
    assert "cannot be taken back alone; name other files with --file" in ended.errors[0]
    assert not (here / "some").exists()


@pytest.mark.parametrize("form", [{"to": "csv"}, {"shard-size": 200}])
def test_outputs_that_are_no_files_of_their_own(here: Path, form: dict[str, object]) -> None:
    (here / "in").mkdir()
    (here / "in" / "c.jsonl").write_bytes(SOURCES["c.jsonl"])
    clean_files([here / "in"], here / "out", {"output": form, "jobs": 1})
    with pytest.raises(UsageError, match="cannot be taken back alone"):
        restore_some(here / "out", here / "other", ["FMT508"], [])
    assert not (here / "other").exists()
