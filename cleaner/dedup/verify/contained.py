"""Passages that stand inside a longer passage elsewhere.

Candidates share a fingerprint: the least shingle hash of each window of shingles (winnowing;
Schleimer, Wilkerson, Aiken, "Winnowing: local algorithms for document fingerprinting", SIGMOD
2003), which finds every common run of ``window + n - 1`` words. Each candidate is verified: the
share of the shorter one's distinct shingles that the longer one has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaner.dedup.verify.contain_kernel import contain, count_prints, winnow

WINDOW = 4
SHARE = 0.9
TRIES = 256
_TALLY = 1 << 24


@dataclass(frozen=True)
class Prints:
    """Fingerprints that more than one member has: uint32 hashes and int64 members, shape (p,)."""

    hashes: npt.NDArray[np.uint32]
    members: npt.NDArray[np.int64]


def fingerprints(
    shingles: npt.NDArray[np.uint32], sizes: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Return the fingerprints of units whose shingles follow each other, and how many each has."""
    ends = np.cumsum(sizes, dtype=np.int64)
    found = np.empty(len(shingles), dtype=np.uint32)
    counts = np.empty(len(sizes), dtype=np.int64)
    filled = winnow(shingles, ends - sizes, ends, WINDOW, found, counts)
    return found[:filled], counts


def shared_prints(
    pieces: Iterable[tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]],
    kept: npt.NDArray[np.bool_],
) -> Prints:
    """Return the fingerprints that stand in two or more of the `kept` members.

    `pieces` are (shingles, sizes) of consecutive members. Single fingerprints, most of them, are
    left out by a tally of hashes before anything is sorted.
    """
    tally = np.zeros(_TALLY, dtype=np.uint8)
    gathered = []
    at = 0
    for shingles, sizes in pieces:
        own = kept[at : at + len(sizes)]
        chosen = shingles[np.repeat(own, sizes)]
        hashes, counts = fingerprints(chosen, sizes[own].astype(np.int64))
        members = np.repeat(np.flatnonzero(own) + at, counts)
        count_prints(hashes, tally)
        gathered.append((hashes, members))
        at += len(sizes)
    shared = [
        (hashes[mask], members[mask])
        for hashes, members in gathered
        for mask in [tally[hashes % _TALLY] > 1]
    ]
    hashes = np.concatenate([one[0] for one in shared] or [np.empty(0, np.uint32)])
    members = np.concatenate([one[1] for one in shared] or [np.empty(0, np.int64)])
    order = np.argsort(hashes, kind="stable")  # members rise already
    hashes, members = hashes[order], members[order]
    different = np.append(True, (hashes[1:] != hashes[:-1]) | (members[1:] != members[:-1]))
    return Prints(hashes[different[: len(hashes)]], members[different[: len(hashes)]])


def find_containers(
    prints: Prints,
    members: npt.NDArray[np.int64],
    sets: npt.NDArray[np.uint32],
    starts: npt.NDArray[np.int64],
    sizes: npt.NDArray[np.int64],
    fixed: npt.NDArray[np.bool_],
    groups: npt.NDArray[np.int64],
    share: float = SHARE,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the container of each of `members` (its place among them; -1: none) and the share.

    `members` are those in `prints`, rising; the other arrays go by place: `sets` distinct sorted
    shingles, `fixed` not to be looked up, `groups` what a container must have in common. A member
    that is contained itself contains no other.
    """
    place = np.searchsorted(members, prints.members)
    new = np.append(True, prints.hashes[1:] != prints.hashes[:-1])[: len(prints.hashes)]
    number = np.cumsum(new) - 1
    frequency = np.bincount(number) if len(number) else np.empty(0, np.int64)
    rooms = np.append(0, np.cumsum(frequency)).astype(np.int64)
    by_member = np.lexsort((number, frequency[number], place))
    places = np.zeros(len(members) + 1, dtype=np.int64)
    np.cumsum(np.bincount(place, minlength=len(members)), out=places[1:])
    containers = np.full(len(members), -1, dtype=np.int64)
    shares = np.zeros(len(members))
    order = np.lexsort((np.arange(len(members)), -sizes))
    contain(
        order, fixed.view(np.uint8), groups, places, number[by_member], rooms, place,
        np.full(len(members), -1, dtype=np.int64), sets, starts, sizes, share, TRIES,
        containers, shares,
    )  # fmt: skip
    return containers, shares
