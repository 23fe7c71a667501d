"""Deduplicating the units inside texts and repairing nothing: the passes in their order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cleaner.core.config import Settings
from cleaner.core.edits import apply_edits
from cleaner.core.errors import CleanerError
from cleaner.engines.base import Engine
from cleaner.formats.jsonl import members_of
from cleaner.formats.registry import FORMATS
from cleaner.pipeline.deduplicating import Removed, remove_paragraphs
from cleaner.pipeline.fates import MARK
from cleaner.pipeline.locating import unit_notes
from cleaner.pipeline.parsing import ParseBatch, parsed_shards
from cleaner.pipeline.reading import Inputs
from cleaner.pipeline.rounds import Task, without_duplicates
from cleaner.pipeline.units import Unit, unit_spans
from cleaner.pipeline.watching import WatchedEngine
from cleaner.pipeline.work import Draft, load_drafts, next_stage, save_drafts
from cleaner.pipeline.writing import FileTally, OutputTree
from cleaner.reports.record import Emptied


class Written(NamedTuple):
    """What was written of each file, edits by code, and what puts the kept into the index.

    `emptied`: the documents that lost everything.
    """

    tallies: list[FileTally]
    codes: Counter[str]
    remember: Callable[[], None]
    emptied: Emptied


@dataclass(frozen=True)
class RemoveFromShard:
    """Removing units as a picklable function of a shard; `turn` tells its output from others."""

    unit: Unit
    turn: int

    def __call__(self, task: Task) -> Path:
        """Carry the removals out."""
        if not task.removals:
            return task.shard
        drafts = list(load_drafts(task.shard))
        for number, removed in sorted(task.removals.items()):
            draft = drafts[number]
            edits = remove_paragraphs(draft.text, removed, self.unit)
            draft.change(apply_edits(draft.text, edits), edits)
        shard = next_stage(task.shard, f"less-{self.turn}")
        save_drafts(shard, drafts)
        return shard


@dataclass(frozen=True)
class MarkShard:
    """Marking instead of removing: JSONL records name what they repeat, texts stay as they are."""

    unit: Unit
    formats: tuple[str, ...]
    turn: int

    def __call__(self, task: Task) -> Path:
        """Add the marks, and a note for each unit."""
        if not task.removals:
            return task.shard
        drafts = list(load_drafts(task.shard))
        for number, found in sorted(task.removals.items()):
            draft = drafts[number]
            draft.notes = list(unit_notes(draft.text, [], found, self.unit))
            if not FORMATS[self.formats[draft.file]].one_document:
                draft.mark = _mark(draft, found, self.unit)
        shard = next_stage(task.shard, "marked")
        save_drafts(shard, drafts)
        return shard


def _mark(draft: Draft, found: Removed, unit: Unit) -> str:
    """Return the member that names what the units of a record repeat; nothing where it has one."""
    if MARK in members_of(f'{draft.frame.head}""{draft.frame.tail}'):
        return ""
    spans = unit_spans(draft.text, unit)
    values = []
    for number, (_, survivor) in sorted(found.items()):
        start, end = spans[number]
        values.append({"start": start, "end": end, "of": survivor.where()})
    return f', "{MARK}": {json.dumps(values)}'


def deduplicate_texts(
    inputs: Inputs,
    settings: Settings,
    output: Path,
    work: Path,
    engine: Engine,
    report: Callable[[CleanerError], None],
    begin: Callable[[str, int | None], None],
    advance: Callable[[int], None],
) -> Written:
    """Read, compare until nothing is found any more, write.

    `engine` must live until the result's ``remember`` was called.
    """
    unit = settings.dedup.unit
    formats = tuple(file.format for file in inputs.files)
    begin("parse", inputs.total_bytes())
    parse = ParseBatch(settings, work, repairs=False)
    parsed = parsed_shards(inputs, parse, engine, report, advance)
    begin("deduplicate", 2 * len(parsed))
    watched = WatchedEngine(engine, advance)
    settle: Callable[[int], Callable[[Task], Path]] = partial(RemoveFromShard, unit)
    if settings.dedup.on_duplicate == "mark":
        settle = partial(MarkShard, unit, formats)
    paths = [shard.path for shard in parsed]
    compared = without_duplicates(
        paths, inputs.files, settings, watched, work, settle, repaired=False
    )
    begin("write", len(compared.shards))
    tree = OutputTree(output, settings, verbatim=True)
    written = tree.write(compared.shards, inputs.files, watched)
    return Written(*written, compared.remember, tree.emptied)
