"""Journals and folders that somebody else made: one line, and nothing outside touched."""

from __future__ import annotations

import copy
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner, Settings
from cleaner.core.settings.config import Dedup
from cleaner.journal.read import read_journal
from cleaner.journal.tables import EDITS
from tests.journal.altering import (
    TABLES,
    Rows,
    columns_of,
    rewrite,
    rows_of,
    run_of,
    write_columns,
)
from tests.running import Ended, Run, environment

LONG = "The keeper wrote down every ship that passed the point before noon on that day of the year."
MORE = "Nobody had told the children that the ferry would not come back before the end of winter."
SOURCES = {
    "a.txt": f"The  tide came in.\r\n\r\n{LONG}\r\n\r\n{MORE}\r\n".encode(),
    "b.txt": f"{MORE}\n\n{LONG}\n".encode(),
    "c.jsonl": b"".join(
        json.dumps({"id": number, "text": text}).encode() + b"\n"
        for number, text in enumerate((LONG, "so  be it", LONG, f"{LONG}\n\n{MORE}", " "))
    )
    + b'\n{"text": "bad\n',
    "sub/d.txt.gz": gzip.compress(b"The  boats rose.\n", compresslevel=1, mtime=7),
}
KINDS = {
    "clean": Settings(jobs=1),
    "paragraphs": Settings(jobs=1, dedup=Dedup(unit="paragraph")),
    "marks": Settings(jobs=1, dedup=Dedup(unit="paragraph", on_duplicate="mark")),
    "records": Settings(jobs=1, dedup=Dedup(unit="record")),
    "marked records": Settings(jobs=1, dedup=Dedup(unit="record", on_duplicate="mark")),
}


@pytest.fixture(params=KINDS)
def out(here: Path, request: pytest.FixtureRequest) -> Path:
    for name, data in SOURCES.items():
        (here / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "in" / name).write_bytes(data)
    (here / "own").mkdir()
    (here / "own/own.txt").write_text("somebody's own")
    cleaner = Cleaner(KINDS[request.param])
    write = cleaner.clean_files if request.param == "clean" else cleaner.deduplicate_files
    write([here / "in"], here / "out")
    return here / "out"


def assert_harmless(here: Path, run: Run) -> tuple[Ended, list[Ended]]:
    """Restore and explain: at most a line an error, and all that is written lies in `back`."""
    shutil.rmtree(here / "back", ignore_errors=True)
    around = {path: path.lstat().st_mtime_ns for path in here.rglob("*")}
    own = (here / "own/own.txt").read_text()
    restored = run("restore", "out", "-o", "back", "-q")
    explained = [run("explain", f"{n}:{i}", "--output", "out") for n in SOURCES for i in (1, 3)]
    others = [
        run("report", "out", "-o", "-"),
        run("explain", "--text", "the", "--output", "out"),
        run("explain", "--id", "a.txt", "--output", "out"),
        run("restore", "out", "-o", "back/other", "--only", "FMT,DUP", "-q"),
    ]
    taken_back = others[-1]
    if taken_back.status == 0:
        again = run("restore", "back/other", "-o", "back/again", "-q")
        assert again.status == restored.status
        shutil.rmtree(here / "back" / "again")
    shutil.rmtree(here / "back" / "other", ignore_errors=True)
    for ended in (restored, *explained, *others):
        assert ended.status in (0, 1, 2, 3), ended.err
        assert ended.others == []
        assert "Traceback" not in ended.err
    assert all(len(ended.errors) <= 1 for ended in (*explained, *others[:3]))
    for path in (here / "back").rglob("*"):
        name = path.relative_to(here / "back").as_posix()
        assert path.is_dir() or path.read_bytes() == SOURCES.get(name), name
    assert (here / "own/own.txt").read_text() == own
    after = {p: p.lstat().st_mtime_ns for p in here.rglob("*") if (here / "back") not in p.parents}
    after.pop(here / "back", None)
    assert after == around
    return restored, explained


def test_untouched(out: Path, here: Path, run: Run) -> None:
    restored, _ = assert_harmless(here, run)
    assert (restored.status, restored.errors) == (0, [])
    for name, data in SOURCES.items():
        assert (here / "back" / name).read_bytes() == data


@pytest.mark.parametrize("table", TABLES)
def test_column_that_stands_twice(out: Path, here: Path, run: Run, table: str) -> None:
    """What is checked would not be what is used."""
    columns = list(columns_of(rows_of(out)[table], TABLES[table]).items())
    for name, column in columns:
        for more in (column, pa.array(["../own/own.txt"] * len(column))):
            for both in ([*columns, (name, more)], [(name, more), *columns]):
                write_columns(out, TABLES[table], both, run_of(out))
                restored = run("restore", "out", "-o", f"back-{name}", "-q", "--overwrite")
                assert restored.status == 3
                assert len(restored.errors) == 1
                assert "broken journal" in restored.errors[0]
                assert "Traceback" not in restored.err
                assert (here / "own/own.txt").read_text() == "somebody's own"


