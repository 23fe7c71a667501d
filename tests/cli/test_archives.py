"""Zip and tar archives: read like folders of their names, and given back as they were."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.running import Run

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = (
    "The tide came in over the third step again, and nobody who stood on the quay that morning "
    "said a word about the boats, the nets, or what the harbour master had written down.\n"
)
MEMBERS = {
    "docs/one.txt": b"He left, and &quot;she&quot; stayed.\n",
    "docs/two.md": f"# Boats\n\nTwo  of them.\n\n{PAGE}".encode(),
    "rows.jsonl": b'{"text": "a  b", "n": 1}\n{"text": "c", "n": 2}\n',
    "packed.txt.gz": gzip.compress(b"Good  day.\n", 1, mtime=5),
    "table.parquet": b"",
    "pic.png": b"\x89PNG\r\n\x1a\n",
    ".hidden.txt": b"x  y\n",
    "__MACOSX/._one.txt": b"\0\0",
}
_sink = io.BytesIO()
pd.DataFrame({"text": ["q  r", None], "n": [1, 2]}).to_parquet(_sink)
MEMBERS["table.parquet"] = _sink.getvalue()


def as_zip(path: Path, members: dict[str, bytes] = MEMBERS) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("docs/", b"")
        for name, data in members.items():
            archive.writestr(name, data)


def as_tar(path: Path, members: dict[str, bytes] = MEMBERS) -> None:
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(f"./{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def packed(pack: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        as_tar(path)
        path.write_bytes(pack(path.read_bytes()))

    return write


ARCHIVES: dict[str, Callable[[Path], None]] = {
    "a.zip": as_zip, "a.tar": as_tar, "a.tar.gz": packed(gzip.compress),
    "a.tgz": packed(gzip.compress), "a.tar.bz2": packed(bz2.compress),
    "a.txz": packed(lzma.compress), "a.tar.zst": packed(zstd.compress),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "command"), [*((name, "clean") for name in ARCHIVES), ("a.zip", "dedup")]
)
def test_members_are_files_and_the_archive_comes_back(
    name: str, command: str, here: Path, run: Run
) -> None:
    (here / "in").mkdir()
    ARCHIVES[name](here / "in" / name)
    (here / "in/page.txt").write_text(PAGE)
    ended = run(command, "in", "-o", "out", "-q")
    assert (ended.status, ended.errors) == (0, [])
    out = here / "out" / name
    found = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert found == [
        "docs/one.txt", "docs/two.md", "packed.txt.gz", "rows.jsonl", "table.parquet",
    ]  # fmt: skip
    if command == "clean":
        assert (out / "docs/one.txt").read_text() == 'He left, and "she" stayed.\n'
        assert gzip.decompress((out / "packed.txt.gz").read_bytes()) == b"Good day.\n"
        assert pd.read_parquet(out / "table.parquet").text[0] == "q r"
    report = json.loads((here / "out/_cleaner/report.json").read_text())
    assert report["skipped"][f"{name}/.hidden.txt"] == "hidden"
    assert "PNG" in report["skipped"][f"{name}/pic.png"]
    assert run("restore", "out", "-o", "back", "-q").status == 0
    back = {path.name: path.read_bytes() for path in (here / "back").iterdir()}
    assert back == {path.name: path.read_bytes() for path in (here / "in").iterdir()}
    again = run("clean", "out", "-o", "again", "-q")
    assert again.status == 0


def test_findings_name_the_member(here: Path, run: Run) -> None:
    as_zip(here / "a.zip")
    ended = run("check", "a.zip", "--select", "ENC")
    assert ended.out.startswith("a.zip/docs/one.txt:1:14: ENC111 ")
    assert run("clean", "a.zip", "-o", "out", "-q").status == 0
    ended = run("explain", "a.zip/docs/one.txt:1", "--output", "out")
    assert "ENC111" in ended.out
    assert run("report", "out", "-o", "page.html").status == 0
    ended = run("restore", "out", "-o", "undone", "--only", "ENC111")
    assert ended.status == 0
    assert "&quot;" in (here / "undone/a.zip/docs/one.txt").read_text()
    assert run("restore", "undone", "-o", "back", "-q").status == 0
    assert (here / "back/a.zip").read_bytes() == (here / "a.zip").read_bytes()


def test_what_is_asked_for_holds_inside(here: Path, run: Run) -> None:
    as_tar(here / "a.tar", {"x.log": b"a  b\n", ".h.txt": b"a  b\n", "n/o.txt": b"a  b\n"})
    named = ("check", "a.tar", "--select", "FMT508")
    assert [line.split(":")[0] for line in run(*named).out.splitlines()] == ["a.tar/n/o.txt"]
    found = run(*named, "--as", "txt", "--hidden", "--exclude", "n").out
    assert [line.split(":")[0] for line in found.splitlines()] == [
        "a.tar/.h.txt", "a.tar/x.log",
    ]  # fmt: skip


def test_in_place_leaves_archives(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    as_zip(here / "in/a.zip", {"x.txt": b"a  b\n"})
    (here / "in/b.txt").write_bytes(b"a  b\n")
    before = (here / "in/a.zip").read_bytes()
    ended = run("clean", "in", "--in-place", "--journal", "j", "-q")
    assert ended.status == 3
    assert ended.errors[0].startswith("cleaner: error: in/a.zip/x.txt: cannot be replaced")
    assert (here / "in/a.zip").read_bytes() == before
    assert (here / "in/b.txt").read_bytes() == b"a b\n"


GOOD = {"good.txt": b"a  b\n"}


def leads_out(path: Path) -> str:
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../up.txt", "good.txt", "x/../../up.txt", "/abs.txt", "_cleaner/j.txt"):
            archive.writestr(name, b"a  b\n")
    return "its name leads out of the archive|its name leads out of the archive|" + (
        "its name leads out of the archive|its name can be that of no file"
    )


def is_twice(path: Path) -> str:
    names = ("good.txt", "gooo.txt", "good.txt/x.txt")
    as_zip(path, dict.fromkeys(names, b"a  b\n"))
    path.write_bytes(path.read_bytes().replace(b"gooo", b"good"))
    return "another member has the same name|another member has its name for a folder"


def is_encrypted(path: Path) -> str:
    as_zip(path, {**GOOD, "secret.txt": b"a  b\n"})
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return "it is encrypted"


def is_packed_strangely(path: Path) -> str:
    as_zip(path, {**GOOD, "strange.txt": b"a  b\n"})
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 10] = 99
    path.write_bytes(data)
    return "it is broken: "


def is_damaged(path: Path) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("bad.txt", b"nothing here at all\n")
        archive.writestr("good.txt", b"a  b\n")
    data = bytearray(path.read_bytes())
    data[data.index(b"nothing")] += 1
    path.write_bytes(data)
    return "it is broken: Bad CRC-32"


def has_links(path: Path) -> str:
    with tarfile.open(path, "w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo(f"x{kind.decode()}.txt")
            info.type, info.linkname = kind, "/etc/hostname"
            archive.addfile(info)
        for name in ("good.txt", "../up.txt"):
            info = tarfile.TarInfo(name)
            info.size = 5
            archive.addfile(info, io.BytesIO(b"a  b\n"))
    return "it is a link|it is a link|it is no file, but a pipe or a device|" + (
        "it is no file, but a pipe or a device|its name leads out of the archive"
    )


def has_a_linked_folder(path: Path) -> str:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("out")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/tmp")
        archive.writestr("good.txt", b"a  b\n")
    return "it is a link"


BAD_MEMBERS = [
    leads_out, is_twice, is_encrypted, is_packed_strangely, is_damaged, has_links,
    has_a_linked_folder,
]  # fmt: skip


@pytest.mark.parametrize("make", BAD_MEMBERS)
def test_a_bad_member_is_one_line_and_the_rest_is_done(
    make: Callable[[Path], str], here: Path, run: Run
) -> None:
    (here / "in").mkdir()
    path = here / "in" / ("a.tar" if make is has_links else "a.zip")
    wrong = make(path).split("|")
    ended = run("clean", "in", "-o", "out", "-q")
    assert ended.status == 3
    assert len(ended.errors) == len(wrong)
    for line, why in zip(ended.errors, wrong, strict=True):
        assert line.startswith(f"cleaner: error: in/{path.name}/")
        assert f"is not read: {why}" in line
    assert [one.name for one in (here / "out" / path.name).iterdir()] == ["good.txt"]
    assert not (here / "up.txt").exists()
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert (here / "back" / path.name).read_bytes() == path.read_bytes()


def no_zip(path: Path) -> str:
    path.write_bytes(b"PK\x03\x04 and no more")
    return "broken zip archive: File is not a zip file"


def cut_zip(path: Path) -> str:
    as_zip(path)
    path.write_bytes(path.read_bytes()[:-30])
    return "broken zip archive: "


def bomb(path: Path) -> str:
    as_zip(path, {"x.txt": b"a" * 40_000_000, **GOOD})
    return "unpacks to more than 200 times its size"


def is_large(path: Path) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("good.txt", b"a  b\n" * 400_000)
        archive.writestr("more.txt", b"a  b\n" * 400_000)
    return "unpacks to more than 3,000,000 bytes; raise --max-archive-size"


def cut_tar(path: Path) -> str:
    as_tar(path)
    path.write_bytes(gzip.compress(path.read_bytes())[:-40])
    return "broken gzip data"


def no_tar(path: Path) -> str:
    path.write_bytes(gzip.compress(b"nothing of the kind\n" * 100))
    return "broken tar archive"


@pytest.mark.parametrize("make", [no_zip, cut_zip, bomb, is_large, cut_tar, no_tar])
@pytest.mark.parametrize("folder", ["", "in"])
def test_a_bad_archive_is_one_line_and_the_rest_is_done(
    make: Callable[[Path], str], folder: str, here: Path, run: Run
) -> None:
    (here / "in").mkdir()
    path = here / "in" / ("a.tar.gz" if "tar" in make.__name__ else "a.zip")
    (here / "in/other.txt").write_text("a  b\n")
    wrong = make(path)
    named = ("in",) if folder else (path, "in/other.txt")
    ended = run("clean", *named, "-o", "out", "-q", "--max-archive-size", "3000000"
                if make is is_large else "2GB")  # fmt: skip
    assert ended.status == 3
    assert len(ended.errors) == 1
    assert wrong in ended.errors[0]
    assert path.name in ended.errors[0]
    written = [one.name for one in (here / "out").rglob("*.txt")]
    assert written == ["other.txt"]


def test_archives_in_archives_are_passed_over(here: Path, run: Run) -> None:
    as_zip(here / "inner.zip", GOOD)
    as_zip(here / "a.zip", {**GOOD, "inner.zip": (here / "inner.zip").read_bytes()})
    assert run("clean", "a.zip", "-o", "out", "-q").status == 0
    report = json.loads((here / "out/_cleaner/report.json").read_text())
    assert report["skipped"]["a.zip/inner.zip"].startswith("a zip archive")


def test_what_is_packed_like_a_zip_is_no_archive(here: Path, run: Run) -> None:
    as_zip(here / "a.docx", GOOD)
    ended = run("clean", "a.docx", "-o", "out", "-q")
    assert ended.status == 3
    assert "an office document" in ended.errors[0]
