"""The first reading of whole records: each is signed and told to the deduplicator, in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.core.config import Input
from cleaner.core.errors import CleanerError, InputError
from cleaner.dedup.engine import Claims, Deduplicator
from cleaner.dedup.scanning import Batch, Signed, Terms, sign
from cleaner.engines.threads import ThreadEngine
from cleaner.pipeline.pieces import Piece, too_large
from cleaner.pipeline.reading import SourceFile
from cleaner.pipeline.scanning import Extent, ScanPiece


class Claimed(NamedTuple):
    """A batch of a file whose bytes the deduplicator has taken note of."""

    batch: Batch
    claims: Claims
    file: int


@dataclass(frozen=True)
class SignClaimed:
    """Signing as a picklable function of a claimed batch."""

    terms: Terms

    def __call__(self, claimed: Claimed) -> tuple[Signed, Claimed]:
        """Return the signed batch beside what it was made from."""
        batch, claims, _ = claimed
        signed = sign(batch, self.terms, raw=claims.raw, units=claims.fresh)
        return signed, claimed


class Reading:
    """What the first reading told of each piece; units are numbered through all of them."""

    def __init__(self, extents: Sequence[Extent], names: Sequence[str]) -> None:
        self.extents = extents
        self.names = list(names)
        self.first_units = np.zeros(len(extents) + 1, dtype=np.int64)
        np.cumsum([extent.count for extent in extents], out=self.first_units[1:])
        self._known_files = np.empty(0, dtype=np.int64)
        self._known_lines = np.empty(0, dtype=np.int64)

    def append_known(self, sources: Sequence[str], lines: Sequence[int]) -> None:
        """Give numbers to the units of the index, which come after all pieces."""
        numbers = {name: len(self.names) + i for i, name in enumerate(dict.fromkeys(sources))}
        self.names += numbers
        self._known_files = np.array([numbers[name] for name in sources], dtype=np.int64)
        self._known_lines = np.array(lines, dtype=np.int64)

    def places(
        self, units: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the file (a number into `names`) and the record, from 1, of each unit."""
        order = np.argsort(units, kind="stable")
        in_order = units[order]
        files = np.empty(len(units), dtype=np.int64)
        records = np.empty(len(units), dtype=np.int64)
        borders = np.searchsorted(in_order, self.first_units)
        for number, extent in enumerate(self.extents):
            own = slice(borders[number], borders[number + 1])
            if own.start == own.stop:
                continue
            inside = in_order[own] - self.first_units[number]
            if extent.units is not None:
                inside = extent.units[inside]
            files[order[own]] = extent.file
            records[order[own]] = extent.first + inside
        known = slice(borders[-1], len(units))
        beyond = in_order[known] - self.first_units[-1]
        files[order[known]] = self._known_files[beyond]
        records[order[known]] = self._known_lines[beyond]
        return files, records


def sign_records(
    files: Sequence[SourceFile],
    pieces: Iterable[Piece],
    deduplicator: Deduplicator,
    options: Input,
    engine: ThreadEngine,
    *,
    report: Callable[[CleanerError], None],
    advance: Callable[[int], None],
) -> Reading | None:
    """Sign every record of the files, whose `pieces` come in order.

    Returns None where a file failed after some of its records were signed: none of its records
    counts, so all must be done again without it.
    """
    extents: list[Extent] = []
    failures: dict[int, InputError] = {}
    scan = ScanPiece(options, [file.name for file in files], [file.format for file in files])

    def read() -> Iterator[Piece]:
        for piece in pieces:
            advance(piece.read)
            yield piece

    def claimed() -> Iterator[Claimed]:
        firsts: defaultdict[int, int] = defaultdict(lambda: 1)
        for found, batch in engine.map(scan, read()):
            file = files[found.file]
            extent = found.placed(firsts[found.file], file.name)
            firsts[found.file] += len(found.sizes)
            error = _error_of(extent, options)
            if error is not None:
                failures.setdefault(extent.file, _placed(error, file))
                file.error = str(failures[extent.file])
            if file.error is None:
                extents.append(extent)
                yield Claimed(batch, deduplicator.claim(batch), found.file)

    sign_claimed = SignClaimed(deduplicator.terms)
    for signed, (batch, claims, number) in engine.map(sign_claimed, claimed()):
        protected = np.ones(len(batch), dtype=bool) if files[number].protected else None
        # Each record is a document of its own.
        count = deduplicator.count
        records = np.arange(count, count + len(batch), dtype=np.uint32)
        deduplicator.add(signed, claims=claims, files=records, protected=protected)
    for number in sorted(failures):
        report(failures[number])
    if any(extent.file in failures and extent.count for extent in extents):
        return None
    for extent in extents:
        for error in extent.others.values():
            if error is not None:
                report(error)
    return Reading(extents, [file.name for file in files])


def _error_of(extent: Extent, options: Input) -> InputError | None:
    """Return what is wrong with the whole file of a piece."""
    large = np.flatnonzero(extent.sizes > options.max_document_size)
    if extent.error is None and len(large):
        return too_large(extent.first + int(large[0]), options)
    return extent.error


def _placed(error: InputError, file: SourceFile) -> InputError:
    return (
        error
        if error.where
        else InputError(error.what, where=str(file.path), why=error.why, hint=error.hint)
    )