@pytest.mark.parametrize("name", ["../own/own.txt", "/own.txt", "sub/../../own/own.txt"])
def test_file_before_all_others(out: Path, here: Path, run: Run, name: str) -> None:
    named = str(here / "own/own.txt") if name == "/own.txt" else name
    rows = rows_of(out)
    rows["files"].insert(0, {**rows["files"][0], "file": named, "records": 1, "edits": 0})
    rows["records"].insert(
        0, {"file": named, "record": 1, "written": False, "source": b"gone", "escaped": False}
    )
    rewrite(out, rows)
    restored, _ = assert_harmless(here, run)
    assert restored.status == 3
    assert "broken journal" in restored.errors[0]


NAMES = [
    "../own/own.txt", "sub/../../own/own.txt", "/own.txt", "..", ".", "", "./a.txt", "a//b", "a/",
    "a\0b", "\\ud800", "\\", "\\x41", "\\ud80", "_cleaner/journal.parquet", "sub/_cleaner/x",
    "_cleaner", 5, None, ["x"], {}, True, "x" * 300, "x/" * 3000 + "x", "sub", "b.txt",
    "..\\own\\own.txt", "con", "a\nb",
]  # fmt: skip


@pytest.mark.parametrize("out", ["clean", "records"], indirect=True)
@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name)[:20])
def test_name(out: Path, here: Path, run: Run, name: Any) -> None:
    named = str(here / "own/own.txt") if name == "/own.txt" else name
    rows = rows_of(out)
    for table in rows.values():
        for row in table:
            if row["file"] == "a.txt":
                row["file"] = named
    rewrite(out, rows)
    restored, explained = assert_harmless(here, run)
    assert restored.status == 3
    assert explained[0].status != 0


@pytest.mark.parametrize("out", ["clean"], indirect=True)
@pytest.mark.parametrize("link", ["a.txt", "sub", "_cleaner"])
def test_links_in_the_folder_to_restore_into(out: Path, here: Path, run: Run, link: str) -> None:
    (here / "back").mkdir()
    (here / "own/a.txt").write_text("somebody's own")
    (here / "own/restore").mkdir()
    (here / "own/restore/x").touch()
    target = "own/a.txt" if link == "a.txt" else "own"
    (here / "back" / link).symlink_to(here / target)
    before = sorted(path.name for path in (here / "own").rglob("*"))
    ended = run("restore", "out", "-o", "back", "-q", "--overwrite")
    assert ended.others == []
    assert sorted(path.name for path in (here / "own").rglob("*")) == before
    assert (here / "own/a.txt").read_text() == "somebody's own"
    if link == "a.txt":  # the link itself is replaced
        assert (ended.status, ended.errors) == (0, [])
        assert not (here / "back/a.txt").is_symlink()
    else:
        assert ended.status in (2, 3)
        assert "is a link" in ended.errors[0]


@pytest.mark.parametrize("out", ["clean"], indirect=True)
@pytest.mark.parametrize(
    "place", ["a.txt", "sub", "_cleaner/containers", "_cleaner/journal.parquet", "_cleaner"]
)
@pytest.mark.parametrize("target", ["/dev/zero", "own", "fifo", "same"])
def test_links_and_devices_in_the_output(
    out: Path, here: Path, run: Run, place: str, target: str
) -> None:
    (out / place).rename(here / "same")
    os.mkfifo(here / "fifo")
    (out / place).symlink_to(here / target)
    for arguments in (("restore", "out", "-o", "back", "-q"), ("explain", "a.txt:1")):
        ended = run(*arguments, *(["--output", "out"] if arguments[0] == "explain" else []))
        assert ended.status in (1, 2, 3) or (arguments[0] == "explain" and place != "a.txt")
        assert ended.others == []
        assert "Traceback" not in ended.err


@pytest.mark.parametrize("out", ["clean"], indirect=True)
def test_fifo_in_the_place_of_an_output(out: Path, here: Path, run: Run) -> None:
    (out / "a.txt").unlink()
    os.mkfifo(out / "a.txt")
    ended = run("restore", "out", "-o", "back", "-q")
    assert ended.status == 3
    assert len(ended.errors) == 1
    assert "out/a.txt: cannot be restored" in ended.errors[0]


def reversed_rows(rows: dict[str, Rows], *names: str) -> dict[str, Rows]:
    return {**rows, **{name: rows[name][::-1] for name in names}}


