"""How often Python looks for garbage in cycles, in the processes that are this program's own."""

from __future__ import annotations

import gc

# Texts are read into many small objects and hardly any cycles: by Python's own thresholds looking
# takes a fifth of the time of cleaning, by these a hundredth, and memory stays the same.
_THRESHOLDS = (200_000, 50, 1000)


def collect_rarely() -> None:
    """Look for garbage in cycles more rarely."""
    gc.set_threshold(*_THRESHOLDS)
