"""What the line model sees of a line: its form, its words, its place; never its site."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.normalize.boilerplate import charclass
from cleaner.normalize.boilerplate.columns import COUNTS, FEATURES
from cleaner.normalize.boilerplate.native import kernels

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


class Sight(NamedTuple):
    """A text as the model sees it.

    ``table``: the features of each line, uint8, shape (lines, FEATURES), 0 to 127. ``words``: the
    hashes of its different words in the order in which they come; ``numbers``: the places among
    them of all words; ``word_ends``: the number of words up to the end of each line. ``shapes``:
    a hash of each line's shape.
    """

    table: npt.NDArray[np.uint8]
    words: Hashes
    numbers: Ints
    word_ends: Ints
    shapes: Hashes


def see(lines: list[str], lexicon: Lexicon) -> Sight:
    """Return what the model sees of `lines` (none blank, none with a line feed)."""
    codes = charclass.code_points("\n".join(lines) + "\n")
    room = len(codes) // 2 + len(lines) + 64
    words = np.empty((3, room), dtype=np.uint64)
    work = np.empty((6, room), dtype=np.int64)
    hashes = np.empty((2, len(lines)), dtype=np.uint64)
    table = np.empty((len(lines), FEATURES), dtype=np.uint8)
    sizes = np.empty(2, dtype=np.int64)
    kernels().see(
        codes,
        charclass.class_table(),
        charclass.lower_table(),
        lexicon.stop_words,
        lexicon.languages,
        lexicon.furniture,
        int(lexicon.languages.max()).bit_length(),
        np.empty(1 << (2 * room).bit_length(), dtype=np.int64),
        words,
        work,
        np.empty((3 * len(lines) + room, 4), dtype=np.int64),
        np.zeros((len(lines), COUNTS), dtype=np.int64),
        hashes,
        table,
        sizes,
    )
    found, count = sizes.tolist()
    return Sight(table, words[1, :count], work[0, :found], work[1, : len(lines)], hashes[1])


def counts_of(sight: Sight) -> Ints:
    """Return the number of words of each line, and one, so that none is without weight."""
    return np.diff(sight.word_ends, prepend=0) + 1


def inputs(sight: Sight, vectors: Vectors) -> tuple[npt.NDArray[np.float32], Ints]:
    """Return features and vectors of the lines seen, whole numbers, shape (lines, inputs).

    And for each different word its place among the words of the vectors, -1 for the others.
    """
    lines = len(sight.table)
    tables = vectors.word_vectors, vectors.edge_vectors, vectors.shape_vectors
    width = FEATURES + sum(table.shape[1] for table in tables)
    out = np.empty((lines, width), dtype=np.float32)
    places = np.empty(max(len(sight.words), lines), dtype=np.int64)
    kernels().embed(
        sight.table,
        sight.numbers,
        sight.word_ends,
        sight.words,
        sight.shapes,
        vectors.words,
        vectors.word_vectors,
        vectors.edge_vectors,
        vectors.shapes,
        vectors.shape_vectors,
        places,
        out,
    )
    return out, places[: len(sight.words)]
