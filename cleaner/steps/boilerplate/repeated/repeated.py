"""Repeated lines: what a site puts above and below the texts of its pages.

Furniture is what stands literally, line after line in the same order, at head or tail of several
documents, around bodies that differ: a menu, a footer. A line that repeats alone (a heading, a
formula, a question, a field, an outcome), and what differs by as little as a digit, is content.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cleaner.steps.boilerplate.lines import Lines
from cleaner.steps.boilerplate.repeated.linecounts import (
    LineCount,
    LineCounts,
    PairCount,
    line_keys,
    pair_keys,
)
from cleaner.steps.boilerplate.repeated.page import Bond, Page
from cleaner.steps.boilerplate.repeated.runs import places_of

CODE = "BOI350"

_PAIR_EDGES = 0.6
_SMALLEST_SITE = 4
_SMALL_SITE = 8
_SITE_SHARE = 0.5
_LOOK = 14


@dataclass(frozen=True)
class LineTable:
    """The repeated lines of a corpus, frozen: which stand together, and how often each stands.

    Both are by key; a line that stands together with no other is not in the table.
    """

    documents: int = 0
    lines: dict[int, LineCount] = field(default_factory=dict)
    bonds: dict[int, Bond] = field(default_factory=dict)


def freeze_lines(counts: LineCounts) -> LineTable:
    """Return the table of the lines that stand together at the edges of documents."""
    bonds: dict[int, Bond] = {}
    bound: set[int] = set()
    for key in sorted(counts.pairs):
        pair = counts.pairs[key]
        if pair.documents > 1 and pair.edges >= _PAIR_EDGES * pair.documents:
            bonds[key] = Bond(pair.documents, _is_of_site(pair))
            bound.update(pair.lines)
    lines = {key: counts.lines[key] for key in sorted(bound)}
    return LineTable(counts.documents, lines, bonds)


def _is_of_site(pair: PairCount) -> bool:
    """Whether most documents of a source have the pair; of a small source, all but one."""
    return any(
        held >= _SMALLEST_SITE
        and held >= (whole - 1 if whole < _SMALL_SITE else _SITE_SHARE * whole)
        for _, held, whole in pair.sources
    )


def repeated_blocks(lines: Lines, table: LineTable) -> list[tuple[int, int, str]]:
    """Return first line, last line and evidence of what goes of the lines that `table` knows."""
    if not table.bonds:
        return []
    places = [line for line in range(len(lines)) if not lines.is_blank(line)]
    if not _may_be_page(lines, places, table):
        return []
    full = [lines.raw(line) for line in places]
    keys = line_keys(full)
    bonds = [table.bonds.get(key) for key in pair_keys(keys).tolist()]
    gone = [lines.is_gone(line) for line in places]
    blocks = []
    for run in Page(full, places, gone, bonds).furniture():
        alive = [at for at in places_of([run]) if not gone[at]]
        if alive:
            counts = [table.lines[key].documents for key in keys[alive].tolist()]
            evidence = _evidence(counts, table.documents)
            blocks.append((places[alive[0]], places[alive[-1]], evidence))
    return blocks


def _may_be_page(lines: Lines, places: list[int], table: LineTable) -> bool:
    """Whether a look at both edges finds lines that stand together: most texts have none."""
    # Of a short text no pair of lines is asked about twice.
    tail = max(_LOOK - 1, len(places) - _LOOK)
    for edge in (places[:_LOOK], places[tail:]):
        keys = pair_keys(line_keys([lines.raw(line) for line in edge]))
        if not table.bonds.keys().isdisjoint(keys.tolist()):
            return True
    return False


def _evidence(counts: list[int], documents: int) -> str:
    least, most = min(counts), max(counts)
    found = f"{least}" if least == most else f"{least} to {most}"
    return f"{len(counts)} lines that stand together, in {found} of {documents} documents"
