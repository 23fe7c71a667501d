"""The line model: a small net over the lines of a text, a forest, and an offset for the text."""

from __future__ import annotations

import functools
import io
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.steps.boilerplate.line_model.columns import FEATURES, TOP
from cleaner.steps.boilerplate.line_model.features import (
    Lexicon,
    Vectors,
    counts_of,
    extract_features,
    inputs,
)
from cleaner.steps.boilerplate.line_model.scores.calibration import Offset, offset_of
from cleaner.steps.boilerplate.line_model.scores.forest import Forest, forest_scores

CODE = "BOI390"
DILATIONS = (1, 2, 4, 8, 16)
POOLED_AFTER = (1, 4)
SWEPT_AFTER = 2
MOST_APART = 2.5

_FILE = "boilerplate_lines.npz"
_BLOCK = 512
_MARGIN = max(DILATIONS)
_HALF = np.float32(0.5)

Floats = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]


class Layer(NamedTuple):
    """A layer of each member: whole-numbered weights, scale and bias of each output.

    Shapes (members, inputs, outputs), (members, outputs) and (members, outputs).
    """

    weights: Floats
    scale: Floats
    bias: Floats


class LineModel(NamedTuple):
    """The words that the features know, the vectors, the layers by name, forest and offset."""

    lexicon: Lexicon
    vectors: Vectors
    layers: dict[str, Layer]
    forest: Forest
    offset: Offset


@functools.cache
def packaged_model() -> LineModel:
    """Return the model that comes with the package."""
    data = (resources.files("cleaner") / "data" / _FILE).read_bytes()
    return read_model(data)


