"""A second look at pairs whose hashes do not say enough: damaged copies, and parts of texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from cleaner.dedup import rules
from cleaner.dedup.damage import is_damaged_copy, is_part
from cleaner.dedup.decisions import Contained, Decisions
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.essence import DAMAGE_SHIFT

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Texts = Callable[[Ints], Iterable[str | None]]

# So many pairs are looked at once more, whether one of the two is only damaged.
_MOST_LOOKS = 20_000

# A text that was cut off has so few shingles that the whole one has not.
_CUT_SHINGLES = 6


def damaged_copies(
    variants: Decisions, found: Decisions, deduplicator: Deduplicator, texts: Texts, *, best: bool
) -> Bools:
    """Return which of the variants differ from what is kept only by damage.

    `found` are the copies known, `texts` gives the text of each of some units, which rise.
    """
    words = deduplicator.unit_words().astype(np.int64)
    more = np.zeros(len(variants.units), dtype=bool)
    if best:
        damage = deduplicator.flaws() >> DAMAGE_SHIFT
        more = damage[variants.units] > damage[variants.survivors]
    own, other = words[variants.units], words[variants.survivors]
    cut = own < other
    cut &= variants.similarities * (other + _CUT_SHINGLES) >= own - 4 - _CUT_SHINGLES
    # What stands for near-copies of its own, which were not held against the other text, stays.
    near = found.kinds >= rules.NEAR_IN_FILE
    chosen = (more | cut) & ~np.isin(variants.units, found.survivors[near])
    pairs = np.flatnonzero(chosen)
    pairs = np.sort(pairs[np.argsort(~more[pairs], kind="stable")][:_MOST_LOOKS])
    answer = np.zeros(len(variants.units), dtype=bool)
    answer[pairs] = _held(variants.units[pairs], variants.survivors[pairs], texts, is_damaged_copy)
    return answer


def certain_parts(
    inside: Contained, found: Decisions, least_words: int, deduplicator: Deduplicator, texts: Texts
) -> Bools:
    """Return which contained units have `least_words` and stand in the other one word for word."""
    answer = deduplicator.unit_words()[inside.units] >= least_words
    answer &= ~np.isin(inside.units, found.survivors)
    pairs = np.flatnonzero(answer)
    answer[pairs] = _held(inside.units[pairs], inside.containers[pairs], texts, is_part)
    return answer


def with_damaged(found: Decisions, damaged: Decisions) -> Decisions:
    """Return decisions with those on `damaged` copies; their own copies go with them."""
    if not len(damaged.units):
        return found
    survivors, similarities = found.survivors.copy(), found.similarities.copy()
    at = np.minimum(np.searchsorted(damaged.units, survivors), len(damaged.units) - 1)
    moved = damaged.units[at] == survivors
    survivors[moved] = damaged.survivors[at[moved]]
    similarities[moved] = damaged.similarities[at[moved]]
    kinds = np.where(moved, np.uint16(rules.NEAR_ACROSS), found.kinds)
    near = np.full(len(damaged.units), rules.NEAR_ACROSS, dtype=np.uint16)
    moved_found = replace(found, survivors=survivors, kinds=kinds, similarities=similarities)
    return moved_found.and_also(replace(damaged, kinds=near))


def _held(
    units: Ints, others: Ints, texts: Texts, question: Callable[[str, str], bool]
) -> list[bool]:
    """Return the answers to a question about the texts of some units and others."""
    wanted = np.unique(np.concatenate([units, others]))
    known = dict(zip(wanted.tolist(), texts(wanted), strict=True))
    answers = []
    for unit, other in zip(units.tolist(), others.tolist(), strict=True):
        one, two = known[unit], known[other]
        answers.append(one is not None and two is not None and question(one, two))
    return answers
