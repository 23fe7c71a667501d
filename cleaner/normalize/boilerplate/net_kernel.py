"""What stands before and between the matrix products of the line model, as compiled loops.

States are whole numbers from 0 to `TOP`, of shape (members * stride, width): of each member's net
`stride` rows, of which `first` is that of the text's first line.
"""

# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.normalize.boilerplate.columns import TOP
from cleaner.normalize.boilerplate.line_kernel import compiled, look_up


@compiled
def embed(
    table: Any,
    numbers: Any,
    word_ends: Any,
    unique: Any,
    line_shapes: Any,
    words: Any,
    word_vectors: Any,
    edge_vectors: Any,
    shapes: Any,
    shape_vectors: Any,
    places: Any,
    out: Any,
) -> None:
    """Write the inputs of the first layer, (lines, inputs): features, then vectors.

    The vectors are whole numbers from -127 to 127: of a line's words, summed and divided by the
    root of their number; of its first and its last word, half an edge vector each; of its shape.
    Row 0 of the vectors is that of what is unknown; ``places`` is room for them, over the number
    of different words and of lines.
    """
    wide, edge, lines = word_vectors.shape[1], edge_vectors.shape[1] // 2, len(table)
    features = table.shape[1]
    look_up(shapes, line_shapes, places)
    for line in range(lines):
        row = out[line, features + wide + 2 * edge :]
        vector = shape_vectors[places[line] + 1]
        for at in range(len(vector)):
            row[at] = vector[at]
    look_up(words, unique, places)
    begin = 0
    for line in range(lines):
        for at in range(features):
            out[line, at] = table[line, at]
        end = word_ends[line]
        row = out[line, features : features + wide]
        row[:] = 0
        for word in range(begin, end):
            vector = word_vectors[places[numbers[word]] + 1]
            for at in range(wide):
                row[at] += vector[at]
        root = int(np.sqrt(4096.0 * max(end - begin, 1)))
        for at in range(wide):
            row[at] = max(min(int(row[at]) * 64 // root, 127), -127)
        first = places[numbers[begin]] + 1 if begin < end else 0
        last = places[numbers[end - 1]] + 1 if begin < end else 0
        row = out[line, features + wide : features + wide + 2 * edge]
        for at in range(edge):
            row[at] = edge_vectors[first, at]
            row[edge + at] = edge_vectors[last, edge + at]
        begin = end


@compiled
def settle(
    sums: Any, scale: Any, bias: Any, states: Any, first: Any, stride: Any, out: Any
) -> None:
    """Write the states with what a layer adds to them.

    ``sums``: (members * lines, width), sums of products; times ``scale`` and plus ``bias``, both
    (members, width), they are rounded and cut to the range, and so is what they are added to.
    """
    least, half, top = np.float32(0), np.float32(0.5), np.float32(TOP)
    lines = len(sums) // len(scale)
    for member in range(len(scale)):
        factors, terms = scale[member], bias[member]
        for line in range(lines):
            row = sums[member * lines + line]
            old = states[member * stride + first + line]
            new = out[member * stride + first + line]
            for unit in range(len(factors)):
                value = np.floor(row[unit] * factors[unit] + terms[unit] + half)
                new[unit] = min(old[unit] + max(value, least), top)


@compiled
def pool(states: Any, first: Any, stride: Any, lines: Any, totals: Any, out: Any) -> None:
    """Write the mean (rounded) and the maximum of all lines: (members, 2 * width).

    ``totals``: room for the width.
    """
    width = states.shape[1]
    for member in range(len(out)):
        most = out[member, width:]
        most[:] = 0
        totals[:] = 0
        for line in range(lines):
            row = states[member * stride + first + line]
            for unit in range(width):
                totals[unit] += row[unit]
                most[unit] = max(most[unit], row[unit])
        for unit in range(width):
            out[member, unit] = np.floor((totals[unit] + lines // 2) / lines)


@compiled
def lift(states: Any, first: Any, stride: Any, lines: Any, more: Any) -> None:
    """Add `more`, of shape (members, width), to the states of all lines, up to `TOP`."""
    top = np.float32(TOP)
    for member in range(len(more)):
        added = more[member]
        for line in range(lines):
            row = states[member * stride + first + line]
            for unit in range(len(added)):
                row[unit] = min(row[unit] + added[unit], top)


@compiled
def sweep(states: Any, first: Any, stride: Any, lines: Any, out: Any) -> None:
    """Write the maximum up to each line, and from it on: (members * lines, 2 * width)."""
    width = states.shape[1]
    for member in range(len(states) // stride):
        begin = member * stride + first
        for line in range(lines):
            row, at = states[begin + line], member * lines + line
            for unit in range(width):
                most = out[at - 1, unit] if line > 0 else np.float32(0)
                out[at, unit] = max(most, row[unit])
        for line in range(lines - 1, -1, -1):
            row, at = states[begin + line], member * lines + line
            for unit in range(width):
                most = out[at + 1, width + unit] if line < lines - 1 else np.float32(0)
                out[at, width + unit] = max(most, row[unit])
