"""What the scores of all lines of a text say of it as a whole: an offset for each of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

STATISTICS = 10
OFFSET_UNIT = 1 << 24

_SCORE_UNIT = 64
_FARTHEST, _NEAR = 20 * _SCORE_UNIT, 2 * _SCORE_UNIT
_SHARES = (5, 25, 50, 75, 95)
_LOWEST = 4

Ints = npt.NDArray[np.int64]


class Offset(NamedTuple):
    """A weighted sum of statistics, each within its bounds; all whole numbers."""

    least: Ints
    most: Ints
    slopes: Ints
    bias: Ints


def statistics(scores: npt.NDArray[np.float64], words: Ints) -> Ints:
    """Return what there is to say of a text by its lines' log-odds and numbers of words.

    Eight times the logarithms of its lines and words; the mean log-odds by words and by lines,
    those far from 0 cut; percentiles; and how far from 0 a word is.

    >>> statistics(np.array([-1.0, 1.0, 3.0]), np.array([1, 2, 3])).tolist()
    [13, 21, 74, 42, -64, -64, 64, 64, 64, 128]
    """
    units = np.clip(np.rint(scores * _SCORE_UNIT), -_FARTHEST, _FARTHEST).astype(np.int64)
    ordered, near = np.sort(units), np.clip(units, -_NEAR, _NEAR)
    lines, total = len(units), int(words.sum())
    return np.array(
        [
            (lines**8).bit_length(),
            (total**8).bit_length(),
            int((near * words).sum()) // total,
            int(near.sum()) // lines,
            *(int(ordered[(lines - 1) * share // 100]) for share in _SHARES),
            int((np.abs(units) * words).sum()) // total,
        ],
        dtype=np.int64,
    )


def offset_of(scores: npt.NDArray[np.float64], words: Ints, offset: Offset) -> float:
    """Return what to add to the log-odds of each line, that one threshold suits all texts.

    Texts of which nearly all lines are more likely text than not, such as books, lose nothing by
    it: the offset is not below 0.
    """
    told = statistics(scores, words)
    within = np.clip(told, offset.least, offset.most)
    found = (int((within * offset.slopes).sum()) + int(offset.bias)) / OFFSET_UNIT
    return max(found, 0.0) if told[_LOWEST] > 0 else found
