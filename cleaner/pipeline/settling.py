"""The settling pass: documents that lost paragraphs are normalized again.

What is left of a document may be read differently (its last block may now be one paragraph a
line), so the repairs that a second run would make are made in this one.
"""

from __future__ import annotations

from dataclasses import dataclass

from cleaner.core.config import Settings
from cleaner.core.edits import apply_edits
from cleaner.pipeline.deduplicating import Removed, remove_paragraphs
from cleaner.pipeline.learning import Learned
from cleaner.pipeline.normalizing import normalize_draft
from cleaner.pipeline.rounds import Settled, Task
from cleaner.pipeline.units import Unit, unit_spans
from cleaner.pipeline.work import Draft, load_drafts, next_stage, save_drafts


def without_units(draft: Draft, removed: Removed, unit: Unit) -> bool:
    """Take the numbered units out of a draft; return whether the rest falls into other units.

    A block that is left alone is one paragraph a line, and such a line may be a copy itself.
    """
    left = [
        draft.text[start:end]
        for number, (start, end) in enumerate(unit_spans(draft.text, unit))
        if number not in removed
    ]
    edits = remove_paragraphs(draft.text, removed, unit)
    draft.steps.append(edits)
    draft.text = apply_edits(draft.text, edits)
    return [draft.text[start:end] for start, end in unit_spans(draft.text, unit)] != left


@dataclass(frozen=True)
class SettleShard:
    """The pass as a picklable function of a shard; `turn` tells its output from earlier ones."""

    settings: Settings
    learned: Learned
    turn: int

    def __call__(self, task: Task) -> Settled:
        """Carry the removals out; normalize what they touched; write the shard if it changed."""
        if not task.removals:
            return Settled(task.shard, False)
        drafts = list(load_drafts(task.shard))
        changed = False
        for number, removed in sorted(task.removals.items()):
            changed |= without_units(drafts[number], removed, self.settings.dedup.unit)
            changed |= normalize_draft(drafts[number], self.settings, self.learned)
        shard = next_stage(task.shard, f"settled-{self.turn}")
        save_drafts(shard, drafts)
        return Settled(shard, changed)