ORDERS: dict[str, Callable[[dict[str, Rows]], dict[str, Rows]]] = {
    "files backward": lambda rows: reversed_rows(rows, "files"),
    "edits backward": lambda rows: reversed_rows(rows, "edits"),
    "records backward": lambda rows: reversed_rows(rows, "records"),
    "all backward": lambda rows: reversed_rows(rows, *rows),
    "no files": lambda rows: {**rows, "files": []},
    "no edits": lambda rows: {**rows, "edits": []},
    "no records": lambda rows: {**rows, "records": []},
    "a file less": lambda rows: {**rows, "files": rows["files"][1:]},
    "a file twice": lambda rows: {**rows, "files": [rows["files"][0], *rows["files"]]},
    "edits twice": lambda rows: {**rows, "edits": rows["edits"] * 2},
    "records twice": lambda rows: {**rows, "records": rows["records"] * 2},
    "an edit less": lambda rows: {**rows, "edits": rows["edits"][:-1]},
    "a record less": lambda rows: {**rows, "records": rows["records"][:-1]},
    "rows of no file": lambda rows: {
        **rows, "edits": [*rows["edits"], {**rows["edits"][-1], "file": "zz.txt"}]
    },
    "nothing": lambda rows: {name: [] for name in rows},
}  # fmt: skip


@pytest.mark.parametrize("order", ORDERS)
def test_order(out: Path, here: Path, run: Run, order: str) -> None:
    before = rows_of(out)
    after = ORDERS[order](before)
    rewrite(out, after)
    restored, _ = assert_harmless(here, run)
    # In some runs one file alone has rows, and then the order of files tells nothing.
    if after != before and order != "files backward":
        assert restored.status == 3


@pytest.mark.parametrize("text", ["\\ud800", "\\udce9", "\x1b[31m", "\n\n"])
def test_texts_that_a_terminal_must_not_get(out: Path, here: Path, run: Run, text: str) -> None:
    rows = rows_of(out)
    for row in rows["edits"]:
        row.update(detail=text, survivor=row["survivor"] and f"a{text}.txt", escaped=True)
    rewrite(out, rows)
    _, explained = assert_harmless(here, run)
    for ended in explained:
        assert "\x1b" not in ended.out
        ended.out.encode("utf-8")


def test_tables_of_two_runs(out: Path, here: Path, run: Run) -> None:
    cleaner = Cleaner(Settings(jobs=1, dedup=Dedup(threshold=0.9)))
    cleaner.clean_files([here / "in"], here / "other")
    for table in TABLES.values():
        kept = (out / table.path).read_bytes()
        shutil.copy(here / "other" / table.path, out / table.path)
        restored, _ = assert_harmless(here, run)
        assert restored.status == 3
        assert "different runs" in restored.errors[0]
        (out / table.path).write_bytes(kept)


TYPES = [
    (1, pa.int64()), (1, pa.int32()), ("a", pa.string()), (b"a", pa.binary()), (True, pa.bool_()),
    (1.0, pa.float32()),
]  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_columns(out: Path, here: Path, run: Run, table: str) -> None:
    """Each column missing, of another name or type, or with nothing where something must be."""
    rows = rows_of(out)
    columns = columns_of(rows[table], TABLES[table])
    for name, column in columns.items():
        others = [pa.array([None] * len(column), column.type)]
        for value, kind in TYPES:
            if kind != column.type:
                others.append(pa.array([value] * len(column), kind))
        others.append(pa.array([[value] for value in column.to_pylist()], pa.list_(column.type)))
        changed = [{**columns, name: other} for other in others]
        changed.append({key: value for key, value in columns.items() if key != name})
        changed.append({f"{key}x" * (key == name) or key: v for key, v in columns.items()})
        for at, change in enumerate(changed):
            if not at and TABLES[table].schema.field(name).nullable:
                continue  # nothing at all is what may be
            write_columns(out, TABLES[table], list(change.items()), run_of(out))
            ended = run("restore", "out", "-o", f"back-{name}-{at}", "-q")
            assert (ended.status, len(ended.errors), ended.others) == (3, 1, []), (name, at)
            assert "broken journal" in ended.errors[0]


def test_nothing_where_something_may_be_missing(out: Path, here: Path, run: Run) -> None:
    rows = rows_of(out)
    for table, schema in ((name, one.schema) for name, one in TABLES.items()):
        for field in schema:
            if field.nullable:
                emptied = [{**row, field.name: None} for row in rows[table]]
                rewrite(out, {**rows, table: emptied})
                assert_harmless(here, run)


