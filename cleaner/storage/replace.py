"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO

from cleaner.core.errors import UsageError
from cleaner.storage.below import create_below, move_below, remove_below

# Waiting for the disk takes most of the time of writing small files, and waits can overlap.
_WAITING = 16


@contextmanager
def whole_file(root: Path, name: str, staging: str | None = None) -> Iterator[BinaryIO]:
    """Open a new file that takes the `name` below `root` only once it is complete and on disk.

    Until then it stands in the folder `staging` below `root` (the file's own by default), so that
    a killed run leaves nothing beside whole files. An exception inside leaves what stood there
    before. Raises UsageError where the file cannot be written, or a link would have to be followed
    to its place.
    """
    with _unnamed_file(root, name, staging) as (file, unnamed):
        yield file
        _name(file, root, unnamed, name)


class WholeFiles(AbstractContextManager["WholeFiles"]):
    """Opens many files as `whole_file` does; all of them stand on disk when the block ends."""

    def __init__(self, root: Path, staging: str) -> None:
        self._root = root
        self._staging = staging
        self._pool = ThreadPoolExecutor(_WAITING)
        self._waiting: list[Future[None]] = []

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """Open a file that takes the `name` once it is complete, by the block's end."""
        with _unnamed_file(self._root, name, self._staging) as (file, unnamed):
            yield file
            with _told_of(self._root / name):
                file.flush()
            copy = os.fdopen(os.dup(file.fileno()), "wb")
            task = self._pool.submit(_name_and_close, copy, self._root, unnamed, name)
            self._waiting.append(task)
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
def _unnamed_file(root: Path, name: str, staging: str | None) -> Iterator[tuple[BinaryIO, str]]:
    # Not tempfile, whose files only their owner may read: an output has the usual permissions.
    folder = PurePosixPath(name).parent if staging is None else PurePosixPath(staging)
    unnamed = (folder / f".cleaner-{secrets.token_hex(8)}.part").as_posix()
    with _told_of(root / name):
        opened = create_below(root, unnamed)
    try:
        with opened as file:
            yield file, unnamed
    except BaseException:
        with suppress(OSError):
            remove_below(root, unnamed)
        raise


def _name_and_close(file: BinaryIO, root: Path, unnamed: str, name: str) -> None:
    with file:
        _name(file, root, unnamed, name)


def _name(file: BinaryIO, root: Path, unnamed: str, name: str) -> None:
    with _told_of(root / name):
        file.flush()
        os.fsync(file.fileno())
        move_below(root, unnamed, name)


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            "cannot be written", where=str(path), why=error.strerror or "", hint="choose another -o"
        ) from error
