"""Runs of lines: stretches of a page, and which of them stand at its head and tail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

_STRANGE = 4
_STRANGE_SHARE = 4
_MOST_STRANGE = 10
_PARTED_RUN = 5


class Run(NamedTuple):
    """Lines that follow one another, from the place `first` to the place `last`."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many lines the run has."""
        return self.last + 1 - self.first


def stretches(places: Sequence[int]) -> list[Run]:
    """Return the runs that `places` (in order) make up.

    >>> stretches([1, 2, 5])
    [Run(first=1, last=2), Run(first=5, last=5)]
    """
    found = []
    first = 0
    for at in range(1, len(places) + 1):
        if at == len(places) or places[at] > places[at - 1] + 1:
            found.append(Run(places[first], places[at - 1]))
            first = at
    return found


def places_of(runs: Iterable[Run]) -> Iterator[int]:
    """Yield the places of all lines of the runs."""
    for run in runs:
        yield from range(run.first, run.last + 1)


def near_edge(runs: Iterable[Run], edge: int, ends: Callable[[int], bool]) -> list[Run]:
    """Return those of `runs`, which go inwards from `edge`, that stand near it.

    Few strange lines may stand before a run, more where there is much of the site; none for which
    `ends` says that the text begins (or ends) there. Edges are the places before the first and
    after the last line.

    >>> near_edge([Run(0, 3), Run(5, 9), Run(40, 44)], -1, lambda at: False)
    [Run(first=0, last=3), Run(first=5, last=9)]
    """
    near: list[Run] = []
    strange = taken = 0
    for run in runs:
        between = range(edge + 1, run.first) if edge < run.first else range(run.last + 1, edge)
        strange += len(between)
        if strange > min(_STRANGE + taken // _STRANGE_SHARE, _MOST_STRANGE):
            break
        if any(map(ends, between)):
            break
        near.append(run)
        taken += run.size
        edge = run.last if edge < run.first else run.first
    return near


def without_parted(runs: Iterable[Run]) -> list[Run]:
    """Return the runs, which go inwards, but for short ones that strange lines part from the first.

    Such are fields under the title of a text.

    >>> without_parted([Run(0, 5), Run(7, 8), Run(9, 13)])
    [Run(first=0, last=5), Run(first=9, last=13)]
    """
    kept: list[Run] = []
    for run in runs:
        parted = kept and max(run.first - kept[-1].last, kept[-1].first - run.last) > 1
        if not parted or run.size >= _PARTED_RUN:
            kept.append(run)
    return kept
