"""What the page shows, in plain values; sizes are bytes of UTF-8, texts are as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cleaner.reports.record import RepeatedLine

# A part of a text, and whether it differs from the text beside it.
Part = tuple[str, bool]


@dataclass(frozen=True)
class RuleSize:
    """A rule and what it did: its edits, notes, whole records removed, bytes before and after."""

    code: str
    name: str
    summary: str
    edits: int
    notes: int
    whole: int
    before: int
    after: int

    @property
    def family(self) -> str:
        """The letters that the code begins with."""
        return self.code[:3]

    @property
    def taken(self) -> int:
        """How many bytes fewer there are; less than none where the rule puts something in."""
        return self.before - self.after


@dataclass(frozen=True)
class ChangedDocument:
    """A document by its place, the bytes it lost, and their share of its text, if known."""

    place: str
    lost: int
    share: float | None


@dataclass(frozen=True)
class Shares:
    """Documents by the share of their text that went.

    `untouched` are in no row of the journal; `counts` go by the upper `bounds` of shares. Where
    only some of the changed documents were measured, `measured` of `changed`.
    """

    untouched: int
    changed: int
    measured: int
    bounds: Sequence[float]
    counts: Sequence[int]
    largest: Sequence[ChangedDocument]


@dataclass(frozen=True)
class Histogram:
    """Similarities of a rule's duplicates: how many went, and how many were only noted, by bin."""

    code: str
    name: str
    threshold: float | None
    edges: Sequence[float]
    removed: Sequence[int]
    noted: Sequence[int]


@dataclass(frozen=True)
class Copy:
    """A duplicate beside what stands for it, in parts; `kept` is None where it is not at hand."""

    place: str
    code: str
    removed: bool
    similarity: float
    text: Sequence[Part]
    kept: Sequence[Part] | None


@dataclass(frozen=True)
class Cluster:
    """A place whose text stands for `count` duplicates, of which some are shown."""

    place: str
    count: int
    copies: Sequence[Copy]


@dataclass(frozen=True)
class Sample:
    """One edit or note with what stood around it; `context` says whether that is known."""

    number: int
    code: str
    kind: str
    place: str
    detail: str
    before: str
    after: str
    lead: str = ""
    trail: str = ""
    context: bool = False
    record: int = 0
    file: str = ""


@dataclass(frozen=True)
class Figures:
    """What only the process that ran knows."""

    seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class ReportData:
    """Everything on the page."""

    title: str
    version: str
    model: str
    settings: Mapping[str, Any]
    files: int
    written: int
    records: int
    records_written: int
    bytes_before: int
    bytes_after: int
    rules: Sequence[RuleSize]
    shares: Shares
    histograms: Sequence[Histogram]
    clusters: Sequence[Cluster]
    cluster_count: int
    samples: Sequence[Sample]
    repeated: Sequence[RepeatedLine]
    repeated_count: int
    emptied: int
    emptied_documents: Sequence[str]
    problems: Sequence[str]
    skipped: Mapping[str, str]
    stable: bool = True
    figures: Figures | None = None
    per_rule: int = 0
