"""Compression, digests, replacement and the walk."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.errors import InputError, UsageError
from cleaner.storage.below import stays_below
from cleaner.storage.compress import reading, reproduces, writing
from cleaner.storage.digests import DigestReader, DigestWriter
from cleaner.storage.replace import whole_file
from cleaner.storage.walk import walk

CODECS = ["plain", "gzip", "zstd"]


def pack(data: bytes, codec: str) -> bytes:
    raw = io.BytesIO()
    with writing(raw, codec) as stream:
        stream.write(data)
    return raw.getvalue()


@given(st.binary(min_size=1, max_size=500), st.sampled_from(CODECS))
def test_packed_data_comes_back_and_is_the_same_every_time(data: bytes, codec: str) -> None:
    packed = pack(data, codec)
    assert pack(data, codec) == packed
    with reading(io.BytesIO(packed), codec) as stream:
        assert stream.read() == data
    assert reproduces(io.BytesIO(data), io.BytesIO(packed), codec)


@given(st.binary(min_size=1, max_size=200), st.sampled_from(CODECS), st.data())
def test_other_bytes_are_not_reproduced(data: bytes, codec: str, draw: st.DataObject) -> None:
    packed = pack(data, codec)
    other = draw.draw(
        st.one_of(
            st.just(packed + b"x"),
            st.just(packed[:-1]),
            st.integers(0, len(packed) - 1).map(
                lambda i: packed[:i] + bytes([packed[i] ^ 1]) + packed[i + 1 :]
            ),
        )
    )
    assert not reproduces(io.BytesIO(data), io.BytesIO(other), codec)


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_every_truncation_is_told(codec: str) -> None:
    packed = pack(b"The tide came in. " * 50, codec)
    for size in range(1, len(packed)):
        with (
            pytest.raises(InputError, match=f"broken {codec} data"),
            reading(io.BytesIO(packed[:size]), codec) as stream,
        ):
            stream.read()


@given(st.binary(max_size=300), st.integers(1, 50))
def test_digests_are_those_of_the_whole(data: bytes, size: int) -> None:
    told: list[int] = []
    reader = DigestReader(io.BytesIO(data), told.append)
    assert io.BufferedReader(reader, size).read(size) == data[:size]
    reader.drain()
    assert reader.hexdigest() == hashlib.sha256(data).hexdigest()
    assert reader.size == sum(told) == len(data)
    sink = io.BytesIO()
    writer = DigestWriter(cast("BinaryIO", sink))
    writer.write(data[:size])
    writer.write(data[size:])
    assert writer.hexdigest() == hashlib.sha256(data).hexdigest()
    assert sink.getvalue() == data


def test_file_appears_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep/er/a.txt"
    with whole_file(tmp_path, "deep/er/a.txt") as file:
        file.write(b"half")
        assert not path.exists()
    assert path.read_bytes() == b"half"
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_file_that_fails_leaves_what_stood_there(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"before")
    with pytest.raises(error), whole_file(tmp_path, "a.txt") as file:  # noqa: PT012
        file.write(b"half")
        raise error
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"before"


def test_file_stands_in_its_staging_folder_until_then(tmp_path: Path) -> None:
    with whole_file(tmp_path, "out/a.txt", "work"):
        assert len(list((tmp_path / "work").iterdir())) == 1
        assert not (tmp_path / "out").exists()
    assert list((tmp_path / "work").iterdir()) == []
    assert (tmp_path / "out/a.txt").is_file()


def test_folder_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(UsageError, match="cannot be written"), whole_file(tmp_path, "a.txt"):
        pass
    assert list(tmp_path.iterdir()) == [tmp_path / "a.txt"]


@given(st.text("ab./\0\n ", max_size=8))
def test_names_that_stay_inside_stay_inside(name: str) -> None:
    if stays_below(name):
        joined = os.path.normpath(os.path.join("/folder", name))
        assert joined.startswith("/folder/")
        assert "\0" not in name


def tree(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def names_of(*inputs: Path) -> list[str]:
    found = walk(inputs)
    assert found.errors == ()
    return [file.name for file in found.files]


def test_walk_is_sorted_and_relative(tmp_path: Path) -> None:
    tree(tmp_path, "b.txt", "a/z.txt", "a/b/c.txt", "B.txt", "a.txt", ".hidden/x.txt")
    expected = sorted([".hidden/x.txt", "B.txt", "a.txt", "a/b/c.txt", "a/z.txt", "b.txt"])
    assert names_of(tmp_path) == expected


def test_walk_passes_over_its_own_folder(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "_cleaner/journal.txt", "sub/_cleaner/x.txt", "_cleaner2/b.txt")
    assert names_of(tmp_path) == ["_cleaner2/b.txt", "a.txt"]


def test_walk_follows_links(tmp_path: Path) -> None:
    tree(tmp_path, "in/a.txt", "elsewhere/b.txt")
    (tmp_path / "in/folder").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "in/c.txt").symlink_to(tmp_path / "elsewhere/c.txt")
    (tmp_path / "elsewhere/c.txt").write_text("c")
    (tmp_path / "in/folder/c.txt").unlink()
    (tmp_path / "c.txt").write_text("c")
    (tmp_path / "elsewhere/c.txt").symlink_to(tmp_path / "c.txt")
    found = walk([tmp_path / "in"])
    assert [file.name for file in found.files] == ["a.txt", "c.txt", "folder/b.txt"]
    assert found.second_names == {"folder/c.txt": "c.txt"}


def test_walk_of_a_deep_folder(tmp_path: Path) -> None:
    deep = "/".join("d" * 3 for _ in range(200))
    tree(tmp_path, f"{deep}/a.txt")
    assert names_of(tmp_path) == [f"{deep}/a.txt"]


def test_walk_of_files_and_folders_together(tmp_path: Path) -> None:
    tree(tmp_path, "one/a.txt", "two/b.txt", "c.txt")
    inputs = [tmp_path / "two", tmp_path / "c.txt", tmp_path / "one"]
    expected = ["c.txt", "one/a.txt", "two/b.txt"]
    assert names_of(*inputs) == names_of(*reversed(inputs)) == expected


def test_walk_keeps_the_paths_of_several_inputs(tmp_path: Path) -> None:
    tree(tmp_path, "one/a.txt", "two/a.txt", "two/deep/a.txt")
    one, two = tmp_path / "one", tmp_path / "two"
    assert names_of(one, two) == ["one/a.txt", "two/a.txt", "two/deep/a.txt"]
    assert names_of(one / "a.txt", two / "deep/a.txt") == ["one/a.txt", "two/deep/a.txt"]
    assert names_of(two / "a.txt", two / "deep/a.txt") == ["a.txt", "deep/a.txt"]
    assert names_of(two / "a.txt") == ["a.txt"]
    assert names_of(two, two / ".", tmp_path / "one/../two") == ["a.txt", "deep/a.txt"]
    assert names_of(two, two / "deep") == ["two/a.txt", "two/deep/a.txt"]


def test_walk_refuses_two_files_of_one_name(tmp_path: Path) -> None:
    """A path that goes up from behind a link names another file than it seems to."""
    tree(tmp_path, "a.txt", "far/deep/b.txt", "far/a.txt")
    (tmp_path / "link").symlink_to(tmp_path / "far/deep", target_is_directory=True)
    with pytest.raises(UsageError, match=r"two inputs would be written as a\.txt"):
        walk([tmp_path / "a.txt", tmp_path / "link/../a.txt"])


def test_walk_tells_of_what_is_no_file(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "sub/_cleaner/x.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert walk([tmp_path]).passed_over == {
        "pipe.txt": "no file, but a pipe, a socket or a device",
        "sub/_cleaner": "journal of a run",
    }
