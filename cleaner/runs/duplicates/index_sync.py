"""What earlier runs kept: compared with, and added to once a run is written."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cleaner.core.errors import UsageError
from cleaner.core.settings.config import Dedup
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.signing.sign import Signed
from cleaner.runs.duplicates.config import dedup_config
from cleaner.runs.input.reading import SourceFile
from cleaner.storage.replace import whole_file

# Beside the journal, what tells the output folder from others; in the work folder, the names under
# which this run may stand in an index.
FOLDER_MARK = "index-mark"
_ATTEMPTS = "index-runs"
_NAME = re.compile(r"[0-9a-f]{32,64}")


class Known(NamedTuple):
    """Where the units stand that came from the index, in the order in which they were added."""

    sources: Sequence[str] = ()
    lines: Sequence[int] = ()


class Kept(NamedTuple):
    """What a run kept: signed, and where each stands."""

    signed: Signed
    sources: Sequence[str]
    lines: Sequence[int]


def add_known(
    settings: Dedup,
    deduplicator: Deduplicator,
    first_file: int,
    files: Sequence[SourceFile],
    work: Path,
) -> Known:
    """Let the deduplicator know what the index has that may resemble what it was told so far.

    Their files get the numbers from `first_file` on, one for each source. What earlier attempts at
    this run, over `files`, added is not known. Raises UsageError where the index cannot be used.
    """
    # What is not there yet knows nothing; only a run that is written makes it.
    if not settings.index or not Path(settings.index).exists():
        return Known()
    from cleaner.dedup.index.index import Index

    with _usable(), Index(settings.index, deduplicator.config) as index:
        known = index.lookup(*deduplicator.new_hashes(), own_runs(files, work))
    numbers = {name: first_file + i for i, name in enumerate(dict.fromkeys(known.sources))}
    deduplicator.add(
        known.signed,
        files=np.array([numbers[name] for name in known.sources], dtype=np.uint32),
        protected=np.ones(len(known.sources), dtype=bool),
    )
    return Known(known.sources, known.lines)


def nothing_to_remember() -> None:
    """Leave the index as it is, where there is none or nothing was kept."""


def remember(settings: Dedup, kept: Kept, files: Sequence[SourceFile], work: Path) -> None:
    """Add what a run kept to the index; a run that is killed before this leaves it as it was.

    Outputs, journal and report are written by then, and the run counts as finished only after
    this. One that is killed in between is done again, to the same end: what it added bears its
    name, is not known to itself, and gives way to what it adds anew.
    """
    from cleaner.dedup.index.index import Index

    with _usable(), Index(settings.index, dedup_config(settings)) as index:
        own = own_runs(files, work)
        with whole_file(work, _ATTEMPTS) as file:
            file.write("".join(f"{run}\n" for run in dict.fromkeys(own)).encode("ascii"))
        index.add(*kept, own)


def own_runs(files: Sequence[SourceFile], work: Path) -> tuple[str, ...]:
    """Return the names under which attempts at a run stand in an index, the present one's last.

    Runs of the same sources into the same folder are one run; so are those that were killed and the
    one that goes on with them, whatever became of the sources meanwhile. A folder is told from
    others by a mark beside its journal, so that it may be moved.
    """
    marks = _lines_of(work.parent / FOLDER_MARK)
    if not marks:
        marks = [secrets.token_hex(16)]
        # Half of it may be left in the work folder, which goes with the run.
        with whole_file(work.parent, FOLDER_MARK, work.name) as file:
            file.write(f"{marks[0]}\n".encode("ascii"))
    digest = hashlib.sha256(marks[0].encode("ascii"))
    for one in files:
        digest.update(json.dumps([one.name, one.sha256]).encode("ascii"))
    return (*_lines_of(work / _ATTEMPTS), digest.hexdigest())


def _lines_of(path: Path) -> list[str]:
    """Return the names in a file, in which nothing else can stand."""
    try:
        lines = path.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [line for line in lines if _NAME.fullmatch(line)]


def check_index(settings: Dedup) -> None:
    """Raise UsageError where the settings name an index that they cannot use."""
    if not settings.index:
        return
    if settings.scope == "file":
        raise UsageError("an index needs --scope corpus", hint="leave out one of the two")
    if Path(settings.index).exists():
        from cleaner.dedup.index.index import Index

        with _usable(), Index(settings.index, dedup_config(settings)):
            pass


@contextmanager
def _usable() -> Iterator[None]:
    from cleaner.dedup.index.indexfile import IndexRefusedError

    try:
        yield
    except IndexRefusedError as error:
        raise UsageError(str(error)) from error
