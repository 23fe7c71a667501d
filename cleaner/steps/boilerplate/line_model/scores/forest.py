"""The forest of the line model: trees that ask the same question of all lines at each level."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.steps.boilerplate.line_model.columns import (
    FIRST_WINDOW,
    FOREST_COLUMNS,
    REACH,
    WINDOW_COLUMNS,
    WINDOWS,
)
from cleaner.steps.boilerplate.line_model.features import Ints, LineFeatures
from cleaner.steps.boilerplate.line_model.scores.forest_kernel import (
    average_window,
    vote,
    weigh_words,
)

Bytes = npt.NDArray[np.uint8]


class Forest(NamedTuple):
    """Trees as `forest_kernel.vote` takes them; a sum of leaves times ``unit`` are log-odds.

    ``evidence`` has for each word of the vectors whether it stands in text or in furniture.
    """

    evidence: npt.NDArray[np.int8]
    asked: Bytes
    shifts: Bytes
    least: Bytes
    leaves: npt.NDArray[np.int16]
    unit: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]


def forest_columns(sight: LineFeatures, places: Ints, evidence: npt.NDArray[np.int8]) -> Bytes:
    """Return what the trees see of the lines: shape (columns, places).

    Places are the lines, with `REACH` empty ones before and after them; ``places`` are those of
    the sight's words among the words that have evidence.
    """
    lines = len(sight.table)
    columns = np.zeros((FOREST_COLUMNS, lines + 2 * REACH), dtype=np.uint8)
    weigh_words(sight.table, sight.numbers, sight.word_ends, places, evidence, columns)
    at = FIRST_WINDOW
    for column in WINDOW_COLUMNS:
        for before, after in WINDOWS:
            average_window(columns, column, before, after, at)
            at += 1
    return columns


def forest_scores(sight: LineFeatures, places: Ints, forest: Forest) -> npt.NDArray[np.float64]:
    """Return the log-odds by the forest that each line is text, shape (lines,).

    Boosted oblivious trees as in Prokhorenkova et al., "CatBoost: unbiased boosting with
    categorical features" (NeurIPS 2018), section 3; leaves are whole numbers, and so their sums.
    """
    lines = len(sight.table)
    columns = forest_columns(sight, places, forest.evidence)
    sums = np.zeros(lines, dtype=np.int32)
    trees = forest.asked, forest.shifts, forest.least, forest.leaves
    vote(columns, *trees, np.empty(lines, dtype=np.uint8), sums)
    return sums * forest.unit + forest.bias
