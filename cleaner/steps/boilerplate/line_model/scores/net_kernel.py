# mypy: ignore-errors
"""The inputs of the line model's net: features and vectors side by side."""

from __future__ import annotations

import cython
from cython.cimports.libc.math import sqrt

from cleaner.core.kernels import takes_arrays


@takes_arrays
def embed(
    table: cython.const[cython.uchar][:, ::1],
    numbers: cython.const[cython.longlong][::1],
    word_ends: cython.const[cython.longlong][::1],
    places: cython.const[cython.longlong][::1],
    word_vectors: cython.const[cython.schar][:, ::1],
    edge_vectors: cython.const[cython.schar][:, ::1],
    shape_places: cython.const[cython.longlong][::1],
    shape_vectors: cython.const[cython.schar][:, ::1],
    out: cython.float[:, ::1],
) -> None:
    """Write the inputs of the first layer, (lines, inputs): features, then vectors.

    The vectors are whole numbers from -127 to 127: of a line's words, summed and divided by the
    root of their number; of its first and its last word, half an edge vector each; of its shape.
    Row 0 of the vectors is that of what is unknown; ``places`` are those of the different words
    among the words that have vectors, ``shape_places`` those of the lines' shapes, -1 for the
    others.
    """
    wide: cython.Py_ssize_t = word_vectors.shape[1]
    edge: cython.Py_ssize_t = edge_vectors.shape[1] // 2
    deep: cython.Py_ssize_t = shape_vectors.shape[1]
    features: cython.Py_ssize_t = table.shape[1]
    line: cython.Py_ssize_t
    at: cython.Py_ssize_t
    word: cython.Py_ssize_t
    row: cython.Py_ssize_t
    begin: cython.Py_ssize_t = 0
    end: cython.Py_ssize_t
    first: cython.Py_ssize_t
    last: cython.Py_ssize_t
    root: cython.longlong
    value: cython.longlong
    with cython.nogil:
        for line in range(table.shape[0]):
            for at in range(features):
                out[line, at] = table[line, at]
            end = word_ends[line]
            for at in range(wide):
                out[line, features + at] = 0
            for word in range(begin, end):
                row = places[numbers[word]] + 1
                for at in range(wide):
                    out[line, features + at] += word_vectors[row, at]
            root = cython.cast(cython.longlong, sqrt(4096.0 * max(end - begin, 1)))
            for at in range(wide):
                value = cython.cast(cython.longlong, out[line, features + at]) * 64
                # Rounded down, as the interpreter divides.
                value = value // root if value >= 0 else -((-value + root - 1) // root)
                out[line, features + at] = max(min(value, 127), -127)
            first = places[numbers[begin]] + 1 if begin < end else 0
            last = places[numbers[end - 1]] + 1 if begin < end else 0
            for at in range(edge):
                out[line, features + wide + at] = edge_vectors[first, at]
                out[line, features + wide + edge + at] = edge_vectors[last, edge + at]
            row = shape_places[line] + 1
            for at in range(deep):
                out[line, features + wide + 2 * edge + at] = shape_vectors[row, at]
            begin = end
