"""Bands: how many rows and bands find the pairs at a threshold, and the S-curve.

Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4: two sets of similarity ``s`` share
at least one of ``b`` bands of ``r`` rows with probability ``1 - (1 - s**r)**b``.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

RECALL = 0.999


class Bands(NamedTuple):
    """How a signature is cut: `bands` bands of `rows` rows each."""

    bands: int
    rows: int

    def probability(self, similarity: float) -> float:
        """Return the probability that a pair of this similarity becomes a candidate.

        >>> round(Bands(18, 5).probability(0.8), 4)
        0.9992
        """
        return float(1.0 - (1.0 - similarity**self.rows) ** self.bands)


@functools.lru_cache(maxsize=16)
def choose_bands(threshold: float, *, permutations: int = 128, recall: float = RECALL) -> Bands:
    """Return the most selective bands that find a pair at `threshold` with probability `recall`.

    Most rows first (fewest false candidates), then fewest bands. Below about 0.053 no choice
    reaches 0.999 with 128 permutations; then every row is a band of its own.

    >>> choose_bands(0.8)
    Bands(bands=18, rows=5)
    >>> choose_bands(0.01)
    Bands(bands=128, rows=1)
    """
    for rows in range(permutations, 0, -1):
        for bands in range(1, permutations // rows + 1):
            if Bands(bands, rows).probability(threshold) >= recall:
                return Bands(bands, rows)
    return Bands(permutations, 1)


def s_curve(bands: Bands, steps: int = 20) -> list[tuple[float, float]]:
    """Return (similarity, probability of becoming a candidate) at even steps from 0 to 1.

    >>> s_curve(Bands(18, 5), 2)[2]
    (1.0, 1.0)
    """
    return [(step / steps, bands.probability(step / steps)) for step in range(steps + 1)]


def plan_text(bands: Bands, threshold: float) -> str:
    """Return the plan and its S-curve for a person to read."""
    lines = [
        f"{bands.bands} bands of {bands.rows} rows; a pair at the threshold {threshold:g} becomes "
        f"a candidate with probability {bands.probability(threshold):.6f}",
        "similarity  probability",
    ]
    for similarity, probability in s_curve(bands):
        bar = "#" * round(40 * probability)
        lines.append(f"      {similarity:.2f}     {probability:.6f}  {bar}".rstrip())
    return "\n".join(lines)
