"""Rows of the journal by their numbers, with all rows of their documents, in one reading."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from cleaner.journal.read import read_edits
from cleaner.journal.tables import EditRow
from cleaner.runs.report.survey import Array, Survey
from cleaner.runs.report.texts import ChosenDocuments, key_of

# A document with more rows is not gone through, nor are more rows in all.
_MOST_ROWS = 20_000
_MOST_ROWS_IN_ALL = 400_000


@dataclass(frozen=True)
class Rows:
    """Rows by their number in the journal, and those of whole documents."""

    by_number: Mapping[int, EditRow]
    by_document: Mapping[int, Sequence[EditRow]]
    documents: Array


class _Chosen:
    """Chooses rows by number and by document, and knows the number of each row that it chose."""

    def __init__(self, numbers: Array, documents: ChosenDocuments) -> None:
        self._wanted = numbers
        self._documents = documents
        self._seen = 0
        self.numbers: deque[int] = deque()

    def __call__(self, batch: pa.RecordBatch) -> Array:
        """Return which rows of the next batch are wanted."""
        mask = self._documents(batch)
        first, end = np.searchsorted(self._wanted, (self._seen, self._seen + len(mask)))
        mask[self._wanted[first:end] - self._seen] = True
        self.numbers.extend((np.flatnonzero(mask) + self._seen).tolist())
        self._seen += len(mask)
        return mask


def read_rows(output: Path, survey: Survey, numbers: Array, more: Array) -> Rows:
    """Read the rows of these numbers, and all rows of their documents that are not too many."""
    keys = np.unique(np.concatenate((survey.documents.of_rows(numbers), more)))
    counts = survey.documents.row_counts(keys)
    few = counts <= _MOST_ROWS
    keys, counts = keys[few], counts[few]
    keys = keys[np.cumsum(counts) <= _MOST_ROWS_IN_ALL]
    chosen = _Chosen(numbers, ChosenDocuments(survey.files, keys))
    by_number: dict[int, EditRow] = {}
    by_document: dict[int, list[EditRow]] = defaultdict(list)
    wanted, whole = set(numbers.tolist()), set(keys.tolist())
    for row in read_edits(output, chosen):
        number = chosen.numbers.popleft()
        if number in wanted:
            by_number[number] = row
        key = key_of(survey.files, row)
        if key in whole:
            by_document[key].append(row)
    return Rows(by_number, by_document, keys)
