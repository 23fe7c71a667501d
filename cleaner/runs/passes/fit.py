"""The learning pass: one look over all documents, and a second at the lines that are frequent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, reduce
from pathlib import Path
from typing import NamedTuple

from cleaner.core.settings.config import Settings
from cleaner.engines.base import Engine
from cleaner.model.model import Model
from cleaner.runs.input.resume import AFTER_REPAIRS, depending
from cleaner.runs.input.spool import load_spool
from cleaner.runs.rule_registry import context_for
from cleaner.steps.boilerplate.repeated.linecounts import LineCounts, merge_counts
from cleaner.steps.boilerplate.repeated.sketch import LineSketch
from cleaner.steps.chain import is_laid_out, is_whole
from cleaner.steps.learn import (
    NO_TABLES,
    CorpusStats,
    Sample,
    Tables,
    collect_stats,
    count_lines,
    merge_stats,
)
from cleaner.storage.replace import whole_file

# Rules that go by more than the document before them.
LEARNING = ("GLU202", "GLU203", "GLU204", "HYP210", "BOI350")

# Spool parts looked at in one task: what a task learns is large, so there should be few tasks, but
# enough of them to keep all processes busy.
_MOST_PARTS_A_TASK = 16
_TASKS_ENOUGH = 16

# What is learned of so many bytes of spool parts is worth a file of its own; they stand in a folder
# until all is learned.
WORTH_KEEPING = 1 << 20
_STATS = "stats"

# What one document teaches it tells by itself.
_FEWEST_DOCUMENTS = 2


class Learned(NamedTuple):
    """Where the model of a run stands on disk, and its digest; None where there is none."""

    path: Path | None
    digest: str


def learns(settings: Settings) -> bool:
    """Whether any rule that acts goes by more than the document before it."""
    return any(map(context_for(settings).rules.acts, LEARNING))


def groups_of(spool_parts: Sequence[Path]) -> list[tuple[Path, ...]]:
    """Return the spool parts by the task that looks at them; the second look is the shorter one."""
    size = min(_MOST_PARTS_A_TASK, max(1, len(spool_parts) // _TASKS_ENOUGH))
    return [tuple(spool_parts[at : at + size]) for at in range(0, len(spool_parts), size)]


def count_corpus(
    spool_parts: Sequence[Path],
    failed: frozenset[int],
    settings: Settings,
    engine: Engine,
    keep: Path | None = None,
) -> tuple[CorpusStats, LineCounts]:
    """Look twice at all staged documents but those of the files that failed.

    What the first look finds in many of them is kept in the folder `keep`, if any.
    """
    groups = groups_of(spool_parts)
    collecting = CollectStats(settings, failed, keep)
    stats = reduce(merge_stats, engine.map_merged(collecting, groups, merge_stats), CorpusStats())
    if not stats.sketch.documents:  # no rule goes by lines
        return stats, LineCounts()
    counting = CountLines(stats.sketch, failed)
    return stats, reduce(
        merge_counts, engine.map_merged(counting, groups, merge_counts), LineCounts()
    )


def learn(
    spool_parts: Sequence[Path],
    documents: int,
    failed: frozenset[int],
    settings: Settings,
    engine: Engine,
    work: Path,
) -> Learned:
    """Learn from all staged documents, and keep the model of them below `work`.

    A run that was killed may have learned it.
    """
    if documents < _FEWEST_DOCUMENTS or not learns(settings):
        return Learned(None, "")
    known = work / f"learned-{_key(spool_parts, failed, settings)}"
    with suppress(OSError, UnicodeDecodeError):
        learned = _stored(known.read_text("ascii"), work)
        if learned.path is not None and learned.path.exists():
            return learned
    keep = work / _STATS
    counted = count_corpus(spool_parts, failed, settings, engine, keep)
    learned = store_model(Model.of(*counted), work)
    with whole_file(work, known.name) as file:
        file.write(learned.digest.encode("ascii"))
    shutil.rmtree(keep, ignore_errors=True)
    return learned


def _key(spool_parts: Sequence[Path], failed: frozenset[int], settings: Settings) -> str:
    """Return a digest of all that decides what some spool parts teach."""
    names = [spool_part.name for spool_part in spool_parts]
    return depending(settings, AFTER_REPAIRS, repr(sorted(failed)), *names)


def store_model(model: Model, work: Path) -> Learned:
    """Write a model below `work`, where all passes find it whatever becomes of its own file."""
    # The report asks what each look at the corpus has taught, so none overwrites another.
    learned = _stored(model.digest, work)
    if learned.path is not None:
        model.save(learned.path, overwrite=True)
    return learned


def _stored(digest: str, work: Path) -> Learned:
    """Return where a model is kept that is known by its digest."""
    return Learned(work / f"{digest[:16]}.model" if digest.isalnum() else None, digest)


@lru_cache(maxsize=1)
def load_tables(learned: Learned) -> Tables:
    """Return what the model of a run says; the digest keeps one run's apart from another's."""
    if learned.path is None:
        return NO_TABLES
    model = Model.load(learned.path)
    if model.digest != learned.digest:
        raise RuntimeError(f"{learned.path} was changed during the run")
    return model.tables


@dataclass(frozen=True)
class CollectStats:
    """The first look, a picklable function of some spool parts."""

    settings: Settings
    failed: frozenset[int]
    keep: Path | None = None

    def __call__(self, spool_parts: Sequence[Path]) -> CorpusStats:
        """Return what the staged documents of these spool parts teach.

        Where they are worth it, that is kept, or was by a run that was killed.
        """
        keep = self.keep
        if keep is None or sum(part.stat().st_size for part in spool_parts) < WORTH_KEEPING:
            return self._collected(spool_parts)
        path = keep / f"{_key(spool_parts, self.failed, self.settings)}.stats"
        if path.exists():
            return Model.load(path).stats
        stats = self._collected(spool_parts)
        keep.mkdir(exist_ok=True)
        Model(stats, LineCounts(stats.sketch.documents)).save(path)
        return stats

    def _collected(self, spool_parts: Sequence[Path]) -> CorpusStats:
        return collect_stats(list(_samples(spool_parts, self.failed)), context_for(self.settings))


@dataclass(frozen=True)
class CountLines:
    """The second look, a picklable function of some spool parts."""

    sketch: LineSketch
    failed: frozenset[int]

    def __call__(self, spool_parts: Sequence[Path]) -> LineCounts:
        """Return exact counts of the frequent lines in these spool parts."""
        return count_lines(list(_samples(spool_parts, self.failed)), self.sketch)


def _samples(spool_parts: Sequence[Path], failed: frozenset[int]) -> Iterator[Sample]:
    for spool_part in spool_parts:
        for staged in load_spool(spool_part):
            # A document left without text is not written, and teaches a second run nothing.
            if staged.raw is None and staged.file not in failed and staged.text.strip():
                no_op_steps = staged.no_op_steps
                yield Sample(
                    staged.id,
                    staged.site,
                    staged.text,
                    is_laid_out(no_op_steps),
                    is_whole(no_op_steps),
                    staged.survey,
                )
