"""Restoring from outputs and journals that somebody has changed: an error, never a wrong source."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import CleanerError, Settings, clean_files, restore_files
from cleaner.journal.lines import journal_path, packed
from cleaner.journal.read import read_journal
from cleaner.storage.compress import writing
from tests.running import Run

SOURCES = {
    "a.txt": b"The  tide came in.\r\n",
    "b.txt": "The caf\xe9 by the quay.".encode("cp1252"),
    "c.jsonl": b'{"text": "so  be it"}\n\n{"text": "bad\n{"text": " "}\n{"text": "and so on"}\r\n',
    "sub/d.txt.gz": gzip.compress(b"The  boats rose.\n", compresslevel=1, mtime=7),
    "z.txt": b"The end.\n",
}


@pytest.fixture
def out(here: Path) -> Path:
    for name, data in SOURCES.items():
        (here / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "in" / name).write_bytes(data)
    clean_files([here / "in"], here / "out", Settings(jobs=1))
    return here / "out"


def restored(here: Path, run: Run) -> tuple[int, list[str], set[str]]:
    """Restore; return status, errors, and the names that came back, each as it was."""
    ended = run("restore", "out", "-o", "back", "-q")
    assert ended.others == []
    names = set()
    for path in (here / "back").rglob("*"):
        if path.is_file():
            name = path.relative_to(here / "back").as_posix()
            assert path.read_bytes() == SOURCES[name]
            names.add(name)
    return ended.status, ended.errors, names


def lines_of(out: Path) -> list[dict]:
    return list(read_journal(out))


def rewrite(out: Path, lines: list) -> None:
    with journal_path(out).open("wb") as raw, writing(raw, "zstd") as stream:
        for line in lines:
            stream.write(line if isinstance(line, bytes) else packed(line))


def test_untouched(out: Path, here: Path, run: Run) -> None:
    assert restored(here, run) == (0, [], set(SOURCES))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("a.txt", lambda data: data.replace(b"tide", b"boat")),
        ("a.txt", lambda data: data + b"more\n"),
        ("a.txt", lambda data: data[:-5]),
        ("a.txt", lambda data: b""),
        ("a.txt", lambda data: b"\xff\xfe"),
        ("b.txt", lambda data: data.replace("é".encode(), "漢".encode())),
        ("c.jsonl", lambda data: data.replace(b"so be it", b"so was it")),
        ("c.jsonl", lambda data: data.replace(b'"so be it"', b"5")),
        ("c.jsonl", lambda data: data.replace(b'"text"', b'"body"')),
        ("c.jsonl", lambda data: data.replace(b"{", b"[", 1)),
        ("c.jsonl", lambda data: data.split(b"\n")[0] + b"\n"),
        ("c.jsonl", lambda data: data + b'{"text": "more"}\n'),
        ("c.jsonl", lambda data: b'{"text": "\\ud800"}\n' + data),
        ("c.jsonl", lambda data: b"\xff" + data),
        ("sub/d.txt.gz", lambda data: data[:-6]),
        ("sub/d.txt.gz", lambda data: b"plain"),
        ("sub/d.txt.gz", lambda data: b""),
        ("sub/d.txt.gz", lambda data: data + b"more"),
        ("sub/d.txt.gz", lambda data: gzip.compress(b"The boats sank.\n")),
    ],
)
def test_changed_output(
    out: Path, here: Path, run: Run, name: str, change: Callable[[bytes], bytes]
) -> None:
    before = (out / name).read_bytes()
    (out / name).write_bytes(change(before))
    assert (out / name).read_bytes() != before
    status, errors, names = restored(here, run)
    assert status == 3
    assert len(errors) == 1
    assert errors[0].startswith(f"cleaner: error: out/{name}: ")
    assert names == set(SOURCES) - {name}


def test_missing_output(out: Path, here: Path, run: Run) -> None:
    (out / "a.txt").unlink()
    status, errors, names = restored(here, run)
    assert status == 3
    assert errors == ["cleaner: error: out/a.txt: is missing; the journal alone is not enough"]
    assert names == set(SOURCES) - {"a.txt"}


def test_folder_in_the_place_of_an_output(out: Path, here: Path, run: Run) -> None:
    (out / "a.txt").unlink()
    (out / "a.txt").mkdir()
    assert restored(here, run)[0] == 3


def test_missing_container(out: Path, here: Path, run: Run) -> None:
    (out / "_cleaner/containers/sub/d.txt.gz").unlink()
    status, errors, names = restored(here, run)
    assert status == 3
    assert len(errors) == 1
    assert "sub/d.txt.gz" in errors[0]
    assert names == set(SOURCES) - {"sub/d.txt.gz"}


def test_changed_container(out: Path, here: Path, run: Run) -> None:
    container = out / "_cleaner/containers/sub/d.txt.gz"
    container.write_bytes(container.read_bytes()[::-1])
    status, errors, names = restored(here, run)
    assert status == 3
    assert len(errors) == 1
    assert names == set(SOURCES) - {"sub/d.txt.gz"}


@pytest.mark.parametrize(
    "data",
    [b"", b"not zstd", b"\x28\xb5\x2f\xfd"],
)
def test_journal_that_is_none(out: Path, here: Path, run: Run, data: bytes) -> None:
    journal_path(out).write_bytes(data)
    status, errors, names = restored(here, run)
    assert status == 3
    assert len(errors) == 1
    assert "journal" in errors[0]
    assert names == set()


def test_truncated_journal(out: Path, here: Path, run: Run) -> None:
    data = journal_path(out).read_bytes()
    for keep in (len(data) // 3, len(data) - 3):
        journal_path(out).write_bytes(data[:keep])
        ended = run("restore", "out", "-o", f"back{keep}")
        assert ended.status == 3
        assert ended.others == []
        assert "journal.jsonl.zst: broken journal: broken zstd data" in ended.err


def test_journal_without_its_last_lines(out: Path, here: Path, run: Run) -> None:
    lines = lines_of(out)
    rewrite(out, lines[:-1])
    status, errors, names = restored(here, run)
    assert status == 3
    assert "ends too early" in errors[0]
    assert names == set(SOURCES) - {"z.txt"}


def test_journal_of_another_version(out: Path, here: Path, run: Run) -> None:
    lines = lines_of(out)
    rewrite(out, [{**lines[0], "journal": 99}, *lines[1:]])
    ended = run("restore", "out", "-o", "back")
    assert ended.status == 2
    assert "a journal of another version" in ended.errors[0]


def test_folder_without_journal(here: Path, run: Run) -> None:
    (here / "out").mkdir()
    ended = run("restore", "out", "-o", "back")
    assert ended.status == 2
    assert "out: no journal here" in ended.errors[0]


def test_unfinished_run(out: Path, run: Run) -> None:
    (out / "_cleaner/work").mkdir()
    ended = run("restore", "out", "-o", "back")
    assert ended.status == 2
    assert "out: this run was not finished" in ended.errors[0]


@pytest.mark.parametrize(
    "name", ["../x.txt", "sub/../../x.txt", "/tmp/x.txt", "..", ".", "", "a\0b", 5, None, ["x"]]
)
def test_names_that_lead_out_of_the_folder(out: Path, here: Path, run: Run, name: object) -> None:
    lines = lines_of(out)
    at = next(i for i, line in enumerate(lines) if line.get("name") == "b.txt")
    (here / "x.txt").write_text("somebody's own")
    lines[at]["name"] = name
    rewrite(out, lines)
    before = sorted(here.iterdir())
    status, errors, names = restored(here, run)
    assert status == 3
    assert "broken journal" in errors[0]
    assert names == {"a.txt"}
    assert (here / "x.txt").read_text() == "somebody's own"
    assert sorted(here.iterdir()) == sorted([*before, here / "back"])


def edited(line: dict, **changes: object) -> dict:
    return {**line, **changes}


def without(line: dict, key: str) -> dict:
    return {k: v for k, v in line.items() if k != key}


RECORD = {
    "no steps": lambda line: without(line, "steps"),
    "steps are a number": lambda line: edited(line, steps=5),
    "steps hold numbers": lambda line: edited(line, steps=[[5]]),
    "edits too short": lambda line: edited(line, steps=[[[1, 2, "x"]]]),
    "edits of the wrong types": lambda line: edited(line, steps=[[["a", "b", 1, 2, 3, 4]]]),
    "edits past the end": lambda line: edited(line, steps=[[[900, 902, "  ", " ", "FMT508", ""]]]),
    "negative edits": lambda line: edited(line, steps=[[[-3, -1, "  ", " ", "FMT508", ""]]]),
    "edits with nulls": lambda line: edited(line, steps=[[[0, 0, None, None, "FMT508", ""]]]),
    "other edits": lambda line: edited(line, steps=[[[0, 3, "A  ", "The", "FMT508", ""]]]),
    "no edits": lambda line: edited(line, steps=[]),
    "form is a number": lambda line: edited(line, form=5),
    "unknown encoding": lambda line: edited(line, form={"encoding": "klingon"}),
    "encoding is no text": lambda line: edited(line, form={"encoding": "hex"}),
    "encoding is a number": lambda line: edited(line, form={"encoding": 5}),
    "encoding that cannot": lambda line: edited(line, form={"encoding": "ascii"}),
    "dropped": lambda line: edited(line, dropped=["", ""], left="x"),
    "dropped is a number": lambda line: edited(line, dropped=5),
    "dropped without text": lambda line: edited(line, dropped=["", ""]),
    "unknown type": lambda line: edited(line, type="unknown"),
    "raw": lambda line: edited(line, type="raw", bytes="!!!"),
    "raw without bytes": lambda line: edited(line, type="raw"),
    "raw of numbers": lambda line: edited(line, type="raw", bytes=5),
    "no number": lambda line: without(line, "number"),
    "no type": lambda line: without(line, "type"),
    "a list": lambda line: [],
    "null": lambda line: b"null\n",
    "not JSON": lambda line: b"{\n",
    "deep JSON": lambda line: b"[" * 200_000 + b"\n",
    "not UTF-8": lambda line: b"\xff\xff\n",
}
FILE = {
    "unknown format": lambda line: edited(line, format="docx"),
    "no format": lambda line: without(line, "format"),
    "format is a list": lambda line: edited(line, format=[]),
    "other format": lambda line: edited(line, format="jsonl"),
    "unknown codec": lambda line: edited(line, codec="rar"),
    "other codec": lambda line: edited(line, codec="gzip"),
    "no codec": lambda line: without(line, "codec"),
    "no name": lambda line: without(line, "name"),
    "name of a folder": lambda line: edited(line, name="sub"),
    "long name": lambda line: edited(line, name="x" * 300),
    "name with a lone surrogate": lambda line: edited(line, name="\ud800"),
}
END = {
    "other digest": lambda line: edited(line, sha256="0" * 64),
    "other digest of the output": lambda line: edited(line, output_sha256="0" * 64),
    "digest is null": lambda line: edited(line, sha256=None),
    "no digest": lambda line: without(line, "sha256"),
    "no digest of the output": lambda line: without(line, "output_sha256"),
    "container that is none": lambda line: edited(line, container_kept=True),
    "nothing of a container": lambda line: without(line, "container_kept"),
}
CHANGES = [
    pytest.param(number, change, id=f"{kind}, {what}")
    for kind, number, changes in (("record", 2, RECORD), ("file", 1, FILE), ("end", 3, END))
    for what, change in changes.items()
]


@pytest.mark.parametrize(("number", "change"), CHANGES)
def test_changed_journal(
    out: Path, here: Path, run: Run, number: int, change: Callable[[dict], object]
) -> None:
    lines: list = lines_of(out)
    assert [line["type"] for line in lines[:4]] == ["run", "file", "record", "end"]
    lines[number] = change(lines[number])
    rewrite(out, lines)
    status, errors, names = restored(here, run)
    if names == set(SOURCES):
        # The change touched nothing that restoring needs.
        assert (status, errors) == (0, [])
        return
    assert status == 3
    assert errors
    assert "a.txt" not in names


@pytest.mark.parametrize(
    "change",
    [
        lambda line: without(line, "settings"),
        lambda line: edited(line, settings=5),
        lambda line: edited(line, settings={}),
        lambda line: edited(line, settings={"input": {"text-field": 5}}),
        lambda line: edited(line, settings={"input": {"unknown": 5}}),
        lambda line: without(line, "journal"),
        lambda line: without(line, "type"),
        lambda line: [],
    ],
)
def test_changed_first_line(
    out: Path, here: Path, run: Run, change: Callable[[dict], object]
) -> None:
    lines: list = lines_of(out)
    rewrite(out, [change(lines[0]), *lines[1:]])
    status, errors, names = restored(here, run)
    assert status == 3
    assert len(errors) == 1
    assert "broken journal" in errors[0]
    assert names == set()


def test_journal_that_begins_with_a_file(out: Path, here: Path, run: Run) -> None:
    rewrite(out, lines_of(out)[1:])
    status, _, names = restored(here, run)
    assert status in (2, 3)
    assert names == set()


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@given(data=st.data())
def test_journal_with_any_value_anywhere(data: st.DataObject) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        (here / "a.jsonl").write_bytes(SOURCES["c.jsonl"])
        clean_files([here / "a.jsonl"], here / "out", Settings(jobs=1))
        lines = json.loads(json.dumps(lines_of(here / "out")))
        line = data.draw(st.sampled_from(lines))
        key = data.draw(st.sampled_from(sorted(line)))
        line[key] = data.draw(_json)
        rewrite(here / "out", lines)
        try:
            for file in restore_files(here / "out", here / "back"):
                if file.error is None:
                    assert (here / "back/a.jsonl").read_bytes() == SOURCES["c.jsonl"]
        except CleanerError:
            assert not (here / "back").is_dir() or not list((here / "back").iterdir())


def test_destination(out: Path, here: Path, run: Run) -> None:
    (here / "back").mkdir()
    (here / "back/own.txt").touch()
    ended = run("restore", "out", "-o", "back")
    assert ended.status == 2
    assert "back: the folder is not empty" in ended.errors[0]
    (here / "file").touch()
    for place in ("file", "file/deeper"):
        ended = run("restore", "out", "-o", place)
        assert ended.status in (2, 3)
        assert ended.errors[0].startswith(f"cleaner: error: {place}")
        assert ended.others == []


def test_raw_records_keep_their_bytes(out: Path) -> None:
    raw = [line for line in lines_of(out) if line["type"] == "raw"]
    assert [base64.b64decode(line["bytes"]) for line in raw] == [b"\n", b'{"text": "bad\n']
    assert "not valid JSON" in raw[1]["error"]
