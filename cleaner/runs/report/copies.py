"""Duplicates beside what stands for them, and how alike they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cleaner.core.settings.config import Settings
from cleaner.dedup.text.compare import different_spans
from cleaner.dedup.verify.contained import SHARE
from cleaner.formats.registry import FORMATS
from cleaner.journal.tables import NOTE, EditRow, FileRow
from cleaner.reports.html.data import Cluster, Copy, Histogram, Part
from cleaner.runs.duplicates.survivor_text import best_unit
from cleaner.runs.duplicates.units.units import unit_spans
from cleaner.runs.report.samples import clipped, evenly
from cleaner.runs.report.survey import Array, Survey, document_key
from cleaner.runs.report.texts import Document

# Clusters shown, the largest and others of near-copies; copies of each; code points compared,
# and those shown of what stands in both.
_LARGEST = 15
_NEAR = 25
_COPIES = 3
_COMPARED = 6000
_BESIDE = 250

_BINS = 40


@dataclass(frozen=True)
class Group:
    """A place and the duplicates it stands for, of which `shown` are numbers among all copies."""

    survivor: int
    place: int
    count: int
    shown: Array


def groups_of(survey: Survey) -> tuple[list[Group], int]:
    """Return the groups to show, and how many there are."""
    copies = survey.copies
    if not len(copies.rows):
        return [], 0
    keys = document_key_of(copies.survivors, copies.places)
    _, numbers, counts = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(numbers, kind="stable")
    starts = np.concatenate(([0], np.cumsum(counts)))
    # Where nothing differs there is little to see, so near-copies have a share of their own.
    near = np.zeros(len(counts), dtype=bool)
    near[numbers[copies.similarities < 1]] = True
    by_size = np.argsort(-counts, kind="stable")
    chosen = [
        *by_size[:_LARGEST].tolist(),
        *evenly(by_size[_LARGEST:][near[by_size[_LARGEST:]]], _NEAR).tolist(),
    ]
    groups = []
    for number in chosen:
        members = order[starts[number] : starts[number + 1]]
        different = members[copies.similarities[members] < 1]
        shown = evenly(different if len(different) else members, _COPIES)
        first = members[0]
        groups.append(
            Group(int(copies.survivors[first]), int(copies.places[first]), len(members), shown)
        )
    return groups, len(counts)


def document_key_of(survivors: Array, places: Array) -> Array:
    """Return one number for each place of a survivor."""
    keys: Array = (survivors << 40) + places
    return keys


def wanted_documents(survey: Survey, files: Sequence[FileRow], groups: Sequence[Group]) -> Array:
    """Return the documents whose texts the groups need."""
    wanted: list[int] = []
    for group in groups:
        wanted += survey.copies.documents[group.shown].tolist()
        key = _survivor_document(files, group)
        wanted += [] if key is None else [key]
    return np.unique(np.array(wanted, dtype=np.int64))


def clusters_of(
    survey: Survey,
    files: Sequence[FileRow],
    groups: Sequence[Group],
    rows: Mapping[int, EditRow],
    documents: Mapping[int, Document],
    settings: Settings,
) -> list[Cluster]:
    """Return the groups with their texts; `rows` go by their number in the journal."""
    clusters = []
    for group in groups:
        key = _survivor_document(files, group)
        kept = None if key is None else documents.get(key)
        alone = key is not None and FORMATS[files[group.survivor].format].one_document
        copies = []
        for number in group.shown.tolist():
            row = rows.get(int(survey.copies.rows[number]))
            if row is None:
                continue
            document = documents.get(int(survey.copies.documents[number]))
            text = _copied_text(row, document, settings)
            if text is not None:
                line = group.place if alone else None
                copies.append(_copy(row, files, text, kept, line, settings))
        name = survey.files.names[group.survivor]
        place = name if group.place < 0 else f"{name}:{group.place}"
        if copies:
            clusters.append(Cluster(place, group.count, copies))
    return clusters


def histograms_of(survey: Survey, names: Mapping[str, str], threshold: float) -> list[Histogram]:
    """Return the similarities of duplicates, rule by rule; exact copies have none worth showing."""
    copies = survey.copies
    found = []
    for number, code in enumerate(survey.rules.names):
        own = copies.rules == number
        values = copies.similarities[own]
        if not len(values) or bool((values == 1).all()):
            continue
        needed = SHARE if code == "DUP421" else threshold
        low = max(0.0, min(needed, float(values.min())) - 0.05)
        edges = np.linspace(np.floor(low * 20) / 20, 1.0, _BINS + 1)
        notes = copies.notes[own].astype(bool)
        removed, noted = (
            np.histogram(np.clip(values[which], edges[0], 1.0), edges)[0].tolist()
            for which in (~notes, notes)
        )
        found.append(Histogram(code, names.get(code, ""), needed, edges.tolist(), removed, noted))
    return sorted(found, key=lambda histogram: histogram.code)


def _survivor_document(files: Sequence[FileRow], group: Group) -> int | None:
    if group.survivor >= len(files) or files[group.survivor].format not in FORMATS:
        return None
    alone = FORMATS[files[group.survivor].format].one_document
    if group.place < 1 and not alone:
        return None
    return document_key(group.survivor, 1 if alone else group.place)


def _copied_text(row: EditRow, document: Document | None, settings: Settings) -> str | None:
    if row.before:
        return row.before.strip()
    if document is None:
        return None
    if row.start is not None and row.rule != "DUP430":
        for start, end in unit_spans(document.source, settings.dedup.unit):
            if start <= row.start < end:
                return document.source[start:end]
    return document.source


def _copy(
    row: EditRow,
    files: Sequence[FileRow],
    text: str,
    kept: Document | None,
    line: int | None,
    settings: Settings,
) -> Copy:
    text = text[:_COMPARED]
    other = None
    if kept is not None:
        whole = row.start is None or row.rule == "DUP430"
        other = kept.source if whole else best_unit(text, kept.source, line, settings.dedup)
        # A passage may stand far inside a longer one.
        at = max(0, other.find(text[:40]) - _BESIDE) if row.rule == "DUP421" else 0
        other = other[at : at + len(text) + 2 * _BESIDE if at else _COMPARED]
    spans, kept_spans = ((), ()) if other is None else different_spans(text, other)
    return Copy(
        place=f"{row.file}:{row.record}",
        code=row.rule,
        removed=row.kind != NOTE,
        similarity=row.similarity or 0.0,
        text=parts_of(text, spans),
        kept=None if other is None else parts_of(other, kept_spans),
    )


def parts_of(text: str, spans: Sequence[tuple[int, int]]) -> list[Part]:
    """Return a text in parts that differ and parts that do not, the middle of long ones left out.

    >>> parts_of("red fox", [(4, 7)])
    [('red ', False), ('fox', True)]
    """
    parts: list[Part] = []
    at = 0
    for start, end in spans:
        if parts and not text[at:start].strip():
            parts[-1] = (parts[-1][0] + text[at:end], True)
        else:
            parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    parts.append((text[at:], False))
    return [(clipped(part, _BESIDE * 2), differs) for part, differs in parts if part]
