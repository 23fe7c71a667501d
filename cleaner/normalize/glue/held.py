"""What is slow to make and always comes out the same, kept on disk."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from cleaner.core.native import cache_folder, keep, read_kept


def held(name: str, sources: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
    """Return what `make` returns, from the user's cache folder where an earlier process left it.

    `sources` are the files whose code decides the result; with them and the release of wordfreq
    the name changes. A file that is not whole is made again; where none can be kept, none is.
    """
    path = cache_folder() / f"{name}-{_version(sources)}.bin"
    kept = read_kept(path)
    if kept is not None:
        return kept
    made = make()
    with contextlib.suppress(OSError):
        keep(path, made)
    return made


def _version(sources: tuple[str, ...]) -> str:
    digest = hashlib.sha256(f"wordfreq {metadata.version('wordfreq')}\n".encode())
    for source in sources:
        digest.update(Path(source).read_bytes())
    return digest.hexdigest()[:24]
