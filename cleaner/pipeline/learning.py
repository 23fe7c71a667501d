"""The learning pass: one look over all drafts, and a second at the lines that are frequent."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from pathlib import Path
from typing import NamedTuple

from cleaner.core.config import Settings
from cleaner.engines.base import Engine
from cleaner.normalize.boilerplate.linecounts import LineCounts, merge_counts
from cleaner.normalize.boilerplate.sketch import LineSketch
from cleaner.normalize.chain import is_laid_out
from cleaner.normalize.learn import (
    NO_TABLES,
    Look,
    Seen,
    Tables,
    count_lines,
    freeze,
    look,
    merge_looks,
)
from cleaner.pipeline.rulebook import context_for
from cleaner.pipeline.work import load_drafts
from cleaner.storage.replace import whole_file

# Shards looked at in one task: what a task learns is large, so there should be few tasks, but
# enough of them to keep all processes busy.
_MOST_SHARDS_A_TASK = 16
_TASKS_ENOUGH = 16

# What one document teaches it tells by itself.
_FEWEST_DOCUMENTS = 2


class Learned(NamedTuple):
    """Where the tables stand on disk, and a digest of them; None where nothing was learned."""

    path: Path | None
    digest: str


def learn(
    shards: Sequence[Path],
    documents: int,
    failed: frozenset[int],
    settings: Settings,
    engine: Engine,
    work: Path,
) -> Learned:
    """Learn from all drafts and freeze what was learned below `work`."""
    acts = context_for(settings).rules.acts
    learning = ("GLU202", "GLU203", "GLU204", "HYP210", "BOI350")
    if documents < _FEWEST_DOCUMENTS or not any(acts(code) for code in learning):
        return Learned(None, "")
    groups = groups_of(shards)
    seen = reduce(merge_looks, engine.map(LookAtShards(settings, failed), groups), Look())
    counting = CountLines(seen.sketch, failed)
    counts = reduce(merge_counts, engine.map(counting, groups), LineCounts())
    packed = pickle.dumps(freeze(seen, counts), protocol=5)
    digest = hashlib.sha256(packed).hexdigest()
    # The report asks what each look at the corpus has taught, so none overwrites another.
    path = work / f"tables-{digest[:16]}.pickle"
    with whole_file(work, path.name) as file:
        file.write(packed)
    return Learned(path, digest)


def groups_of(shards: Sequence[Path]) -> list[tuple[Path, ...]]:
    """Return the shards by the task that looks at them; the second look is the shorter one."""
    size = min(_MOST_SHARDS_A_TASK, max(1, len(shards) // _TASKS_ENOUGH))
    return [tuple(shards[at : at + size]) for at in range(0, len(shards), size)]


@lru_cache(maxsize=1)
def load_tables(learned: Learned) -> Tables:
    """Return the frozen tables; the digest keeps one run's apart from another's."""
    if learned.path is None:
        return NO_TABLES
    data = learned.path.read_bytes()
    if hashlib.sha256(data).hexdigest() != learned.digest:
        raise RuntimeError(f"{learned.path} was changed during the run")
    tables: Tables = pickle.loads(data)  # noqa: S301 - this run wrote it, as the digest shows
    return tables


@dataclass(frozen=True)
class LookAtShards:
    """The first look, a picklable function of some shards."""

    settings: Settings
    failed: frozenset[int]

    def __call__(self, shards: Sequence[Path]) -> Look:
        """Return what the drafts of these shards teach."""
        return look(list(_seen(shards, self.failed)), context_for(self.settings))


@dataclass(frozen=True)
class CountLines:
    """The second look, a picklable function of some shards."""

    sketch: LineSketch
    failed: frozenset[int]

    def __call__(self, shards: Sequence[Path]) -> LineCounts:
        """Return exact counts of the frequent lines in these shards."""
        return count_lines(list(_seen(shards, self.failed)), self.sketch)


def _seen(shards: Sequence[Path], failed: frozenset[int]) -> Iterator[Seen]:
    for shard in shards:
        for draft in load_drafts(shard):
            # A document left without text is not written, and teaches a second run nothing.
            if draft.raw is None and draft.file not in failed and draft.text.strip():
                yield Seen(draft.id, draft.site, draft.text, is_laid_out(draft.calm))
