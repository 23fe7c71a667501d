"""One reading of the journal's columns: counts by rule and document, places of duplicates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cleaner.journal.arrays import to_numpy
from cleaner.journal.read import broken_journal, read_batches
from cleaner.journal.tables import EDITS, NOTE, RECORDS, REMOVED
from cleaner.journal.tally import COLUMNS, Tally, coded

Array = npt.NDArray[Any]

# A document is one number: its file's above its record's.
RECORD_BITS = 40
_MOST_RECORD = (1 << RECORD_BITS) - 1


class Numbers:
    """Numbers for names, in the order in which they are first seen.

    >>> numbers = Numbers()
    >>> numbers.number("b"), numbers.number("a"), numbers.number("b"), numbers.names
    (0, 1, 0, ['b', 'a'])
    """

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        for name in names:
            self.number(name)

    def number(self, name: str) -> int:
        """Return the number of a name."""
        number = self._numbers.setdefault(name, len(self.names))
        if number == len(self.names):
            self.names.append(name)
        return number

    def of(self, column: pa.Array) -> Array:
        """Return the number of each name, -1 for none."""
        own, names = coded(column)
        return np.array([*map(self.number, names), -1], dtype=np.int64)[own]


def document_keys(files: Array, records: Array) -> Array:
    """Return one number for each document, from those of file and record."""
    keys: Array = (files << RECORD_BITS) | np.minimum(records, _MOST_RECORD)
    return keys


def document_key(file: int, record: int) -> int:
    """Return the number of one document."""
    return file << RECORD_BITS | min(record, _MOST_RECORD)


def file_and_record(key: int) -> tuple[int, int]:
    """Return the numbers of file and record that a document's number is made of."""
    return key >> RECORD_BITS, key & _MOST_RECORD


@dataclass(frozen=True)
class Documents:
    """Those that have a row: their number, how many rows, bytes lost, and whether nothing is left.

    In the order of the journal, which is that of their numbers.
    """

    keys: Array
    rows: Array
    lost: Array
    gone: Array

    def of_rows(self, numbers: Array) -> Array:
        """Return the documents of some rows of the journal."""
        found: Array = self.keys[np.searchsorted(np.cumsum(self.rows), numbers, side="right")]
        return found

    def row_counts(self, keys: Array) -> Array:
        """Return how many rows each of some documents has."""
        return _found(self.keys, self.rows, keys)


@dataclass(frozen=True)
class Copies:
    """Duplicates: row of the journal, document, number of the rule, whether it is only a note.

    `survivors` are numbers of files, `places` their lines or records, -1 where there is none.
    """

    rows: Array
    documents: Array
    rules: Array
    notes: Array
    similarities: Array
    survivors: Array
    places: Array


@dataclass(frozen=True)
class Survey:
    """What the journal says, without its texts; `rule_of_row` goes by row."""

    files: Numbers
    rules: Numbers
    tally: Tally
    rule_of_row: Array
    documents: Documents
    copies: Copies
    unwritten: Array


def take_survey(output: Path, names: Sequence[str]) -> Survey:
    """Read the journal of an output folder once; `names` are those of its files, escaped."""
    return _Surveyor(output, Numbers(names)).read()


class _Surveyor:
    def __init__(self, output: Path, files: Numbers) -> None:
        self._output = output
        self._files = files
        self._count = len(files.names)
        self._rules = Numbers()
        self._tally = Tally()
        self._parts: dict[str, list[Array]] = defaultdict(list)
        self._rows = 0

    def read(self) -> Survey:
        output = self._output
        columns = (*COLUMNS, "survivor", "survivor_place", "similarity")
        for batch in read_batches(output, EDITS, columns):
            self._add(batch)
        unwritten, sizes = self._unwritten(output)
        whole, rules = self._column("whole"), self._column("whole_rule")
        found = _found(unwritten, sizes, whole)
        for rule, size, key in zip(rules.tolist(), found.tolist(), whole.tolist(), strict=True):
            file, record = file_and_record(key)
            self._tally.add_whole(self._rules.names[rule], size, self._files.names[file], record)
        return Survey(
            self._files,
            self._rules,
            self._tally,
            self._column("rule"),
            self._documents(output, unwritten, sizes),
            Copies(*(self._column(f"copy {n}") for n in range(7))),
            unwritten,
        )

    def _add(self, batch: pa.RecordBatch) -> None:
        self._tally.add(batch)
        keys = self._keys(batch)
        rules = self._rules.of(batch.column("rule"))
        kinds, names = coded(batch.column("kind"))
        notes, whole = (
            kinds == (names.index(kind) if kind in names else -2) for kind in (NOTE, REMOVED)
        )
        before, after = (
            to_numpy(pc.binary_length(batch.column(name))).astype(np.int64)
            for name in ("before", "after")
        )
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        self._parts["rule"].append(rules.astype(np.uint16))
        self._parts["keys"].append(keys[starts])
        self._parts["rows"].append(np.diff(np.append(starts, len(keys))))
        self._parts["lost"].append(np.add.reduceat(before - after, starts))
        self._parts["whole"].append(keys[whole])
        self._parts["whole_rule"].append(rules[whole])
        self._add_copies(batch, keys, rules, notes)
        self._rows += len(keys)

    def _add_copies(self, batch: pa.RecordBatch, keys: Array, rules: Array, notes: Array) -> None:
        survivors = self._files.of(batch.column("survivor"))
        copies = np.flatnonzero(survivors >= 0)
        places = to_numpy(batch.column("survivor_place"), -1)
        similarities = to_numpy(batch.column("similarity"))
        columns = (
            self._rows + np.arange(len(keys)), keys, rules, notes, similarities, survivors, places,
        )  # fmt: skip
        for number, values in enumerate(columns):
            self._parts[f"copy {number}"].append(values[copies])

    def _keys(self, batch: pa.RecordBatch) -> Array:
        """Return the document of each row; JournalError where one is of no file."""
        files, records = self._files.of(batch.column("file")), to_numpy(batch.column("record"))
        if len(batch) and (files.max() >= self._count or records.min() < 1):
            raise broken_journal(self._output, "rows of a file that is none")
        return document_keys(files, records)

    def _column(self, name: str) -> Array:
        parts = self._parts.pop(name, [])
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    def _documents(self, output: Path, unwritten: Array, sizes: Array) -> Documents:
        """Return the documents; one whose rows came in two batches is one."""
        keys, rows, lost = (self._column(name) for name in ("keys", "rows", "lost"))
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        if len(starts):
            rows, lost = np.add.reduceat(rows, starts), np.add.reduceat(lost, starts)
        keys = keys[starts]
        if not (np.diff(keys) > 0).all():
            raise broken_journal(output, "its rows are not in order")
        lost += _found(unwritten, sizes, keys)
        return Documents(keys, rows, lost, np.isin(keys, unwritten))

    def _unwritten(self, output: Path) -> tuple[Array, Array]:
        """Return the documents that are not in the output, in order, and the bytes of each."""
        keys, sizes = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for batch in read_batches(output, RECORDS, ("file", "record", "written", "source")):
            gone = ~to_numpy(batch.column("written"))
            size = to_numpy(pc.binary_length(batch.column("source")))
            keys.append(self._keys(batch)[gone])
            sizes.append(size.astype(np.int64)[gone])
        found = np.concatenate(keys)
        order = np.argsort(found, kind="stable")
        return found[order], np.concatenate(sizes)[order]


def _found(keys: Array, values: Array, wanted: Array) -> Array:
    """Return the value of each wanted key, 0 where there is none; `keys` rise."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], 0)
