"""Counts over a corpus: how often a line stands in it, and which lines stand together at edges."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import xxhash

from cleaner.steps.boilerplate.repeated.sketch import LineSketch, sketch_keys

LEAST_DOCUMENTS = 2
LEAST_SHARE = 0.001
MOST_SOURCES = 16

EDGE_LINES = 10
_MOST_TIMES = 3
_OWN_SHARE = 0.35
_SKETCHED_LINES = 200
SHOWN_CHARACTERS = 300
_PAIR = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)

C = TypeVar("C")

Keys = npt.NDArray[np.uint64]
Document = tuple[str, str, str]
"""Document id, source (a folder, or the host of the document's address), text."""


@dataclass(frozen=True)
class LineCount:
    """How often a line stands in a corpus, in how many documents, and how it begins."""

    documents: int
    times: int
    example: str

    def __add__(self, other: LineCount) -> LineCount:
        """Return the sum; of the examples, which differ in white space, the first in order."""
        return LineCount(
            self.documents + other.documents,
            self.times + other.times,
            min(self.example, other.example),
        )


@dataclass(frozen=True)
class PairCount:
    """In how many documents one line stands right after another, and the keys of the two.

    ``edges`` are the documents in which the pair stands at head or tail alone. ``sources`` are
    those of the least hashes: hash, documents with the pair, documents in all (rather too many
    than too few).
    """

    lines: tuple[int, int]
    documents: int
    edges: int
    sources: tuple[tuple[int, int, int], ...]

    def __add__(self, other: PairCount) -> PairCount:
        """Return the sum; of sources the least hashes.

        A source among the least of all is among the least of every part, so its sum is exact.
        """
        sources = {place: (held, whole) for place, held, whole in self.sources}
        for place, held, whole in other.sources:
            sources[place] = (sources.get(place, (0, 0))[0] + held, whole)
        least = sorted(sources)[:MOST_SOURCES]
        return PairCount(
            self.lines,
            self.documents + other.documents,
            self.edges + other.edges,
            tuple((place, *sources[place]) for place in least),
        )


@dataclass(frozen=True)
class LineCounts:
    """Exact counts, by key, of the lines and pairs that are frequent; the documents looked at."""

    documents: int = 0
    lines: dict[int, LineCount] = field(default_factory=dict)
    pairs: dict[int, PairCount] = field(default_factory=dict)


def line_keys(lines: Iterable[str]) -> Keys:
    r"""Return the keys under which lines are counted, shape (lines,).

    Only white space and the Unicode form do not tell lines apart: what differs by a number, a
    name or a capital is another line.

    >>> one, two, three = line_keys(["Small  ads\t", "Small ads", "Small Ads"])
    >>> bool(one == two), bool(two == three)
    (True, False)
    """
    digests = b"".join([xxhash.xxh3_64_digest(_compared(line)) for line in lines])
    return np.frombuffer(digests, dtype=">u8").astype(np.uint64)


def _compared(line: str) -> bytes:
    # Of white space only the plain space is printable; in most lines nothing is to be squeezed.
    is_plain = line.isprintable() and "  " not in line and line[:1] != " " != line[-1:]
    plain = line if is_plain else " ".join(line.split())
    if plain.isascii():
        return plain.encode("ascii")
    return unicodedata.normalize("NFC", plain).encode("utf-8", "surrogatepass")


def pair_keys(lines: Keys) -> Keys:
    """Return the keys of each two neighbours among the lines of keys `lines`, shape (lines - 1,).

    >>> pair_keys(line_keys("ab")) == pair_keys(line_keys("ba"))
    array([False])
    """
    keys: Keys = lines[:-1] * _PAIR[0] ^ lines[1:] * _PAIR[1]
    return keys


def full_lines(text: str) -> list[str]:
    """Return the lines that are not blank."""
    return [line for line in text.split("\n") if line and not line.isspace()]


def _source_key(source: str) -> int:
    return xxhash.xxh3_64_intdigest(b"\x03" + source.encode("utf-8", "surrogatepass"))


def sketch_lines(documents: Iterable[Document]) -> LineSketch:
    """Return the sketch of `documents`: the first, bounded look over a corpus.

    It counts the first and last 200 lines of each, their pairs, and the documents of each source.
    """
    return sketch_keys(_edge_keys(source, text) for _, source, text in documents)


def _edge_keys(source: str, text: str) -> Keys:
    lines = full_lines(text)
    if len(lines) > 2 * _SKETCHED_LINES:
        lines = [*lines[:_SKETCHED_LINES], *lines[-_SKETCHED_LINES:]]
    keys = line_keys(lines)
    return np.concatenate((keys, pair_keys(keys), np.array([_source_key(source)], np.uint64)))


def learn_lines(documents: Sequence[Document], sketch: LineSketch | None = None) -> LineCounts:
    """Return exact counts of the lines and pairs of `documents` that may be frequent.

    `sketch` is the (merged) sketch of the whole corpus, which bounds the memory; without it,
    `documents` are the whole corpus.
    """
    sketch = sketch_lines(documents) if sketch is None else sketch
    counting = _Counting(sketch)
    for _, source, text in documents:
        counting.add(source, text)
    return counting.counts(len(documents))


class _Counting:
    """Counts under way, in lists and dictionaries that grow."""

    def __init__(self, sketch: LineSketch) -> None:
        self._sketch = sketch
        self._least = _least_documents(sketch)
        self._sizes: dict[int, int] = {}
        self._lines: dict[int, tuple[int, int, str]] = {}
        self._pairs: dict[int, tuple[tuple[int, int], int, int, dict[int, int]]] = {}

    def add(self, source: str, text: str) -> None:
        """Count the frequent lines and pairs of one document."""
        lines = full_lines(text)
        if not lines:
            return
        keys = line_keys(lines)
        frequent = self._sketch.estimates(keys) >= self._least
        if not frequent.any():
            return
        places = np.flatnonzero(frequent)
        times: dict[int, tuple[int, str]] = {}
        for key, place in zip(keys[places].tolist(), places.tolist(), strict=True):
            before = times.get(key)
            times[key] = (1, lines[place]) if before is None else (before[0] + 1, before[1])
        for key, (number, line) in times.items():
            shown = line.strip()[:SHOWN_CHARACTERS]
            documents, whole, example = self._lines.get(key, (0, 0, shown))
            self._lines[key] = documents + 1, whole + number, min(example, shown)
        self._add_pairs(source, lines, keys, frequent)

    def _add_pairs(
        self, source: str, lines: list[str], keys: Keys, frequent: npt.NDArray[np.bool_]
    ) -> None:
        """Count the frequent pairs; one that stands often, or deep inside, is not at an edge.

        How far a pair is from head and tail is counted in lines of no pair, which stay whatever
        goes: so a second look, at what is left, finds the pairs where the first one did.
        """
        pairs = pair_keys(keys)
        places = np.flatnonzero(frequent[:-1] & frequent[1:])
        places = places[self._sketch.estimates(pairs[places]) >= self._least]
        if len(places) == 0:
            return
        own = np.ones(len(keys), dtype=np.int64)
        own[places] = own[places + 1] = 0
        before = np.cumsum(own)
        after = before[-1] - before
        inside = np.minimum(before, after)[places] > EDGE_LINES
        lengths = np.fromiter(map(len, lines), np.int64, len(lines))
        if (own * lengths).sum() < _OWN_SHARE * lengths.sum():
            inside[:] = True
        seen: dict[int, tuple[int, bool, int]] = {}
        for key, place, deep in zip(
            pairs[places].tolist(), places.tolist(), inside.tolist(), strict=True
        ):
            _, was_deep, times = seen.get(key, (0, False, 0))
            seen[key] = place, was_deep or deep, times + 1
        site = self._source(source)
        for key, (place, deep, times) in seen.items():
            both, documents, edges, sources = self._pairs.get(key) or (
                (int(keys[place]), int(keys[place + 1])), 0, 0, {}
            )  # fmt: skip
            sources[site] = sources.get(site, 0) + 1
            at_edge = not deep and times <= _MOST_TIMES
            self._pairs[key] = both, documents + 1, edges + at_edge, sources

    def _source(self, source: str) -> int:
        key = _source_key(source)
        if key not in self._sizes:
            self._sizes[key] = int(self._sketch.estimates(np.array([key], np.uint64))[0])
        return key

    def counts(self, documents: int) -> LineCounts:
        """Return what has been counted, of sources the least hashes."""
        return LineCounts(
            documents,
            {key: LineCount(*count) for key, count in self._lines.items()},
            {
                key: PairCount(both, pairs, edges, tuple(self._least_of(sources)))
                for key, (both, pairs, edges, sources) in self._pairs.items()
            },
        )

    def _least_of(self, sources: dict[int, int]) -> list[tuple[int, int, int]]:
        return [(key, sources[key], self._sizes[key]) for key in sorted(sources)[:MOST_SOURCES]]


def _least_documents(sketch: LineSketch) -> float:
    """Return in how many documents of the corpus a line must stand to be frequent."""
    return max(LEAST_DOCUMENTS, LEAST_SHARE * sketch.documents)


def counts_of_whole(counts: LineCounts, sketch: LineSketch) -> LineCounts:
    """Return merged counts of parts as those of the whole, of which `sketch` is the sketch.

    What was frequent in a part only is left out, with the pairs of lines that are; and the sources
    of pairs are as large as in all parts together.
    """
    least = _least_documents(sketch)
    lines = dict(_frequent(counts.lines, sketch, least))
    pairs = {}
    for key, pair in _frequent(counts.pairs, sketch, least):
        if not lines.keys() >= set(pair.lines):
            continue
        places = np.array([place for place, _, _ in pair.sources], np.uint64)
        sizes = sketch.estimates(places).tolist()
        sources = tuple(
            (place, held, whole)
            for (place, held, _), whole in zip(pair.sources, sizes, strict=True)
        )
        pairs[key] = replace(pair, sources=sources)
    return LineCounts(counts.documents, lines, pairs)


def _frequent(counts: Mapping[int, C], sketch: LineSketch, least: float) -> Iterator[tuple[int, C]]:
    keys = np.fromiter(counts, np.uint64, len(counts))
    for (key, count), many in zip(counts.items(), sketch.estimates(keys).tolist(), strict=True):
        if many >= least:
            yield key, count


def merge_counts(left: LineCounts, right: LineCounts) -> LineCounts:
    """Return the counts of what both have seen, in whatever order they are merged."""
    lines, pairs = dict(left.lines), dict(left.pairs)
    for key, count in right.lines.items():
        known = lines.get(key)
        lines[key] = count if known is None else known + count
    for key, pair in right.pairs.items():
        seen = pairs.get(key)
        pairs[key] = pair if seen is None else seen + pair
    return LineCounts(left.documents + right.documents, lines, pairs)
