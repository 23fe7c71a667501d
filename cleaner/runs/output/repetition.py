"""What the report says of repeated lines: each line that went, how often, where, and an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cleaner.core.edits import Edit
from cleaner.reports.record import RepeatedLine

if TYPE_CHECKING:
    from cleaner.steps.boilerplate import LineTable


class Gone(NamedTuple):
    """A line that went as a repeated one, and whether it stood in the document's first half."""

    line: str
    at_head: bool


def gone_lines(steps: Iterable[Iterable[Edit]], length: int) -> Iterator[Gone]:
    """Yield the repeated lines among the removals of a document of `length` characters."""
    from cleaner.steps.boilerplate.repeated.repeated import CODE

    for edits in steps:
        for edit in edits:
            if edit.code == CODE:
                for line in edit.before.split("\n"):
                    if line and not line.isspace():
                        yield Gone(line.strip(), 2 * edit.start < length)


class RepeatedTally:
    """Counts of the lines that went, each as it stood."""

    def __init__(self) -> None:
        self._counts: dict[str, RepeatedLine] = {}

    def add(self, gone: Iterable[Gone], file: str) -> None:
        """Count the lines of a record of `file`; the first file of a line is its example."""
        seen = set()
        for line, at_head in gone:
            known = self._counts.setdefault(line, RepeatedLine(line, file))
            known.removed += 1
            known.at_head += at_head
            known.from_documents += line not in seen
            seen.add(line)

    def lines(self, tables: Iterable[LineTable]) -> list[RepeatedLine]:
        """Return the lines, those that went most often first.

        `tables` are those that the run went by, in order; the first that knows a line says how
        often it stood in the corpus.
        """
        lines = sorted(self._counts.values(), key=lambda line: (-line.removed, line.line))
        if lines:
            _add_counts(lines, tables)
        return lines


def _add_counts(lines: Sequence[RepeatedLine], tables: Iterable[LineTable]) -> None:
    # Imported here: writing deduplicated files needs none of the repairing steps.
    from cleaner.steps.boilerplate.repeated.linecounts import line_keys

    keys = line_keys(line.line for line in lines).tolist()
    for table in tables:
        for line, key in zip(lines, keys, strict=True):
            if not line.stood and key in table.lines:
                line.stood = table.lines[key].times
                line.in_documents = table.lines[key].documents
