"""The settling pass: documents that lost paragraphs are normalized again.

What is left of a document may be read differently (its last block may now be one paragraph a
line), so the repairs that a second run would make are made in this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cleaner.core.config import Settings
from cleaner.core.edits import apply_edits
from cleaner.pipeline.deduplicating import Removed, remove_paragraphs
from cleaner.pipeline.rulebook import context_for
from cleaner.pipeline.work import Draft, load_drafts, save_drafts


class Task(NamedTuple):
    """A shard, and what its documents (counted in the shard) lose."""

    shard: Path
    removals: dict[int, Removed]


class Settled(NamedTuple):
    """The shard to go on with, and whether any text changed beyond the removals."""

    shard: Path
    changed: bool


@dataclass(frozen=True)
class SettleShard:
    """The pass as a picklable function of a shard; `turn` tells its output from earlier ones."""

    settings: Settings
    turn: int

    def __call__(self, task: Task) -> Settled:
        """Carry the removals out; normalize what they touched; write the shard if it changed."""
        if not task.removals:
            return Settled(task.shard, False)
        drafts = list(load_drafts(task.shard))
        changed = [
            self._settle(drafts[number], removed)
            for number, removed in sorted(task.removals.items())
        ]
        shard = task.shard.with_name(f"{task.shard.name.split('.')[0]}.{self.turn}.jsonl.zst")
        save_drafts(shard, drafts)
        return Settled(shard, any(changed))

    def _settle(self, draft: Draft, removed: Removed) -> bool:
        from cleaner.normalize.chain import normalize

        edits = remove_paragraphs(draft.text, removed)
        draft.steps.append(edits)
        result = normalize(apply_edits(draft.text, edits), context_for(self.settings))
        draft.text = result.text
        draft.steps.extend(list(step) for step in result.steps)
        return bool(result.steps)
