"""What stands before and between the matrix products of the line model, as compiled loops.

States are whole numbers from 0 to `TOP`, of shape (members * stride, width): of each member's net
`stride` rows, of which `first` is that of the text's first line. Limits are comparisons here, since
`min` and `max` of floats, which mind what is not a number, keep a loop from being vectorized.
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
        for line in range(lines):
            row, at = member * lines + line, member * stride + first + line
            for unit in range(scale.shape[1]):
                value = np.floor(sums[row, unit] * scale[member, unit] + bias[member, unit] + half)
                value = states[at, unit] + (value if value > least else least)
                out[at, unit] = value if value < top else top


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
                most[unit] = row[unit] if row[unit] > most[unit] else most[unit]
        for unit in range(width):
            out[member, unit] = np.floor((totals[unit] + lines // 2) / lines)


@compiled
def lift(states: Any, first: Any, stride: Any, lines: Any, more: Any) -> None:
    """Add `more`, of shape (members, width), to the states of all lines, up to `TOP`."""
    top = np.float32(TOP)
    for member in range(len(more)):
        for line in range(lines):
            at = member * stride + first + line
            for unit in range(states.shape[1]):
                value = states[at, unit] + more[member, unit]
                states[at, unit] = value if value < top else top


@compiled
def sweep(states: Any, first: Any, stride: Any, lines: Any, out: Any) -> None:
    """Write the maximum up to each line, and from it on: (members * lines, 2 * width)."""
    width = states.shape[1]
    for member in range(len(states) // stride):
        begin, top, end = member * stride + first, member * lines, (member + 1) * lines - 1
        out[top, :width] = states[begin]
        out[end, width:] = states[begin + lines - 1]
        for line in range(1, lines):
            for unit in range(width):
                value, most = states[begin + line, unit], out[top + line - 1, unit]
                out[top + line, unit] = value if value > most else most
        for line in range(lines - 2, -1, -1):
            for unit in range(width):
                value, most = states[begin + line, unit], out[top + line + 1, width + unit]
                out[top + line, width + unit] = value if value > most else most
