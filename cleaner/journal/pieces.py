"""Journal and output of many records at once: runs that stay, records that go.

A record that goes stands in the journal as its own JSON, byte for byte, under the last key of its
line, so it can be cut out again without being read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

KEPT, REMOVED, OTHER = 0, 1, 2


@dataclass(frozen=True)
class Fates:
    """What becomes of the records of a piece.

    `kinds`: uint8, shape (records,), KEPT, REMOVED or OTHER. For the removed ones in order, int64
    each: `codes` (the number of the rule), `survivors` (an index into the names), `lines` and
    `millionths` (of similarity). `others`: output and journal line of each of the rest, in order.
    """

    kinds: npt.NDArray[np.uint8]
    codes: npt.NDArray[np.int64]
    survivors: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]
    millionths: npt.NDArray[np.int64]
    others: Sequence[tuple[bytes, bytes]]


class Names(NamedTuple):
    """File names as they stand in JSON strings, one after the other, and where each begins."""

    data: npt.NDArray[np.uint8]
    places: npt.NDArray[np.int64]

    @classmethod
    def of(cls, names: Sequence[str]) -> Names:
        """Return the names, escaped."""
        return cls(*_joined([json.dumps(name)[1:-1].encode("ascii") for name in names]))

    def name(self, number: int) -> bytes:
        """Return one escaped name."""
        return self.data[self.places[number] : self.places[number + 1]].tobytes()


def write_piece(
    data: bytes, sizes: npt.NDArray[Any], first: int, fates: Fates, names: Names
) -> tuple[bytes, bytes]:
    """Return the output and the journal lines of a piece whose first record is number `first`."""
    output: list[bytes] = []
    journal: list[bytes] = []
    ends = np.cumsum(sizes, dtype=np.int64)
    others = iter(fates.others)
    removed = zip(
        fates.codes.tolist(), fates.survivors.tolist(), fates.lines.tolist(),
        fates.millionths.tolist(), strict=True,
    )  # fmt: skip
    changed = np.flatnonzero(fates.kinds != KEPT)
    upto = done = 0  # how many bytes and records were seen to
    for index, kind, end, size in zip(
        changed.tolist(), fates.kinds[changed].tolist(), ends[changed].tolist(),
        sizes[changed].tolist(), strict=True,
    ):  # fmt: skip
        if index > done:
            output.append(data[upto : end - size])
            journal.append(b'{"type":"kept","count":%d}\n' % (index - done))
        if kind == REMOVED:
            code, survivor, line, share = next(removed)
            journal.append(
                b'{"type":"removed","number":%d,"code":"DUP%03d","survivor":"%s","line":%d,'
                b'"similarity":%d.%06d,"raw":%s}\n'
                % (
                    first + index, code, names.name(survivor), line, *divmod(share, 1_000_000),
                    data[end - size : end].removesuffix(b"\n"),
                )
            )  # fmt: skip
        else:
            for written, lines in zip(next(others), (output, journal), strict=True):
                lines.append(written)
        upto, done = end, index + 1
    if done < len(sizes):
        output.append(data[upto:])
        journal.append(b'{"type":"kept","count":%d}\n' % (len(sizes) - done))
    return b"".join(output), b"".join(journal)


def _joined(parts: Sequence[bytes]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return the parts, eight bytes that may be read past them, and where each begins."""
    places = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum([len(part) for part in parts], out=places[1:])
    return np.frombuffer(b"".join([*parts, bytes(8)]), dtype=np.uint8), places
