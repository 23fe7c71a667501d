"""What each rule took away, counted over columns of edits: numbers for budgets and reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cleaner.journal.arrays import to_numpy
from cleaner.journal.tables import NOTE, REMOVED

# The columns of edits that are counted.
COLUMNS = ("file", "record", "kind", "rule", "before", "after")

# So much of the largest removal is kept.
_EXAMPLE = 400


@dataclass
class RuleTally:
    """What the journal says of a rule.

    `taken` counts the characters of text that its edits made fewer, `shift` is by how many the text
    became shorter in all; `before` and `after` are bytes of what they replaced and put there. Of
    whole records that went, `whole`, a caller counts the bytes in `before`.
    """

    edits: int = 0
    notes: int = 0
    whole: int = 0
    taken: int = 0
    shift: int = 0
    before: int = 0
    after: int = 0
    largest: int = 0
    file: str = ""
    record: int = 0
    example: str = ""


class Tally:
    """Counts by rule. Names of files are as the journal has them.

    >>> from cleaner.journal.tables import EDITS, EditRow, columns
    >>> tally = Tally()
    >>> rows = [EditRow("a.txt", 1, "edit", "FMT504", 1, 3, 5, "  ", " "),
    ...         EditRow("a.txt", 1, "edit", "GLU201", 2, 9, 9, "", " ")]
    >>> tally.add(columns(EDITS, rows))
    >>> tally.rules["FMT504"].taken, tally.rules["GLU201"].taken, tally.shift
    (1, 0, 0)
    """

    def __init__(self) -> None:
        self.rules: dict[str, RuleTally] = {}

    @property
    def shift(self) -> int:
        """By how many characters edits made the text shorter."""
        return sum(rule.shift for rule in self.rules.values())

    @property
    def taken(self) -> int:
        """How many characters edits took away, whatever others put in."""
        return sum(rule.taken for rule in self.rules.values())

    def add(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Count rows that have at least the columns `COLUMNS`."""
        if not len(rows):
            return
        codes, rules = coded(rows.column("rule"))
        kinds, kind_names = coded(rows.column("kind"))
        notes = kinds == _number(kind_names, NOTE)
        whole = kinds == _number(kind_names, REMOVED)
        before, after = rows.column("before"), rows.column("after")
        shift = _lengths(pc.utf8_length(before)) - _lengths(pc.utf8_length(after))
        taken = np.maximum(shift, 0)
        weights: dict[str, npt.NDArray[Any]] = {
            "edits": ~notes,
            "notes": notes,
            "whole": whole,
            "taken": taken,
            "shift": shift,
            "before": _lengths(pc.binary_length(before)),
            "after": _lengths(pc.binary_length(after)),
        }
        sums = {
            name: np.bincount(codes, weights=values, minlength=len(rules)).astype(np.int64)
            for name, values in weights.items()
        }
        for number, code in enumerate(rules):
            of_rule = self.rules.setdefault(code, RuleTally())
            for name, counted in sums.items():
                setattr(of_rule, name, getattr(of_rule, name) + int(counted[number]))
            self._keep_largest(of_rule, np.where(codes == number, taken, 0), rows)

    def add_whole(self, rule: str, size: int, file: str, record: int) -> None:
        """Count the bytes of a whole record that went."""
        of_rule = self.rules.setdefault(rule, RuleTally())
        of_rule.before += size
        if size > of_rule.largest:
            of_rule.largest, of_rule.file, of_rule.record = size, file, record
            of_rule.example = ""

    @staticmethod
    def _keep_largest(
        rule: RuleTally, taken: npt.NDArray[np.int64], rows: pa.Table | pa.RecordBatch
    ) -> None:
        at = int(taken.argmax())
        if taken[at] > rule.largest:
            rule.largest = int(taken[at])
            rule.file = rows.column("file")[at].as_py()
            rule.record = rows.column("record")[at].as_py()
            rule.example = rows.column("before")[at].as_py()[:_EXAMPLE]


def coded(column: pa.Array | pa.ChunkedArray) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Return texts as numbers, and the texts that the numbers stand for; -1 is none.

    >>> from cleaner.journal.arrays import from_values
    >>> numbers, texts = coded(from_values(["b", "a", None, "b"], pa.string()))
    >>> numbers.tolist(), texts
    ([0, 1, -1, 0], ['b', 'a'])
    """
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks)
    if not isinstance(column, pa.DictionaryArray):
        column = column.dictionary_encode()
    numbers = to_numpy(column.indices, -1).astype(np.int64)
    return numbers, column.dictionary.to_pylist()


def _number(names: list[str], name: str) -> int:
    return names.index(name) if name in names else -2


def _lengths(lengths: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.int64]:
    return to_numpy(lengths).astype(np.int64)
