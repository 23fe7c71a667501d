"""A count-min sketch: in how many documents a line stands, at most, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

_ROWS = 4
_LOG_COLUMNS = 20
SHAPE = (_ROWS, 1 << _LOG_COLUMNS)
_BATCH = 1 << 16
_SEEDS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93],
    dtype=np.uint64,
)


def _empty() -> npt.NDArray[np.uint32]:
    return np.zeros(SHAPE, dtype=np.uint32)


@dataclass(frozen=True)
class LineSketch:
    """Counts of documents by line key; shape (4, 1048576), 16 MiB whatever the corpus.

    Cormode and Muthukrishnan, "An improved data stream summary: the count-min sketch", Journal
    of Algorithms 55 (2005), section 3: an estimate is never below the truth. Sketches add, so
    the sum of the sketches of parts is the sketch of the whole in any order.
    """

    documents: int = 0
    counts: npt.NDArray[np.uint32] = field(default_factory=_empty)

    def estimates(self, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
        """Return upper bounds of the documents that hold each of `keys`, shape (keys,)."""
        columns = _columns(keys)
        rows = np.arange(_ROWS)[:, None]
        bounds: npt.NDArray[np.uint32] = self.counts[rows, columns].min(axis=0)
        return bounds


def sketch_keys(documents: Iterable[npt.NDArray[np.uint64]]) -> LineSketch:
    """Return the sketch of documents, each given as its keys (a key counts once in each)."""
    counts = _empty()
    number = waiting = 0
    batch: list[npt.NDArray[np.uint64]] = []
    for keys in documents:
        number += 1
        batch.append(np.unique(keys))
        waiting += len(batch[-1])
        if waiting > _BATCH:
            _count(counts, batch)
            waiting = 0
    _count(counts, batch)
    return LineSketch(number, counts)


def _count(counts: npt.NDArray[np.uint32], batch: list[npt.NDArray[np.uint64]]) -> None:
    """Count the keys of `batch`, and empty it."""
    if batch:
        columns = _columns(np.concatenate(batch))
        for row in range(_ROWS):
            # With a number of another type it takes seventy times as long.
            np.add.at(counts[row], columns[row], np.uint32(1))
        batch.clear()


def merge_sketches(left: LineSketch, right: LineSketch) -> LineSketch:
    """Return the sketch of what both have seen."""
    return LineSketch(left.documents + right.documents, left.counts + right.counts)


def _columns(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    mixed = (keys[None, :] ^ (keys[None, :] >> np.uint64(29))) * _SEEDS[:, None]
    return (mixed >> np.uint64(64 - _LOG_COLUMNS)).astype(np.int64)
