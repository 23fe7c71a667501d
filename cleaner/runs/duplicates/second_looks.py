"""A second look at pairs whose hashes do not say enough: damaged copies, and parts of texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from cleaner.dedup import rules
from cleaner.dedup.decisions import Decisions
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.text.damage import is_damaged_copy, is_part, looks_damaged
from cleaner.dedup.text.essence import DAMAGE_SHIFT

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Texts = Callable[[Ints], Iterable[str | None]]

# So many pairs are looked at once more, whether one of the two is only damaged.
_MOST_LOOKS = 20_000

# Of the shingles of a text that was cut off in a word the whole one lacks the last, no more.
_CUT_SHINGLES = 1.5


def damaged_copies(
    variants: Decisions, found: Decisions, deduplicator: Deduplicator, texts: Texts, *, best: bool
) -> Bools:
    """Return which of the variants differ from what is kept only by damage.

    `found` are the copies known, `texts` gives the text of each of some units, which rise.
    """
    words = deduplicator.unit_words()
    more = np.zeros(len(variants.units), dtype=bool)
    if best:
        damage = deduplicator.flaws() >> DAMAGE_SHIFT
        more = damage[variants.units] > damage[variants.survivors]
    own, other = (
        np.maximum(words[units].astype(np.float64) - (deduplicator.config.shingle - 1), 1.0)
        for units in (variants.units, variants.survivors)
    )
    shared = variants.similarities * (own + other) / (1.0 + variants.similarities)
    cut = (own < other) & (shared >= own - _CUT_SHINGLES)
    # What stands for near-copies of its own, which were not held against the other text, stays.
    near = found.kinds >= rules.NEAR_IN_FILE
    chosen = (more | cut) & ~np.isin(variants.units, found.survivors[near])
    pairs = np.flatnonzero(chosen)
    pairs = np.sort(pairs[np.argsort(~more[pairs], kind="stable")][:_MOST_LOOKS])
    answer = np.zeros(len(variants.units), dtype=bool)
    own_texts = dict(zip(variants.units[pairs].tolist(), texts(variants.units[pairs]), strict=True))
    pairs = pairs[[looks_damaged(text or "") for text in own_texts.values()]]
    others = _read(variants.survivors[pairs], texts)
    for pair in pairs.tolist():
        one, two = own_texts[int(variants.units[pair])], others[int(variants.survivors[pair])]
        answer[pair] = one is not None and two is not None and is_damaged_copy(one, two)
    return answer


def certain_parts(
    units: Ints,
    containers: Ints,
    found: Decisions,
    least_words: int,
    words: npt.NDArray[np.uint32],
    texts: Texts,
) -> Bools:
    """Return which contained units have `least_words` and stand in the other one word for word."""
    asked = (words[units] >= least_words) & ~np.isin(units, found.survivors)
    return _are_parts(units, containers, asked, texts)


def with_parts(found: Decisions, parts: Decisions, texts: Texts) -> tuple[Decisions, Decisions]:
    """Return decisions with those on `parts` of other units, and the parts that stay.

    What others are copies of goes only if its container holds these word for word as well, and
    takes them along: were it held back for them, the next run would find it, for they are gone.
    """
    if not len(parts.units):
        return found, parts
    gone, at = _places(parts.survivors, found.units)
    if gone.any():
        parts = replace(parts, survivors=np.where(gone, found.survivors[at], parts.survivors))
    containers = parts.survivors
    # What goes itself stands for nothing.
    asked = ~np.isin(parts.units, found.units) & ~np.isin(containers, parts.units)
    goes = _are_parts(parts.units, containers, asked, texts)
    depends, at = _places(found.survivors, parts.units)
    near = depends & (found.kinds >= rules.NEAR_IN_FILE) & goes[at]
    goes[at[near & ~_are_parts(found.units, containers[at], near, texts)]] = False
    moved = depends & goes[at]
    found = replace(
        found,
        survivors=np.where(moved, containers[at], found.survivors),
        kinds=np.where(moved, parts.kinds[at], found.kinds),
        similarities=np.where(moved, parts.similarities[at], found.similarities),
    )
    return found.and_also(parts.taken(goes)), parts.taken(~goes)


def with_damaged(found: Decisions, damaged: Decisions) -> Decisions:
    """Return decisions with those on `damaged` copies; their own copies go with them."""
    if not len(damaged.units):
        return found
    moved, at = _places(found.survivors, damaged.units)
    survivors = np.where(moved, damaged.survivors[at], found.survivors)
    similarities = np.where(moved, damaged.similarities[at], found.similarities)
    kinds = np.where(moved, np.uint16(rules.NEAR_ACROSS), found.kinds)
    near = np.full(len(damaged.units), rules.NEAR_ACROSS, dtype=np.uint16)
    moved_found = replace(found, survivors=survivors, kinds=kinds, similarities=similarities)
    return moved_found.and_also(replace(damaged, kinds=near))


def _places(units: Ints, among: Ints) -> tuple[Bools, Ints]:
    """Return which units stand `among` some others, which rise, and at what place there."""
    if not len(among):
        return np.zeros(len(units), dtype=bool), np.zeros(len(units), dtype=np.int64)
    at = np.minimum(np.searchsorted(among, units), len(among) - 1)
    return among[at] == units, at


def _are_parts(units: Ints, others: Ints, asked: Bools, texts: Texts) -> Bools:
    """Return which of the units that are `asked` about stand in the other one word for word."""
    answer = np.zeros(len(units), dtype=bool)
    pairs = np.flatnonzero(asked)
    known = _read(np.concatenate([units[pairs], others[pairs]]), texts)
    for pair in pairs.tolist():
        text, other = known[int(units[pair])], known[int(others[pair])]
        answer[pair] = text is not None and other is not None and is_part(text, other)
    return answer


def _read(units: Ints, texts: Texts) -> dict[int, str | None]:
    """Return the text of each of some units."""
    wanted = np.unique(units)
    return dict(zip(wanted.tolist(), texts(wanted), strict=True))