VALUES: list[Any] = [
    None, True, False, -1, 0, 1, 2**31, 2**62, 2**63 - 1, -(2**63), 1.5, float("nan"), "", "a",
    "DUP499", "\\ud800", "\\", "../own/own.txt", "/dev/zero", "klingon", "hex", "9" * 5000, "edit",
    "note", "removed", b"", b"\xff", [], {"a": 1},
]  # fmt: skip


@pytest.mark.parametrize("seed", range(int(os.environ.get("CLEANER_SEEDS", "2"))))
def test_any_value_anywhere(out: Path, here: Path, run: Run, seed: int) -> None:
    dice = random.Random(f"{seed} {out}")
    rows = rows_of(out)
    for _ in range(12):
        changed = copy.deepcopy(rows)
        for _ in range(dice.choice((1, 1, 3))):
            row = dice.choice([row for table in changed.values() for row in table])
            name = dice.choice(list(row))
            value = dice.choice(VALUES)
            alike = type(value) is type(row[name]) or row[name] is None
            row[name] = value if alike or dice.random() < 0.2 else row[name]
        rewrite(out, changed)
        assert_harmless(here, run)


@pytest.mark.parametrize("seed", range(int(os.environ.get("CLEANER_SEEDS", "2"))))
@pytest.mark.parametrize("out", ["clean", "records"], indirect=True)
def test_any_byte_anywhere(out: Path, here: Path, run: Run, seed: int) -> None:
    dice = random.Random(f"{seed} {out}")
    for _ in range(10):
        path = out / dice.choice(list(TABLES.values())).path
        kept = path.read_bytes()
        data = bytearray(kept)
        for _ in range(dice.choice((1, 1, 8))):
            data[dice.randrange(len(data))] = dice.choice(
                (0, 1, 127, 128, 255, dice.randrange(256))
            )
        if dice.random() < 0.3:
            del data[dice.randrange(len(data)) :]
        path.write_bytes(data)
        assert_harmless(here, run)
        path.write_bytes(kept)


def zeros(rows: Rows, name: str, value: Any, count: int) -> Rows:
    return [{**rows[0], name: value} for _ in range(count)]


@pytest.mark.parametrize("out", ["clean"], indirect=True)
@pytest.mark.parametrize(
    "options",
    [
        {"use_dictionary": True},
        {"use_dictionary": False, "column_encoding": {"before": "DELTA_BYTE_ARRAY"}},
        {"use_dictionary": False},
        {"use_dictionary": False, "data_page_version": "2.0"},
    ],
    ids=["a dictionary", "shared beginnings", "one large row group", "other pages"],
)
def test_values_that_grow(out: Path, here: Path, run: Run, options: dict[str, Any]) -> None:
    """Some kilobytes that would be two gigabytes are refused before they are."""
    rows = rows_of(out)["edits"][:1]
    columns = dict(columns_of(zeros(rows, "before", "0", 2000), EDITS))
    # One buffer, again and again.
    columns["before"] = pa.array([b"0" * (1 << 20)]).cast(pa.string()).take(
        pa.array([0] * 2000)
    )  # fmt: skip
    write_columns(out, EDITS, list(columns.items()), run_of(out), **options)
    size = (out / EDITS.path).stat().st_size
    assert size < 1 << 20
    del columns
    ended = restricted(here, memory=1 << 30)
    assert (ended.returncode, ended.stderr.count("\n")) == (3, 1), ended.stderr
    assert "broken journal" in ended.stderr


def restricted(here: Path, memory: int) -> subprocess.CompletedProcess[str]:
    """Restore in a process that has so much memory beside what it is loaded with."""
    script = (
        "import resource, sys, cleaner.journal.restore, cleaner.__main__ as main\n"
        "from pathlib import Path\n"
        "loaded = int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, [loaded + int(sys.argv[1])] * 2)\n"
        "sys.exit(main._run(['restore', 'out', '-o', 'back', '-q']))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script, str(memory)],
        cwd=here, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_row_groups_that_are_missing(out: Path, here: Path, run: Run) -> None:
    for name, table in TABLES.items():
        kept = (out / table.path).read_bytes()
        whole = pq.ParquetFile(out / table.path)
        if not whole.metadata.num_rows:
            continue
        columns = columns_of(rows_of(out)[name][: whole.metadata.num_rows // 2], table)
        write_columns(out, table, list(columns.items()), run_of(out))
        restored, _ = assert_harmless(here, run)
        assert restored.status == 3, name
        (out / table.path).write_bytes(kept)


def test_every_journal_passes_its_own_check(out: Path) -> None:
    names = [file.file for file, entries in read_journal(out) if list(entries) or True]
    assert names == sorted(SOURCES)
