"""Repeated lines: what stands in many documents of a corpus was put there by its sites."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import xxhash

from cleaner.normalize.boilerplate.lines import BULLETS, Lines, view
from cleaner.normalize.boilerplate.sketch import LineSketch, sketch_keys

CODE = "BOI350"

_MOST_CHARACTERS = 600
_MOST_SOURCES = 16
_EDGE_SHARE = 0.2
_EDGE_LINES = 15
_SHORT_WORDS = 4
_LONG_WORDS = 8
_PASSAGE_WORDS = 40
_RUN = 2
_SPOKEN = (".", "!", "?", "…", '"', "”", "»")
_numbers = re.compile(r"\d+(?:[.,:/-]\d+)*")
_dates = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|tember"
    r"|ober|ember)?\b\.?|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
)
_digit = re.compile(r"\d")
_LEADING = BULLETS + " \t\r\xa0"
_word = re.compile(r"[^\W\d_]{2,}")
_names = re.compile(r"(?<=[a-z] )[A-Z][\w.'-]*(?: (?:[A-Z][\w.'-]*|of|the|de|van|von|and|&))*")

Document = tuple[str, str, str]
"""Document id, source (a folder, or the host of the document's address), text."""


@dataclass(frozen=True)
class LineCount:
    """What is known of a line: where it stands and what it looks like."""

    documents: int
    edges: int
    words: int
    example: str
    sources: tuple[int, ...]

    def __add__(self, other: LineCount) -> LineCount:
        """Return the sum; of the examples the first in order, of sources the least hashes."""
        return LineCount(
            self.documents + other.documents,
            self.edges + other.edges,
            min(self.words, other.words),
            min(self.example, other.example),
            tuple(sorted({*self.sources, *other.sources})[:_MOST_SOURCES]),
        )


@dataclass(frozen=True)
class LineCounts:
    """Exact counts of lines by key, and of the documents looked at."""

    documents: int = 0
    lines: dict[int, LineCount] = field(default_factory=dict)


@dataclass(frozen=True)
class LineTable:
    """The repeated lines of a corpus, frozen: by key how many documents hold the line.

    ``lines`` maps a key to its count; ``alone`` are the keys of lines that go wherever they
    stand, the others go only among their kind.
    """

    documents: int = 0
    lines: dict[int, LineCount] = field(default_factory=dict)
    alone: frozenset[int] = frozenset()

    @functools.cached_property
    def heads(self) -> frozenset[str]:
        """The first words of the lines; a line without digits begins as its example does."""
        return frozenset(_first_word(count.example) for count in self.lines.values())


def line_keys(line: str) -> tuple[int, ...]:
    """Return the keys under which a line is counted: as it is, and with names left open.

    Case, white space, bullets, numbers and dates do not tell lines apart. A line without a word
    of two letters has no key.

    >>> line_keys("Updated 3 May 2021") == line_keys("updated  12 June 2020")
    True
    >>> len(line_keys("Read more news by Ann Lee")), line_keys("* * *")
    (2, ())
    """
    if len(line) > _MOST_CHARACTERS:
        return ()
    seen = view(line)
    if not _word.search(seen):
        return ()
    keys = [_key(seen)]
    opened = _names.sub("\x01", line.strip())
    if "\x01" in opened and len(_word.findall(opened)) >= 3:
        keys.append(_key("\x02" + view(opened)))
    return tuple(keys)


def _key(seen: str) -> int:
    masked = _numbers.sub("0", _dates.sub("0", seen) if any(map(str.isdigit, seen)) else seen)
    return xxhash.xxh3_64_intdigest(masked.encode("utf-8", "surrogatepass"))


def sketch_lines(documents: Iterable[Document]) -> LineSketch:
    """Return the sketch of the lines of `documents`: the first, bounded look over a corpus."""
    return sketch_keys(
        np.array([key for line in set(text.split("\n")) for key in line_keys(line)], np.uint64)
        for _, _, text in documents
    )


def learn_lines(
    documents: Iterable[Document], sketch: LineSketch | None = None, min_documents: int = 4
) -> LineCounts:
    """Return exact counts of the lines of `documents`.

    With the (merged) `sketch` of the whole corpus only lines are counted that may stand in
    `min_documents` documents and more, which bounds the memory; without it, all are.
    """
    counts: dict[int, LineCount] = {}
    number = 0
    for _, source, text in documents:
        number += 1
        for key, count in _document_counts(source, text, sketch, min_documents):
            known = counts.get(key)
            counts[key] = count if known is None else known + count
    return LineCounts(number, counts)


def _document_counts(
    source: str, text: str, sketch: LineSketch | None, min_documents: int
) -> Iterator[tuple[int, LineCount]]:
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    edge = max(_EDGE_LINES, int(len(lines) * _EDGE_SHARE))
    place = (xxhash.xxh3_64_intdigest(source.encode("utf-8", "surrogatepass")),)
    seen: dict[int, LineCount] = {}
    for index, line in enumerate(lines):
        at_edge = int(index < edge or index >= len(lines) - edge)
        for key in line_keys(line):
            if key not in seen:
                seen[key] = LineCount(1, at_edge, len(line.split()), line.strip(), place)
    if sketch is None or not seen:
        yield from seen.items()
        return
    keys = np.array(list(seen), dtype=np.uint64)
    frequent = sketch.estimates(keys) >= min_documents
    for key in keys[frequent].tolist():
        yield key, seen[key]


def merge_counts(left: LineCounts, right: LineCounts) -> LineCounts:
    """Return the counts of what both have seen, in whatever order they are merged."""
    lines = dict(left.lines)
    for key, count in right.lines.items():
        known = lines.get(key)
        lines[key] = count if known is None else known + count
    return LineCounts(left.documents + right.documents, lines)


def freeze_lines(counts: LineCounts) -> LineTable:
    """Return the table of lines that stand in so many documents that they are furniture.

    Long lines need fewest documents, since sentences are not repeated by chance; a line of one
    to three words needs most, goes only among other repeated lines, and stays when it ends like
    speech. A passage of more than
    40 words never goes alone: of copies of text, deduplication keeps one. Lines that mostly stand
    at the head or tail of documents need fewer than those in the middle.
    """
    lines: dict[int, LineCount] = {}
    alone = []
    for key in sorted(counts.lines):
        count = counts.lines[key]
        if count.documents < _least_documents(count, counts.documents):
            continue
        if count.words < _SHORT_WORDS and count.example.endswith(_SPOKEN):
            continue
        lines[key] = count
        if _LONG_WORDS <= count.words <= _PASSAGE_WORDS:
            alone.append(key)
    return LineTable(counts.documents, lines, frozenset(alone))


def _least_documents(count: LineCount, documents: int) -> float:
    edges = count.edges >= 0.6 * count.documents
    if count.words >= _LONG_WORDS:
        least, share = 4, 0.001
    elif count.words >= _SHORT_WORDS:
        least, share = 4, 0.002
    else:
        least, share = 4, 0.0025
    return max(least, share * documents) * (1.0 if edges else 1.25)


def _first_word(line: str) -> str:
    words = line.lstrip(_LEADING).split(None, 1)
    return words[0].lower() if words else ""


def known_lines(lines: Lines, table: LineTable) -> dict[int, int]:
    """Return by line number the key of each line that stands in `table`."""
    known: dict[int, int] = {}
    heads = table.heads
    for line in lines.alive if table.lines else ():
        raw = lines.raw(line)
        if len(raw) > _MOST_CHARACTERS:
            continue
        word = _first_word(raw)
        if word not in heads and word.isascii() and not _digit.search(raw):
            continue
        for key in line_keys(raw):
            if key in table.lines:
                known[line] = key
                break
    return known


def repeated_blocks(
    lines: Lines, known: dict[int, int], table: LineTable
) -> list[tuple[int, int, str]]:
    """Return first line, last line and evidence of what goes of the `known` repeated lines.

    A long repeated line goes alone; others only where two and more repeated lines stand
    together with nothing but blank lines between them.
    """
    blocks = []
    run: list[tuple[int, int]] = []
    for line, key in known.items():
        if lines.is_gone(line):
            continue
        if run and lines.before(line) != run[-1][0]:
            blocks.extend(_run_blocks(run, table))
            run = []
        run.append((line, key))
    blocks.extend(_run_blocks(run, table))
    return blocks


def _run_blocks(run: list[tuple[int, int]], table: LineTable) -> list[tuple[int, int, str]]:
    if len(run) >= _RUN:
        return [(run[0][0], run[-1][0], _evidence(run, table))]
    return [
        (line, line, _evidence([(line, key)], table)) for line, key in run if key in table.alone
    ]


def _evidence(counts: list[tuple[int, int]], table: LineTable) -> str:
    documents = [table.lines[key].documents for _, key in counts]
    sources = max(len(table.lines[key].sources) for _, key in counts)
    most = "+" if sources == _MOST_SOURCES else ""
    return (
        f"{len(counts)} lines, in {min(documents)} to {max(documents)} of {table.documents} "
        f"documents, {sources}{most} sources"
    )
