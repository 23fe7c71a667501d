"""The net that is trained, in PyTorch: the same layers as the line model's."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from cleaner.steps.boilerplate.line_model.columns import FEATURES, TOP
from cleaner.steps.boilerplate.line_model.features import Lexicon, LineFeatures, extract_features
from cleaner.steps.boilerplate.line_model.model import DILATIONS, POOLED_AFTER, SWEPT_AFTER

MEMBERS, WIDTH = 3, 32
WORD, EDGE, SHAPE = 12, 6, 8
INPUT_UNIT, STATE_UNIT = 32, 16
GAP = max(DILATIONS)

_DROP, _WORD_DROP, _LINE_DROP = 0.2, 0.3, 0.15
_MOST = (TOP - 0.5) / STATE_UNIT

Hashes = npt.NDArray[np.uint64]
Tensor = torch.Tensor


class Batch(NamedTuple):
    """Pages one after the other, with `GAP` empty lines after each."""

    features: Tensor
    words: Tensor
    line_of_word: Tensor
    first: Tensor
    last: Tensor
    shape: Tensor
    page: Tensor
    full: Tensor
    pages: int


def batch(pages: list[list[str]], lexicon: Lexicon, words: Hashes, shapes: Hashes) -> Batch:
    """Return the pages as the net sees them; places of words and shapes count from 1."""
    parts: list[list[npt.NDArray[np.generic]]] = [[] for _ in range(8)]
    offset = 0
    for number, lines in enumerate(pages):
        seen = extract_features(lines, lexicon)
        rows, empty = len(lines), np.zeros(GAP, dtype=np.int64)
        known = places(words, seen.words)[seen.numbers]
        first, last = _edge_words(seen, known)
        counts = np.diff(seen.word_ends, prepend=0)
        features = np.zeros((rows + GAP, FEATURES), dtype=np.float32)
        features[:rows] = seen.table.astype(np.float32) / INPUT_UNIT
        full = np.zeros(rows + GAP, dtype=np.float32)
        full[:rows] = 1
        for part, values in zip(
            parts,
            (
                features,
                known,
                np.repeat(np.arange(rows), counts) + offset,
                np.concatenate((first, empty)),
                np.concatenate((last, empty)),
                np.concatenate((places(shapes, seen.shapes), empty)),
                np.full(rows + GAP, number),
                full,
            ),
            strict=True,
        ):
            part.append(values)
        offset += rows + GAP
    return Batch(*(torch.from_numpy(np.concatenate(part)) for part in parts), len(pages))


def places(keys: Hashes, hashes: Hashes) -> npt.NDArray[np.int64]:
    """Return the place of each hash among the sorted keys, from 1; 0 for the others."""
    at = np.minimum(np.searchsorted(keys, hashes), len(keys) - 1)
    return np.where(keys[at] == hashes, at + 1, 0)


def _edge_words(
    seen: LineFeatures, known: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    begins = np.concatenate(([0], seen.word_ends[:-1]))
    has = seen.word_ends > begins
    padded = np.append(known, 0)
    return np.where(has, padded[begins], 0), np.where(has, padded[seen.word_ends - 1], 0)


class Linear(nn.Module):
    """A layer of each member: (members, lines, inputs) to (members, lines, outputs)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        bound = inputs**-0.5
        self.weight = nn.Parameter(torch.empty(MEMBERS, inputs, outputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(MEMBERS, 1, outputs).uniform_(-bound, bound))

    def forward(self, inputs: Tensor) -> Tensor:
        """Return what the layer makes of its inputs."""
        return torch.baddbmm(self.bias, inputs, self.weight)


class Net(nn.Module):
    """Members that learn side by side: vectors of words and shapes, and layers over the lines."""

    def __init__(self, words: int, shapes: int) -> None:
        super().__init__()
        self.word_vectors = nn.Embedding(words + 1, MEMBERS * WORD)
        self.edge_vectors = nn.Embedding(words + 1, 2 * MEMBERS * EDGE)
        self.shape_vectors = nn.Embedding(shapes + 1, MEMBERS * SHAPE)
        for table in (self.word_vectors, self.edge_vectors, self.shape_vectors):
            nn.init.normal_(table.weight, 0, 0.1)
        self.form = Linear(FEATURES + WORD + 2 * EDGE + SHAPE, WIDTH)
        self.page = Linear(2 * WIDTH, WIDTH)
        self.near = nn.ModuleList(Linear(3 * WIDTH, WIDTH) for _ in DILATIONS)
        self.again = nn.ModuleDict(
            {str(number): Linear(2 * WIDTH, WIDTH) for number in POOLED_AFTER}
        )
        self.swept = Linear(2 * WIDTH, WIDTH)
        self.judge = Linear(WIDTH, WIDTH)
        self.score = Linear(WIDTH, 1)

    def forward(self, pages: Batch) -> Tensor:
        """Return the log-odds by each member of each line, empty ones too: (members, lines)."""
        full = pages.full[:, None]
        sizes = torch.zeros(pages.pages).index_add_(0, pages.page, pages.full)[:, None]
        states = torch.relu(self.form(self._inputs(pages))).clamp(max=_MOST) * full
        states = functional.dropout(states, _DROP, self.training)
        states = self._pooled(self.page, states, pages, sizes)
        for number, (layer, gap) in enumerate(zip(self.near, DILATIONS, strict=True)):
            padded = functional.pad(states, (0, 0, gap, gap))
            lines = states.shape[1]
            around = [padded[:, shift : shift + lines] for shift in (0, gap, 2 * gap)]
            more = torch.relu(layer(torch.cat(around, dim=2))) * full
            more = functional.dropout(more, _DROP, self.training)
            states = (states + more).clamp(max=_MOST)
            if number == SWEPT_AFTER:
                states = self._swept(states, pages)
            if number in POOLED_AFTER:
                states = self._pooled(self.again[str(number)], states, pages, sizes)
        views = torch.relu(self.judge(states)).clamp(max=_MOST)
        scores: Tensor = self.score(functional.dropout(views, _DROP, self.training))[:, :, 0]
        return scores

    def _swept(self, states: Tensor, pages: Batch) -> Tensor:
        """Add what the layer makes of the most that all lines before, and after, have."""
        sizes = torch.bincount(pages.page, minlength=pages.pages).tolist()
        parts = []
        for part in states.split(sizes, dim=1):
            before = part.cummax(dim=1).values
            after = part.flip(1).cummax(dim=1).values.flip(1)
            parts.append(torch.cat([before, after], dim=2))
        more = torch.relu(self.swept(torch.cat(parts, dim=1))) * pages.full[:, None]
        return (states + functional.dropout(more, _DROP, self.training)).clamp(max=_MOST)

    def _inputs(self, pages: Batch) -> Tensor:
        lines = len(pages.full)
        words, first, last, shape = (
            self._some(part) for part in (pages.words, pages.first, pages.last, pages.shape)
        )
        ones = torch.ones(len(words))
        number = torch.zeros(lines).index_add_(0, pages.line_of_word, ones)
        summed = torch.zeros(lines, MEMBERS * WORD).index_add_(
            0, pages.line_of_word, self.word_vectors(words)
        )
        edge = MEMBERS * EDGE
        parts = [
            summed / number.clamp(min=1).sqrt()[:, None],
            self.edge_vectors(first)[:, :edge],
            self.edge_vectors(last)[:, edge:],
            self.shape_vectors(shape),
        ]
        vectors = torch.cat([part.view(lines, MEMBERS, -1) for part in parts], dim=2)
        vectors = vectors.clamp(-TOP / INPUT_UNIT, TOP / INPUT_UNIT)
        if self.training:
            vectors = vectors * (torch.rand(lines, MEMBERS, 1) > _LINE_DROP)
        features = pages.features[:, None].expand(-1, MEMBERS, -1)
        return torch.cat([features, vectors], dim=2).transpose(0, 1)

    def _some(self, known: Tensor) -> Tensor:
        """Return the words, some of which are unknown while the net learns."""
        if not self.training:
            return known
        return torch.where(torch.rand(len(known)) > _WORD_DROP, known, 0)

    def _pooled(self, layer: nn.Module, states: Tensor, pages: Batch, sizes: Tensor) -> Tensor:
        shape = (MEMBERS, pages.pages, WIDTH)
        mean = torch.zeros(shape).index_add_(1, pages.page, states) / sizes
        where = pages.page[None, :, None].expand(MEMBERS, -1, WIDTH)
        most = torch.zeros(shape).scatter_reduce_(1, where, states, "amax")
        more = torch.relu(layer(torch.cat([mean, most], dim=2))).clamp(max=_MOST)
        return (states + more[:, pages.page] * pages.full[:, None]).clamp(max=_MOST)


def exported(net: Net) -> dict[str, npt.NDArray[np.generic]]:
    """Return the net in whole numbers: the arrays that `read_model` reads."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for name in ("word_vectors", "edge_vectors", "shape_vectors"):
        table = getattr(net, name).weight.detach().numpy()
        arrays[name] = np.clip(np.rint(table * INPUT_UNIT), -TOP, TOP).astype(np.int8)
    layers = {
        "form": (net.form, INPUT_UNIT),
        "page": (net.page, STATE_UNIT),
        "swept": (net.swept, STATE_UNIT),
        "judge": (net.judge, STATE_UNIT),
        **{f"page{number}": (layer, STATE_UNIT) for number, layer in net.again.items()},
        **{f"near{number}": (layer, STATE_UNIT) for number, layer in enumerate(net.near)},
    }
    for name, (layer, unit) in layers.items():
        _export(arrays, name, layer, unit, STATE_UNIT)
    _export(arrays, "score", net.score, STATE_UNIT, 1)
    return arrays


def _export(
    arrays: dict[str, npt.NDArray[np.generic]], name: str, layer: Linear, unit: int, out_unit: int
) -> None:
    """Add a layer: int8 weights (members, inputs, outputs), scale and bias of each output."""
    weight = layer.weight.detach().numpy()
    step = np.maximum(np.abs(weight).max(axis=1, keepdims=True), 1e-9) / TOP
    arrays[f"{name}_weights"] = np.rint(weight / step).astype(np.int8)
    arrays[f"{name}_scale"] = (step * out_unit / unit).astype(np.float32).reshape(-1)
    arrays[f"{name}_bias"] = (layer.bias.detach().numpy() * out_unit).astype(np.float32).reshape(-1)
