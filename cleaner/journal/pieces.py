"""Journal and output of many records at once: runs that stay, records that go.

A record that goes stands in the journal as its own JSON, byte for byte, under the last key of its
line, so it can be cut out again without being read.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.journal.removed import BEGIN, RAW_KEY

KEPT, REMOVED, OTHER = 0, 1, 2
SIGNATURES = {
    "write_records": (
        "uint8[::1], int64[::1], uint8[::1], int64, int64[::1], int64[::1], int64[::1], "
        "int64[::1], uint8[::1], int64[::1], uint8[::1], int64[::1], uint8[::1], int64[::1], "
        "uint8[::1], int64[::1], uint8[::1], uint8[::1], int64[::1]"
    )
}
_PHRASES = (
    b'{"type":"kept","count":',
    b"}\n",
    BEGIN,
    b',"code":"DUP',
    b'","survivor":"',
    b'","line":',
    b',"similarity":',
    RAW_KEY,
    b"}\n",
)
# More than the longest line without the survivor's name and the record itself.
_LINE_ROOM = 160


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
    data: bytes,
    sizes: npt.NDArray[Any],
    first: int,
    fates: Fates,
    names: Names,
    *,
    compiled: bool,
) -> tuple[bytes | memoryview, bytes | memoryview]:
    """Return the output and the journal lines of a piece whose first record is number `first`."""
    if not compiled:
        return write_plain(data, sizes, first, fates, names)
    sizes = sizes.astype(np.int64)
    extra_output, output_places = _joined([output for output, _ in fates.others])
    extra_lines, line_places = _joined([line for _, line in fates.others])
    going = int(sizes[fates.kinds == REMOVED].sum())
    longest = int(np.diff(names.places).max(initial=0))
    room = len(fates.kinds) * 40 + len(fates.codes) * (_LINE_ROOM + longest)
    output = np.empty(len(data) - going + len(extra_output) + 16, dtype=np.uint8)
    journal = np.empty(going + room + len(extra_lines) + 16, dtype=np.uint8)
    filled = np.zeros(2, dtype=np.int64)
    kernels().write_records(
        np.frombuffer(data, dtype=np.uint8), sizes, fates.kinds, first, fates.codes,
        fates.survivors, fates.lines, fates.millionths, *_joined(_PHRASES), names.data,
        names.places, extra_output, output_places, extra_lines, line_places, output, journal,
        filled,
    )  # fmt: skip
    return output[: filled[0]].data, journal[: filled[1]].data


def write_plain(
    data: bytes, sizes: npt.NDArray[Any], first: int, fates: Fates, names: Names
) -> tuple[bytes, bytes]:
    """Return the output and the journal lines of a piece, record by record."""
    output: list[bytes] = []
    journal: list[bytes] = []
    run = at = 0
    others = iter(fates.others)
    removed = zip(
        fates.codes.tolist(), fates.survivors.tolist(), fates.lines.tolist(),
        fates.millionths.tolist(), strict=True,
    )  # fmt: skip
    for index, (size, kind) in enumerate(zip(sizes.tolist(), fates.kinds.tolist(), strict=True)):
        record = data[at : at + size]
        at += size
        if kind == KEPT:
            output.append(record)
            run += 1
            continue
        if run:
            journal.append(b'{"type":"kept","count":%d}\n' % run)
            run = 0
        if kind == REMOVED:
            code, survivor, line, share = next(removed)
            journal.append(
                b'{"type":"removed","number":%d,"code":"DUP%03d","survivor":"%s","line":%d,'
                b'"similarity":%d.%06d,"raw":%s}\n'
                % (
                    first + index, code, names.name(survivor), line, *divmod(share, 1_000_000),
                    record.removesuffix(b"\n"),
                )
            )  # fmt: skip
        else:
            for written, lines in zip(next(others), (output, journal), strict=True):
                lines.append(written)
    if run:
        journal.append(b'{"type":"kept","count":%d}\n' % run)
    return b"".join(output), b"".join(journal)


def _joined(parts: Sequence[bytes]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return the parts, eight bytes that may be read past them, and where each begins."""
    places = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum([len(part) for part in parts], out=places[1:])
    return np.frombuffer(b"".join([*parts, bytes(8)]), dtype=np.uint8), places


@functools.cache
def kernels() -> Any:
    """Return the compiled functions, from their object file where it can be had."""
    from cleaner.core.native import NotNativeError, load

    try:
        return load({"cleaner.journal.piece_kernel": SIGNATURES})
    except NotNativeError:
        return import_module("cleaner.journal.piece_kernel")
