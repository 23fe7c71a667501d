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
from cleaner.runs.input.resume import WITHOUT_EFFECT, depending
from cleaner.runs.input.spool import load_spool, next_stage, save_spool
from cleaner.runs.passes.fit import Learned, load_tables
from cleaner.runs.passes.transform import transform_staged


@dataclass(frozen=True)
class RemoveAndTransformPart:
    """The pass as a picklable function of a part."""

    settings: Settings
    learned: Learned

    def __call__(self, task: Task) -> Path:
        """Carry the removals out; repair what they touched; write the part if it changed.

        It may have been written by a run that was killed.
        """
        if not task.removals:
            return task.spool_part
        given = (task.spool_part.name, self.learned.digest, repr(sorted(task.removals.items())))
        stage = f"settled-{depending(self.settings, WITHOUT_EFFECT, *given)}"
        spool_part = next_stage(task.spool_part, stage)
        if spool_part.exists():
            return spool_part
        staged_documents = list(load_spool(task.spool_part))
        tables = load_tables(self.learned)
        for number, removed in sorted(task.removals.items()):
            staged = staged_documents[number]
            edits = remove_paragraphs(staged.text, removed, self.settings.dedup.unit)
            staged.change(apply_edits(staged.text, edits), edits)
            transform_staged(staged, self.settings, tables)
        save_spool(spool_part, staged_documents)
        return spool_part
