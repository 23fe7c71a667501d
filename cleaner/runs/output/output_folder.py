"""The output folder of a run: checked, held for one run, and left whole."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cleaner.core.errors import UsageError
from cleaner.reports.record import outputs_of
from cleaner.runs.input.reading import SourceFile
from cleaner.storage.below import (
    CONTAINERS,
    RUN_DIR,
    WORK_FOLDER,
    container_name,
    files_below,
    folder_of,
    kind_below,
    move_below,
    open_below,
    remove_below,
    stays_below,
)
from cleaner.storage.replace import whole_file

# For so many seconds a lock is waited for.
_PATIENCE = 0.5
_FINISHED = f"{RUN_DIR}/finished"
_ANNOUNCED = f"{WORK_FOLDER}/outputs.json"


def announce_outputs(output: Path, files: Sequence[SourceFile]) -> None:
    """Write down, before the first of them is written, which files the run may write.

    A killed run has no report; whoever goes on with it drops by this list what it wrote of inputs
    that are gone by then.
    """
    names = {file.name for file in files if not file.protected} | set(_announced(output))
    with whole_file(output, _ANNOUNCED) as file:
        file.write(json.dumps(sorted(names)).encode("ascii"))


def drop_stale(output: Path, written: set[str], kept: set[str]) -> None:
    """Remove the files that an earlier run wrote, or one that was killed, and this one did not.

    Of the files named in `kept` the containers were kept, too.
    """
    for name in sorted({*outputs_of(output), *_announced(output)} - written):
        if kind_below(output, name) == "file":
            remove_below(output, name)
    containers = {container_name(name) for name in kept}
    for name in sorted({*files_below(output, CONTAINERS)} - containers):
        remove_below(output, name)


def _announced(output: Path) -> list[str]:
    try:
        with open_below(output, _ANNOUNCED) as file:
            return [name for name in json.load(file) if stays_below(name)]
    except (OSError, ValueError, TypeError, RecursionError):
        return []


def check_output(output: Path, inputs: Sequence[Path], *, overwrite: bool) -> None:
    """Raise UsageError where the output folder must not be written."""
    real = Path(os.path.realpath(output))
    for path in inputs:
        source = Path(os.path.realpath(path))
        if source.is_relative_to(real) and os.path.exists(path):
            raise UsageError(
                "an input lies inside the output folder",
                where=str(path),
                why="its cleaned text could take its place",
                hint="choose another folder with -o",
            )
        if real.is_relative_to(source) and os.path.isdir(path):
            raise UsageError(
                "the output folder lies inside an input folder",
                where=str(output),
                why=f"it is inside {path}",
                hint="choose another with -o",
            )
    with _told_of(output):
        if output.exists() and not output.is_dir():
            raise UsageError(
                "the output is not a folder", where=str(output), hint="choose another with -o"
            )
        with suppress(OSError):  # of a run that ended well, and was killed before it removed it
            remove_below(output, _FINISHED)
        unfinished = kind_below(output, WORK_FOLDER) == "folder"
        if output.is_dir() and any(output.iterdir()) and not unfinished and not overwrite:
            raise UsageError(
                "the output folder is not empty",
                where=str(output),
                hint="choose another with -o, or write into it with --overwrite",
            )


@contextmanager
def output_folder(output: Path, files: Iterable[SourceFile]) -> Iterator[Path]:
    """Hold the output folder for one run that writes `files`, and give its work folder.

    What a killed run left is gone on with. The work folder is put out of the way in one step when
    the run ends well: from then on, and not before, the run counts as finished. Where it fails
    before anything was done, nothing is left of it. Raises UsageError where another run holds the
    folder, or something stands where a file must go.
    """
    is_new = not output.exists()
    with ExitStack() as held:
        with _told_of(output):
            place = folder_of(output, f"{WORK_FOLDER}/-", make=True)
            descriptor, _ = held.enter_context(place)
        _lock(output, descriptor)
        try:
            _check_names(output, files)
            with _told_of(output):
                remove_below(output, _FINISHED)
            yield output / WORK_FOLDER
            with _told_of(output):
                move_below(output, WORK_FOLDER, _FINISHED)
            with suppress(OSError):
                remove_below(output, _FINISHED)
        except BaseException:
            with suppress(OSError):  # only empty folders go
                (output / WORK_FOLDER).rmdir()
                (output / RUN_DIR).rmdir()
                if is_new:
                    output.rmdir()
            raise


def drop_work(output: Path) -> None:
    """Empty the work folder of a run that will not be gone on with; `output_folder` removes it."""
    for entry in sorted((output / WORK_FOLDER).iterdir()):
        remove_below(output, f"{WORK_FOLDER}/{entry.name}")


def _take_lock(descriptor: int) -> None:
    """Lock what is open; BlockingIOError where another run holds it.

    What a killed run had just begun to start may hold it for a moment longer than the run.
    """
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def _lock(output: Path, descriptor: int) -> None:
    """Let no other run write here as long as the work folder is open by this descriptor."""
    try:
        _take_lock(descriptor)
        other = not os.path.samestat(os.fstat(descriptor), os.stat(output / WORK_FOLDER))
    except BlockingIOError:
        other = True
    except FileNotFoundError:  # that run has just ended
        other = True
    except OSError as error:
        # There are file systems without locks; a run must be possible there.
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.EBADF, errno.EINVAL):
            raise
        other = False
    if other:
        raise UsageError(
            "another run is writing into this folder",
            where=str(output),
            hint="wait for it, or choose another with -o",
        )


def _check_names(output: Path, files: Iterable[SourceFile]) -> None:
    """Raise UsageError where a file cannot get its name, before any work is done."""
    names = {file.name for file in files if not file.protected}
    for name in sorted(names):
        parts = name.split("/")
        above = ("/".join(parts[:end]) for end in range(1, len(parts)))
        why = ""
        if RUN_DIR in parts:
            why = f"{RUN_DIR} holds the journal"
        elif both := next((folder for folder in above if folder in names), ""):
            why = f"{both} would be a file and a folder"
        elif (kind := kind_below(output, name)) not in ("file", ""):
            why = f"a {kind} stands there"
        if why:
            raise UsageError(
                "cannot be written", where=str(output / name), why=why, hint="choose another -o"
            )


@contextmanager
def _told_of(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            "the output folder cannot be written", where=str(output), why=error.strerror or ""
        ) from error
