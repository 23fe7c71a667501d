"""How far a run is that writes a folder: told by the run itself as it goes, and read by others."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from cleaner.core.errors import CleanerError, UsageError
from cleaner.reports.record import REPORT
from cleaner.runs.output.commit import COMMITTED
from cleaner.runs.output.destination import Destination
from cleaner.runs.progress import Progress
from cleaner.storage.below import WORK_FOLDER, kind_below, open_below

_FILE = "status.json"
# So often is told of what has not changed but in numbers.
_EVERY_SECONDS = 1.0


class Stage(msgspec.Struct):
    """A stage of a run: its name, how much of how much is done, in bytes or tasks, and seconds."""

    name: str
    done: int
    total: int | None
    seconds: float


class Status(msgspec.Struct):
    """How far a run is: its state, the process that is or was at it, when it began, its stages.

    The `state` is running, stopped, publishing or finished. `begun` and `told` are seconds since
    1970; stages come in their order, and the last one may go on.
    """

    state: str
    process: int = 0
    begun: float = 0.0
    told: float = 0.0
    problems: int = 0
    stages: list[Stage] = []


class StatusWriter:
    """Progress that another one hears of, and that is written down below a work folder."""

    def __init__(self, heard: Progress, work: Path) -> None:
        self._heard = heard
        self._path = work / _FILE
        now = time.time()
        self._status = Status("running", os.getpid(), now, now)
        self._since = time.monotonic()

    def begin(self, stage: str, total: int | None) -> None:
        """Pass it on, and write it down."""
        self._heard.begin(stage, total)
        self._status.stages.append(Stage(stage, 0, total, 0.0))
        self._since = time.monotonic()
        self._write()

    def advance(self, count: int) -> None:
        """Pass it on, and write it down if that was not done lately."""
        self._heard.advance(count)
        if self._status.stages:
            self._status.stages[-1].done += count
        if time.time() - self._status.told > _EVERY_SECONDS:
            self._write()

    def problem(self, error: CleanerError) -> None:
        """Pass it on, and count it."""
        self._heard.problem(error)
        self._status.problems += 1

    def passed_over(self, skipped: Mapping[str, str]) -> None:
        """Pass it on."""
        self._heard.passed_over(skipped)

    def remark(self, message: str) -> None:
        """Pass it on."""
        self._heard.remark(message)

    def _write(self) -> None:
        self._status.told = time.time()
        if self._status.stages:
            self._status.stages[-1].seconds = time.monotonic() - self._since
        part = self._path.with_suffix(".part")
        # What is only told must not end a run: the folder may be gone by now, committed.
        with suppress(OSError):
            part.write_bytes(msgspec.json.encode(self._status))
            part.replace(self._path)


def status_of(place: Destination) -> Status:
    """Return how far the run is that writes to a place; nothing is changed.

    Raises UsageError where nothing is known of one.
    """
    folder = place.folder
    for work in (WORK_FOLDER, COMMITTED):
        if kind_below(folder, work) == "folder":
            status = _read(folder, work)
            status.state = "running" if _is_held(folder / work) else "stopped"
            return status
    if place.is_publishing():
        return Status("publishing")
    if kind_below(folder, REPORT) == "file":
        return Status("finished")
    raise UsageError(
        "nothing is known of a run into this folder",
        where=place.url or str(folder),
        hint="give --work too, where the run has one",
    )


def _read(folder: Path, work: str) -> Status:
    try:
        with open_below(folder, f"{work}/{_FILE}") as file:
            return msgspec.json.decode(file.read(), type=Status)
    except (OSError, msgspec.DecodeError):
        return Status("running")


def _is_held(work: Path) -> bool:
    """Whether a run is at work in a folder, by its lock."""
    try:
        descriptor = os.open(work, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks
        return False
    finally:
        os.close(descriptor)
    return False


def status_json(status: Status) -> str:
    """Return a status as JSON."""
    return json.dumps(msgspec.to_builtins(status), indent=2) + "\n"
