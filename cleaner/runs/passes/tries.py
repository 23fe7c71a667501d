"""Documents that end the process they are cleaned in: found out by trying once more."""

from __future__ import annotations

import os
from array import array
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

# Processes are ended from outside, too; twice at one document is no accident.
_OFTEN = 2

_BEGINNING = -1


class Tries:
    """Notes in a file which document a try is at, so that the next one knows where it ended.

    The first try writes nothing: most tasks end well, and what ends others is seldom a document.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = _last_of_each(path)
        self._file = -1

    def begin(self, document: int) -> None:
        """Note that this document comes next; RuntimeError where tries ended at it."""
        if self._last[document] >= _OFTEN:
            raise RuntimeError("it ends the process that it is cleaned in")
        self._note(document)

    def _note(self, document: int) -> None:
        os.write(self._file, array("q", [document]).tobytes())

    def __enter__(self) -> Self:
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        self._note(_BEGINNING)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._file)


def _last_of_each(path: Path) -> Counter[int]:
    """Return how many tries ended at each document."""
    found = array("q")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Counter()
    found.frombytes(data[: len(data) // found.itemsize * found.itemsize])
    ends = [*found[1:], _BEGINNING]
    return Counter(
        document
        for document, following in zip(found, ends, strict=True)
        if following == _BEGINNING != document
    )
