"""The offset that a text's lines get, fitted on scores by models that have not seen the page."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.steps.boilerplate.line_model.scores.calibration import (
    OFFSET_UNIT,
    STATISTICS,
    Offset,
    statistics,
)

_THRESHOLD, _COST, _SMALLER = -1.04, 12.0, 0.003
_TRIED = np.arange(-3.0, 3.01, 0.25)
_RIDGE, _WIDEST = 10.0, 2.5

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Judged(NamedTuple):
    """Lines of a page: log-odds, words as the model counts and in all, and labels."""

    scores: Floats
    words: Ints
    counts: Ints
    labels: npt.NDArray[np.int8]


def fit_offset(pages: list[Judged]) -> Offset:
    """Return the offset nearest to what would have been best for each page (ridge regression).

    A lost word of text costs as much as twelve of boilerplate that stay.
    """
    told = np.stack([statistics(page.scores, page.words) for page in pages]).astype(np.float64)
    mean, spread = told.mean(axis=0), told.std(axis=0) + 1e-6
    least, most = np.rint(mean - _WIDEST * spread), np.rint(mean + _WIDEST * spread)
    seen = (np.clip(told, least, most) - mean) / spread
    best, gains = zip(*(_best(page) for page in pages), strict=True)
    rows = np.column_stack([seen, np.ones(len(seen))])
    weighted = rows * (np.log1p(np.array(gains)) + 0.5)[:, None]
    held = _RIDGE * np.diag([1.0] * STATISTICS + [0.0])
    found = np.linalg.solve(weighted.T @ rows + held, weighted.T @ np.array(best))
    slopes = found[:-1] / spread
    whole = np.rint(slopes * OFFSET_UNIT).astype(np.int64)
    bias = np.rint((found[-1] - (slopes * mean).sum()) * OFFSET_UNIT).astype(np.int64)
    return Offset(least.astype(np.int64), most.astype(np.int64), whole, np.array(bias))


def _best(page: Judged) -> tuple[float, float]:
    """Return the offset that suits the page best, and what it gains in words."""
    text, other = page.counts * (page.labels == 1), page.counts * (page.labels == 0)
    gains = []
    for tried in _TRIED:
        gone = page.scores + tried < _THRESHOLD
        cost = _COST * text[gone].sum() + _SMALLER * abs(tried) * page.counts.sum()
        gains.append(float(other[gone].sum() - cost))
    best = int(np.argmax(gains))
    return float(_TRIED[best]), gains[best] - gains[len(_TRIED) // 2]
