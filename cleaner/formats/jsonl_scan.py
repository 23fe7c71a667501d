"""Finding the text of each JSONL record in bytes, without an object per record.

A compiled scanner checks each line as JSON and copies out the text field; any line that it is not
sure of (broken JSON, broken UTF-8, escaped keys, lone surrogates, deep nesting, ``NaN``, very long
numbers, a field that is missing or no string) is left to the `json` module, so the result is the
`json` module's on every line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaner.formats.jsonl import nests_too_deeply
from cleaner.formats.jsonl_kernel import scan_lines

# What the kernel says of a line without a text; 0 of one with it.
BLANK, LEFT = 1, 2


@dataclass(frozen=True)
class Records:
    """The lines of a piece of a JSONL file and the texts of its records.

    `line_starts` and `line_ends` (without the line end): int64, shape (n,), places in the bytes
    that were scanned. `texts`: uint8, the texts as UTF-8 (lone surrogates as three bytes), record
    ``i`` at ``texts[starts[i]:ends[i]]``. `errors`: what is wrong with a record, by its number;
    such records, and blank lines (in `blank`), have an empty text.
    """

    line_starts: npt.NDArray[np.int64]
    line_ends: npt.NDArray[np.int64]
    texts: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    blank: npt.NDArray[np.bool_]
    errors: dict[int, str]

    def __len__(self) -> int:
        return len(self.line_starts)


def scan_records(data: bytes | memoryview, field: str = "text") -> Records:
    r"""Return the records of `data`, which holds whole lines.

    >>> found = scan_records(b'{"id": 1, "text": "caf\\u00e9"}\n[]\n')
    >>> bytes(found.texts[found.starts[0]:found.ends[0]]).decode()
    'café'
    >>> found.errors
    {1: 'not an object'}
    """
    source = _bytes_of(data)
    feeds = np.flatnonzero(source == ord("\n"))
    line_ends = feeds if len(source) and source[-1] == ord("\n") else np.append(feeds, len(source))
    line_starts = np.append(0, feeds + 1)[: len(line_ends)]
    if not len(source):
        line_starts, line_ends = line_starts[:0], line_ends[:0]
    starts, ends = np.empty_like(line_starts), np.empty_like(line_starts)
    states = np.empty(len(line_starts), dtype=np.uint8)
    texts = np.empty(len(source) + 16, dtype=np.uint8)
    key = _bytes_of(field.encode("utf-8", "surrogatepass"))
    filled = scan_lines(source, key, line_starts, line_ends, texts, starts, ends, states)
    errors: dict[int, str] = {}
    left = np.flatnonzero(states == LEFT).tolist()
    extra: list[bytes] = []
    for record in left:
        line = bytes(source[line_starts[record] : line_ends[record]])
        text, error = _text_of(line, field)
        if error:
            errors[record] = error
        piece = text.encode("utf-8", "surrogatepass")
        starts[record] = filled
        filled += len(piece)
        ends[record] = filled
        extra.append(piece)
    if extra:
        room = np.zeros(filled + 16, dtype=np.uint8)
        tail = np.frombuffer(b"".join(extra), dtype=np.uint8)
        room[: filled - len(tail)] = texts[: filled - len(tail)]
        room[filled - len(tail) : filled] = tail
        texts = room
    texts[filled : filled + 16] = 0
    return Records(
        line_starts, line_ends, texts[: filled + 16], starts, ends, states == BLANK, errors
    )


def _bytes_of(data: bytes | memoryview) -> npt.NDArray[np.uint8]:
    return np.frombuffer(data, dtype=np.uint8) if len(data) else np.empty(0, dtype=np.uint8)


def _text_of(line: bytes, field: str) -> tuple[str, str]:
    """Return the text of one record, or what is wrong with it."""
    try:
        decoded = line.decode("utf-8")
        if nests_too_deeply(decoded):
            return "", "nested too deeply"
        record = json.loads(decoded)
    except UnicodeDecodeError as error:
        return "", f"not UTF-8: {error.reason} at byte {error.start}"
    except ValueError as error:
        return "", f"not JSON: {error}"
    if not isinstance(record, dict):
        return "", "not an object"
    text = record.get(field)
    if text is None and field not in record:
        return "", f"no field {field!r}"
    if not isinstance(text, str):
        return "", f"field {field!r} is not a string"
    return text, ""
