"""Servers for the tests of this folder, which are skipped where the extra `remote` is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cleaner.storage.remote import store
from tests.remote.servers import BUCKET, Faults, s3_server, web_server

SECRETS = ("secretkey", "secretword")


class Bucket:
    """The bucket of a test, asked past `cleaner`."""

    def __init__(self, client: Any, faults: Faults) -> None:
        self._client = client
        self.faults = faults

    def put(self, files: Mapping[str, bytes]) -> None:
        """Put files there, by their names."""
        for name, data in files.items():
            self._client.put_object(Bucket=BUCKET, Key=name, Body=data)

    def names(self, below: str = "") -> list[str]:
        """Return the names of all files below a name."""
        found = self._client.list_objects_v2(Bucket=BUCKET, Prefix=below).get("Contents", [])
        return [one["Key"] for one in found]

    def get(self, name: str) -> bytes:
        """Return what a file holds."""
        data: bytes = self._client.get_object(Bucket=BUCKET, Key=name)["Body"].read()
        return data

    def clear(self) -> None:
        """Remove all files."""
        for name in self.names():
            self._client.delete_object(Bucket=BUCKET, Key=name)


@pytest.fixture(scope="module")
def _s3() -> Iterator[tuple[str, Faults]]:
    for module in ("s3fs", "moto", "boto3"):
        pytest.importorskip(module, reason="the extra `remote`, or moto, is not installed")
    with s3_server() as served:
        yield served


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Try again soon; keep what lies between passes where the test does."""
    monkeypatch.setattr(store, "WAITS", (0.01, 0.01, 0.01))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def bucket(_s3: tuple[str, Faults], monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """Give an empty bucket, which `cleaner` finds as s3://corpus."""
    import boto3

    url, faults = _s3
    faults.clear()
    for name, value in {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": SECRETS[0],
        "AWS_SECRET_ACCESS_KEY": SECRETS[1],
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    bucket = Bucket(client, faults)
    bucket.clear()
    return bucket


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[str, Path, Faults]]:
    """Give a web server: its address, the folder that it serves, and its faults."""
    pytest.importorskip("aiohttp", reason="the extra `remote` is not installed")
    folder = tmp_path / "served"
    folder.mkdir()
    with web_server(folder) as (url, faults):
        yield url, folder, faults
