"""Learning from inputs and nothing else: a model to be saved, or rules proposed from lines."""

from __future__ import annotations

from pathlib import Path

import msgspec

from cleaner.core.errors import InputError, UsageError
from cleaner.core.settings.config import Settings
from cleaner.engines.base import Engine
from cleaner.model.model import Model
from cleaner.runs.clean import Prepared
from cleaner.runs.input.parsing import ParseBatch, parse_inputs
from cleaner.runs.input.reading import Inputs
from cleaner.runs.passes.fit import LEARNING, count_corpus, groups_of, learns
from cleaner.runs.progress import Progress, WatchedEngine
from cleaner.steps.boilerplate.repeated.linecounts import LineCounts
from cleaner.steps.boilerplate.repeated.mining import mine_rules
from cleaner.steps.boilerplate.repeated.repeated import freeze_lines
from cleaner.steps.learn import CorpusStats


def fit(
    inputs: Inputs, settings: Settings, work: Path, engine: Engine, progress: Progress
) -> Model:
    """Return the model of all inputs, as `prepare` first sees them.

    Raises UsageError where no rule that acts goes by a model, InputError where there is no text.
    """
    if not learns(settings):
        raise UsageError(
            "there is nothing to learn",
            why=f"of {', '.join(LEARNING)}, no rule acts",
            hint="do not --ignore all of them",
        )
    model = Model.of(*_count_inputs(inputs, settings, work, engine, progress))
    if not model.documents:
        raise InputError("there is nothing to learn from", why="no document with text was read")
    return model


def mine(inputs: Inputs, settings: Settings, work: Path, engine: Engine, progress: Progress) -> str:
    """Return a rule file that proposes rules for the lines which repeat in the inputs."""
    only_lines = msgspec.structs.replace(settings, select=("BOI350",), ignore=())
    _, counts = _count_inputs(inputs, settings, work, engine, progress, only_lines)
    return mine_rules(freeze_lines(counts))


def _count_inputs(
    inputs: Inputs,
    settings: Settings,
    work: Path,
    engine: Engine,
    progress: Progress,
    learning: Settings | None = None,
) -> tuple[CorpusStats, LineCounts]:
    """Return what the inputs teach, parsed by `settings` and looked at by those for `learning`."""
    for error in inputs.errors:
        progress.problem(error)
    progress.begin("parse", inputs.total_bytes())
    parse = ParseBatch(settings, work)
    parsed = parse_inputs(inputs, parse, engine, progress.problem, progress.advance)
    paths = [spool_part.path for spool_part in parsed]
    progress.begin("learn", len(groups_of(paths)))
    failed = Prepared(inputs, []).failed
    watched = WatchedEngine(engine, progress.advance)
    return count_corpus(paths, failed, learning or settings, watched)
