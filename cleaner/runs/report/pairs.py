"""A duplicate and what stands for it, side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from cleaner.core.edits import SourceMap
from cleaner.core.findings import Lines
from cleaner.core.settings.config import Dedup
from cleaner.dedup.text.compare import different_spans
from cleaner.formats.registry import FORMATS
from cleaner.journal.tables import NOTE, EditRow, FileRow
from cleaner.reports.html.data import Copy, Part
from cleaner.runs.duplicates.survivor_text import closest
from cleaner.runs.duplicates.units.units import unit_spans
from cleaner.runs.report.samples import clipped
from cleaner.runs.report.texts import Document

# Code points compared, and those shown of what stands in both.
_COMPARED = 6000
_BESIDE = 250

# A text that is so much less alike than the journal says is not the one that it speaks of.
_DOUBT = 0.3

# White space that differs only in how much of it there is.
_SPACE = re.compile(r"[ \t\n]{2,}")


def one_document(file: FileRow) -> bool:
    """Whether a file is one document."""
    return file.format in FORMATS and FORMATS[file.format].one_document


class DocumentUnits:
    """The units of a document as they were compared: those of its text after all repairs."""

    def __init__(self, document: Document, settings: Dedup, *, alone: bool) -> None:
        self.text = document.texts[-1]
        self._document = document
        self.settings = settings
        self.alone = alone

    @cached_property
    def units(self) -> list[tuple[str, int, int]]:
        """Each unit, and the span of the source text that it came from."""
        source = SourceMap()
        for edits in self._document.steps:
            source.add(edits)
        return [
            (self.text[start:end], *source.locate(start, end))
            for start, end in unit_spans(self.text, self.settings.unit)
        ]

    def at(self, offset: int) -> str | None:
        """Return the unit at a place in the source text."""
        for unit, start, end in self.units:
            if start <= offset < end:
                return unit
        return None

    def candidates(self, line: int) -> list[str]:
        """Return the units that may be meant by a line of a file; in one of records, all."""
        units = [unit for unit, _, _ in self.units]
        if not self.alone or line < 1 or self.settings.unit == "record":
            return units
        lines = Lines(self._document.source)
        at = [
            unit
            for unit, start, end in self.units
            if lines.place(start)[0] <= line <= lines.place(max(start, end - 1))[0]
        ]
        return at or units


def copy_of(
    row: EditRow, own: DocumentUnits | None, kept: DocumentUnits | None, place: int
) -> Copy | None:
    """Return a duplicate beside what stands for it; None where its text is not at hand."""
    whole = row.start is None or row.rule == "DUP430"
    text = row.before
    if not text and own is not None:
        text = own.text if whole else own.at(row.start or 0)
    if not text:
        return None
    text = text.strip()[:_COMPARED]
    other = None
    if kept is not None:
        other = kept.text if whole else _survivor(row, text, kept, place, itself=kept is not own)
    if other is not None:
        # A passage may stand far inside a longer one.
        at = max(0, other.find(text[:40]) - _BESIDE) if row.rule == "DUP421" else 0
        other = other[at : at + max(_COMPARED, len(text) + 2 * _BESIDE)]
        other = _SPACE.sub(_shorter, other.strip())
    text = _SPACE.sub(_shorter, text)
    spans, kept_spans = ((), ()) if other is None else different_spans(text, other)
    return Copy(
        place=row.file if own is not None and own.alone else f"{row.file}:{row.record}",
        code=row.rule,
        removed=row.kind != NOTE,
        similarity=row.similarity or 0.0,
        text=parts_of(text, spans),
        kept=None if other is None else parts_of(other, kept_spans),
    )


def _survivor(
    row: EditRow, text: str, kept: DocumentUnits, place: int, *, itself: bool
) -> str | None:
    """Return the unit that stands for a duplicate; the duplicate itself only where it is exact."""
    units = kept.candidates(place)
    if row.rule == "DUP421":
        return _around(text, units)
    if not itself and (row.similarity or 0.0) < 1:
        units = [unit for unit in units if unit.strip() != text]
    if not units:
        return None
    unit, alike = closest(text, units, kept.settings)
    return unit if alike >= (row.similarity or 0.0) - _DOUBT or unit.strip() == text else None


def _around(text: str, units: Sequence[str]) -> str | None:
    """Return the unit in which most words of a contained passage stand; None where few do."""
    words = set(text.split())

    def inside(unit: str) -> float:
        return len(words.intersection(unit.split())) / len(words)

    others = [unit for unit in units if unit.strip() != text]
    best = max(others, key=inside, default="")
    return best if inside(best) > 1 - _DOUBT else None


def _shorter(space: re.Match[str]) -> str:
    """Return a run of white space as the eye needs it."""
    return "\n" * min(2, space[0].count("\n")) or " "


def parts_of(text: str, spans: Sequence[tuple[int, int]]) -> list[Part]:
    """Return a text in parts that differ and parts that do not, the middle of long ones left out.

    >>> parts_of("red fox", [(4, 7)])
    [('red ', False), ('fox', True)]
    """
    parts: list[Part] = []
    at = 0
    for start, end in spans:
        if text[start:end].isspace():
            continue
        if parts and not text[at:start].strip():
            parts[-1] = (parts[-1][0] + text[at:end], True)
        else:
            parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    parts.append((text[at:], False))
    return [(clipped(part, _BESIDE * 2), differs) for part, differs in parts if part]
