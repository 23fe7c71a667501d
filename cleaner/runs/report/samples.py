"""Which edits a report shows, and each with what stood around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from cleaner.core.document import place_in
from cleaner.core.edits import SourceMap
from cleaner.core.findings import Lines
from cleaner.journal.tables import EDIT, EditRow, edit_of
from cleaner.reports.html.data import Sample
from cleaner.runs.report.survey import Array, Survey
from cleaner.runs.report.texts import Document

# So many code points beside an edit are shown with it, and so many of a text.
_BESIDE = 70
_LONGEST = 500


def choose_rows(survey: Survey, per_rule: int) -> Array:
    """Return the rows to show, `per_rule` of each rule at most, evenly over all that it has."""
    rules = survey.rule_of_row
    chosen = [np.empty(0, dtype=np.int64)]
    for rule in range(len(survey.rules.names)):
        chosen.append(evenly(np.flatnonzero(rules == rule), per_rule))
    return np.sort(np.concatenate(chosen))


def evenly(values: Array, most: int) -> Array:
    """Return `most` of some values at most, evenly spread.

    >>> evenly(np.arange(10), 3).tolist(), evenly(np.arange(2), 3).tolist()
    ([0, 3, 6], [0, 1])
    """
    if len(values) <= most:
        return values
    return values[np.arange(most) * len(values) // most]


class Sampler:
    """Turns rows of one document into samples."""

    def __init__(self, document: Document | None, *, alone: bool, fields: int = 1) -> None:
        self._document = document
        self._alone = alone
        self._fields = fields
        self._lines: Lines | None = None
        self._maps: dict[int, SourceMap] = {}
        if document is not None and alone:
            self._lines = Lines(document.source)

    def sample(self, number: int, row: EditRow, steps: Mapping[int, int]) -> Sample:
        """Return a row as a sample; `steps`: the place of each step among those of its document."""
        edit = edit_of(row)
        before, after = edit.before, edit.after
        text = None
        if self._document is not None and row.start is not None:
            at = 0 if row.kind != EDIT else steps[row.step or 0]
            text = self._document.texts[at]
        lead = trail = ""
        if text is not None:
            lead = text[max(0, edit.start - _BESIDE) : edit.start]
            trail = text[edit.end : edit.end + _BESIDE]
        return Sample(
            number=number,
            code=row.rule,
            kind=row.kind,
            place=self._place(row, steps),
            detail=clipped(edit.detail),
            before=clipped(before),
            after=clipped(after),
            lead=lead,
            trail=trail,
            context=text is not None,
            record=row.record,
            file=row.file,
        )

    def _place(self, row: EditRow, steps: Mapping[int, int]) -> str:
        if not self._alone:
            place = place_in(row.file, row.record, self._fields)
            return f"{place}, field {row.field}" if row.field else place
        if self._lines is None or self._document is None or row.start is None:
            return row.file
        at = steps[row.step or 0] if row.kind == EDIT else 0
        start, _ = self._map(self._document, at).locate(row.start, row.end or row.start)
        return f"{row.file}:{self._lines.place(start)[0]}"

    def _map(self, document: Document, at: int) -> SourceMap:
        """Return what leads from the text before a step to the source."""
        if at not in self._maps:
            spans = SourceMap()
            for edits in document.steps[:at]:
                spans.add(edits)
            self._maps[at] = spans
        return self._maps[at]


def step_places(rows: Sequence[EditRow]) -> dict[int, int]:
    """Return the place of each step of a document among those that changed something."""
    steps = sorted({row.step or 0 for row in rows if row.kind == EDIT})
    return {step: place for place, step in enumerate(steps)}


def clipped(text: str, longest: int = _LONGEST) -> str:
    """Return a text, its middle left out where it is long.

    >>> clipped("abcdefghij" * 9, 40)
    'abcdefghijabcdefghij […50 more…] abcdefghijabcdefghij'
    """
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]} […{len(text) - 2 * half:,} more…] {text[-half:]}"
