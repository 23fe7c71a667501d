"""Bad input: one line that names it, status 3, and everything else done."""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner import restore_files
from cleaner.storage.compress import writing
from tests.running import Run, process_of_nobody

GOOD = b"The tide came in.\n"


def zstd(data: bytes, path: Path) -> bytes:
    with path.open("wb") as raw, writing(raw, "zstd") as stream:
        stream.write(data)
    return path.read_bytes()


def noise(count: int) -> bytes:
    return random.Random(1).randbytes(count).hex().encode()


def broken_gzip(folder: Path) -> str:
    data = bytearray(gzip.compress(noise(5000)))
    data[200:210] = b"0123456789"
    (folder / "bad.txt.gz").write_bytes(data)
    return "bad.txt.gz: broken gzip data"


def truncated_gzip(folder: Path) -> str:
    (folder / "bad.jsonl.gz").write_bytes(gzip.compress(b'{"text": "a"}\n' * 5000)[:-20])
    return "bad.jsonl.gz: broken gzip data"


def no_gzip(folder: Path) -> str:
    (folder / "bad.txt.gz").write_bytes(b"plain text")
    return "bad.txt.gz: broken gzip data"


def truncated_zstd(folder: Path) -> str:
    data = zstd(noise(5000), folder / "bad.txt.zst")
    (folder / "bad.txt.zst").write_bytes(data[: len(data) // 2])
    return "bad.txt.zst: broken zstd data"


def no_zstd(folder: Path) -> str:
    (folder / "bad.jsonl.zst").write_bytes(b"plain text")
    return "bad.jsonl.zst: broken zstd data"


def gzip_bomb(folder: Path) -> str:
    (folder / "bad.txt.gz").write_bytes(gzip.compress(b"a\n" * 200_000))
    return "bad.txt.gz: is larger than 100,000 bytes"


def zstd_bomb(folder: Path) -> str:
    zstd(b"a\n" * 200_000, folder / "bad.txt.zst")
    return "bad.txt.zst: is larger than 100,000 bytes"


def bomb_in_a_record(folder: Path) -> str:
    data = json.dumps({"text": "a\n" * 200_000}).encode()
    (folder / "bad.jsonl.gz").write_bytes(gzip.compress(b'{"text": "a"}\n' + data))
    return "bad.jsonl.gz: record 2 is larger than 100,000 bytes"


def long_line(folder: Path) -> str:
    (folder / "bad.txt").write_bytes(b"short\n" + b"x" * 30_000 + b"\nshort\n")
    return "bad.txt: line 2 is longer than 20,000 bytes"


def long_line_in_a_record(folder: Path) -> str:
    records = [{"text": "short"}, {"text": "short\n" + "x" * 30_000}]
    (folder / "bad.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records))
    return "bad.jsonl:2: line 2 is longer than 20,000 bytes"


def nul_bytes(folder: Path) -> str:
    (folder / "bad.txt").write_bytes(b"nu\0l")
    return "bad.txt: holds a NUL byte: byte 2"


def false_mark(folder: Path) -> str:
    (folder / "bad.txt").write_bytes(b"\xff\xfea")
    return "bad.txt: is not valid UTF-16-LE"


def invalid_json(folder: Path) -> str:
    lines = [b'{"text": "good"}'] * 6 + [b'{"text": "bad'] + [b'{"text": "good"}'] * 3
    (folder / "bad.jsonl").write_bytes(b"\n".join(lines))
    return "bad.jsonl:7: not valid JSON"


def not_an_object(folder: Path) -> str:
    (folder / "bad.jsonl").write_bytes(b'["text"]\n')
    return "bad.jsonl:1: not a JSON object"


def deep_json(folder: Path) -> str:
    (folder / "bad.jsonl").write_bytes(b'{"a": ' + b"[" * 40_000 + b"\n")
    return "bad.jsonl:1: not usable JSON: nested too deeply"


def huge_number(folder: Path) -> str:
    (folder / "bad.jsonl").write_bytes(b'{"a": ' + b"1" * 9000 + b', "text": "a"}\n')
    return "bad.jsonl:1: not valid JSON"


def no_text_field(folder: Path) -> str:
    (folder / "bad.jsonl").write_bytes(b'{"text": "good"}\n{"body": "bad"}\n')
    return "bad.jsonl:2: no field 'text': the record has 'body'; name the right one"


def text_is_no_string(folder: Path) -> str:
    (folder / "bad.jsonl").write_bytes(b'{"text": null}\n')
    return "bad.jsonl:1: field 'text' is not a string"


def record_not_utf8(folder: Path) -> str:
    (folder / "bad.jsonl").write_bytes(b'{"text": "caf\xe9"}\n')
    return "bad.jsonl:1: not valid UTF-8"


def file_loop(folder: Path) -> str:
    (folder / "bad.txt").symlink_to("bad.txt")
    return "bad.txt: cannot be read: Too many levels of symbolic links"


def folder_loop(folder: Path) -> str:
    (folder / "bad").symlink_to(folder, target_is_directory=True)
    return "bad: links back to a folder that it stands in"


def dangling_link(folder: Path) -> str:
    (folder / "bad.txt").symlink_to("nowhere")
    return "bad.txt: cannot be read: No such file or directory"


def odd_name(folder: Path) -> str:
    (folder / "bad\nname\x1b[31m.txt").write_bytes(b"nu\0l")
    return r"bad\nname\x1b[31m.txt: holds a NUL byte"


def undecodable_name(folder: Path) -> str:
    (folder / os.fsdecode(b"bad\xff.txt")).write_bytes(b"nu\0l")
    return r"bad\udcff.txt: holds a NUL byte"


BAD = [
    broken_gzip, truncated_gzip, no_gzip, truncated_zstd, no_zstd,
    gzip_bomb, zstd_bomb, bomb_in_a_record, long_line, long_line_in_a_record, nul_bytes, false_mark,
    invalid_json, not_an_object, deep_json, huge_number, no_text_field, text_is_no_string,
    record_not_utf8, file_loop, folder_loop, dangling_link, odd_name, undecodable_name,
]  # fmt: skip


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_one_line_and_the_rest_is_done(here: Path, run: Run, make: Callable[[Path], str]) -> None:
    source = here / "source"
    (source / "sub").mkdir(parents=True)
    (source / "a.txt").write_bytes(GOOD)
    (source / "sub" / "z.jsonl").write_bytes(b'{"text": "The  boats."}\n')
    said = make(source)
    limits = ["--max-document-size", "100000", "--max-line-size", "20000"]
    for command in (["check", "source"], ["clean", "source", "-o", "out", "-q"]):
        ended = run(*command, *limits)
        assert ended.status == 3
        assert len(ended.errors) == 1
        assert ended.errors[0].startswith("cleaner: error: ")
        assert said in ended.errors[0]
        assert ended.errors[0].isprintable()
        assert "Traceback" not in ended.err
    assert (here / "out/a.txt").read_bytes() == GOOD
    assert json.loads((here / "out/sub/z.jsonl").read_bytes()) == {"text": "The boats."}
    problems = json.loads((here / "out/_cleaner/report.json").read_bytes())["problems"]
    assert len(problems) == 1
    assert said in problems[0]
    assert not (here / "out/_cleaner/work").exists()
    back = {r.name: r.error for r in restore_files(here / "out", here / "back")}
    assert set(back.values()) == {None}
    for name in back:
        assert (here / "back" / name).read_bytes() == (source / name).read_bytes()


def test_bytes_that_fit_no_encoding_and_are_not_repaired(here: Path, run: Run) -> None:
    """What else is read of them goes by the whole file, so it is read as it is, or not at all."""
    (here / "in").mkdir()
    (here / "in/a.txt").write_bytes(GOOD)
    bad = "Die Fähre kam um neun.\nShare this article:\nD".encode() + b"\xd0\xbf\xa7 fuhr ab.\n"
    (here / "in/bad.txt").write_bytes(bad)
    said = "bad.txt: holds bytes that fit no encoding: byte 0xa7 in line 3; let ENC103 repair them"
    for command in (["check"], ["clean", "-o", "out", "-q"], ["clean", "--diff", "-q"]):
        ended = run(*command, "in", "--ignore", "ENC")
        assert (ended.status, len(ended.errors)) == (3, 1)
        assert said in ended.errors[0]
    assert [path.name for path in (here / "out").iterdir()] == ["_cleaner", "a.txt"]
    assert run("clean", "in", "-o", "all", "-q").status == 0
    assert (here / "all/bad.txt").read_text("utf-8") == "Die Fähre kam um neun.\nDп§ fuhr ab.\n"


def test_folder_without_files(here: Path, run: Run) -> None:
    (here / "empty").mkdir()
    ended = run("clean", "empty", "-o", "out")
    assert ended.status == 3
    assert ended.errors == ["cleaner: error: empty: no files in this folder"]


def test_folder_without_readable_files(here: Path, run: Run) -> None:
    (here / "source").mkdir()
    (here / "source/page.xml").write_text("<p>")
    ended = run("check", "source")
    assert ended.status == 3
    assert len(ended.errors) == 1
    assert "source: no readable files in this folder: 1 passed over" in ended.errors[0]


def test_one_of_two_folders_without_readable_files(here: Path, run: Run) -> None:
    for name in ("one", "two"):
        (here / name).mkdir()
    (here / "one/a.txt").write_bytes(GOOD)
    (here / "two/page.xml").write_text("<p>")
    ended = run("check", "one", "two")
    assert ended.status == 3
    assert "two: no readable files in this folder: 1 passed over" in ended.errors[0]


def test_file_of_unknown_suffix_is_text_when_named(here: Path, run: Run) -> None:
    (here / "README").write_bytes(b"The  tide.\n")
    assert run("check", "README").out.startswith("README:1:4: FMT508 ")


def test_missing_input(here: Path, run: Run) -> None:
    (here / "a.txt").write_bytes(GOOD)
    ended = run("clean", "nowhere.txt", "a.txt", "-o", "out", "-q")
    assert ended.status == 3
    assert ended.errors == [
        "cleaner: error: nowhere.txt: cannot be read: No such file or directory"
    ]
    assert (here / "out/a.txt").read_bytes() == GOOD


def test_pipe_named_as_input(here: Path, run: Run) -> None:
    os.mkfifo(here / "pipe")
    ended = run("check", "pipe")
    assert ended.status == 3
    assert ended.errors == ["cleaner: error: pipe: not a file or folder"]


def test_same_file_named_twice_counts_once(here: Path, run: Run) -> None:
    (here / "a.txt").write_bytes(b"The tide came in over the third step again.\n")
    assert run("check", "a.txt", "./a.txt", here / "a.txt").status == 0


@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
@pytest.mark.parametrize("command", ["clean", "dedup"])
def test_a_file_of_two_names_is_read_once(here: Path, run: Run, command: str, link: str) -> None:
    (here / "in").mkdir()
    (here / "in/b.txt").write_bytes(b"The tide came in over the third step again.\n")
    getattr(here / "in/a.txt", link)(here / "in/b.txt")
    ended = run(command, "in", "-o", "out")
    assert ended.status == 0
    assert "b.txt is the file a.txt; it was read once" in ended.out
    assert [path.name for path in (here / "out").glob("*.txt")] == ["a.txt"]
    report = json.loads((here / "out/_cleaner/report.json").read_bytes())
    assert report["second_names"] == {"b.txt": "a.txt"}
    assert report["counts"] == {}


@pytest.fixture
def open_folder(here: Path) -> Path:
    """A folder that somebody without rights can reach and write."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    for folder in (here, *here.parents):
        if folder.stat().st_mode & 0o055 != 0o055:
            folder.chmod(folder.stat().st_mode | 0o055)
    here.chmod(0o777)
    return here


@pytest.mark.parametrize(
    ("name", "mode"),
    [("locked.txt", 0o000), ("locked", 0o000), ("locked", 0o744), ("locked", 0o711)],
    ids=["file", "folder", "folder to list only", "folder to pass only"],
)
def test_unreadable(open_folder: Path, name: str, mode: int) -> None:
    source = open_folder / "source"
    source.mkdir()
    (source / "a.txt").write_bytes(GOOD)
    locked = source / name
    if name.endswith(".txt"):
        locked.write_bytes(GOOD)
    else:
        locked.mkdir()
        (locked / "b.txt").write_bytes(GOOD)
    locked.chmod(mode)
    ended = process_of_nobody("clean", "source", "-o", "out", "-q", cwd=open_folder)
    assert ended.status == 3
    assert len(ended.errors) == 1
    assert ended.others == []
    assert "locked" in ended.errors[0]
    assert "cannot be read: Permission denied" in ended.errors[0]
    assert (open_folder / "out/a.txt").read_bytes() == GOOD


def test_input_in_a_locked_folder(open_folder: Path) -> None:
    (open_folder / "locked").mkdir()
    (open_folder / "locked/b.txt").write_bytes(GOOD)
    (open_folder / "locked").chmod(0o000)
    for arguments in (["check", "locked/b.txt"], ["clean", "locked/b.txt", "-o", "out", "-q"]):
        ended = process_of_nobody(*arguments, cwd=open_folder)
        assert ended.status == 3
        assert ended.errors == ["cleaner: error: locked/b.txt: cannot be read: Permission denied"]


@pytest.mark.parametrize("out", ["locked", "locked/out"])
def test_output_that_may_not_be_written(open_folder: Path, out: str) -> None:
    (open_folder / "a.txt").write_bytes(GOOD)
    (open_folder / "locked").mkdir()
    (open_folder / "locked").chmod(0o700)
    ended = process_of_nobody("clean", "a.txt", "-o", out, cwd=open_folder)
    assert ended.status == 2
    assert len(ended.errors) == 1
    assert ended.others == []
    assert out in ended.errors[0]
