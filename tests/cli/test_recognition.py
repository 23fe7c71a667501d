"""What a file is: its name, its content and --as; what is passed over, and why."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import sys
from pathlib import Path

import pytest

from cleaner import Settings, clean_files
from cleaner.formats.registry import FORMATS
from tests.running import Run

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DIRTY = b"The  tide came in over the third step again.\n"
CLEAN = b"The tide came in over the third step again.\n"
RECORD = b'{"text": "The  tide.", "n": 1}\n'

# Each with settings that no writer of ours has, so that the container must be kept, and with ours.
PACKED = {
    "gz": (lambda data: gzip.compress(data, 1, mtime=5), gzip.decompress),
    "zst": (lambda data: zstd.compress(data, 9), zstd.decompress),
    "bz2": (lambda data: bz2.compress(data, 1), bz2.decompress),
    "xz": (lambda data: lzma.compress(data, preset=0), lzma.decompress),
}
USUAL = {"bz2": bz2.compress, "xz": lzma.compress}


def comes_back(here: Path, run: Run, *names: str) -> None:
    assert run("restore", "out", "-o", "back", "-q", "--overwrite").status == 0
    for name in names:
        assert (here / "back" / name).read_bytes() == (here / name).read_bytes()


@pytest.mark.parametrize("name", ["run.log", "notes", "song.tab", "table.csv", "a.json", "b.jsonl"])
def test_as_text(here: Path, run: Run, name: str) -> None:
    (here / name).write_bytes(DIRTY)
    ended = run("clean", name, "--as", "txt", "-o", "out")
    assert (ended.status, ended.errors) == (0, [])
    assert (here / "out" / name).read_bytes() == CLEAN
    comes_back(here, run, name)
    assert run("check", f"out/{name}", "--as", "txt").status == 0
    assert run("explain", f"{name}:1", "--output", "out").out.startswith(f"{name}:1:4")


@pytest.mark.parametrize("name", ["a.json", "a", "a.txt", "a.json.gz"])
def test_as_records(here: Path, run: Run, name: str) -> None:
    data = RECORD * 2
    (here / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    for command in ("clean", "dedup"):
        ended = run(command, name, "--as", "jsonl", "-o", "out", "-q", "--overwrite")
        assert (ended.status, ended.err) == (0, "")
        comes_back(here, run, name)
    assert run("check", name, "--as", "jsonl", "-q").out.startswith(f"{name}:1:4: FMT508")
    assert run("check", name, "--as", "jsonl", "--text-field", "body").status == 2


def test_as_in_a_folder(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    for name in ("a.log", "b", "c.png"):
        (here / "in" / name).write_bytes(DIRTY)
    (here / "in/d.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    ended = run("clean", "in", "--as", "txt", "-o", "out")
    assert ended.status == 0
    assert "1 passed over: a PNG image, which is not read: d.png\n" in ended.out
    for name in ("a.log", "b", "c.png"):
        assert (here / "out" / name).read_bytes() == CLEAN
    ended = run("check", "in/d.png", "--as", "txt")
    assert ended.status == 3
    assert "d.png: is a PNG image" in ended.errors[0]


def test_as_something_unknown(here: Path, run: Run) -> None:
    (here / "a.txt").write_bytes(DIRTY)
    ended = run("check", "a.txt", "--as", "text")
    assert ended.status == 2
    assert "no format is called 'text'; did you mean 'txt'?" in ended.errors[0]


def test_as_is_a_setting(here: Path, run: Run) -> None:
    (here / "a.log").write_bytes(DIRTY)
    (here / "cleaner.toml").write_text('[input]\nformat = "txt"\n')
    assert run("check", ".", "-q").status == 1
    report = clean_files(["a.log"], "out", Settings(input={"format": "txt"}))
    assert report.counts == {"FMT508": 1}
    assert 'format = "txt"' in run("config").out


def test_formats_in_the_help(run: Run) -> None:
    said = " ".join(run("clean", "--help").out.split())
    listed = said.partition("whatever their names say: ")[2].partition(".")[0].split(", ")
    assert listed == [name for name, one in FORMATS.items() if one.suffixes]


@pytest.mark.parametrize("suffix", ["txt", "text", "md", "markdown", "rst", "MD"])
def test_text_in_folders(here: Path, run: Run, suffix: str) -> None:
    (here / "in").mkdir()
    (here / f"in/a.{suffix}").write_bytes(DIRTY)
    assert run("clean", "in", "-o", "out", "-q").status == 0
    assert (here / f"out/a.{suffix}").read_bytes() == CLEAN


def test_passed_over_by_reason(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    (here / "in/a.txt").write_bytes(CLEAN)
    for number in range(7):
        (here / f"in/{number}.log").write_bytes(DIRTY)
    (here / "in/x.pdf").write_bytes(b"")
    (here / "in/odd").write_bytes(b"%PDF-1.7\n")
    (here / "in/data").write_bytes(b'{"a": 1}\n')
    ended = run("clean", "in", "-o", "out")
    assert ended.status == 0
    assert "2 passed over: a PDF document, which is not read: odd, x.pdf\n" in ended.out
    assert "1 passed over: JSON, which is not read as text: data\n" in ended.out
    first = "0.log, 1.log, 2.log, 3.log, 4.log and 2 others"
    assert f"7 passed over: no known suffix: {first}\n" in ended.out
    report = json.loads((here / "out/_cleaner/report.json").read_bytes())
    assert report["skipped_counts"]["no known suffix"] == 7
    assert report["skipped"]["x.pdf"] == "a PDF document, which is not read"


def test_folder_of_nothing_that_is_read(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    (here / "in/a.log").write_bytes(DIRTY)
    (here / "in/b.pdf").write_bytes(DIRTY)
    ended = run("check", "in")
    assert ended.status == 3
    why = "2 passed over: no known suffix; a PDF document, which is not read; name a file outright"
    assert why in ended.errors[0]


@pytest.mark.parametrize("suffix", PACKED)
@pytest.mark.parametrize("usual", [False, True])
def test_compressed(here: Path, run: Run, suffix: str, *, usual: bool) -> None:
    pack, unpack = PACKED[suffix]
    pack = USUAL.get(suffix, pack) if usual else pack
    names = [f"a.txt.{suffix}", f"b.jsonl.{suffix}"]
    (here / names[0]).write_bytes(pack(DIRTY))
    (here / names[1]).write_bytes(pack(RECORD * 3))
    for command in ("clean", "dedup"):
        assert run(command, *names, "-o", "out", "-q", "--overwrite").status == 0
        kept = here / "out/_cleaner/containers" / names[0]
        assert kept.exists() != (usual and suffix in USUAL)
        comes_back(here, run, *names)
    assert run("clean", *names, "-o", "out", "-q", "--overwrite").status == 0
    assert unpack((here / "out" / names[0]).read_bytes()) == CLEAN
    assert run("check", "out", "-q").status == 0
    assert run("explain", f"{names[0]}:1", "--output", "out").status == 0
    assert run("fit", *names, "-o", "m.model", "-q").status == 0


@pytest.mark.parametrize("suffix", PACKED)
def test_cut_short(here: Path, run: Run, suffix: str) -> None:
    data = b"".join(b"The tide came in %d times.\n" % n for n in range(999))
    (here / f"a.txt.{suffix}").write_bytes(PACKED[suffix][0](data)[:-9])
    (here / "b.txt").write_bytes(DIRTY)
    for command in ("clean", "dedup"):
        ended = run(command, f"a.txt.{suffix}", "b.txt", "-o", "out", "-q", "--overwrite")
        assert ended.status == 3
        assert len(ended.errors) == 1
        assert f"a.txt.{suffix}: broken " in ended.errors[0]
        assert (here / "out/b.txt").exists()
        assert not (here / f"out/a.txt.{suffix}").exists()


@pytest.mark.parametrize("suffix", PACKED)
@pytest.mark.parametrize("command", ["clean", "dedup"])
def test_bomb(here: Path, run: Run, suffix: str, command: str) -> None:
    (here / f"a.txt.{suffix}").write_bytes(PACKED[suffix][0](b"\n" * (1 << 24)))
    ended = run(command, f"a.txt.{suffix}", "-o", "out", "-q", "--max-document-size", "1M")
    assert ended.status == 3
    assert "is larger than 1,048,576 bytes" in ended.errors[0]


def test_xz_that_needs_more_memory_than_there_is(here: Path, run: Run) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}]
    (here / "a.txt.xz").write_bytes(lzma.compress(DIRTY, filters=filters))
    ended = run("check", "a.txt.xz")
    assert ended.status == 3
    assert "xz data that needs too much memory: more than 256 MiB" in ended.errors[0]


@pytest.mark.parametrize("suffix", PACKED)
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl.gz", "a.md.xz"])
def test_compressed_under_another_name(here: Path, run: Run, suffix: str, name: str) -> None:
    if name.endswith(suffix):
        return
    pack, unpack = PACKED[suffix]
    (here / name).write_bytes(pack(RECORD if "jsonl" in name else DIRTY))
    ended = run("clean", name, "-o", "out")
    assert (ended.status, ended.err) == (0, "")
    assert f"data under another name: {name}\n" in ended.out
    assert b"The tide" in unpack((here / "out" / name).read_bytes())
    comes_back(here, run, name)
    assert run("check", f"out/{name}", "-q").status == 0
    assert run("explain", f"{name}:1", "--output", "out").status == 0
    assert list(json.loads((here / "out/_cleaner/report.json").read_bytes())["remarks"]) == [name]


def test_text_named_as_compressed(here: Path, run: Run) -> None:
    (here / "a.txt.gz").write_bytes(DIRTY)
    ended = run("check", "a.txt.gz")
    assert ended.status == 3
    assert "a.txt.gz: broken gzip data: Not a gzipped file" in ended.errors[0]
