"""The normalizing pass: staged documents repaired by all steps, with what the corpus taught."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from cleaner.blocks import give_survey, pack_survey
from cleaner.core.edits import Edit, apply_edits
from cleaner.core.findings import undo_steps
from cleaner.core.inline_ignores import Use
from cleaner.core.settings.config import Settings
from cleaner.formats.base import Record
from cleaner.formats.registry import FORMATS
from cleaner.runs.input.ignores import (
    context_of,
    note_use,
    speaks_of_all,
    unused_ignores,
)
from cleaner.runs.input.parsing import Problem, failed_document, tolerated
from cleaner.runs.input.reading import Entry
from cleaner.runs.input.resume import AFTER_REPAIRS, depending
from cleaner.runs.input.spool import StagedDocument, load_spool, next_stage, save_spool
from cleaner.runs.input.together import without_halves
from cleaner.runs.passes.fit import Learned, load_tables
from cleaner.runs.passes.tries import Tries
from cleaner.runs.rule_registry import context_for
from cleaner.steps.chain import codes_wanted, normalize
from cleaner.steps.learn import Tables

_BLANK_LINES = "FMT504"

_LINE_ENDS = tuple("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


class Normalized(NamedTuple):
    """A spool part of normalized staged documents, whether any text changed, what failed."""

    path: Path
    changed: bool
    problems: Sequence[Problem] = ()


@dataclass(frozen=True)
class TransformPart:
    """The pass as a picklable function of a spool part.

    Where it is to be tolerant (see `parsing.tolerated`) it is given the files: name and format.
    """

    settings: Settings
    learned: Learned
    files: tuple[tuple[str, str], ...] = ()

    def __call__(self, spool_part: Path) -> Normalized:
        """Write the normalized staged documents, or find them written by a run that was killed."""
        return self._normalized(spool_part, None)

    def again(self, spool_part: Path) -> Normalized:
        """Do the same, where a try before this one ended with its process (`engines.base.Again`).

        A document that ends it again and again is left out.
        """
        with Tries(spool_part.with_name(f"{spool_part.name}.tries")) as tries:
            return self._normalized(spool_part, tries)

    def _normalized(self, spool_part: Path, tries: Tries | None) -> Normalized:
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
                return Normalized(path, changed, self._new_problems(spool_part, path))
        staged_documents = list(load_spool(spool_part))
        tables = load_tables(self.learned)
        changed = False
        problems = []
        for at, staged in enumerate(staged_documents):
            if staged.raw is None:
                try:
                    if tries is not None:
                        tries.begin(at)
                    changed |= transform_staged(staged, self.settings, tables)
                except Exception as error:
                    if not self.files:
                        raise
                    staged_documents[at] = failed = self._failed(staged, error)
                    problems.append(Problem(failed.file, failed.error or ""))
        if problems:
            staged_documents = without_halves(
                staged_documents, lambda file: self.files[file][1], self.settings.input
            )
        save_spool(paths[changed], staged_documents)
        return Normalized(paths[changed], changed, problems)

    def _failed(self, staged: StagedDocument, error: Exception) -> StagedDocument:
        """Return what stands for a document that a step failed on: it is as if it was bad."""
        name, format = self.files[staged.file]
        text = undo_steps(staged.text, staged.steps)
        raw = FORMATS[format].source(staged.form, staged.frame, text)
        entry = Entry(staged.file, Record(staged.number, raw))
        return failed_document(entry, name, format, self.settings.input, tolerated(error))

    def _new_problems(self, spool_part: Path, path: Path) -> list[Problem]:
        """Return the problems of a part that a run before this one has normalized."""
        if not self.files:
            return []
        pairs = zip(load_spool(spool_part), load_spool(path), strict=True)
        new = (after for before, after in pairs if after.error is not None and before.error is None)
        return [Problem(staged.file, staged.error or "") for staged in new]


def transform_staged(staged: StagedDocument, settings: Settings, tables: Tables) -> bool:
    """Run all steps over a staged document; return whether they changed its text."""
    of_field = staged.of_field
    context = context_of(staged, settings, of_field=of_field)
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
        if staged.comments:
            _note_ignores(staged, settings, tables, result.ignores_used)
        gained = _line_end_gained(staged) if of_field and context.rules.acts(_BLANK_LINES) else []
        if not gained:
            # Nobody may have asked for the blocks of a text in which nothing was done.
            if changed or not staged.survey:
                staged.survey = pack_survey(staged.text)
            return changed
        changed = True
        staged.change(apply_edits(staged.text, gained), gained)


def _note_ignores(
    staged: StagedDocument, settings: Settings, tables: Tables, used: Iterable[Use]
) -> None:
    """Note which of a document's comments something gave way to, and tell of those that idle."""
    staged.ignores_used = sorted({*staged.ignores_used, *used})
    if speaks_of_all(staged):
        # What does not act is not asked, so it is asked here.
        context = context_for(settings, ignored=tuple(staged.ignored), comments=staged.comments)
        note_use(staged, codes_wanted(staged.text, context, tables))
    unused = unused_ignores(staged, settings)
    staged.notes = sorted([*staged.notes, *unused], key=attrgetter("start"))


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
