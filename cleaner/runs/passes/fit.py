"""The learning pass: one look over all documents, and a second at the lines that are frequent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from pathlib import Path
from typing import NamedTuple

from cleaner.core.settings.config import Settings
from cleaner.engines.base import Engine
from cleaner.model.model import Model
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

# Rules that go by more than the document before them.
LEARNING = ("GLU202", "GLU203", "GLU204", "HYP210", "BOI350")

# Spool parts looked at in one task: what a task learns is large, so there should be few tasks, but
# enough of them to keep all processes busy.
_MOST_PARTS_A_TASK = 16
_TASKS_ENOUGH = 16

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
    spool_parts: Sequence[Path], failed: frozenset[int], settings: Settings, engine: Engine
) -> tuple[CorpusStats, LineCounts]:
    """Look twice at all staged documents but those of the files that failed."""
    groups = groups_of(spool_parts)
    collecting = CollectStats(settings, failed)
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
    """Learn from all staged documents, and keep the model of them below `work`."""
    if documents < _FEWEST_DOCUMENTS or not learns(settings):
        return Learned(None, "")
    return store_model(Model.of(*count_corpus(spool_parts, failed, settings, engine)), work)


def store_model(model: Model, work: Path) -> Learned:
    """Write a model below `work`, where all passes find it whatever becomes of its own file."""
    # The report asks what each look at the corpus has taught, so none overwrites another.
    path = work / f"{model.digest[:16]}.model"
    model.save(path, overwrite=True)
    return Learned(path, model.digest)


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

    def __call__(self, spool_parts: Sequence[Path]) -> CorpusStats:
        """Return what the staged documents of these spool parts teach."""
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
