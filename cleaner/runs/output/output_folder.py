"""The output folder of a run: checked, held for one run, and left whole."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cleaner.core.errors import UsageError
from cleaner.core.openfile import open_file
from cleaner.reports.record import REPORT, sources_of
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.input.target import Target
from cleaner.runs.output.commit import COMMITTED, FINISHED, commit, drop_staged, put_in_place
from cleaner.storage.below import RUN_DIR, WORK_FOLDER, folder_of, kind_below, remove_below
from cleaner.storage.digests import DigestReader

# For so many seconds a lock is waited for.
_PATIENCE = 0.5
# What tells that a run into the folder was stopped, and may be repeated.
_STOPPED = (WORK_FOLDER, COMMITTED, FINISHED)


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
        inside = real.is_relative_to(source) and os.path.isdir(path)
        if inside and _has_other_files(output):
            raise UsageError(
                "the output folder lies inside an input folder, and no run wrote what it holds",
                where=str(output),
                why=f"it is inside {path}",
                hint="choose another with -o",
            )
    with _told_of(output):
        if output.exists() and not output.is_dir():
            raise UsageError(
                "the output is not a folder", where=str(output), hint="choose another with -o"
            )
        stopped = any(kind_below(output, name) == "folder" for name in _STOPPED)
        if output.is_dir() and any(output.iterdir()) and not stopped and not overwrite:
            raise _not_empty(output)


def _not_empty(output: Path) -> UsageError:
    return UsageError(
        "the output folder is not empty",
        where=str(output),
        hint="choose another with -o, or write into it with --overwrite",
    )


def _has_other_files(output: Path) -> bool:
    """Whether a folder holds something, and nothing that a run leaves."""
    try:
        names = os.listdir(output)
    except OSError:
        return False
    return bool(names) and RUN_DIR not in names


@contextmanager
def output_folder(
    output: Path, files: Sequence[SourceFile], *, overwrite: bool = False
) -> Iterator[Path]:
    """Hold the output folder for one run that reads `files`, and give its work folder.

    What a stopped run left is gone on with. When the block ends well, what the run wrote among its
    staged files takes the place of what an earlier run did. Where it fails before anything was
    done, nothing is left of it. Raises UsageError where another run holds the folder, something
    stands where a file must go, or what an earlier run made of other files would be lost and
    `overwrite` is not given.
    """
    is_new = not output.exists()
    with ExitStack() as held:
        with _told_of(output):
            place = folder_of(output, f"{WORK_FOLDER}/-", make=True)
            descriptor, _ = held.enter_context(place)
        _lock(output, WORK_FOLDER, descriptor)
        try:
            _end_committed(output)
            if not overwrite:
                _check_repeated(output, files)
            _check_names(output, files)
            with _told_of(output):
                drop_staged(output)
            yield output / WORK_FOLDER
            with _told_of(output):
                commit(output)
        except BaseException:
            with suppress(OSError):  # only empty folders go
                (output / WORK_FOLDER).rmdir()
                (output / RUN_DIR).rmdir()
                if is_new:
                    output.rmdir()
            raise


def _end_committed(output: Path) -> None:
    """Put what a run wrote in place where it was stopped doing that, or refuse while it does."""
    with _told_of(output):
        if kind_below(output, COMMITTED) != "folder":
            return
    with ExitStack() as held:
        try:
            descriptor, _ = held.enter_context(folder_of(output, f"{COMMITTED}/-"))
        except FileNotFoundError:
            raise _held_by_another(output) from None
        _lock(output, COMMITTED, descriptor)
        with _told_of(output):
            put_in_place(output)


def _check_repeated(output: Path, files: Sequence[SourceFile]) -> None:
    """Raise UsageError where a run has ended that was not one over these files, as they are now.

    One that was killed when all was done is repeated by whoever has not heard of its end; nothing
    is lost then, for all that it was made of is at hand.
    """
    with _told_of(output):
        if not kind_below(output, REPORT):
            return
    made_of = sources_of(output)
    own = {file.name: file.place for file in files if not file.protected}
    if (
        made_of is None
        or not made_of.keys() <= own.keys()
        or any(digest != _digest(own[name]) for name, digest in made_of.items())
    ):
        raise _not_empty(output)


def _digest(path: Path) -> str:
    try:
        with open_file(path) as file:
            tap = DigestReader(file)
            tap.drain()
            return tap.hexdigest()
    except OSError:
        return ""


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


def _lock(output: Path, work: str, descriptor: int) -> None:
    """Let no other run write here as long as the folder `work` is open by this descriptor."""
    try:
        _take_lock(descriptor)
        other = not os.path.samestat(os.fstat(descriptor), os.stat(output / work))
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
        raise _held_by_another(output)


def _held_by_another(output: Path) -> UsageError:
    return UsageError(
        "another run is writing into this folder",
        where=str(output),
        hint="wait for it, or choose another with -o",
    )


def _check_names(output: Path, files: Iterable[SourceFile]) -> None:
    """Raise UsageError where a file cannot get its name, before any work is done."""
    sources: dict[str, str] = {}
    targets: dict[str, Target | None] = {}
    for file in files:
        targets.setdefault(file.written_name, file.target)
        name = file.written_name
        other = file.name if file.protected else sources.setdefault(name, file.name)
        if other != file.name and not (file.target and targets.get(name) == file.target):
            raise UsageError(
                f"two inputs would be written as {name}",
                where=f"{other} and {file.name}",
                hint="clean them in runs of their own",
            )
    names = set(sources)
    for name in sorted(names):
        parts = name.split("/")
        above = ["/".join(parts[:end]) for end in range(1, len(parts))]
        why = ""
        if RUN_DIR in parts:
            why = f"{RUN_DIR} holds the journal"
        elif both := next((folder for folder in above if folder in names), ""):
            why = f"{both} would be a file and a folder"
        elif (kind := kind_below(output, name)) not in ("file", ""):
            why = f"a {kind} stands there"
        elif other := next((one for one in above if kind_below(output, one) == "file"), ""):
            why = f"{other} is a file there"
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
