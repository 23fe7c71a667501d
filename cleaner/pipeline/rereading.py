"""Records read once more between the two readings: the texts of a few of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaner.core.config import Input
from cleaner.core.errors import InputError
from cleaner.pipeline.pieces import read_pieces
from cleaner.pipeline.reading import SourceFile
from cleaner.pipeline.scanning import ScanPiece
from cleaner.pipeline.signing import Reading


@dataclass(frozen=True)
class RecordReader:
    """Gives the texts of units that were signed."""

    files: Sequence[SourceFile]
    options: Input
    reading: Reading
    compiled: bool

    def texts(self, units: npt.NDArray[np.int64]) -> Iterator[str | None]:
        """Yield the text of each of some units, which rise; None of those of an index.

        Raises InputError where a file is no longer what it was.
        """
        if not len(units):
            return
        whole = [(i, file) for i, file in enumerate(self.files) if file.error is None]
        names = [file.name for file in self.files]
        formats = [file.format for file in self.files]
        scan = ScanPiece(self.options, names, formats, self.compiled)
        first_units = self.reading.first_units
        borders = np.searchsorted(units, first_units)
        pieces = read_pieces(whole, self.options, again=True)
        for number, (piece, extent) in enumerate(zip(pieces, self.reading.extents, strict=False)):
            own = units[borders[number] : borders[number + 1]] - first_units[number]
            if not len(own):
                continue
            _, batch = scan(piece)
            if len(batch) != extent.count:
                raise changed(piece.error or InputError("", where=names[extent.file]))
            data = batch.data.data
            for start, end in zip(
                batch.starts[own].tolist(), batch.ends[own].tolist(), strict=True
            ):
                yield str(data[start:end], "utf-8", "surrogatepass")
        for _ in range(len(units) - int(borders[-1])):
            yield None


def changed(error: InputError) -> InputError:
    """Return the error that stops the run: what was decided does not fit what is read now."""
    return InputError(
        "was changed while it was read", where=error.where, why=error.why, hint="run it again"
    )
