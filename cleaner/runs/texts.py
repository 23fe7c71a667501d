"""Texts in memory: cleaned one after the other, and deduplicated among each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from cleaner.core.errors import InputError, UsageError
from cleaner.core.settings.config import Settings
from cleaner.dedup.decisions import Decisions
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.signing.sign import Batch, sign
from cleaner.engines.local import LocalEngine, jobs_for
from cleaner.runs.duplicates.config import dedup_config, memory_of
from cleaner.runs.duplicates.second_looks import Ints
from cleaner.runs.duplicates.whole_texts import choose_texts
from cleaner.runs.passes.fit import Learned, learns, load_tables, store_model
from cleaner.runs.rule_registry import context_for
from cleaner.runs.text import clean_single

if TYPE_CHECKING:
    from cleaner.model.model import Model
    from cleaner.steps.chain import Normalized
    from cleaner.steps.learn import Sample

# So many texts are handed to a worker, and signed, at once.
_TEXTS_A_TASK = 64
_TEXTS_A_BATCH = 4096


@dataclass(frozen=True)
class CleanTexts:
    """Cleaning as a picklable function of some texts."""

    settings: Settings
    learned: Learned
    of_field: bool

    def __call__(self, texts: Sequence[str]) -> list[Normalized]:
        """Return what becomes of each text."""
        tables = load_tables(self.learned)
        return [clean_single(text, self.settings, tables, of_field=self.of_field) for text in texts]


def clean_each(
    texts: Iterable[str], settings: Settings, model: Model | None, *, of_field: bool = False
) -> Iterator[Normalized]:
    """Yield what becomes of each text, in order.

    In this process, unless the settings ask for more; then some texts are read ahead.
    """
    if settings.jobs < 2:
        tables = None if model is None else model.tables
        for text in texts:
            yield clean_single(text, settings, tables, of_field=of_field)
        return
    with (
        TemporaryDirectory(prefix="cleaner-") as work,
        LocalEngine(jobs_for(settings.jobs, 0, 1)) as engine,
    ):
        learned = Learned(None, "") if model is None else store_model(model, Path(work))
        upcoming = iter(texts)
        tasks = iter(lambda: list(islice(upcoming, _TEXTS_A_TASK)), [])
        for cleaned in engine.map(CleanTexts(settings, learned, of_field), tasks):
            yield from cleaned


class Copies(NamedTuple):
    """What duplicates what: those that go, and those that are only told of."""

    going: Decisions
    told: Decisions


def deduplicate_texts(texts: Sequence[str], settings: Settings) -> Copies:
    """Return which of the texts are duplicates of others, each compared as a whole."""
    if settings.dedup.scope != "corpus":
        raise UsageError(
            "texts are compared with each other, which is scope corpus",
            hint="leave `dedup.scope` as it is",
        )
    dedup = msgspec.structs.replace(settings.dedup, unit="record")
    settings = msgspec.structs.replace(settings, dedup=dedup)
    config = dedup_config(dedup)

    def texts_at(units: Ints) -> Iterator[str]:
        return (texts[unit] for unit in units.tolist())

    with Deduplicator(config, survivor=dedup.survivor, memory=memory_of(dedup)) as deduplicator:
        for start in range(0, len(texts), _TEXTS_A_BATCH):
            batch = list(texts[start : start + _TEXTS_A_BATCH])
            numbers = np.arange(start, start + len(batch), dtype=np.uint32)
            deduplicator.add(sign(Batch.from_texts(batch), config), files=numbers)
        return Copies(*choose_texts(deduplicator, texts_at, settings))


def fit_texts(texts: Iterable[str], settings: Settings) -> Model:
    """Return the model of some texts, which are learned from as the records of one file are."""
    from cleaner.model.model import Model
    from cleaner.steps.boilerplate.repeated.linecounts import LineCounts
    from cleaner.steps.learn import collect_stats, count_lines

    check_learns(settings)
    samples = samples_of(texts, settings)
    check_taught(len(samples))
    stats = collect_stats(samples, context_for(settings))
    counts = count_lines(samples, stats.sketch) if stats.sketch.documents else LineCounts()
    return Model.of(stats, counts)


def check_learns(settings: Settings) -> None:
    """Raise UsageError where no rule that acts goes by a model."""
    if not learns(settings):
        raise UsageError("there is nothing to learn", why="no rule acts that goes by a model")


def check_taught(documents: int) -> None:
    """Raise InputError where no text taught anything."""
    if not documents:
        raise InputError("there is nothing to learn from", why="no text is left")


def samples_of(texts: Iterable[str], settings: Settings) -> list[Sample]:
    """Return texts as they are learned from; those without any text are left out."""
    from cleaner.steps.chain import is_laid_out, is_whole, repair_characters
    from cleaner.steps.learn import Sample

    context = context_for(settings)
    samples = []
    for number, text in enumerate(texts):
        repaired = repair_characters(text, context)
        if repaired.text.strip():
            flags = repaired.no_op_steps
            samples.append(
                Sample(str(number), ".", repaired.text, is_laid_out(flags), is_whole(flags))
            )
    return samples
