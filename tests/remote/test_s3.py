"""Corpora in an object store, held to what they come to in a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleaner import Cleaner, Settings
from cleaner.core.errors import UsageError
from cleaner.storage.remote import store
from tests.remote.conftest import SECRETS, Bucket
from tests.running import Run

A = b"The  tide came in &amp; went out.\n"
B = b'{"id": 1, "text": "Nets &amp; floats were sold."}\n{"id": 2, "text": "Plain."}\n'
JOURNAL = ["files.parquet", "journal.parquet", "records.parquet", "report.json"]


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_folder_of_a_bucket_is_cleaned_into_another(bucket: Bucket, here: Path, run: Run) -> None:
    bucket.put(
        {"in/a.txt": A, "in/deep/b.jsonl": B, "in/x.png": b"\x89PNG", "in/_cleaner/c.txt": A}
    )
    for name, data in (("a.txt", A), ("deep/b.jsonl", B)):
        (here / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "in" / name).write_bytes(data)
    ended = run("clean", "s3://corpus/in", "-o", "s3://corpus/out")
    assert (ended.status, ended.err) == (0, "")
    assert "written to s3://corpus/out" in ended.out
    assert run("clean", "in", "-o", "out", "-q").status == 0
    expected = _files(here / "out")
    assert bucket.names("out/") == sorted(f"out/{name}" for name in expected)
    for name in expected:
        if not name.endswith("report.json"):  # which tells what was passed over
            assert bucket.get(f"out/{name}") == expected[name]
    # Nothing is left here.
    assert not list((here / "cache").rglob("run-*"))
    assert run("restore", "s3://corpus/out", "-o", "back", "-q").status == 0
    assert _files(here / "back") == {"a.txt": A, "deep/b.jsonl": B}
    explained = run("explain", "a.txt:1", "--output", "s3://corpus/out")
    assert (explained.status, "ENC111" in explained.out) == (0, True)


def test_patterns_and_single_files(bucket: Bucket, here: Path, run: Run) -> None:
    bucket.put({"in/a.txt": A, "in/deep/b.jsonl": B, "other/c.txt": A})
    for url in ("s3://corpus/in/*.txt", "s3://corpus/in/a.txt"):
        ended = run("check", url)
        assert (ended.status, ended.errors) == (1, [])
        assert ended.out.splitlines()[0].startswith("s3://corpus/in/a.txt:1:4: FMT508")
    inputs = ("s3://corpus/in/deep/", "s3://corpus/other")
    assert run("clean", *inputs, "-o", "out", "-q").status == 0
    assert {"in/deep/b.jsonl", "other/c.txt"} <= _files(here / "out").keys()
    stats = run("stats", "s3://corpus/in", "--json")
    assert (stats.status, '"documents": 3' in stats.out) == (0, True)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("s3://corpus/none.txt", "s3://corpus/none.txt: not found"),
        ("s3://corpus/none/", "s3://corpus/none/: no files in this folder"),
        ("s3://corpus/none/*.txt", "s3://corpus/none/*.txt: no file fits this pattern"),
        ("s3://nowhere/a.txt", "s3://nowhere/a.txt: not found"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_line(
    bucket: Bucket, here: Path, run: Run, url: str, told: str
) -> None:
    bucket.put({"in/a.txt": A})
    ended = run("clean", url, "s3://corpus/in/a.txt", "-o", "out", "-q")
    assert (ended.status, ended.errors) == (3, [f"cleaner: error: {told}"])
    assert b"The tide came in & went out." in next(
        data for name, data in _files(here / "out").items() if name.endswith("a.txt")
    )


def test_what_passes_is_tried_again(bucket: Bucket, here: Path, run: Run) -> None:
    bucket.put({"in/a.txt": A, "in/deep/b.jsonl": B * 50})
    bucket.faults.busy, bucket.faults.cut = 3, 2
    ended = run("clean", "s3://corpus/in", "-o", "s3://corpus/out", "-q")
    assert (ended.status, ended.err) == (0, "")
    assert "out/_cleaner/report.json" in bucket.names()
    bucket.faults.pause = 0.05
    assert run("check", "s3://corpus/out").status == 0


def test_what_does_not_pass_is_one_line(bucket: Bucket, here: Path, run: Run) -> None:
    bucket.put({"in/a.txt": A, "in/b.txt": A})
    bucket.faults.status = 403
    bucket.faults.busy = 1000
    bucket.faults.concerns = lambda method, path: method == "GET" and path.endswith("b.txt")
    ended = run("clean", "s3://corpus/in", "-o", "out", "-q")
    assert ended.status == 3
    assert [line.split("; ")[0] for line in ended.errors] == [
        "cleaner: error: s3://corpus/in/b.txt: no access: the server answered 403"
    ]
    assert "a.txt" in _files(here / "out")


def test_outputs_are_whole_or_not_at_all(bucket: Bucket, here: Path, run: Run) -> None:
    bucket.put({"in/a.txt": A, "in/b.txt": A, "in/c.jsonl": B})
    bucket.faults.status = 403
    bucket.faults.busy = 1000
    bucket.faults.concerns = lambda method, path: method == "PUT" and path.endswith("c.jsonl")
    command = ("clean", "s3://corpus/in", "-o", "s3://corpus/out", "-q")
    ended = run(*command)
    assert (ended.status, len(ended.errors)) == (2, 1)
    assert "s3://corpus/out/c.jsonl: cannot be written: no access" in ended.err
    # Without its report, nobody takes the folder for whole.
    assert not {f"out/_cleaner/{name}" for name in JOURNAL} & set(bucket.names())
    bucket.faults.clear()
    # Only what is left is done: nothing is fetched again, nor cleaned.
    assert run(*command).status == 0
    assert not [one for one in bucket.faults.seen if one.startswith("GET") and "in/a.txt" in one]
    assert {f"out/_cleaner/{name}" for name in JOURNAL} <= set(bucket.names())


def test_a_folder_that_is_not_empty_is_asked_for(bucket: Bucket, here: Path, run: Run) -> None:
    bucket.put({"in/a.txt": A, "in/b.txt": A, "out/mine.txt": b""})
    command = ("clean", "s3://corpus/in", "-o", "s3://corpus/out", "-q")
    ended = run(*command)
    assert (ended.status, "is not empty" in ended.err) == (2, True)
    assert run(*command, "--overwrite").status == 0
    assert run("clean", "s3://corpus/in/b.txt", *command[2:], "--overwrite").status == 0
    # What only the earlier run wrote is gone; what none wrote stays.
    assert [name for name in bucket.names("out/") if "_cleaner" not in name] == [
        "out/b.txt",
        "out/mine.txt",
    ]
    inside = run("clean", "s3://corpus/out/b.txt", "-o", "s3://corpus/out", "--overwrite")
    assert (inside.status, "lies inside the output" in inside.err) == (2, True)


def test_the_output_does_not_become_input(bucket: Bucket, here: Path, run: Run) -> None:
    bucket.put({"a.txt": A})
    command = ("clean", "s3://corpus/", "-o", "s3://corpus/out", "-q")
    assert run(*command).status == run(*command, "--overwrite").status == 0
    assert [name for name in bucket.names() if "_cleaner" not in name] == ["a.txt", "out/a.txt"]


def test_a_changed_source_is_fetched_anew(bucket: Bucket, here: Path, run: Run) -> None:
    bucket.put({"in/a.txt": A, "in/b.txt": A})
    bucket.faults.status = 403
    bucket.faults.busy = 1000
    bucket.faults.concerns = lambda method, path: method == "PUT"
    command = ("clean", "s3://corpus/in", "-o", "s3://corpus/out", "--work", "work")
    assert run(*command).status == 2
    bucket.faults.clear()
    bucket.put({"in/a.txt": b"Another  text stands here.\n"})
    ended = run(*command)
    assert ended.status == 0
    assert ended.others == [
        "cleaner: note: s3://corpus/in/a.txt: has changed since it was fetched, and is read anew"
    ]
    assert bucket.get("out/a.txt") == b"Another text stands here.\n"
    fetched = [one for one in bucket.faults.seen if one.startswith("GET") and "in/a" in one]
    assert (len(fetched), any("in/b" in one for one in bucket.faults.seen)) == (1, True)
    assert "GET /corpus/in/b.txt" not in bucket.faults.seen
    assert not list((here / "work").iterdir())


def test_large_files_go_in_parts(
    bucket: Bucket, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_BLOCK", 5 << 20)
    data = os.urandom(12 << 20)
    (here / "large").write_bytes(data)
    s3 = store.Store("s3://corpus/large")
    s3.put(here / "large", "s3://corpus/large")
    assert len([one for one in bucket.faults.seen if one.startswith("PUT")]) == 4
    bucket.faults.clear()
    bucket.faults.cut = 1
    counted: list[int] = []
    s3.fetch(s3.entry("corpus/large"), here / "again", counted.append)
    assert (here / "again").read_bytes() == data
    assert len([one for one in bucket.faults.seen if one.startswith("GET")]) < 8


def test_an_index_knows_its_own_folder_elsewhere(bucket: Bucket, here: Path, run: Run) -> None:
    bucket.put({"in/a.jsonl": b'{"text": "One two three four five six seven eight nine ten."}\n'})
    command = ("dedup", "s3://corpus/in", "-o", "s3://corpus/out", "--unit", "record", "-q")
    assert run(*command, "--index", "seen").status == 0
    first = bucket.get("out/a.jsonl")
    assert run(*command, "--index", "seen", "--overwrite").status == 0
    assert bucket.get("out/a.jsonl") == first


def test_credentials_are_told_nowhere(bucket: Bucket, here: Path, run: Run) -> None:
    bucket.put({"in/a.txt": A})
    run("clean", "s3://corpus/in", "s3://corpus/none", "-o", "s3://corpus/out")
    said = "".join(map(str, run("check", "s3://corpus/none")))
    data = b"".join(bucket.get(name) for name in bucket.names("out/"))
    assert not [one for one in SECRETS if one in said or one.encode() in data]


def test_from_python(bucket: Bucket, here: Path) -> None:
    bucket.put({"in/a.txt": A})
    report = Cleaner(Settings(jobs=1)).clean_files("s3://corpus/in", "s3://corpus/out")
    assert (report.counts["ENC111"], report.files[0].name) == (1, "a.txt")
    assert bucket.get("out/a.txt") == b"The tide came in & went out.\n"
    with pytest.raises(UsageError, match="is a URL, and must be a path here"):
        Cleaner().clean_in_place("s3://corpus/in", "journal")
