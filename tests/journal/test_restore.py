"""Restoring from outputs and journals that somebody has changed: an error, never a wrong source."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import CleanerError, Settings, clean_files, restore_files
from cleaner.journal.tables import Table
from tests.journal.altering import TABLES, Rows, rewrite, rows_of, run_of
from tests.running import Run

SOURCES = {
    "a.txt": b"The  tide came in.\r\n",
    "b.txt": "The  caf\xe9 by the quay.\n".encode("cp1252"),
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


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("data", [b"", b"not Parquet", b"PAR1", b"PAR1\0\0\0\0PAR1", b"PAR1" * 9])
def test_journal_that_is_none(out: Path, here: Path, run: Run, table: str, data: bytes) -> None:
    (out / TABLES[table].path).write_bytes(data)
    status, errors, names = restored(here, run)
    assert status == 3
    assert len(errors) == 1
    assert "broken journal" in errors[0]
    assert names == set()


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_truncated_journal(out: Path, here: Path, run: Run, table: Table) -> None:
    data = (out / table.path).read_bytes()
    for keep in (len(data) // 3, len(data) - 3):
        (out / table.path).write_bytes(data[:keep])
        ended = run("restore", "out", "-o", f"back{keep}")
        assert ended.status == 3
        assert ended.others == []
        assert "journal.parquet: broken journal: " in ended.err


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_table_that_is_missing(out: Path, here: Path, run: Run, table: Table) -> None:
    (out / table.path).unlink()
    ended = run("restore", "out", "-o", "back")
    assert (ended.status, len(ended.errors), ended.others) == (2, 1, [])
    assert f"out: no journal here: out/{table.path} does not exist" in ended.errors[0]
    assert not (here / "back").exists()


@pytest.mark.parametrize("table", ["edits", "records"])
def test_journal_without_its_last_rows(out: Path, here: Path, run: Run, table: str) -> None:
    rows = rows_of(out)
    last = rows[table].pop()["file"]
    rewrite(out, rows)
    status, errors, names = restored(here, run)
    assert status == 3
    assert errors
    assert names <= set(SOURCES) - {last}


def test_journal_without_its_last_file(out: Path, here: Path, run: Run) -> None:
    rows = rows_of(out)
    rewrite(out, {**rows, "files": rows["files"][:-1]})
    status, errors, names = restored(here, run)
    assert status == 3
    assert "broken journal: 4 files, not b'5'" in errors[0]
    assert names == set(SOURCES) - {"z.txt"}


def test_journal_of_another_version(out: Path, here: Path, run: Run) -> None:
    rewrite(out, rows_of(out), {**run_of(out), "cleaner.journal": "99"})
    ended = run("restore", "out", "-o", "back")
    assert ended.status == 2
    assert "a journal of another version" in ended.errors[0]


@pytest.mark.parametrize(
    "arguments", [("restore", "out", "-o", "back"), ("explain", "a.txt:1", "--output", "out")]
)
def test_journal_of_the_old_form(out: Path, here: Path, run: Run, arguments: list[str]) -> None:
    for table in TABLES.values():
        (out / table.path).unlink()
    (out / "_cleaner/journal.jsonl.zst").touch()
    ended = run(*arguments)
    assert (ended.status, ended.others) == (2, [])
    assert ended.errors == [
        "cleaner: error: out/_cleaner/journal.jsonl.zst: a journal of an older form; use the "
        "version of cleaner that wrote it, or clean the sources again"
    ]
    assert not (here / "back").exists()
    clean_files([here / "in"], out, Settings(jobs=1), overwrite=True)
    assert not (out / "_cleaner/journal.jsonl.zst").exists()
    assert restored(here, run) == (0, [], set(SOURCES))


def test_folder_without_journal(here: Path, run: Run) -> None:
    (here / "out").mkdir()
    ended = run("restore", "out", "-o", "back")
    assert ended.status == 2
    assert "out: no journal here" in ended.errors[0]


def test_unfinished_run(out: Path, run: Run) -> None:
    shutil.rmtree(out / "_cleaner")
    (out / "_cleaner/work").mkdir(parents=True)
    ended = run("restore", "out", "-o", "back")
    assert ended.status == 2
    assert "out: this run was not finished" in ended.errors[0]


@pytest.mark.parametrize(
    "name", ["../x.txt", "sub/../../x.txt", "/tmp/x.txt", "..", ".", "", "a\0b", 5, None, ["x"]]
)
def test_names_that_lead_out_of_the_folder(out: Path, here: Path, run: Run, name: object) -> None:
    rows = rows_of(out)
    (file,) = (row for row in rows["files"] if row["file"] == "b.txt")
    file["file"] = name
    (here / "x.txt").write_text("somebody's own")
    rewrite(out, rows)
    before = sorted(here.iterdir())
    status, errors, names = restored(here, run)
    assert status == 3
    assert "broken journal" in errors[0]
    assert names == ({"a.txt"} if isinstance(name, str) else set())
    assert (here / "x.txt").read_text() == "somebody's own"
    assert sorted(set(here.iterdir()) - {here / "back"}) == before


def put(table: str, **values: object) -> Callable[[dict[str, Rows]], None]:
    """Return what changes the row of b.txt in a table."""

    def change(rows: dict[str, Rows]) -> None:
        (row,) = (row for row in rows[table] if row["file"] == "b.txt")
        row.update(values)

    return change


# Of b.txt, which is in cp1252: a note of that, an edit here, and its form.
CHANGES = {
    "no step": put("edits", step=None),
    "step zero": put("edits", step=0),
    "no start": put("edits", start=None),
    "no end": put("edits", end=None),
    "no before": put("edits", before=None),
    "no after": put("edits", after=None),
    "nothing of it": put("edits", start=None, end=None, before=None, after=None, step=None),
    "edits past the end": put("edits", start=900, end=902),
    "negative edits": put("edits", start=-3, end=-1),
    "backward edits": put("edits", start=5, end=4),
    "edits far away": put("edits", start=2**62, end=2**63 - 1),
    "edits of nothing": put("edits", before="", start=3, end=3),
    "other edits": put("edits", before="xx"),
    "escapes that mean nothing": put("edits", before="\\", escaped=True),
    "a survivor with escapes that mean nothing": put("edits", survivor="\\", similarity=0.9),
    "a survivor without similarity": put("edits", survivor="a.txt"),
    "a similarity without survivor": put("edits", similarity=0.9),
    "a note": put("edits", kind="note"),
    "removed": put("edits", kind="removed"),
    "unknown kind": put("edits", kind="unknown"),
    "record zero": put("edits", record=0),
    "record two": put("edits", record=2),
    "another file": put("edits", file="a.txt"),
    "no encoding": put("records", encoding=None),
    "unknown encoding": put("records", encoding="klingon"),
    "encoding is no text": put("records", encoding="hex"),
    "encoding that cannot": put("records", encoding="ascii"),
    "not written": put("records", written=False),
    "dropped": put("records", written=False, head="", tail="", text="x"),
    "dropped without text": put("records", written=False, head="", tail=""),
    "other bytes": put("records", source=b"!!!"),
    "added beyond": put("records", added_at=10**9, added_size=3),
    "added before": put("records", added_at=-1, added_size=3),
    "added nothing known": put("records", added_at=1),
    "an odd token": put("records", token="x"),  # noqa: S106
    "unknown format": put("files", format="docx"),
    "other format": put("files", format="jsonl"),
    "unknown codec": put("files", codec="rar"),
    "other codec": put("files", codec="gzip"),
    "name of a folder": put("files", file="sub"),
    "long name": put("files", file="x" * 300),
    "name with a lone surrogate": put("files", file="\\ud800"),
    "other digest": put("files", sha256="0" * 64),
    "other digest of the output": put("files", output_sha256="0" * 64),
    "no digest of the output": put("files", output_sha256=None),
    "container that is none": put("files", container_kept=True),
    "more records": put("files", records=2),
    "no records": put("files", records=0),
    "records without end": put("files", records=2**62),
    "more edits": put("files", edits=7),
    "fewer edits": put("files", edits=0),
}


@pytest.fixture
def one_edit(out: Path) -> dict[str, Rows]:
    """The rows of the journal, with one edit of b.txt, which has the number of another."""
    rows = rows_of(out)
    rows["edits"] = [
        row for row in rows["edits"] if row["file"] != "b.txt" or row["kind"] == "edit"
    ]
    (file,) = (row for row in rows["files"] if row["file"] == "b.txt")
    file["edits"] = sum(row["file"] == "b.txt" for row in rows["edits"])
    assert file["edits"] == 1
    return rows


@pytest.mark.parametrize("what", CHANGES)
def test_changed_journal(
    out: Path, here: Path, run: Run, what: str, one_edit: dict[str, Rows]
) -> None:
    CHANGES[what](one_edit)
    rewrite(out, one_edit)
    status, errors, names = restored(here, run)
    if names == set(SOURCES):
        # The change touched nothing that restoring needs.
        assert (status, errors) == (0, [])
        assert what in ("an odd token", "more records", "records without end", "unknown codec")
        return
    assert status == 3
    assert errors
    assert "b.txt" not in names


@pytest.mark.parametrize(
    "changes",
    [
        {"cleaner.settings": None},
        {"cleaner.settings": "5"},
        {"cleaner.settings": "{}"},
        {"cleaner.settings": "{"},
        {"cleaner.settings": "[" * 100_000},
        {"cleaner.settings": '{"input": {"text-field": 5}}'},
        {"cleaner.settings": '{"input": {"unknown": 5}}'},
        {"cleaner.journal": None},
        {"cleaner.journal": ""},
    ],
    ids=str,
)
def test_changed_metadata(out: Path, here: Path, run: Run, changes: dict[str, str | None]) -> None:
    changed = {key: text for key, text in {**run_of(out), **changes}.items() if text is not None}
    rewrite(out, rows_of(out), changed)
    status, errors, names = restored(here, run)
    assert status == 3
    assert len(errors) == 1
    assert "broken journal" in errors[0]
    assert names == set()
    assert not (here / "back").exists()


_values = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.integers(-(2**63), 2**63 - 1), st.floats(),
    st.text(max_size=3), st.binary(max_size=3),
)  # fmt: skip


@given(data=st.data())
def test_journal_with_any_value_anywhere(data: st.DataObject) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        (here / "a.jsonl").write_bytes(SOURCES["c.jsonl"])
        clean_files([here / "a.jsonl"], here / "out", Settings(jobs=1))
        rows = rows_of(here / "out")
        row = data.draw(st.sampled_from([row for table in rows.values() for row in table]))
        name = data.draw(st.sampled_from(sorted(row)))
        row[name] = data.draw(_values)
        rewrite(here / "out", rows)
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


def test_records_that_are_none_keep_their_bytes(out: Path) -> None:
    rows = [row for row in rows_of(out)["records"] if row["file"] == "c.jsonl"]
    assert [row["source"] for row in rows][:2] == [b"\n", b'{"text": "bad\n']
    assert rows[0]["error"] is None
    assert "not valid JSON" in rows[1]["error"]
