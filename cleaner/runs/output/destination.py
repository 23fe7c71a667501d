"""Where a run writes, and where it works: a folder here, or a URL that gets what was written.

What goes to a URL is written into a folder of this machine first, as any run is, and brought there
once it is finished; a run that is stopped while it brings goes on with that alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cleaner.core.errors import UsageError
from cleaner.core.settings.config import Settings
from cleaner.core.urls import redacted
from cleaner.core.version import VERSION
from cleaner.reports.record import REPORT, RunReport
from cleaner.runs.duplicates.index_sync import FOLDER_MARK
from cleaner.runs.input.reading import Inputs, SourceFile
from cleaner.runs.output.output_folder import check_output
from cleaner.runs.output.writing import recorded
from cleaner.runs.progress import Progress
from cleaner.storage.below import RUN_DIR, WORK_FOLDER, files_below, open_below, stays_below
from cleaner.storage.remote.publishing import Published
from cleaner.storage.replace import whole_file

_PLAN = "publish.json"
_MARK = f"{RUN_DIR}/{FOLDER_MARK}"


class _Plan(msgspec.Struct):
    """What is being brought to a URL: of what it was made, its files, and those to be removed."""

    made_of: str
    names: list[str]
    stale: list[str]


@dataclass(frozen=True)
class Destination:
    """The folder that a run writes, where what lies between passes stands, and the URL, if any.

    `own` is a folder that goes with the run.
    """

    folder: Path
    spool: Path
    url: str | None = None
    own: Path | None = None

    @property
    def inputs(self) -> Path:
        """Where inputs lie that were fetched."""
        return self.spool / "inputs"

    def check(self, paths: Sequence[Path], urls: Sequence[str], *, overwrite: bool) -> None:
        """Raise UsageError where the run must not write."""
        if self.url is None:
            check_output(self.folder, paths, overwrite=overwrite)
            return
        for url in urls:
            if f"{url.rstrip('/')}/".startswith(f"{self.url}/"):
                raise UsageError(
                    "an input lies inside the output folder",
                    where=redacted(url),
                    why="its cleaned text could take its place",
                    hint="choose another folder with -o",
                )
        target = Published(self.url)
        if not overwrite and self._plan() is None and not target.is_empty():
            raise UsageError(
                "the output folder is not empty",
                where=target.shown,
                hint="choose another with -o, or write into it with --overwrite",
            )
        mark = None if (self.folder / _MARK).exists() else target.read(_MARK)
        if mark is not None:
            with whole_file(self.folder, _MARK) as file:
                file.write(mark)

    def is_publishing(self) -> bool:
        """Whether what was written is being brought to its URL, or was when that was stopped."""
        return self.url is not None and self._plan() is not None

    def finished(self, inputs: Inputs, settings: Settings) -> RunReport | None:
        """Return the report of a run over these inputs that only has to be brought to its URL."""
        plan = self._plan()
        if plan is None or plan.made_of != _made_of(inputs.files, settings):
            return None
        try:
            with open_below(self.folder, REPORT) as file:
                return msgspec.json.decode(file.read(), type=RunReport)
        except (OSError, msgspec.DecodeError):
            return None

    def finish(
        self, inputs: Inputs, settings: Settings, report: RunReport, progress: Progress
    ) -> None:
        """Bring what was written to its URL, if it has one; drop what lay between passes."""
        if self.url is not None:
            self._publish(Published(self.url), _made_of(inputs.files, settings), progress)
        if self.own is not None:
            shutil.rmtree(self.own, ignore_errors=True)

    def _publish(self, target: Published, made_of: str, progress: Progress) -> None:
        names = sorted(_names_below(self.folder))
        plan = self._plan()
        if plan is None or plan.made_of != made_of:
            stale = {*target.names_below(RUN_DIR), *_outputs_of(target.read(REPORT))}
            if plan is not None:
                stale.update(plan.stale, plan.names)
            plan = _Plan(made_of, names, sorted(stale - set(names)))
            with whole_file(self.folder.parent, _PLAN) as file:
                file.write(msgspec.json.encode(plan))
        size = sum((self.folder / name).stat().st_size for name in names)
        progress.begin("publish", size)
        target.publish(self.folder, names, plan.stale, progress.advance)

    def _plan(self) -> _Plan | None:
        try:
            with open_below(self.folder.parent, _PLAN) as file:
                return msgspec.json.decode(file.read(), type=_Plan)
        except (OSError, msgspec.DecodeError):
            return None


def destination_of(output: Path | str, work: Path | None) -> Destination:
    """Return where a run works that writes to a path, or to a URL, and lies in `work` meanwhile.

    By default that is in the output folder itself; of a URL in the user's cache.
    """
    if isinstance(output, Path):
        if work is None:
            return Destination(output, output / WORK_FOLDER)
        own = work / _key(os.path.realpath(output))
        return Destination(output, own / "spool", own=own)
    url = output.rstrip("/")
    own = (work or _cache()) / _key(url)
    return Destination(own / "output", own / "spool", url, own)


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cleaner"


def _key(place: str) -> str:
    """Return the name of a folder for what writes to a place, which tells nobody what it is."""
    return f"run-{hashlib.sha256(os.fsencode(place)).hexdigest()[:24]}"


def _made_of(files: Iterable[SourceFile], settings: Settings) -> str:
    """Return a digest of all that decides what a run writes, as far as it is known beforehand."""
    digest = hashlib.sha256(VERSION.encode())
    digest.update(msgspec.json.encode(recorded(settings)))
    for file in files:
        try:
            status = file.on_disk.stat()
            stamp = (status.st_size, status.st_mtime_ns)
        except OSError:
            stamp = (0, 0)
        digest.update(repr((file.name, str(file.path), stamp)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _names_below(folder: Path) -> Iterator[str]:
    """Yield the names of all files of a finished run."""
    for name in files_below(folder, "."):
        if not name.startswith((f"{WORK_FOLDER}/", f"{RUN_DIR}/finished/")):
            yield name


def _outputs_of(report: bytes | None) -> Iterator[str]:
    """Yield the names of what an earlier run wrote, by its report; anybody may have written it."""
    try:
        files = json.loads(report or b"{}")["files"]
        names = [one.get("output", one["name"]) for one in files if one["output_sha256"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return
    yield from filter(stays_below, names)
