"""Folders held for one run that changes files in them, by locks that leave nothing behind."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cleaner.core.errors import UsageError

# There are file systems without locks; a run must be possible there.
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.EBADF, errno.EINVAL)


@contextmanager
def held_trees(paths: Iterable[Path]) -> Iterator[None]:
    """Let no other run that does the same change files below `paths`, as long as the block lasts.

    A folder is locked for this run, what it stands in is shared with others: so a run over a
    folder and one over a folder in it exclude each other. For a file it is the folder of it.
    Raises UsageError where another run is at work.
    """
    with ExitStack() as held:
        for folder, kind in sorted(_locks(paths).items()):
            # Where a folder may not be opened, no lock can be asked for.
            with suppress(PermissionError):
                descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                held.callback(os.close, descriptor)
                _lock(folder, descriptor, kind)
        yield


def _locks(paths: Iterable[Path]) -> dict[Path, int]:
    """Return the folders to lock, and how."""
    roots = set()
    for path in paths:
        real = Path(os.path.realpath(path))
        roots.add(real if real.is_dir() else real.parent)
    own = {root for root in roots if roots.isdisjoint(root.parents) and root.is_dir()}
    locks = {parent: fcntl.LOCK_SH for root in own for parent in root.parents}
    return {**locks, **dict.fromkeys(own, fcntl.LOCK_EX)}


def _lock(folder: Path, descriptor: int, kind: int) -> None:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UsageError(
            "another run is changing files here",
            where=str(folder),
            hint="wait for it, and run the same command again",
        ) from error
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
