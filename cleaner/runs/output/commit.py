"""The commit of a run: all that it wrote takes its place in the output folder, or nothing does.

A run writes its files below its work folder. Renaming that folder is the commit: until then the
folder holds what an earlier run left, which can still be restored, and from then on what this one
wrote. Files are put in place after that; whoever comes next goes on with it where that was stopped.
"""

from __future__ import annotations

import json
from pathlib import Path

from cleaner.reports.record import PAGE, REPORT, outputs_of
from cleaner.storage.below import (
    CONTAINERS,
    KEPT_OUTPUTS,
    OLD_JOURNAL,
    REMOVED_ROWS,
    RUN_DIR,
    WORK_FOLDER,
    files_below,
    kind_below,
    move_below,
    open_below,
    remove_below,
)
from cleaner.storage.replace import whole_file

# The work folder of a run that has ended, while its files are put in place, and after that.
COMMITTED = f"{RUN_DIR}/committed"
FINISHED = f"{RUN_DIR}/finished"

_STAGED = "staged"
# Beside it, the names of all files in it.
_LIST = "staged.json"


def staged_files(output: Path) -> Path:
    """Return the folder in which a run writes its files, by the names they get by its commit."""
    return output / WORK_FOLDER / _STAGED


def drop_staged(output: Path) -> None:
    """Remove what a run wrote that was stopped before its commit."""
    remove_below(output, f"{WORK_FOLDER}/{_STAGED}")


def commit(output: Path) -> None:
    """Let what a run wrote take the place of what an earlier one did."""
    with whole_file(output, f"{WORK_FOLDER}/{_LIST}") as file:
        file.write(json.dumps(_staged_names(output, WORK_FOLDER)).encode("ascii"))
    move_below(output, WORK_FOLDER, COMMITTED)
    put_in_place(output)


def put_in_place(output: Path) -> None:
    """Move the files of a committed run to their places; drop what only an earlier run wrote.

    May be stopped anywhere, and called again: the report, which says what the earlier run wrote,
    is moved last.
    """
    staged = _staged_names(output, COMMITTED)
    for name in sorted(staged, key=lambda name: (name == REPORT, name)):
        if name == REPORT:
            _drop_stale(output)
        move_below(output, f"{COMMITTED}/{_STAGED}/{name}", name)
    remove_below(output, FINISHED)
    move_below(output, COMMITTED, FINISHED)
    remove_below(output, FINISHED)


def _drop_stale(output: Path) -> None:
    try:
        with open_below(output, f"{COMMITTED}/{_LIST}") as file:
            written = set(json.load(file))
    except (OSError, ValueError, TypeError, RecursionError):
        return  # not written by a run
    kept = (CONTAINERS, REMOVED_ROWS, KEPT_OUTPUTS)
    beside = (name for folder in kept for name in files_below(output, folder))
    earlier = {*outputs_of(output), *beside, OLD_JOURNAL, PAGE}
    for name in sorted(earlier - written):
        if kind_below(output, name) == "file":
            remove_below(output, name)


def _staged_names(output: Path, work: str) -> list[str]:
    """Return the names of all files that stand staged in a work folder."""
    staged = f"{work}/{_STAGED}"
    names = (path.removeprefix(f"{staged}/") for path in files_below(output, staged))
    return sorted(name for name in names if kind_below(output, f"{staged}/{name}") == "file")
