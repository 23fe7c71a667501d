"""Repeated lines: what the documents of a site share at their edges was put there by the site.

Two kinds go. *Furniture of a site*: a line that most documents of its sources have, nearly always
at head or tail, in a document in which it stands there too. *Labels*: short lines that several
documents share, in a crowd of such lines, on a page on which rules have found boilerplate already.
A line in the middle of a document, and one that only some documents of a site share, is content
that repeats: the parts of manuals, of tables, of code, of forms of speech.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from cleaner.normalize.boilerplate.linecounts import (
    EDGE_LINES,
    LEAST_DOCUMENTS,
    MOST_CHARACTERS,
    MOST_SOURCES,
    LineCount,
    LineCounts,
    leaves_number,
    line_keys,
)
from cleaner.normalize.boilerplate.lines import BULLETS, Lines

CODE = "BOI350"

_SITE_DOCUMENTS = 8
_SOURCE_DOCUMENTS = 5
_SITE_SHARE = 0.5
_SITE_EDGES = 0.9
_STRANGE = 4
_STRANGE_SHARE = 4
_RUN = 3
_INTRODUCING = (":", "：")
_SHORT_WORDS = 4

_LABEL_WORDS = 12
_LABEL_SHARE = 0.002
_LABEL_EDGES = 0.15
_CROWD_REACH = 8
_CROWD = 4

_SPOKEN = (".", "!", "?", "…", '"', "”", "»")
_digit = re.compile(r"\d")
_LEADING = BULLETS + " \t\r\xa0"


@dataclass(frozen=True)
class LineTable:
    """The repeated lines of a corpus, frozen: by key what is known of the line.

    ``furniture`` are the keys of lines that most documents of their sources have at the edges;
    the others go only as labels in a crowd.
    """

    documents: int = 0
    lines: dict[int, LineCount] = field(default_factory=dict)
    furniture: frozenset[int] = frozenset()

    @functools.cached_property
    def heads(self) -> frozenset[str]:
        """The first words of the lines; a line without digits begins as its example does."""
        return frozenset(_first_word(count.example) for count in self.lines.values())


def freeze_lines(counts: LineCounts) -> LineTable:
    """Return the table of the lines that repeat so often that they may be furniture."""
    lines: dict[int, LineCount] = {}
    furniture = []
    for key in sorted(counts.lines):
        count = counts.lines[key]
        if _is_furniture(count):
            furniture.append(key)
            lines[key] = count
        elif _is_label(count, counts.documents):
            lines[key] = count
    return LineTable(counts.documents, lines, frozenset(furniture))


def _is_furniture(count: LineCount) -> bool:
    """Whether most documents of the line's sources have it at head or tail.

    Sources of few documents have no say: one document has every line it has.
    """
    held = whole = 0
    for _, with_line, documents in count.sources:
        if documents >= _SOURCE_DOCUMENTS:
            held += with_line
            whole += documents
    often = held >= _SITE_DOCUMENTS and held >= _SITE_SHARE * whole
    return often and count.edges >= _SITE_EDGES * count.documents


def _is_label(count: LineCount, documents: int) -> bool:
    often = count.documents >= max(LEAST_DOCUMENTS, _LABEL_SHARE * documents)
    return often and count.words <= _LABEL_WORDS and not count.example.endswith(_SPOKEN)


def _first_word(line: str) -> str:
    words = line.lstrip(_LEADING).split(None, 1)
    return words[0].lower() if words else ""


def repeated_blocks(lines: Lines, table: LineTable, *, is_page: bool) -> list[tuple[int, int, str]]:
    """Return first line, last line and evidence of what goes of the lines that `table` knows.

    `is_page` says that rules have found boilerplate in the text; labels go only then.
    """
    if not table.lines:
        return []
    alive = lines.alive
    known = _known(lines, alive, table)
    going = set(_furniture(lines, alive, known, table))
    if is_page:
        going.update(_labels(lines, known, table))
    blocks: list[tuple[int, int, str]] = []
    run: list[int] = []
    for line in sorted(going):
        if run and lines.before(line) != run[-1]:
            blocks.append((run[0], run[-1], _evidence([known[at] for at in run], table)))
            run = []
        run.append(line)
    if run:
        blocks.append((run[0], run[-1], _evidence([known[at] for at in run], table)))
    return blocks


def _known(lines: Lines, places: list[int], table: LineTable) -> dict[int, int]:
    """Return by line number the key of each of `places` that stands in `table`."""
    known: dict[int, int] = {}
    heads = table.heads
    for line in places:
        raw = lines.raw(line)
        if len(raw) > MOST_CHARACTERS:
            continue
        word = _first_word(raw)
        if word not in heads and word.isascii() and not _digit.search(raw):
            continue
        keys = [key for key in line_keys(raw) if key in table.lines]
        if keys:
            known[line] = next((key for key in keys if key in table.furniture), keys[0])
    return known


def _furniture(
    lines: Lines, alive: list[int], known: dict[int, int], table: LineTable
) -> Iterator[int]:
    """Yield the lines of the site that stand at the text's head or tail.

    One goes from either end as long as the site's lines outweigh the strange ones between them.
    A short line goes only in a run of the site's lines, of which one is long or which are three,
    and with a number of its own (that of a chapter, say) only within it.
    """
    ours = {line for line, key in known.items() if key in table.furniture}
    firm = _firm(lines, alive, ours)
    for way in (alive, alive[::-1]) if firm else ():
        strange = taken = 0
        for line in way:
            if line in ours:
                taken += 1
                if line in firm:
                    yield line
                continue
            strange += 1
            if strange > min(_STRANGE + taken // _STRANGE_SHARE, EDGE_LINES):
                break


def _firm(lines: Lines, alive: list[int], ours: set[int]) -> set[int]:
    """Return those of `ours` that are no headings: long ones, and short ones in runs.

    Neither is a line with a colon at its end that introduces what is not of the site.
    """
    firm: set[int] = set()
    run: list[int] = []
    for line in [*alive, -1]:
        if line in ours:
            run.append(line)
            continue
        long = {at for at in run if len(lines.raw(at).split()) >= _SHORT_WORDS}
        firm |= long
        if len(run) >= _RUN or long:
            firm.update(run[1:-1])
            firm.update(at for at in run if not leaves_number(lines.raw(at)))
        if run and lines.raw(run[-1]).rstrip().endswith(_INTRODUCING):
            # What it introduces stays.
            firm.discard(run[-1])
        run = []
    return firm


def _labels(lines: Lines, known: dict[int, int], table: LineTable) -> Iterator[int]:
    """Yield the living lines that stand in a crowd of labels and of what is gone."""
    full = [line for line in range(len(lines)) if not lines.is_blank(line)]
    gone = np.array([lines.is_gone(line) for line in full], dtype=bool)
    counts = [table.lines[known[line]] if line in known else None for line in full]
    is_known = np.array([count is not None for count in counts], dtype=bool) & ~gone
    shares = np.array([count.edges / count.documents if count else 0.0 for count in counts])
    shares = np.where(is_known, shares, 0.0)
    sums = np.concatenate(([0.0], np.cumsum(shares)))
    knowns = np.concatenate(([0], np.cumsum(is_known)))
    crowd = np.concatenate(([0], np.cumsum(is_known | gone)))
    place = np.arange(len(full))
    low = np.maximum(place - _CROWD_REACH, 0)
    high = np.minimum(place + _CROWD_REACH + 1, len(full))
    good = is_known & (crowd[high] - crowd[low] >= _CROWD)
    good &= sums[high] - sums[low] >= _LABEL_EDGES * (knowns[high] - knowns[low])
    for at in np.flatnonzero(good).tolist():
        line = full[at]
        if table.lines[known[line]].words <= _LABEL_WORDS:
            yield line


def _evidence(keys: list[int], table: LineTable) -> str:
    counts = [table.lines[key] for key in keys]
    documents = [count.documents for count in counts]
    sources = max(len(count.sources) for count in counts)
    most = "+" if sources == MOST_SOURCES else ""
    return (
        f"{len(counts)} lines, in {min(documents)} to {max(documents)} of {table.documents} "
        f"documents, {sources}{most} sources"
    )
