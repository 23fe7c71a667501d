"""URLs in places of paths, without any server."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cleaner.core.urls import redacted
from cleaner.storage.remote.trouble import trouble_of
from tests.running import Run


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:w@rd@host/a?b=c#d", "https://host/a?..."),
        ("https://host/a?sig=1: not found", "https://host/a?...: not found"),
        ("https:/me:word@host/a", "https:/host/a"),
        ("s3://key:secret@bucket/a", "s3://bucket/a"),
        ("a/b.txt: what? no", "a/b.txt: what? no"),
        ("two: s3://b/a?x and gs://me@c/d", "two: s3://b/a?... and gs://c/d"),
    ],
)
def test_redacted(text: str, shown: str) -> None:
    assert redacted(text) == shown


def test_redacting_is_linear() -> None:
    assert len(redacted("http://" + "@" * 200_000)) < 200_100
    assert redacted("http://" * 20_000)


def test_files_of_this_machine(here: Path, run: Run) -> None:
    (here / "my notes").mkdir()
    (here / "my notes/a.txt").write_bytes(b"The  tide.\n")
    ended = run("clean", f"file://{here}/my%20notes", "-o", f"file://{here}/out", "-q")
    assert (ended.status, (here / "out/a.txt").read_bytes()) == (0, b"The tide.\n")


def test_what_is_to_be_installed_is_named(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fsspec", reason="the extra `remote` is not installed")
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    ended = run("check", "gs://bucket/a.txt")
    assert (ended.status, "pip install 'gcsfs'" in ended.err) == (2, True)
    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert "pip install 'corpus-cleaner[remote]'" in run("check", "https://host/a.txt").err


def test_what_is_no_kind_of_storage(here: Path, run: Run) -> None:
    pytest.importorskip("fsspec", reason="the extra `remote` is not installed")
    ended = run("check", "nothing://host/a.txt")
    assert (ended.status, len(ended.errors)) == (2, 1)
    assert "names no kind of storage that is known" in ended.err


def test_troubles() -> None:
    class ConnectTimeoutError(Exception):
        pass

    class NoCredentialsError(Exception):
        pass

    assert trouble_of(ConnectTimeoutError()).passes
    assert trouble_of(NoCredentialsError()).why == "there are no credentials"
    assert trouble_of(ConnectionResetError()).passes
    assert trouble_of(PermissionError()).what == "no access"
    assert not trouble_of(KeyError("x")).passes
