"""Records read once more between the two readings: the texts of a few of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaner.core.config import Input
from cleaner.core.errors import InputError
from cleaner.core.openfile import open_file
from cleaner.pipeline.reading import SourceFile
from cleaner.pipeline.scanning import ScanPiece
from cleaner.pipeline.signing import Reading
from cleaner.storage.compress import reading


@dataclass(frozen=True)
class RecordReader:
    """Gives the texts of units that were signed."""

    files: Sequence[SourceFile]
    options: Input
    signed: Reading

    def texts(self, units: npt.NDArray[np.int64]) -> Iterator[str | None]:
        """Yield the text of each of some units, which rise; None of those of an index.

        Raises InputError where a file is no longer what it was.
        """
        first_units = self.signed.first_units
        borders = np.searchsorted(units, first_units)
        wanted: dict[int, list[tuple[int, int]]] = {}
        ends: dict[int, int] = {}
        for number, extent in enumerate(self.signed.extents):
            own = units[borders[number] : borders[number + 1]] - first_units[number]
            if extent.units is not None:
                own = extent.units[own]
            starts = np.append(0, np.cumsum(extent.sizes, dtype=np.int64))
            starts += ends.get(extent.file, 0)
            ends[extent.file] = int(starts[-1])
            places = zip(starts[own].tolist(), extent.sizes[own].tolist(), strict=True)
            wanted.setdefault(extent.file, []).extend(places)
        for file, records in wanted.items():
            if records:
                yield from self._texts_of(file, records)
        for _ in range(len(units) - int(borders[-1])):
            yield None

    def _texts_of(self, number: int, records: list[tuple[int, int]]) -> Iterator[str]:
        """Yield the texts of records of a file, by rising start and by size."""
        file = self.files[number]
        scan = ScanPiece(
            self.options, [one.name for one in self.files], [one.format for one in self.files]
        )
        try:
            with open_file(file.path) as raw, reading(raw, file.codec) as stream:
                for start, size in records:
                    stream.seek(start)
                    text = scan.text_of(number, stream.read(size))
                    if not isinstance(text, str):
                        raise changed(text or InputError("", where=file.name))
                    yield text
        except OSError as error:
            raise changed(InputError("", where=str(file.path), why=error.strerror or "")) from error


def changed(error: InputError) -> InputError:
    """Return the error that stops the run: what was decided does not fit what is read now."""
    return InputError(
        "was changed while it was read", where=error.where, why=error.why, hint="run it again"
    )
