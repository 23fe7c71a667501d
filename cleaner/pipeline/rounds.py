"""Comparing again until nothing is found any more.

What is left of a document may fall into other units than before, which may be copies themselves.
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
from cleaner.pipeline.terms import CONTAINED

# Removing units rarely changes how the rest is read, and never often.
_MOST_ROUNDS = 8


class Task(NamedTuple):
    """A shard, and what its documents (counted in the shard) lose."""

    shard: Path
    removals: dict[int, Removed]


class Settled(NamedTuple):
    """The shard to go on with, and whether any text changed beyond the removals."""

    shard: Path
    changed: bool


class Compared(NamedTuple):
    """The shards to go on with; `remember` adds what was kept to the index, where there is one."""

    shards: list[Path]
    remember: Callable[[], None]


def without_duplicates(
    shards: list[Path],
    size: int,
    files: Sequence[SourceFile],
    settings: Settings,
    engine: Engine,
    work: Path,
    settle: Callable[[int], Callable[[Task], Settled]],
) -> Compared:
    """Return shards without duplicates; ``settle(turn)`` carries the removals of a round out.

    `size` is that of all texts, about, in bytes.
    """
    unit = settings.dedup.unit
    find = partial(find_duplicates, size=size, files=files, settings=settings, work=work)
    found = find(shards, engine=engine)
    if found is None:
        return Compared(shards, _forget)
    alike = list(alike_by_shard(found.alike, found.first_documents, files))
    compared = shards
    for turn in range(_MOST_ROUNDS):
        if not len(found.going.documents):
            break
        removals = by_shard(shards, found.going, found, files, engine, unit)
        tasks = (Task(*task) for task in zip(shards, removals, strict=True))
        settled = list(engine.map(settle(turn), tasks))
        shards = [one.shard for one in settled]
        # What goes because it stands inside something else may have held others in turn.
        changed = any(one.changed for one in settled) or CONTAINED in found.going.kinds
        again = find(shards, engine=engine) if changed else None
        if again is None:
            break
        compared, found = shards, again
    told = told_shards(compared, shards, found, alike, files, engine, unit)
    remember = partial(remember_kept, compared, found, files, settings.dedup, engine, work)
    return Compared(told, remember)


def _forget() -> None:
    """Add nothing to an index."""
