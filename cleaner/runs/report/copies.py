"""Duplicates beside what stands for them, and how alike they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cleaner.core.settings.config import Settings
from cleaner.dedup.verify.contained import SHARE
from cleaner.formats.registry import FORMATS
from cleaner.journal.tables import EditRow, FileRow
from cleaner.reports.html.data import Cluster, Histogram
from cleaner.runs.report.pairs import DocumentUnits, copy_of, one_document
from cleaner.runs.report.samples import evenly
from cleaner.runs.report.survey import Array, Survey, document_key, file_and_record
from cleaner.runs.report.texts import Document

# Clusters shown, the largest and others of near-copies; copies of each.
_LARGEST = 15
_NEAR = 25
_COPIES = 3

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
        shown = evenly(different, _COPIES)
        same = members[copies.similarities[members] >= 1]
        shown = np.concatenate((shown, evenly(same, _COPIES - len(shown))))
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
    units: dict[int, DocumentUnits] = {}
    for number, document in documents.items():
        alone = one_document(files[file_and_record(number)[0]])
        units[number] = DocumentUnits(document, settings.dedup, alone=alone)
    for group in groups:
        key = _survivor_document(files, group)
        kept = None if key is None else units.get(key)
        copies = []
        for number in group.shown.tolist():
            row = rows.get(int(survey.copies.rows[number]))
            own = units.get(int(survey.copies.documents[number]))
            if row is not None and (copy := copy_of(row, own, kept, group.place)) is not None:
                copies.append(copy)
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
        # What stands in one other document has no threshold of its own.
        needed = {"DUP421": SHARE, "DUP430": None}.get(code, threshold)
        low = max(0.0, min(needed or 1.0, float(values.min())) - 0.05)
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
    alone = one_document(files[group.survivor])
    if not alone and (group.place < 1 or files[group.survivor].fields > 1):
        return None
    return document_key(group.survivor, 1 if alone else group.place)
