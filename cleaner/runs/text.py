"""One document by itself: the same steps, without others beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cleaner.core.edits import Survivor, apply_edits
from cleaner.core.paragraphs import Span
from cleaner.core.settings.config import Settings
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.signing.sign import Batch, sign
from cleaner.runs.duplicates.choosing import Units
from cleaner.runs.duplicates.config import dedup_config
from cleaner.runs.duplicates.removals import Removed, remove_paragraphs
from cleaner.runs.duplicates.units.traits import traits_of
from cleaner.runs.duplicates.units.units import unit_spans
from cleaner.runs.input.spool import StagedDocument
from cleaner.runs.rule_registry import context_for

if TYPE_CHECKING:
    from cleaner.steps.chain import Normalized
    from cleaner.steps.learn import Tables


def clean_single(
    text: str, settings: Settings, tables: Tables | None = None, *, of_field: bool = False
) -> Normalized:
    """Normalize `text` and remove its duplicated paragraphs, until nothing changes.

    What is said of files alone does not act on a text `of_field`.
    """
    from cleaner.steps.chain import Normalized
    from cleaner.steps.learn import NO_TABLES

    staged = StagedDocument(0, 1, text=text, of_field=of_field)
    clean_staged(staged, settings, tables or NO_TABLES)
    return Normalized(staged.text, tuple(map(tuple, staged.steps)), tuple(staged.notes))


def clean_staged(staged: StagedDocument, settings: Settings, tables: Tables) -> None:
    """Normalize a document and remove its duplicated paragraphs, until nothing changes."""
    from cleaner.runs.passes.transform import transform_staged

    transform_staged(staged, settings, tables)
    while removed := _duplicates(staged.text, settings):
        edits = remove_paragraphs(staged.text, removed, settings.dedup.unit)
        staged.change(apply_edits(staged.text, edits), edits)
        transform_staged(staged, settings, tables)


@dataclass(frozen=True)
class _TextReader:
    """Looks at the units of one text (`choosing.Reader`)."""

    text: str
    spans: list[Span]

    def traits(self, documents: npt.NDArray[np.int64]) -> Iterator[bytes]:
        """Yield the traits of all units, if the document is asked for."""
        for _ in documents:
            yield traits_of(self.text, self.spans)

    def texts(self, units: npt.NDArray[np.int64]) -> Iterator[str]:
        """Yield the text of each of some units."""
        for unit in units.tolist():
            start, end = self.spans[unit]
            yield self.text[start:end]


def _duplicates(text: str, settings: Settings) -> Removed:
    """Return the paragraphs that repeat an earlier one of the text, which they name by number."""
    acts = context_for(settings).rules.acts
    spans = unit_spans(text, settings.dedup.unit)
    if settings.dedup.scope == "none" or len(spans) < 2 or not acts("DUP401") | acts("DUP411"):
        return {}
    config = dedup_config(settings.dedup)
    batch = Batch.from_texts([text[start:end] for start, end in spans])
    signed = sign(batch, config)
    if not signed.may_repeat():
        return {}
    first_units = np.array([0, len(spans)], dtype=np.int64)
    with Deduplicator(config, survivor=settings.dedup.survivor) as deduplicator:
        deduplicator.add(signed)
        units = Units(
            deduplicator, first_units, np.zeros(1, dtype=bool), settings.dedup, acts,
            _TextReader(text, spans),
        )  # fmt: skip
        found = units.choose("off").going
    return {
        int(unit): (f"DUP{kind}", Survivor("", int(survivor) + 1, float(similarity)))
        for unit, survivor, kind, similarity in zip(*found, strict=True)
    }
