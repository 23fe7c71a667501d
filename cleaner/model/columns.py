"""What a corpus teaches, as columns of numbers: the form in which it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import prod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.steps.boilerplate.repeated import sketch
from cleaner.steps.boilerplate.repeated.linecounts import (
    MOST_SOURCES,
    LineCount,
    LineCounts,
    PairCount,
)
from cleaner.steps.boilerplate.repeated.sketch import LineSketch
from cleaner.steps.learn import CorpusStats
from cleaner.steps.lost_spaces.corpus import vocabulary
from cleaner.steps.lost_spaces.corpus.passages import MOST_KEYS, Passages
from cleaner.steps.lost_spaces.corpus.tables import GlueTables
from cleaner.steps.lost_spaces.corpus.vocabulary import WordCounts

Columns = dict[str, npt.NDArray[Any]]

# Of more lines, or pairs of them, those with the least keys are held: a sample that merging models,
# in whatever order, does not change.
MOST_LINES = 2**21
MOST_PAIRS = 2**20

# More documents than that no corpus has, and sums of such counts are still exact.
MOST_DOCUMENTS = 2**48


class Column(NamedTuple):
    """A column: the type of its numbers, how many there are at least and at most."""

    dtype: str
    least: int
    most: int


def _fixed(dtype: str, shape: tuple[int, ...]) -> Column:
    return Column(dtype, prod(shape), prod(shape))


COLUMNS: Mapping[str, Column] = {
    "words": _fixed("<u1", vocabulary.SHAPE),
    "passages": Column("<u8", 0, MOST_KEYS),
    "sketch": _fixed("<u4", sketch.SHAPE),
    "line-keys": Column("<u8", 0, MOST_LINES),
    "line-documents": Column("<u8", 0, MOST_LINES),
    "line-times": Column("<u8", 0, MOST_LINES),
    "pair-keys": Column("<u8", 0, MOST_PAIRS),
    "pair-firsts": Column("<u8", 0, MOST_PAIRS),
    "pair-seconds": Column("<u8", 0, MOST_PAIRS),
    "pair-documents": Column("<u8", 0, MOST_PAIRS),
    "pair-edges": Column("<u8", 0, MOST_PAIRS),
    "pair-sources": Column("<u1", 0, MOST_PAIRS),
    "source-keys": Column("<u8", 0, MOST_PAIRS * MOST_SOURCES),
    "source-documents": Column("<u8", 0, MOST_PAIRS * MOST_SOURCES),
}
"""All columns, in the order in which they are saved.

A line and a pair of lines are rows of the columns that are named for them; the sources of the pairs
stand one after the other, as many for each pair as ``pair-sources`` says.
"""

_KEYS = ("passages", "line-keys", "pair-keys")
_COUNTS = ("line-documents", "line-times", "pair-documents", "pair-edges", "source-documents")


def columns_of(stats: CorpusStats, counts: LineCounts) -> Columns:
    """Return the columns; what is equal has equal columns."""
    line_keys, pair_keys = sorted(counts.lines), sorted(counts.pairs)
    lines = [counts.lines[key] for key in line_keys]
    pairs = [counts.pairs[key] for key in pair_keys]
    sources = [source for pair in pairs for source in pair.sources]
    values: dict[str, npt.NDArray[Any] | Sequence[int]] = {
        "words": stats.glue.words.counts.reshape(-1),
        "passages": stats.glue.passages.keys,
        "sketch": stats.sketch.counts.reshape(-1),
        "line-keys": line_keys,
        "line-documents": [line.documents for line in lines],
        "line-times": [line.times for line in lines],
        "pair-keys": pair_keys,
        "pair-firsts": [pair.lines[0] for pair in pairs],
        "pair-seconds": [pair.lines[1] for pair in pairs],
        "pair-documents": [pair.documents for pair in pairs],
        "pair-edges": [pair.edges for pair in pairs],
        "pair-sources": [len(pair.sources) for pair in pairs],
        "source-keys": [place for place, _, _ in sources],
        "source-documents": [held for _, held, _ in sources],
    }
    return {name: np.asarray(values[name], column.dtype) for name, column in COLUMNS.items()}


def stats_of(columns: Columns, documents: int, line_documents: int) -> CorpusStats:
    """Return what a first look at a corpus of so many documents has taught."""
    words = columns["words"].astype(np.uint8, copy=False).reshape(vocabulary.SHAPE)
    passages = columns["passages"].astype(np.uint64, copy=False)
    counts = columns["sketch"].astype(np.uint32, copy=False).reshape(sketch.SHAPE)
    glue = GlueTables(WordCounts(words), Passages(passages))
    return CorpusStats(documents, glue, LineSketch(line_documents, counts))


def counts_of(columns: Columns, line_documents: int) -> LineCounts:
    """Return the counts of lines; of how large the sources are, the sketch tells."""
    lines = {
        key: LineCount(documents, times, "")
        for key, documents, times in _rows(columns, "line-keys", "line-documents", "line-times")
    }
    sources = ((key, held, 0) for key, held in _rows(columns, "source-keys", "source-documents"))
    pairs = {
        key: PairCount((first, second), documents, edges, tuple(islice(sources, number)))
        for key, first, second, documents, edges, number in _rows(
            columns,
            "pair-keys",
            "pair-firsts",
            "pair-seconds",
            "pair-documents",
            "pair-edges",
            "pair-sources",
        )
    }
    return LineCounts(line_documents, lines, pairs)


def _rows(columns: Columns, *names: str) -> Iterator[tuple[int, ...]]:
    return zip(*(columns[name].tolist() for name in names), strict=True)


def problem_of(columns: Columns) -> str:
    """Return what is wrong with columns that anybody may have written; "" where nothing is."""
    for name in _KEYS:
        keys = columns[name]
        if not (keys[1:] > keys[:-1]).all():
            return f"the keys in {name} are not in order"
    for name in _COUNTS:
        if len(columns[name]) and columns[name].max() > MOST_DOCUMENTS:
            return f"a count in {name} is too large"
    for rows in ("line", "pair", "source"):
        sizes = {len(column) for name, column in columns.items() if name.startswith(f"{rows}-")}
        if len(sizes) > 1:
            return f"the columns of a {rows} differ in length"
    numbers = columns["pair-sources"]
    if len(numbers) and numbers.max() > MOST_SOURCES:
        return "a pair has too many sources"
    if numbers.sum(dtype=np.int64) != len(columns["source-keys"]):
        return "there are not as many sources as the pairs have"
    return ""


def within_bounds(counts: LineCounts) -> LineCounts:
    """Return the counts that a model holds: no text of the corpus, and no more than the bounds."""
    lines = {
        key: LineCount(counts.lines[key].documents, counts.lines[key].times, "")
        for key in _least(counts.lines, MOST_LINES)
    }
    pairs = {key: counts.pairs[key] for key in _least(counts.pairs, MOST_PAIRS)}
    return LineCounts(counts.documents, lines, pairs)


def _least(keys: Mapping[int, Any], most: int) -> Sequence[int]:
    return sorted(keys)[:most]
