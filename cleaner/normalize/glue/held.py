"""What is slow to make and always comes out the same, kept on disk."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from cleaner.core.native import cache_folder, write_file

_DIGEST_BYTES = 32


def held(name: str, sources: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
    """Return what `make` returns, from the user's cache folder where an earlier process left it.

    `sources` are the files whose code decides the result; with them and the release of wordfreq
    the name changes. A file that is not whole is made again; where none can be kept, none is.
    """
    path = cache_folder() / f"{name}-{_version(sources)}.bin"
    with contextlib.suppress(OSError):
        data = path.read_bytes()
        if hashlib.sha256(data[_DIGEST_BYTES:]).digest() == data[:_DIGEST_BYTES]:
            return data[_DIGEST_BYTES:]
    made = make()
    with contextlib.suppress(OSError):
        write_file(path, hashlib.sha256(made).digest() + made)
    return made


def _version(sources: tuple[str, ...]) -> str:
    digest = hashlib.sha256(f"wordfreq {metadata.version('wordfreq')}\n".encode())
    for source in sources:
        digest.update(Path(source).read_bytes())
    return digest.hexdigest()[:24]
