"""What the report says of repeated lines: each line that went, how often, where, and an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cleaner.core.edits import Edit
from cleaner.reports.record import RepeatedLine

_MOST_CHARACTERS = 300


class Gone(NamedTuple):
    """A line that went as a repeated one, and whether it stood in the document's first half."""

    line: str
    at_head: bool


def gone_lines(steps: Iterable[Iterable[Edit]], length: int) -> Iterator[Gone]:
    """Yield the repeated lines among the removals of a document of `length` characters."""
    from cleaner.normalize.boilerplate.repeated import CODE

    for edits in steps:
        for edit in edits:
            if edit.code == CODE:
                for line in edit.before.split("\n"):
                    if line and not line.isspace():
                        yield Gone(line.strip()[:_MOST_CHARACTERS], 2 * edit.start < length)


class RepeatedTally:
    """Counts of the lines that went, by what does not tell them apart: numbers and dates."""

    def __init__(self) -> None:
        self._counts: dict[int, RepeatedLine] = {}

    def add(self, gone: Iterable[Gone], file: str) -> None:
        """Count the lines of a record of `file`; the first of a kind is its example."""
        # Imported here: writing deduplicated files needs none of the repairing steps.
        from cleaner.normalize.boilerplate.linecounts import line_keys

        for line, at_head in gone:
            keys = line_keys(line)
            known = self._counts.get(keys[0]) if keys else None
            if known is None and keys:
                known = self._counts[keys[0]] = RepeatedLine(line, file)
            if known is not None:
                known.removed += 1
                known.at_head += at_head

    def lines(self) -> list[RepeatedLine]:
        """Return the lines, those that went most often first."""
        return sorted(self._counts.values(), key=lambda line: (-line.removed, line.example))
