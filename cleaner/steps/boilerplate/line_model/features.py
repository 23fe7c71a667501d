"""What the line model sees of a line: its form, its words, its place; never its site."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.steps.boilerplate.line_model import charclass
from cleaner.steps.boilerplate.line_model.columns import COUNTS, FEATURES
from cleaner.steps.boilerplate.line_model.features_kernel import (
    compare,
    count_repeats,
    count_stop_words,
    describe,
)
from cleaner.steps.boilerplate.line_model.lines_kernel import count_lines
from cleaner.steps.boilerplate.line_model.scores.net_kernel import embed

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]


class Lexicon(NamedTuple):
    """Words that tell a language or furniture, by hash (sorted, unique).

    ``languages`` has one bit for each language in which the word is a stop word; ``furniture``
    words stand in the packaged rules.
    """

    stop_words: Hashes
    languages: Hashes
    furniture: Hashes


class Vectors(NamedTuple):
    """What is known of words and of shapes of lines, by hash (sorted, unique).

    Row 0 of the vectors (int8) is that of whatever is unknown, the others go with ``words`` and
    ``shapes``. An edge vector is that of a line's first word and, its second half, of its last.
    """

    words: Hashes
    word_vectors: npt.NDArray[np.int8]
    edge_vectors: npt.NDArray[np.int8]
    shapes: Hashes
    shape_vectors: npt.NDArray[np.int8]


class LineFeatures(NamedTuple):
    """A text as the model sees it.

    ``table``: the features of each line, uint8, shape (lines, FEATURES), 0 to 127. ``words``: the
    hashes of its different words, rising; ``numbers``: the places among
    them of all words; ``word_ends``: the number of words up to the end of each line. ``shapes``:
    a hash of each line's shape.
    """

    table: npt.NDArray[np.uint8]
    words: Hashes
    numbers: Ints
    word_ends: Ints
    shapes: Hashes


def extract_features(lines: list[str], lexicon: Lexicon) -> LineFeatures:
    """Return what the model sees of `lines` (none blank, none with a line feed)."""
    codes = charclass.code_points("\n".join(lines) + "\n")
    count = len(lines)
    hashes = np.empty((2, count), dtype=np.uint64)
    counts = np.zeros((count, COUNTS), dtype=np.int64)
    word_ends = np.empty(count, dtype=np.int64)
    room = np.empty(len(codes) // 2 + 1, dtype=np.uint64)
    found = count_lines(
        codes, charclass.class_table(), charclass.lower_table(), counts, hashes, word_ends, room
    )
    words, numbers = np.unique(room[:found], return_inverse=True)
    spoken = places(lexicon.stop_words, words)
    tongues = np.where(spoken >= 0, lexicon.languages[spoken], np.uint64(0))
    furniture = (places(lexicon.furniture, words) >= 0).astype(np.int64)
    tally = np.zeros(int(lexicon.languages.max()).bit_length(), dtype=np.int64)
    count_stop_words(numbers, word_ends, tongues, furniture, tally, counts)
    shares = np.empty((count, 3), dtype=np.int64)
    compare(numbers, word_ends, counts, np.zeros((len(words), 4), dtype=np.int64), shares)
    table = np.empty((count, FEATURES), dtype=np.uint8)
    describe(counts, shares, _repeats(hashes[0]), _repeats(hashes[1]), numbers, word_ends, table)
    return LineFeatures(table, words, numbers, word_ends, hashes[1])


def places(keys: Hashes, hashes: Hashes) -> Ints:
    """Return for each hash its place among the sorted `keys`, -1 where it is none of them."""
    found = np.searchsorted(keys, hashes)
    found[found == len(keys)] = 0
    found[keys[found] != hashes] = -1
    return found


def _repeats(hashes: Hashes) -> Ints:
    """Return what `count_repeats` says of the lines with these hashes."""
    unique, numbers = np.unique(hashes, return_inverse=True)
    repeats = np.empty((len(hashes), 4), dtype=np.int64)
    counted = np.zeros(len(unique), dtype=np.int64)
    count_repeats(numbers, counted, np.full(len(unique), -1, dtype=np.int64), repeats)
    return repeats


def counts_of(sight: LineFeatures) -> Ints:
    """Return the number of words of each line, and one, so that none is without weight."""
    return np.diff(sight.word_ends, prepend=0) + 1


def inputs(sight: LineFeatures, vectors: Vectors) -> tuple[npt.NDArray[np.float32], Ints]:
    """Return features and vectors of the lines seen, whole numbers, shape (lines, inputs).

    And for each different word its place among the words of the vectors, -1 for the others.
    """
    lines = len(sight.table)
    tables = vectors.word_vectors, vectors.edge_vectors, vectors.shape_vectors
    width = FEATURES + sum(table.shape[1] for table in tables)
    out = np.empty((lines, width), dtype=np.float32)
    found = places(vectors.words, sight.words)
    embed(
        sight.table, sight.numbers, sight.word_ends, found, vectors.word_vectors,
        vectors.edge_vectors, places(vectors.shapes, sight.shapes), vectors.shape_vectors, out,
    )  # fmt: skip
    return out, found
