"""Counts of lines over a corpus: in how many documents a line stands, where, and whose they are."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import xxhash

from cleaner.normalize.boilerplate.lines import view
from cleaner.normalize.boilerplate.sketch import LineSketch, sketch_keys

LEAST_DOCUMENTS = 3
LEAST_SHARE = 0.001
MOST_SOURCES = 16
MOST_CHARACTERS = 600
_LINES_REMEMBERED = 2**15

EDGE_LINES = 10
_MOST_TIMES = 2
_LEAST_WORDS = 3
_DIGITS = b"0123456789"
_SKETCHED_LINES = 200
_digit = re.compile(r"\d")
_numbers = re.compile(r"\d+(?:[.,:/-]\d+)*")
_dates = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|tember"
    r"|ober|ember)?\b\.?|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
)
_word = re.compile(r"[^\W\d_]{2,}")
# The capital stands before what must precede it, since a search for one character is fast.
_names = re.compile(r"[A-Z](?<=[a-z] [A-Z])[\w.'-]*(?: (?:[A-Z][\w.'-]*|of|the|de|van|von|and|&))*")

Document = tuple[str, str, str]
"""Document id, source (a folder, or the host of the document's address), text."""


@dataclass(frozen=True)
class LineCount:
    """What is known of a line: where it stands and what it looks like.

    ``edges`` are the documents in which it stands at head or tail alone. ``sources`` are those of
    the least hashes: hash, documents with the line, documents in all (rather too many than too
    few).
    """

    documents: int
    edges: int
    words: int
    example: str
    sources: tuple[tuple[int, int, int], ...]

    def __add__(self, other: LineCount) -> LineCount:
        """Return the sum; of the examples the first in order, of sources the least hashes.

        A source among the least of all is among the least of every part, so its sum is exact.
        """
        sources = {place: (held, whole) for place, held, whole in self.sources}
        for place, held, whole in other.sources:
            sources[place] = (sources.get(place, (0, 0))[0] + held, whole)
        least = sorted(sources)[:MOST_SOURCES]
        return LineCount(
            self.documents + other.documents,
            self.edges + other.edges,
            min(self.words, other.words),
            min(self.example, other.example),
            tuple((place, *sources[place]) for place in least),
        )


@dataclass(frozen=True)
class LineCounts:
    """Exact counts of lines by key, and of the documents looked at."""

    documents: int = 0
    lines: dict[int, LineCount] = field(default_factory=dict)


# A document's lines are asked about by every look over it.
@functools.lru_cache(maxsize=_LINES_REMEMBERED)
def line_keys(line: str) -> tuple[int, ...]:
    """Return the keys under which a line is counted: as it is, and with names left open.

    Case, white space, bullets, numbers and dates do not tell lines apart. A line without a word
    of two letters has no key.

    >>> line_keys("Updated 3 May 2021") == line_keys("updated  12 June 2020")
    True
    >>> len(line_keys("Read more news by Ann Lee")), line_keys("* * *")
    (2, ())
    """
    if len(line) > MOST_CHARACTERS:
        return ()
    seen = view(line)
    if not _word.search(seen):
        return ()
    keys = [_key(seen)]
    opened = _names.sub("\x01", line.strip())
    if "\x01" in opened and _has_words(opened, _LEAST_WORDS):
        keys.append(_key("\x02" + view(opened)))
    return tuple(keys)


def leaves_number(line: str) -> bool:
    """Whether a number that belongs to no date is left open in the keys of the line.

    >>> leaves_number("Chapter 3"), leaves_number("Updated 3 May 2021"), leaves_number("Home")
    (True, False, False)
    """
    seen = view(line)
    return _numbers.search(seen) is not None and _dates.search(seen) is None


def _has_words(line: str, least: int) -> bool:
    return next(itertools.islice(_word.finditer(line), least - 1, None), None) is not None


def _key(seen: str) -> int:
    data = seen.encode("utf-8", "surrogatepass")
    if len(data.translate(None, _DIGITS)) < len(data) or not seen.isascii():
        masked = _numbers.sub("0", _dates.sub("0", seen)) if _digit.search(seen) else seen
        data = masked.encode("utf-8", "surrogatepass")
    return xxhash.xxh3_64_intdigest(data)


def _source_key(source: str) -> int:
    return xxhash.xxh3_64_intdigest(b"\x03" + source.encode("utf-8", "surrogatepass"))


def sketch_lines(documents: Iterable[Document]) -> LineSketch:
    """Return the sketch of `documents`: the first, bounded look over a corpus.

    It counts the first and last 200 lines of each, and the documents of each source.
    """
    return sketch_keys(_edge_keys(source, text) for _, source, text in documents)


def _edge_keys(source: str, text: str) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    lines = _full_lines(text)
    if len(lines) > 2 * _SKETCHED_LINES:
        lines = [*lines[:_SKETCHED_LINES], *lines[-_SKETCHED_LINES:]]
    keys = [_source_key(source)]
    keys.extend(key for line in set(lines) for key in line_keys(line))
    return np.array(keys, np.uint64)


def learn_lines(documents: Sequence[Document], sketch: LineSketch | None = None) -> LineCounts:
    """Return exact counts of the lines of `documents` that may be frequent at heads and tails.

    `sketch` is the (merged) sketch of the whole corpus, which bounds the memory; without it,
    `documents` are the whole corpus.
    """
    sketch = sketch_lines(documents) if sketch is None else sketch
    least = max(LEAST_DOCUMENTS, LEAST_SHARE * sketch.documents)
    sizes: dict[int, int] = {}
    counts: dict[int, LineCount] = {}
    for _, source, text in documents:
        place = _source_key(source)
        if place not in sizes:
            sizes[place] = int(sketch.estimates(np.array([place], np.uint64))[0])
        for key, count in _document_counts((place, 1, sizes[place]), text, sketch, least):
            known = counts.get(key)
            counts[key] = count if known is None else known + count
    return LineCounts(len(documents), counts)


def _document_counts(
    source: tuple[int, int, int], text: str, sketch: LineSketch, least: float
) -> Iterator[tuple[int, LineCount]]:
    """Yield the counts of one document's frequent lines; one that it repeats is not at an edge.

    How far a line is from head and tail is counted in lines that are not frequent, which stay
    whatever goes: so a second look, at what is left, finds the lines where the first one did.
    """
    lines = _full_lines(text)
    keyed = [line_keys(line) for line in lines]
    found = np.array(list({key for keys in keyed for key in keys}), dtype=np.uint64)
    if len(found) == 0:
        return
    frequent = set(found[sketch.estimates(found) >= least].tolist())
    own = np.array([not frequent.intersection(keys) for keys in keyed], dtype=np.int64)
    before = np.cumsum(own) - own
    after = own.sum() - before - own
    inside = (np.minimum(before, after) > EDGE_LINES).tolist()
    seen: dict[int, tuple[str, bool, int]] = {}
    for line, keys, deep in zip(lines, keyed, inside, strict=True):
        for key in keys:
            if key in frequent:
                first, was_deep, times = seen.get(key, (line, False, 0))
                seen[key] = first, was_deep or deep, times + 1
    for key, (line, deep, times) in seen.items():
        at_edge = int(not deep and times <= _MOST_TIMES)
        yield key, LineCount(1, at_edge, len(line.split()), line.strip(), (source,))


def _full_lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line and not line.isspace()]


def merge_counts(left: LineCounts, right: LineCounts) -> LineCounts:
    """Return the counts of what both have seen, in whatever order they are merged."""
    lines = dict(left.lines)
    for key, count in right.lines.items():
        known = lines.get(key)
        lines[key] = count if known is None else known + count
    return LineCounts(left.documents + right.documents, lines)
