"""The line model: a forest of symmetric trees over the features of lines, as arrays."""

from __future__ import annotations

import functools
import io
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.normalize.boilerplate.features import Lexicon, line_features, line_forms

CODE = "BOI390"

_FILE = "boilerplate_lines.npz"
_DEPTH = 6
_LINES_AT_ONCE = 512
_UNIT = 1e6

Scores = npt.NDArray[np.float64]


class Forest(NamedTuple):
    """Symmetric trees: shapes (trees * 6,), (trees * 6, 1), (trees * 64,), (trees, 1), scalar."""

    features: npt.NDArray[np.int64]
    limits: npt.NDArray[np.float32]
    leaves: npt.NDArray[np.int64]
    firsts: npt.NDArray[np.int64]
    base: int


class LineModel(NamedTuple):
    """A forest and the words that its features know."""

    forest: Forest
    lexicon: Lexicon


@functools.cache
def packaged_model() -> LineModel:
    """Return the model that comes with the package."""
    data = (resources.files("cleaner") / "data" / _FILE).read_bytes()
    return read_model(data)


def read_model(data: bytes) -> LineModel:
    """Return the model in the bytes of an .npz file (no pickled objects)."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        trees = len(arrays["features"])
        forest = Forest(
            features=arrays["features"].reshape(-1).astype(np.int64),
            limits=arrays["limits"].reshape(-1, 1),
            leaves=arrays["leaves"].reshape(-1).astype(np.int64),
            firsts=(np.arange(trees, dtype=np.int64) << _DEPTH)[:, None],
            base=int(arrays["base"]),
        )
        lexicon = Lexicon(**{name: arrays[name] for name in Lexicon._fields})
    return LineModel(forest, lexicon)


def line_scores(
    lines: list[str], marks: npt.NDArray[np.int64], model: LineModel | None = None
) -> Scores:
    """Return for each of `lines` (none blank) the log-odds that it is text, shape (lines,).

    Symmetric trees are those of Prokhorenkova et al., "CatBoost: unbiased boosting with
    categorical features" (NeurIPS 2018), section 4: all nodes of a level ask the same question,
    so a leaf's number is six comparisons read as bits. Sums are of integers, hence the same
    everywhere.
    """
    if not lines:
        return np.zeros(0)
    model = model or packaged_model()
    table = line_features(line_forms(lines, model.lexicon), marks)
    parts = [
        _forest_sums(model.forest, table[:, start : start + _LINES_AT_ONCE])
        for start in range(0, len(lines), _LINES_AT_ONCE)
    ]
    return np.concatenate(parts) / _UNIT


def _forest_sums(forest: Forest, table: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    bits = table[forest.features] > forest.limits
    shape = (-1, _DEPTH, table.shape[1])
    leaf = np.packbits(bits.reshape(shape), axis=1, bitorder="little")[:, 0, :]
    sums: npt.NDArray[np.int64] = forest.leaves[leaf + forest.firsts].sum(axis=0)
    return sums + forest.base
