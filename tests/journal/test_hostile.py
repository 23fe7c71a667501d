"""Journals and folders that somebody else made: one line, and nothing outside touched."""

from __future__ import annotations

import base64
import copy
import gzip
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner, Settings
from cleaner.core.config import Dedup
from cleaner.journal.lines import journal_path, packed
from cleaner.journal.read import read_journal
from cleaner.storage.compress import reading, writing
from tests.running import Ended, Run

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


def raw_lines(out: Path) -> list[bytes]:
    with journal_path(out).open("rb") as raw, reading(raw, "zstd") as stream:
        return list(stream)


def rewrite(out: Path, lines: list[bytes]) -> None:
    with journal_path(out).open("wb") as raw, writing(raw, "zstd") as stream:
        stream.writelines(lines)


def assert_harmless(here: Path, run: Run) -> tuple[Ended, list[Ended]]:
    """Restore and explain: at most a line an error, and all that is written lies in `back`."""
    shutil.rmtree(here / "back", ignore_errors=True)
    around = {path: path.lstat().st_mtime_ns for path in here.rglob("*")}
    own = (here / "own/own.txt").read_text()
    restored = run("restore", "out", "-o", "back", "-q")
    explained = [run("explain", f"{n}:{i}", "--output", "out") for n in SOURCES for i in (1, 3)]
    for ended in (restored, *explained):
        assert ended.status in (0, 1, 2, 3), ended.err
        assert ended.others == []
        assert "Traceback" not in ended.err
    assert all(len(ended.errors) <= 1 for ended in explained)
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


def test_key_that_stands_twice(out: Path, here: Path, run: Run) -> None:
    """What is checked would not be what is used."""
    lines = raw_lines(out)
    for at, line in enumerate(lines):
        key = line[1 : line.index(b":")]
        for twice in (
            b"{" + key + b":7," + line[1:],
            line.rstrip()[:-1] + b"," + key + b":7}\n",
            line.rstrip()[:-1] + b',"type":"file","name":"../own/own.txt"}\n',
        ):
            rewrite(out, [*lines[:at], twice, *lines[at + 1 :]])
            restored = run("restore", "out", "-o", f"back-{at}", "-q", "--overwrite")
            assert restored.status == 3
            assert len(restored.errors) >= 1
            assert "Traceback" not in restored.err
            assert (here / "own/own.txt").read_text() == "somebody's own"


@pytest.mark.parametrize("name", ["../own/own.txt", "/own.txt", "sub/../../own/own.txt"])
def test_file_behind_a_removed_record(out: Path, here: Path, run: Run, name: str) -> None:
    named = str(here / "own/own.txt") if name == "/own.txt" else name
    head = b'{"type":"removed","number":1,"type":"file","format":"txt","codec":"plain","name":'
    raw = base64.b64encode(b"gone")
    lines = raw_lines(out)
    file = head + json.dumps(named).encode() + b',"bytes":"' + raw + b'"}\n'
    open_file = head + json.dumps(named).encode() + b',"raw":"x"}\n'
    for hostile in (file, open_file):
        rewrite(out, [lines[0], hostile, *lines[1:]])
        restored, _ = assert_harmless(here, run)
        assert restored.status == 3
        assert "broken journal" in restored.errors[0]


NAMES = [
    "../own/own.txt", "sub/../../own/own.txt", "/own.txt", "..", ".", "", "./a.txt", "a//b", "a/",
    "a\0b", "\ud800", "_cleaner/journal.jsonl.zst", "sub/_cleaner/x", "_cleaner", 5, None, ["x"],
    {}, True, "x" * 300, "x/" * 3000 + "x", "sub", "b.txt", "..\\own\\own.txt", "con", "a\nb",
]  # fmt: skip


@pytest.mark.parametrize("out", ["clean", "records"], indirect=True)
@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name)[:20])
def test_name(out: Path, here: Path, run: Run, name: Any) -> None:
    lines = raw_lines(out)
    at = next(i for i, line in enumerate(lines) if b'"name":"a.txt"' in line)
    named = str(here / "own/own.txt") if name == "/own.txt" else name
    lines[at] = packed({**json.loads(lines[at]), "name": named})
    rewrite(out, lines)
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
    "place", ["a.txt", "sub", "_cleaner/containers", "_cleaner/journal.jsonl.zst", "_cleaner"]
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


def swapped(lines: list[bytes]) -> list[bytes]:
    at = next(i for i, line in enumerate(lines) if line.startswith(b'{"type":"end"'))
    return [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]


ORDERS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "file in a file": swapped,
    "two ends": lambda lines: [line for line in lines for _ in range(1 + (b'"end"' in line))],
    "two runs": lambda lines: [lines[0], *lines],
    "no files": lambda lines: [line for line in lines if b'"file"' not in line],
    "no run": lambda lines: lines[1:],
    "backward": lambda lines: [lines[0], *lines[:0:-1]],
    "only the run": lambda lines: lines[:1],
    "a file twice": lambda lines: [*lines, *lines[1:]],
    "cut": lambda lines: lines[:3],
    "a line cut": lambda lines: [*lines[:-1], lines[-1][:-9]],
    "deep": lambda lines: [lines[0], b"[" * 100_000 + b"\n", *lines[1:]],
    "deep in a record": lambda lines: [*lines[:2], b'{"type":"record","form":' + b'{"a":' * 50_000],
}


@pytest.mark.parametrize("order", ORDERS)
def test_order(out: Path, here: Path, run: Run, order: str) -> None:
    rewrite(out, ORDERS[order](raw_lines(out)))
    restored, _ = assert_harmless(here, run)
    if order != "only the run":
        assert restored.status == 3


VALUES: list[Any] = [
    None, True, -1, 0, 1, 2**31, 2**63, 10**400, 1.5, float("nan"), "", "a", "DUP499", "\ud800",
    "../own/own.txt", "/dev/zero", [], [[]], [[[]]], {}, {"a": 1}, ["a", "b"], [0, 0, "", "", "X"],
    [[[0, 0, "", "", "NOPE", ""]]], [[[5, 2, "x", "y", "ENC110", ""]]], "klingon", "9" * 5000,
]  # fmt: skip


def mutated(line: Any, dice: random.Random) -> Any:
    """Put a value in some place of a line."""
    line = copy.deepcopy(line)
    at, places = line, []
    while isinstance(at, dict | list) and at:
        key = dice.choice(list(at) if isinstance(at, dict) else range(len(at)))
        places.append((at, key))
        at = at[key]
    if places:
        inner, key = dice.choice(places)
        if dice.random() < 0.15 and isinstance(inner, dict):
            del inner[key]
        else:
            inner[key] = dice.choice(VALUES)
    return line


@pytest.mark.parametrize("seed", range(int(os.environ.get("CLEANER_SEEDS", "2"))))
def test_any_value_anywhere(out: Path, here: Path, run: Run, seed: int) -> None:
    dice = random.Random(f"{seed} {out}")
    lines = raw_lines(out)
    for _ in range(8):
        changed = list(lines)
        for _ in range(dice.choice((1, 1, 3))):
            at = dice.randrange(len(lines))
            try:
                changed[at] = packed(mutated(json.loads(changed[at]), dice))
            except (ValueError, TypeError, AttributeError):
                changed[at] = changed[at][: dice.randrange(len(changed[at]))]
        rewrite(out, changed)
        assert_harmless(here, run)


def test_every_journal_passes_its_own_check(out: Path) -> None:
    kinds = {line["type"] for line in read_journal(out)}
    assert {"run", "file", "end"} < kinds
