"""What stands around each line: shifted values, distances, and sums over windows of lines."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

_WINDOWS = (2, 5, 10, 25, 60)
_FAR = 10_000


def scale(counts: Ints) -> Ints:
    """Return counts on a scale of half powers of two."""
    scaled: Ints = np.floor(2 * np.log2(counts + 1.0) + 1e-9).astype(np.int64)
    return scaled


def distances(masks: npt.NDArray[np.generic]) -> Ints:
    """Return how far the last and the next line of each mask is, shape (2 * masks, lines)."""
    lines = masks.shape[1]
    place = np.arange(lines)
    last = np.maximum.accumulate(np.where(masks != 0, place, -_FAR), axis=1)
    following = np.minimum.accumulate(np.where(masks != 0, place, _FAR + lines)[:, ::-1], axis=1)
    since = place - shifted(last, -1, -_FAR)
    until = shifted(following[:, ::-1], 1, _FAR + lines) - place
    return scale(np.minimum(np.concatenate((since, until)), _FAR))


def shifted(rows: Ints, shift: int, missing: int = -1) -> Ints:
    """Return at each line the values of the line `shift` lines on."""
    out = np.full_like(rows, missing)
    if abs(shift) >= rows.shape[1]:
        return out
    if shift > 0:
        out[:, :-shift] = rows[:, shift:]
    else:
        out[:, -shift:] = rows[:, :shift]
    return out


def _sums(rows: Ints) -> Ints:
    sums = np.zeros((rows.shape[0], rows.shape[1] + 1), dtype=np.int64)
    np.cumsum(rows, axis=1, out=sums[:, 1:])
    return sums


def windows(rows: Ints) -> list[Ints]:
    """Return the sums of `rows` over the lines before, and after, in windows of five widths."""
    sums, place = _sums(rows), np.arange(rows.shape[1])
    parts = []
    for width in _WINDOWS:
        parts.append(sums[:, place] - sums[:, np.maximum(place - width, 0)])
        high = np.minimum(place + width + 1, rows.shape[1])
        parts.append(sums[:, high] - sums[:, place + 1])
    return parts


def means(values: Ints, heavy: Ints) -> list[Ints]:
    """Return means by words over the lines before, after and around, and the whole document."""
    sums, place = _sums(np.stack([values, heavy])), np.arange(len(values))
    parts = []
    for width in (3, 8, 20):
        low = np.maximum(place - width, 0)
        high = np.minimum(place + width + 1, len(values))
        for first, last in ((low, place), (place + 1, high), (low, high)):
            total = sums[:, last] - sums[:, first]
            parts.append((total[0] // np.maximum(total[1], 1))[None, :])
    parts.append(np.full((1, len(values)), sums[0, -1] // max(int(sums[1, -1]), 1) // 8))
    return parts
