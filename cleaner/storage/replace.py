"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from cleaner.core.errors import UsageError

# Waiting for the disk takes most of the time of writing small files, and waits can overlap.
_WAITING = 16


@contextmanager
def whole_file(path: Path, staging: Path | None = None) -> Iterator[BinaryIO]:
    """Open a new file that takes the name `path` only once it is complete and on disk.

    Until then it stands in `staging` (a folder of the same file system; the file's own by
    default), so that a killed run leaves nothing beside whole files. An exception inside
    leaves what stood there before. Raises UsageError where the file cannot be written.
    """
    with _unnamed_file(path, staging) as (file, name):
        yield file
        _name(file, name, path)


class WholeFiles(AbstractContextManager["WholeFiles"]):
    """Opens many files as `whole_file` does; all of them stand on disk when the block ends."""

    def __init__(self, staging: Path) -> None:
        self._staging = staging
        self._pool = ThreadPoolExecutor(_WAITING)
        self._waiting: list[Future[None]] = []

    @contextmanager
    def open(self, path: Path) -> Iterator[BinaryIO]:
        """Open a file that takes the name `path` once it is complete, by the block's end."""
        with _unnamed_file(path, self._staging) as (file, name):
            yield file
            file.flush()
            copy = os.fdopen(os.dup(file.fileno()), "wb")
            self._waiting.append(self._pool.submit(_name_and_close, copy, name, path))
        if len(self._waiting) >= 4 * _WAITING:
            self._settle()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._settle()
        finally:
            self._pool.shutdown()

    def _settle(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            future.result()


@contextmanager
def _unnamed_file(path: Path, staging: Path | None) -> Iterator[tuple[BinaryIO, str]]:
    # Not tempfile, whose files only their owner may read: an output has the usual permissions.
    name = str((staging or path.parent) / f".cleaner-{secrets.token_hex(8)}.part")
    with _told_of(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        opened = open(name, "xb")  # noqa: SIM115 - closed below; its errors are told here
    try:
        with opened as file:
            yield file, name
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _name_and_close(file: BinaryIO, name: str, path: Path) -> None:
    with file:
        _name(file, name, path)


def _name(file: BinaryIO, name: str, path: Path) -> None:
    with _told_of(path):
        file.flush()
        os.fsync(file.fileno())
        os.replace(name, path)


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            "cannot be written", where=str(path), why=error.strerror or "", hint="choose another -o"
        ) from error
