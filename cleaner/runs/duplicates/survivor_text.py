"""Which text of a document stands for a duplicate: a journal names its place alone."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.core.findings import Lines
from cleaner.core.settings.config import Dedup
from cleaner.dedup.text.compare import shared_shingles
from cleaner.runs.duplicates.config import dedup_config
from cleaner.runs.duplicates.units.units import unit_spans

# Of so many units, those with the most words in common, all shingles are compared.
_COMPARED = 12


def best_unit(removed: str, text: str, line: int | None, settings: Dedup) -> str:
    r"""Return the unit of `text` that a removed one is most like; of those at `line`, if any is.

    >>> best_unit("the tide came in", "Boats lay there.\n\nThe tide came in.", None, Dedup())
    'The tide came in.'
    """
    spans: Sequence[tuple[int, int]] = unit_spans(text, settings.unit)
    if line is not None and settings.unit != "record":
        lines = Lines(text)
        at = [
            (start, end)
            for start, end in spans
            if lines.place(start)[0] <= line <= lines.place(end)[0]
        ]
        spans = at or spans
    units = [text[start:end] for start, end in spans] or [text]
    return closest(removed, units, settings)[0]


def closest(removed: str, units: Sequence[str], settings: Dedup) -> tuple[str, float]:
    """Return the first of those units that a removed one is most like, and how alike they are."""
    config = dedup_config(settings)
    alike = []
    units = _shortlist(removed, units)
    for number, unit in enumerate(units):
        shared, union = shared_shingles(removed, unit, config)
        alike.append((shared / max(1, union), shared, -number))
    best = max(alike)
    return units[-best[2]], best[0]


def _shortlist(removed: str, units: Sequence[str]) -> Sequence[str]:
    """Return the units worth a closer look, in their order."""
    if len(units) <= _COMPARED:
        return units
    words = set(removed.casefold().split())

    def alike(number: int) -> tuple[float, int]:
        own = set(units[number].casefold().split())
        return -len(own & words) / max(1, len(own | words)), number

    best = sorted(range(len(units)), key=alike)[:_COMPARED]
    return [units[number] for number in sorted(best)]
