"""One record of a run whose edits are taken back: its output and its rows, as they are then."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from cleaner.core.edits import Edit
from cleaner.core.errors import CleanerError, RestoreError
from cleaner.core.findings import undo_steps
from cleaner.core.settings.config import Settings
from cleaner.core.undoing import Place, undo_some
from cleaner.formats.base import Format, Frame, Parsed, Record
from cleaner.formats.registry import FORMATS
from cleaner.journal.read import Entry, broken_journal
from cleaner.journal.tables import (
    EDIT,
    REMOVED,
    EditRow,
    FileRow,
    RecordRow,
    edit_of,
    form_of,
    record_row,
)
from cleaner.runs.output.repetition import Gone, gone_lines
from cleaner.runs.undo.new_report import Undone

# Says of an edit whether it is to be taken back.
Chosen = Callable[[EditRow], bool]


class Refused(NamedTuple):
    """An edit that stays because another was built on it: its place and the codes of both."""

    place: str
    rule: str
    later: str


@dataclass
class RecordAfter:
    """What becomes of a record."""

    output: bytes | None
    edits: Sequence[EditRow]
    row: RecordRow | None
    lines: tuple[Sequence[Gone], Sequence[Gone]] = ((), ())


@dataclass
class RecordUndo:
    """Takes the chosen edits of records back; with `with_later` also those that were built on them.

    `undone` counts what is taken back, `refused` has what could not be.
    """

    output: Path
    settings: Settings
    chosen: Chosen
    with_later: bool
    undone: Undone = field(default_factory=Undone)
    refused: list[Refused] = field(default_factory=list)

    def is_chosen(self, edit: EditRow) -> bool:
        """Whether an edit is to be taken back; notes are none."""
        return edit.kind in (EDIT, REMOVED) and self.chosen(edit)

    def undone_record(self, file: FileRow, entry: Entry, written: Record) -> RecordAfter:
        """Return what becomes of a record; `written` is as it stands in the output, or empty."""
        row = entry.row
        out = written.raw if row is None or row.written else None
        chosen = [self.is_chosen(edit) for edit in entry.edits]
        if not any(chosen):
            return RecordAfter(out, entry.edits, row)
        place = file.file if FORMATS[file.format].one_document else f"{file.file}:{entry.number}"
        if entry.edits[chosen.index(True)].kind == REMOVED:
            if row is None or row.source is None:
                raise broken_journal(self.output, f"record {entry.number} has no source")
            left = [e for e, gone in zip(entry.edits, chosen, strict=True) if not gone]
            self.undone.edits += len(entry.edits) - len(left)
            self.undone.written.add(place)
            return RecordAfter(row.source, left, None)
        try:
            return self._without(file, entry, written, chosen, place)
        except (CleanerError, ValueError, LookupError, TypeError) as error:
            path = self.output / file.file
            raise changed_output(path, f"record {entry.number} does not fit the journal") from error

    def _without(
        self, file: FileRow, entry: Entry, written: Record, chosen: Sequence[bool], place: str
    ) -> RecordAfter:
        """Return a record with the chosen edits taken back."""
        format, row = FORMATS[file.format], entry.row
        others = [edit for edit in entry.edits if edit.kind != EDIT]
        own = [(e, c) for e, c in zip(entry.edits, chosen, strict=True) if e.kind == EDIT]
        steps = [list(rows) for _, rows in groupby(own, lambda one: one[0].step)]
        edits = [[edit_of(edit) for edit, _ in step] for step in steps]
        wanted = {
            (number, at)
            for number, step in enumerate(steps)
            for at, (_, gone) in enumerate(step)
            if gone
        }
        frame, text = self._source(format, file, entry, written, edits)
        undone = undo_some(text, edits, wanted)
        while self.with_later and undone.refused:
            wanted.update(undone.refused.values())
            undone = undo_some(text, edits, wanted)
        if undo_steps(undone.text, undone.steps) != text:
            raise ValueError("what is left does not lead back")
        self._tell(place, steps, undone.refused)
        kept = [
            steps[number][at][0]._replace(start=edit.start, end=edit.end)
            for new, places in zip(undone.steps, undone.kept, strict=True)
            for edit, (number, at) in zip(new, places, strict=True)
        ]
        self.undone.edits += len(wanted) - len(undone.refused)
        shorter = sum(len(e.before) - len(e.after) for step in edits for e in step)
        length = len(text) - shorter
        lines: tuple[Sequence[Gone], Sequence[Gone]] = (
            list(gone_lines(edits, length)),
            list(gone_lines(undone.steps, len(undone.text))),
        )
        form = {} if row is None else form_of(row)
        if row is not None and row.source is not None:
            form["bytes"] = base64.b64encode(row.source).decode("ascii")
        if row is not None and not row.written:
            if not undone.text.strip():
                return RecordAfter(
                    None, [*others, *kept], row._replace(text=undone.text), lines=lines
                )
            self.undone.written.add(place)
        output = format.written(frame, undone.text)
        needed = bool(form) if kept else output != format.source(form, frame, undone.text)
        new_row = record_row(file.file, entry.number, form) if needed else None
        return RecordAfter(output, [*others, *kept], new_row, lines=lines)

    def _source(
        self,
        format: Format,
        file: FileRow,
        entry: Entry,
        written: Record,
        steps: Sequence[Sequence[Edit]],
    ) -> tuple[Frame, str]:
        """Return frame and source text of a record."""
        row = entry.row
        if row is not None and row.source is not None:
            record = Record(entry.number, row.source, written.layout)
            parsed = format.parse(record, file.file, self.settings.input)
            if not isinstance(parsed, Parsed):
                raise ValueError("a record without a text that has edits")
            return parsed.frame, parsed.document.text
        if row is not None and not row.written:
            return Frame(row.head or "", row.tail or ""), undo_steps(row.text or "", steps)
        frame, text = format.opened(written, self.settings.input)
        return frame, undo_steps(text, steps)

    def _tell(
        self,
        place: str,
        steps: Sequence[Sequence[tuple[EditRow, bool]]],
        refused: dict[Place, Place],
    ) -> None:
        for (number, at), (later, other) in sorted(refused.items()):
            rules = steps[number][at][0].rule, steps[later][other][0].rule
            self.refused.append(Refused(place, *rules))


def changed_output(path: Path, why: str) -> RestoreError:
    """Return the error on an output that the journal does not fit."""
    return RestoreError(
        "was changed after cleaning",
        where=str(path),
        why=why,
        hint="restore needs the output as it was written",
    )
