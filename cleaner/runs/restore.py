"""Sources restored from an output folder, so that a restore that was killed can be run again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cleaner.core.errors import CleanerError, UsageError
from cleaner.core.settings.config import Input
from cleaner.formats.base import Frame
from cleaner.formats.registry import FORMATS
from cleaner.journal.read import read_settings
from cleaner.journal.restore import Restored, restore_sources
from cleaner.journal.tables import FILES
from cleaner.runs.output.commit import COMMITTED
from cleaner.storage.below import RUN_DIR, WORK_FOLDER, folder_of, kind_below, remove_below

# Where files stand, below the folder that a restore writes into, until they are whole.
_RESTORING = f"{RUN_DIR}/restore"


def restore_outputs(output: Path, destination: Path, *, overwrite: bool) -> Iterator[Restored]:
    """Restore the sources of an output folder below `destination`, telling of each file."""
    if destination.exists() and not destination.is_dir():
        raise UsageError("not a folder", where=str(destination), hint="choose another with -o")
    unfinished = destination.is_dir() and kind_below(destination, _RESTORING) == "folder"
    if destination.is_dir() and any(destination.iterdir()) and not overwrite and not unfinished:
        raise UsageError(
            "the folder is not empty",
            where=str(destination),
            hint="choose another with -o, or write into it with --overwrite",
        )
    check_finished(output)
    return _restoring(output, destination)


def check_finished(output: Path) -> None:
    """Raise UsageError where no run has ended in an output folder, or its files are not in place.

    What an earlier run left stays whole until another one, which may have been stopped, commits.
    """
    committed = kind_below(output, COMMITTED) == "folder"
    begun = kind_below(output, WORK_FOLDER) == "folder" and not kind_below(output, FILES.path)
    if committed or begun:
        raise UsageError(
            "this run was not finished",
            where=str(output),
            hint="run the same command again; it goes on where it stood",
        )


def _restoring(output: Path, destination: Path) -> Iterator[Restored]:
    """Restore by way of a folder that only an unfinished restore leaves behind, for the next."""
    read_settings(output, Input, "input")  # where there is none, nothing is left behind
    try:
        if destination.is_dir():
            remove_below(destination, _RESTORING)
        with folder_of(destination, f"{_RESTORING}/-", make=True):
            pass
    except OSError as error:
        raise UsageError(
            "cannot be written", where=str(destination), why=error.strerror or "",
            hint="choose another -o",
        ) from error  # fmt: skip
    try:
        yield from restore_sources(output, destination, FORMATS, Frame, _RESTORING)
    except CleanerError:
        _drop_staging(destination)
        raise
    _drop_staging(destination)


def _drop_staging(destination: Path) -> None:
    """Remove the folder of an unfinished restore, and the one it stands in if nothing else does."""
    remove_below(destination, _RESTORING)
    with suppress(OSError), folder_of(destination, RUN_DIR) as (folder, name):
        os.rmdir(name, dir_fd=folder)
