"""Comparing again until nothing is found any more.

What is left of a document may fall into other units than before, which may be copies themselves,
and what a passage stood beside may be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cleaner.core.settings.config import Dedup, Settings
from cleaner.engines.base import Engine
from cleaner.runs.duplicates.deduplicating import Duplicates, find_duplicates
from cleaner.runs.duplicates.index_sync import nothing_to_remember, remember
from cleaner.runs.duplicates.removals import Removed
from cleaner.runs.duplicates.survivor_locations import (
    alike_by_part,
    by_part,
    kept_units,
    noted_parts,
)
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.input.spool import Folders

# Removing units rarely changes how the rest is read, and never often.
MOST_ROUNDS = 8


class Task(NamedTuple):
    """A spool part, and what its documents (counted in the spool part) lose."""

    spool_part: Path
    removals: dict[int, Removed]


class Compared(NamedTuple):
    """The spool to go on with; `remember` adds what was kept to the index, where there is one."""

    spool_parts: list[Path]
    remember: Callable[[], None]


def without_duplicates(
    spool_parts: list[Path],
    files: Sequence[SourceFile],
    settings: Settings,
    engine: Engine,
    folders: Folders,
    settle: Callable[[Task], Path],
    *,
    repaired: bool,
) -> Compared:
    """Return spool parts without duplicates; `settle` carries removals out.

    Where texts were `repaired`, a copy that needed it gives way to one that did not.
    """
    find = partial(find_duplicates, files=files, settings=settings, engine=engine, folders=folders)
    found = find(spool_parts, repaired=repaired, last=False)
    if found is None:
        return Compared(spool_parts, nothing_to_remember)
    alike = list(alike_by_part(found, files))
    compared = spool_parts
    for turn in range(MOST_ROUNDS):
        if not len(found.going.units) and (turn or not repaired):
            break
        removals = by_part(found.going, found, files)
        tasks = (Task(*task) for task in zip(spool_parts, removals, strict=True))
        spool_parts = list(engine.map(settle, tasks))
        if settings.dedup.on_duplicate == "mark":
            break
        # A second run would not know what had to be repaired, so the other rounds do not ask.
        again = find(spool_parts, repaired=False, last=turn + 1 == MOST_ROUNDS)
        if again is None:
            break
        compared, found = spool_parts, again
    told = noted_parts(compared, spool_parts, found, alike, files, engine, settings)
    return Compared(told, partial(_remember, found, files, settings.dedup, folders.work))


def _remember(found: Duplicates, files: Sequence[SourceFile], settings: Dedup, work: Path) -> None:
    """Add what was kept to the index, where there is one."""
    if found.kept is not None:
        remember(
            settings, kept_units(found.kept, found.reader, found.documents, files), files, work
        )
