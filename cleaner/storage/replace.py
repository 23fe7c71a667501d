"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cleaner.core.errors import UsageError


@contextmanager
def whole_file(path: Path, staging: Path | None = None) -> Iterator[BinaryIO]:
    """Open a new file that takes the name `path` only once it is complete and on disk.

    Until then it stands in `staging` (a folder of the same file system; the file's own by
    default), so that a killed run leaves nothing beside whole files. An exception inside
    leaves what stood there before. Raises UsageError where the file cannot be written.
    """
    with _told_of(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            dir=staging or path.parent, prefix=".cleaner-", suffix=".part"
        )
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            with _told_of(path):
                file.flush()
                os.fsync(file.fileno())
        with _told_of(path):
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            "cannot be written", where=str(path), why=error.strerror or "", hint="choose another -o"
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
