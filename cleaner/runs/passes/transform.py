"""The normalizing pass: staged documents repaired by all steps, with what the corpus taught."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cleaner.blocks import give_survey, pack_survey
from cleaner.core.edits import Edit, apply_edits
from cleaner.core.findings import undo_steps
from cleaner.core.settings.config import Settings
from cleaner.runs.input.resume import AFTER_REPAIRS, depending
from cleaner.runs.input.spool import StagedDocument, load_spool, next_stage, save_spool
from cleaner.runs.passes.fit import Learned, load_tables
from cleaner.runs.rule_registry import context_for
from cleaner.steps.chain import normalize
from cleaner.steps.learn import Tables

_BLANK_LINES = "FMT504"

_LINE_ENDS = tuple("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


class Normalized(NamedTuple):
    """A spool part of normalized staged documents, and whether any text changed."""

    path: Path
    changed: bool


@dataclass(frozen=True)
class TransformPart:
    """The pass as a picklable function of a spool part."""

    settings: Settings
    learned: Learned

    def __call__(self, spool_part: Path) -> Normalized:
        """Write the normalized staged documents, or find them written by a run that was killed."""
        # The tables do not tell which copies the other files hold, which decided what is left here;
        # the name of the part does.
        given = (spool_part.name, self.learned.digest)
        stage = f"normal-{depending(self.settings, AFTER_REPAIRS, *given)}"
        # The name says whether it changed anything, on which depends how the run goes on.
        paths = {
            False: next_stage(spool_part, f"{stage}-same"),
            True: next_stage(spool_part, f"{stage}-changed"),
        }
        for changed, path in paths.items():
            if path.exists():
                return Normalized(path, changed)
        staged_documents = list(load_spool(spool_part))
        tables = load_tables(self.learned)
        changed = False
        for staged in staged_documents:
            if staged.raw is None:
                changed |= transform_staged(staged, self.settings, tables)
        save_spool(paths[changed], staged_documents)
        return Normalized(paths[changed], changed)


def transform_staged(staged: StagedDocument, settings: Settings, tables: Tables) -> bool:
    """Run all steps over a staged document; return whether they changed its text."""
    of_field = staged.of_field
    context = context_for(settings, of_field=of_field)
    # That a document is a copy of another was seen before it lost what they share.
    alike = [note for note in staged.notes if note.code == "DUP430"]
    changed = False
    give_survey(staged.text, staged.survey)
    while True:
        result = normalize(staged.text, context, tables, no_op_steps=staged.no_op_steps)
        changed |= bool(result.steps)
        staged.text = result.text
        staged.no_op_steps = result.no_op_steps
        staged.steps.extend(list(edits) for edits in result.steps)
        staged.notes = [*alike, *result.notes]
        gained = _line_end_gained(staged) if of_field and context.rules.acts(_BLANK_LINES) else []
        if not gained:
            staged.survey = pack_survey(staged.text)
            return changed
        changed = True
        staged.change(apply_edits(staged.text, gained), gained)


def _line_end_gained(staged: StagedDocument) -> list[Edit]:
    """Return the removal of a line end at the end of a field that had none.

    It stood before a last paragraph that was removed.
    """
    body = len(staged.text.rstrip("\n"))
    if not staged.steps or not body or body == len(staged.text):
        return []
    source = undo_steps(staged.text, staged.steps)
    if len(source[len(source.rstrip()) :].splitlines()) > 1 or source.endswith(_LINE_ENDS):
        return []
    return [Edit(body, len(staged.text), staged.text[body:], "", _BLANK_LINES)]
