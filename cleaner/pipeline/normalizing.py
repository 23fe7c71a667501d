"""The normalizing pass: drafts repaired by all steps, with what the corpus taught."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cleaner.core.config import Settings
from cleaner.normalize.chain import normalize
from cleaner.pipeline.learning import Learned, load_tables
from cleaner.pipeline.rulebook import context_for
from cleaner.pipeline.work import Draft, load_drafts, next_stage, save_drafts


@dataclass(frozen=True)
class NormalizeShard:
    """The pass as a picklable function of a shard of parsed drafts."""

    settings: Settings
    learned: Learned

    def __call__(self, shard: Path) -> Path:
        """Write the normalized drafts, or find them written by a run that was killed."""
        normalized = next_stage(shard, f"normal-{self.learned.digest[:16]}")
        if not normalized.exists():
            drafts = list(load_drafts(shard))
            for draft in drafts:
                if draft.raw is None:
                    normalize_draft(draft, self.settings, self.learned)
            save_drafts(normalized, drafts)
        return normalized


def normalize_draft(draft: Draft, settings: Settings, learned: Learned) -> bool:
    """Run all steps over a draft; return whether they changed its text."""
    result = normalize(draft.text, context_for(settings), load_tables(learned))
    draft.text = result.text
    draft.steps.extend(list(edits) for edits in result.steps)
    draft.notes = list(result.notes)
    return bool(result.steps)
