"""What is decided on units: the copies, each with what stands for it, and the parts of others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Decisions:
    """The units that are duplicates, by rising unit number; shape (m,) each.

    `units` and `survivors`: int64, unit numbers in the order in which units were added; `kinds`:
    uint16, the number of the rule (401, 402, 411, 412); `similarities`: float64, Jaccard similarity
    of the shingle sets (1.0 for exact copies). `verified`: how many pairs were held against each
    other.
    """

    units: npt.NDArray[np.int64]
    survivors: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.uint16]
    similarities: npt.NDArray[np.float64]
    verified: int = 0

    def taken(self, chosen: npt.NDArray[np.bool_]) -> Decisions:
        """Return some of them."""
        return Decisions(
            self.units[chosen], self.survivors[chosen], self.kinds[chosen],
            self.similarities[chosen], self.verified,
        )  # fmt: skip

    def and_also(self, more: Decisions) -> Decisions:
        """Return these and more, on other units."""
        units = np.concatenate([self.units, more.units])
        order = np.argsort(units, kind="stable")
        return Decisions(
            units[order],
            np.concatenate([self.survivors, more.survivors])[order],
            np.concatenate([self.kinds, more.kinds])[order],
            np.concatenate([self.similarities, more.similarities])[order],
            self.verified,
        )


def no_decisions() -> Decisions:
    """Return decisions on no unit."""
    none = np.empty(0, dtype=np.int64)
    return Decisions(none, none, none.astype(np.uint16), np.empty(0))


@dataclass(frozen=True)
class Contained:
    """The kept units that stand inside a longer kept unit, by rising unit number; shape (m,) each.

    `shares`: float64, the part of the unit's shingles that its container has.
    """

    units: npt.NDArray[np.int64]
    containers: npt.NDArray[np.int64]
    shares: npt.NDArray[np.float64]
