"""The second reading of whole records: what stays is copied, what goes stands in the journal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.formats.jsonl import members_of
from cleaner.journal import lines as journal
from cleaner.journal.pieces import KEPT, OTHER, REMOVED, Fates, Names, write_piece
from cleaner.journal.removed import removed_line
from cleaner.pipeline.pieces import Piece
from cleaner.pipeline.scanning import Extent

# The field that a marked record gets.
MARK = "duplicate_of"


class Found(NamedTuple):
    """Duplicates of a piece, by rising record; arrays of shape (n,).

    `records`: int64, counted in the piece; `codes`: uint16, the numbers of the rules; `files`:
    int32, the survivor's, an index into the names; `lines`: int64, the survivor's record;
    `similarities`: float64.
    """

    records: npt.NDArray[np.int64]
    codes: npt.NDArray[np.uint16]
    files: npt.NDArray[np.int32]
    lines: npt.NDArray[np.int64]
    similarities: npt.NDArray[np.float64]

    def taken(self, chosen: npt.NDArray[Any] | slice) -> Found:
        """Return some of them."""
        return Found(
            self.records[chosen],
            self.codes[chosen],
            self.files[chosen],
            self.lines[chosen],
            self.similarities[chosen],
        )

    def and_also(self, more: Found) -> Found:
        """Return these and more, in no order."""
        columns: Iterable[Any] = zip(self, more, strict=True)
        return Found(*(np.concatenate(pair) for pair in columns))


class Task(NamedTuple):
    """A piece, what is known of it, the duplicates in it, and those only told of."""

    piece: Piece
    extent: Extent
    found: Found
    noted: Found


class Finished(NamedTuple):
    """Output and journal of a piece, how many records it has and writes, and edits by code.

    `emptied` are the numbers of records that lost all their text.
    """

    file: int
    output: bytes | memoryview
    journal: bytes | memoryview
    records: int
    written: int
    codes: Mapping[str, int]
    emptied: Sequence[int] = ()


@dataclass(frozen=True)
class FinishPiece:
    """Finishing as a picklable function of a task; `one_document` goes by file number."""

    names: Names
    plain_names: tuple[str, ...]
    one_document: tuple[bool, ...]
    mark: bool

    def __call__(self, task: Task) -> Finished:
        """Return what is written of the piece."""
        piece, extent, found, noted = task
        others: dict[int, tuple[bytes, bytes]] = {}
        places = np.zeros(len(extent.sizes) + 1, dtype=np.int64)
        np.cumsum(extent.sizes, out=places[1:])
        for record, error in extent.others.items():
            raw = piece.data[places[record] : places[record + 1]]
            why = None if error is None else str(error)
            bad = journal.raw_line(extent.first + record, raw, why)
            others[record] = (b"", journal.packed(bad))
        alone = self.one_document[piece.file]
        for at, record in self._by_hand(piece, extent, found):
            raw = piece.data[places[record] : places[record + 1]]
            json_line = not alone and record not in extent.awkward
            told = self._told(found, at)
            if self.mark:
                others[record] = _marked(extent.first + record, raw, told, alone)
            else:
                line = removed_line(extent.first + record, told, raw, json_line=json_line)
                others[record] = (b"", line)
        kinds = np.full(len(extent.sizes), KEPT, dtype=np.uint8)
        kinds[found.records] = REMOVED
        kinds[list(others)] = OTHER
        going = found.taken(kinds[found.records] == REMOVED)
        fates = Fates(
            kinds,
            going.codes.astype(np.int64),
            going.files.astype(np.int64),
            going.lines,
            millionths(going.similarities),
            [others[record] for record in sorted(others)],
        )
        output, lines = write_piece(piece.data, extent.sizes, extent.first, fates, self.names)
        if len(noted.records):
            lines = b"".join([lines, *self._notes(extent, noted)])
        numbers, counts = np.unique(np.append(found.codes, noted.codes), return_counts=True)
        codes = {f"DUP{n}": c for n, c in zip(numbers.tolist(), counts.tolist(), strict=True)}
        gone = len(extent.others) + (0 if self.mark else len(found.records))
        emptied = extent.first + found.records if alone and not self.mark else found.records[:0]
        return Finished(
            piece.file, output, lines, len(kinds), len(kinds) - gone, codes, emptied.tolist()
        )

    def _by_hand(self, piece: Piece, extent: Extent, found: Found) -> Iterator[tuple[int, int]]:
        """Yield the duplicates, after their places among them, that are no plain JSON lines."""
        if self.mark or self.one_document[piece.file]:
            yield from enumerate(found.records.tolist())
            return
        odd = set(extent.awkward)
        if not piece.data.endswith(b"\n"):
            odd.add(len(extent.sizes) - 1)
        for record in sorted(odd):
            at = int(np.searchsorted(found.records, record))
            if at < len(found.records) and found.records[at] == record:
                yield at, record

    def _notes(self, extent: Extent, noted: Found) -> Iterator[bytes]:
        for record, *told in zip(*(column.tolist() for column in noted), strict=True):
            line = journal.note_line(extent.first + record, self._words(*told))
            yield journal.packed(line)

    def _told(self, found: Found, at: int) -> dict[str, Any]:
        """Return what the journal says of a duplicate."""
        return self._words(
            int(found.codes[at]),
            int(found.files[at]),
            int(found.lines[at]),
            float(found.similarities[at]),
        )

    def _words(self, code: int, file: int, line: int, similarity: float) -> dict[str, Any]:
        return {
            "code": f"DUP{code}",
            "survivor": self.plain_names[file],
            "line": line,
            "similarity": round(similarity, 6),
        }


def _marked(number: int, raw: bytes, told: Mapping[str, Any], alone: bool) -> tuple[bytes, bytes]:
    """Return the marked record and its line; what has no room for a mark, or one, stays."""
    if alone or MARK in members_of(raw.decode("utf-8")):
        return raw, _kept_and(journal.note_line(number, told))
    place = raw.rindex(b"}")
    survivor = json.dumps(f"{told['survivor']}:{told['line']}")
    mark = f', "{MARK}": {survivor}'.encode("ascii")
    line = journal.marked_line(number, told, place, len(mark))
    return raw[:place] + mark + raw[place:], journal.packed(line)


def _kept_and(line: journal.Line) -> bytes:
    return journal.packed(journal.kept_line(1)) + journal.packed(line)


def millionths(similarities: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return similarities in millionths, rounded."""
    return np.rint(similarities * 1e6).astype(np.int64)


def tasks_of(
    pieces: Iterable[Piece],
    extents: Iterable[tuple[int, Extent]],
    found: Found,
    noted: Found,
    first_documents: npt.NDArray[np.int64],
) -> Iterator[Task]:
    """Yield each piece with its own duplicates; `found` and `noted` are given by unit number."""
    for piece, (number, extent) in zip(pieces, extents, strict=True):
        own = []
        for all_found in (found, noted):
            begin, end = np.searchsorted(all_found.records, first_documents[number : number + 2])
            part = all_found.taken(slice(int(begin), int(end)))
            records = part.records - first_documents[number]
            own.append(part._replace(records=extent.records(records)))
        yield Task(piece, extent, *own)
