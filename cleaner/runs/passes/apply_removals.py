"""The settling pass: documents that lost paragraphs are normalized again.

What is left of a document may be read differently (its last block may now be one paragraph a
line), so the repairs that a second run would make are made in this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cleaner.core.edits import apply_edits
from cleaner.core.settings.config import Settings
from cleaner.runs.duplicates.fixpoint import Task
from cleaner.runs.duplicates.removals import remove_paragraphs
from cleaner.runs.input.spool import load_drafts, next_stage, save_drafts
from cleaner.runs.passes.fit import Learned
from cleaner.runs.passes.transform import normalize_draft


@dataclass(frozen=True)
class SettleShard:
    """The pass as a picklable function of a shard; `turn` tells its output from earlier ones."""

    settings: Settings
    learned: Learned
    turn: int

    def __call__(self, task: Task) -> Path:
        """Carry the removals out; normalize what they touched; write the shard if it changed."""
        if not task.removals:
            return task.shard
        drafts = list(load_drafts(task.shard))
        for number, removed in sorted(task.removals.items()):
            draft = drafts[number]
            edits = remove_paragraphs(draft.text, removed, self.settings.dedup.unit)
            draft.change(apply_edits(draft.text, edits), edits)
            normalize_draft(draft, self.settings, self.learned)
        shard = next_stage(task.shard, f"settled-{self.turn}")
        save_drafts(shard, drafts)
        return shard
