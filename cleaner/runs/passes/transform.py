"""The normalizing pass: drafts repaired by all steps, with what the corpus taught."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cleaner.core.edits import Edit, apply_edits
from cleaner.core.findings import undo_steps
from cleaner.core.settings.config import Settings
from cleaner.runs.input.spool import Draft, load_drafts, next_stage, save_drafts
from cleaner.runs.passes.fit import Learned, load_tables
from cleaner.runs.rule_registry import context_for
from cleaner.steps.chain import normalize

_BLANK_LINES = "FMT504"

_LINE_ENDS = tuple("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


class Normalized(NamedTuple):
    """A shard of normalized drafts, and whether any text changed."""

    path: Path
    changed: bool


@dataclass(frozen=True)
class NormalizeShard:
    """The pass as a picklable function of a shard; `turn` counts the looks at the corpus."""

    settings: Settings
    learned: Learned
    turn: int

    def __call__(self, shard: Path) -> Normalized:
        """Write the normalized drafts, or find them written by a run that was killed."""
        # The tables do not tell which copies the other files hold, which decided what is left here.
        before = hashlib.sha256(shard.read_bytes()).hexdigest()[:16] if self.turn else "0"
        path = next_stage(shard, f"normal-{before}-{self.learned.digest[:16]}")
        if path.exists():
            # Whether it changed anything is not known any more; to go on as if is safe.
            return Normalized(path, True)
        drafts = list(load_drafts(shard))
        changed = False
        for draft in drafts:
            if draft.raw is None:
                changed |= normalize_draft(draft, self.settings, self.learned)
        save_drafts(path, drafts)
        return Normalized(path, changed)


def normalize_draft(draft: Draft, settings: Settings, learned: Learned) -> bool:
    """Run all steps over a draft; return whether they changed its text."""
    of_field = bool(draft.frame.head)
    context = context_for(settings, of_field=of_field)
    # That a document is a copy of another was seen before it lost what they share.
    alike = [note for note in draft.notes if note.code == "DUP430"]
    changed = False
    while True:
        result = normalize(draft.text, context, load_tables(learned), calm=draft.calm)
        changed |= bool(result.steps)
        draft.text = result.text
        draft.calm = result.calm
        draft.steps.extend(list(edits) for edits in result.steps)
        draft.notes = [*alike, *result.notes]
        gained = _line_end_gained(draft) if of_field and context.rules.acts(_BLANK_LINES) else []
        if not gained:
            return changed
        changed = True
        draft.change(apply_edits(draft.text, gained), gained)


def _line_end_gained(draft: Draft) -> list[Edit]:
    """Return the removal of a line end at the end of a field that had none.

    It stood before a last paragraph that was removed.
    """
    body = len(draft.text.rstrip("\n"))
    if not draft.steps or not body or body == len(draft.text):
        return []
    source = undo_steps(draft.text, draft.steps)
    if len(source[len(source.rstrip()) :].splitlines()) > 1 or source.endswith(_LINE_ENDS):
        return []
    return [Edit(body, len(draft.text), draft.text[body:], "", _BLANK_LINES)]