def read_model(data: bytes) -> LineModel:
    """Return the model in the bytes of an .npz file (no pickled objects)."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        lexicon = Lexicon(**{name: arrays[name] for name in Lexicon._fields})
        vectors = Vectors(**{name: arrays[name] for name in Vectors._fields})
        forest = Forest(**{name: arrays[f"forest_{name}"] for name in Forest._fields})
        offset = Offset(**{name: arrays[f"offset_{name}"] for name in Offset._fields})
        layers = {}
        for name in [n.removesuffix("_weights") for n in arrays if n.endswith("_weights")]:
            weights = arrays[f"{name}_weights"].astype(np.float32)
            shape = len(weights), -1
            scale, bias = arrays[f"{name}_scale"], arrays[f"{name}_bias"]
            layers[name] = Layer(weights, scale.reshape(shape), bias.reshape(shape))
    layers["form"] = _spread(layers["form"], vectors)
    return LineModel(lexicon, vectors, layers, forest, offset)


def _spread(form: Layer, vectors: Vectors) -> Layer:
    """Return the first layer over the inputs of all members; those of others have no weight."""
    members, _, outputs = form.weights.shape
    edges = vectors.edge_vectors.shape[1] // 2
    widths = [vectors.word_vectors.shape[1], edges, edges, vectors.shape_vectors.shape[1]]
    whole = np.zeros((members, FEATURES + sum(widths), outputs), dtype=np.float32)
    whole[:, :FEATURES] = form.weights[:, :FEATURES]
    row = own = FEATURES
    for width in widths:
        each = width // members
        for member in range(members):
            first = row + member * each
            whole[member, first : first + each] = form.weights[member, own : own + each]
        row += width
        own += each
    return form._replace(weights=whole)


def line_scores(lines: list[str], model: LineModel | None = None) -> Scores:
    """Return for each of `lines` (none blank) the log-odds that it is text, shape (lines,).

    It is the mean of what the net says and the forest, which are wrong on different lines; a
    forest that is far from the net counts as less far, since it errs on text unlike any it knows.
    To all of them is added what the scores say of the text as a whole (`offset_of`).

    The net in turn is the mean of several, the members. A line's features and words become a state,
    to which layers add what the whole text and the lines around say: convolutions with gaps that
    double, as in Yu and Koltun, "Multi-scale context aggregation by dilated convolutions" (ICLR
    2016), section 3.

    States are whole numbers up to 127 and so are weights, hence every sum of products is below
    2**24 and exact in float32, in whatever order it is taken: the scores are the same everywhere.
    """
    if not lines:
        return np.zeros(0)
    model = model or packaged_model()
    layers = model.layers
    sight = extract_features(lines, model.lexicon)
    seen, places = inputs(sight, model.vectors)
    states = _States(len(lines), layers["form"].bias.shape)
    for low in range(0, len(lines), _BLOCK):
        states.add(layers["form"], seen[None, low : low + _BLOCK], low)
    states.add_pooled(layers["page"])
    for number, gap in enumerate(DILATIONS):
        states.add_near(layers[f"near{number}"], gap)
        if number == SWEPT_AFTER:
            states.add_swept(layers["swept"])
        if number in POOLED_AFTER:
            states.add_pooled(layers[f"page{number}"])
    by_net = states.judged(layers["judge"], layers["score"])
    by_forest = forest_scores(sight, places, model.forest)
    found = by_net + np.clip(by_forest - by_net, -MOST_APART, MOST_APART) / 2
    return found + offset_of(found, counts_of(sight), model.offset)


class _States:
    """The states of the lines of a text by member, with lines of zeros before and after it."""

    def __init__(self, lines: int, shape: tuple[int, ...]) -> None:
        self._lines = lines
        self._members, self._width = shape
        self._stride = lines + 2 * _MARGIN
        self._all = np.zeros((self._members, self._stride, self._width), dtype=np.float32)
        self._next = np.zeros_like(self._all)

    def _at(self, low: int, shift: int = 0) -> Floats:
        """Return the states of the block that begins at `low`, or of the lines `shift` from it."""
        high = min(low + _BLOCK, self._lines)
        return self._all[:, _MARGIN + low + shift : _MARGIN + high + shift]

    def add(self, layer: Layer, block: Floats, low: int, out: Floats | None = None) -> None:
        """Add to the states from line `low` on what the layer makes of its inputs."""
        more = block @ layer.weights
        more *= layer.scale[:, None]
        more += layer.bias[:, None] + _HALF
        np.floor(more, out=more)
        np.maximum(more, 0, out=more)
        more += self._at(low)
        out = self._all if out is None else out
        high = min(low + _BLOCK, self._lines)
        np.minimum(more, TOP, out=out[:, _MARGIN + low : _MARGIN + high])

    def _own(self) -> Floats:
        """Return the states of the text's lines."""
        return self._all[:, _MARGIN : _MARGIN + self._lines]

    def add_pooled(self, layer: Layer) -> None:
        """Add to all states what the layer makes of their mean (rounded) and maximum."""
        own = self._own()
        lines = self._lines
        mean = np.floor((own.sum(axis=1, dtype=np.float64) + lines // 2) / lines)
        pooled = np.concatenate([mean.astype(np.float32), own.max(axis=1)], axis=1)
        sums = (pooled[:, None] @ layer.weights)[:, 0]
        more = np.floor(sums * layer.scale + layer.bias + _HALF)
        np.minimum(own + np.maximum(more, 0)[:, None], TOP, out=own)

    def add_near(self, layer: Layer, gap: int) -> None:
        """Add to all states what the layer makes of the lines `gap` before, at and after."""
        width = self._width
        room = np.empty((self._members, min(_BLOCK, self._lines), 3 * width), dtype=np.float32)
        for low in range(0, self._lines, _BLOCK):
            around = room[:, : self._lines - low]
            for side, shift in enumerate((-gap, 0, gap)):
                around[:, :, side * width : (side + 1) * width] = self._at(low, shift)
            self.add(layer, around, low, self._next)
        self._all, self._next = self._next, self._all

    def add_swept(self, layer: Layer) -> None:
        """Add to all states what the layer makes of the maxima before and after each line."""
        own = self._own()
        before = np.maximum.accumulate(own, axis=1)
        after = np.maximum.accumulate(own[:, ::-1], axis=1)[:, ::-1]
        swept = np.concatenate([before, after], axis=2)
        for low in range(0, self._lines, _BLOCK):
            self.add(layer, swept[:, low : low + _BLOCK], low)

    def judged(self, judge: Layer, score: Layer) -> Scores:
        """Return the mean of the log-odds that the members' last two layers give."""
        scores = np.empty(self._lines)
        for low in range(0, self._lines, _BLOCK):
            block = self._at(low)
            sums = block @ judge.weights
            views = np.floor(sums * judge.scale[:, None] + judge.bias[:, None] + _HALF)
            np.clip(views, 0, TOP, out=views)
            last = (views @ score.weights)[:, :, 0] * score.scale + score.bias
            scores[low : low + _BLOCK] = last.sum(axis=0, dtype=np.float64) / self._members
        return scores
