"""Comparing again until nothing is found any more.

What is left of a document may fall into other units than before, which may be copies themselves,
and what a passage stood beside may be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cleaner.core.config import Settings
from cleaner.engines.base import Engine
from cleaner.pipeline.deduplicating import Removed, find_duplicates
from cleaner.pipeline.locating import alike_by_shard, by_shard, remember_kept, told_shards
from cleaner.pipeline.reading import SourceFile

# Removing units rarely changes how the rest is read, and never often.
_MOST_ROUNDS = 8


class Task(NamedTuple):
    """A shard, and what its documents (counted in the shard) lose."""

    shard: Path
    removals: dict[int, Removed]


class Compared(NamedTuple):
    """The shards to go on with; `remember` adds what was kept to the index, where there is one."""

    shards: list[Path]
    remember: Callable[[], None]


def without_duplicates(
    shards: list[Path],
    files: Sequence[SourceFile],
    settings: Settings,
    engine: Engine,
    work: Path,
    settle: Callable[[int], Callable[[Task], Path]],
    *,
    repaired: bool,
) -> Compared:
    """Return shards without duplicates; ``settle(turn)`` carries the removals of a round out.

    Where texts were `repaired`, a copy that needed it gives way to one that did not.
    """
    unit = settings.dedup.unit
    find = partial(find_duplicates, files=files, settings=settings, engine=engine, work=work)
    found = find(shards, repaired=repaired)
    if found is None:
        return Compared(shards, _forget)
    alike = list(alike_by_shard(found.alike, found.first_documents, files))
    compared = shards
    for turn in range(_MOST_ROUNDS):
        if not len(found.going.units) and (turn or not repaired):
            break
        removals = by_shard(shards, found.going, found, files, engine, unit)
        tasks = (Task(*task) for task in zip(shards, removals, strict=True))
        shards = list(engine.map(settle(turn), tasks))
        if settings.dedup.on_duplicate == "mark":
            break
        # A second run would not know what had to be repaired, so the other rounds do not ask.
        again = find(shards, repaired=False)
        if again is None:
            break
        compared, found = shards, again
    told = told_shards(compared, shards, found, alike, files, engine, unit)
    remember = partial(remember_kept, compared, found, files, settings.dedup, engine, work)
    return Compared(told, remember)


def _forget() -> None:
    """Add nothing to an index."""
