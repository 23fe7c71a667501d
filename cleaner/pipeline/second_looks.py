"""A second look at pairs whose hashes do not say enough: damaged copies, and parts of texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from cleaner.dedup import rules
from cleaner.dedup.damage import is_damaged_copy, is_part, looks_damaged
from cleaner.dedup.decisions import Contained, Decisions
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.essence import DAMAGE_SHIFT

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
        np.maximum(words[units].astype(np.float64) - (deduplicator.terms.shingle - 1), 1.0)
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
    inside: Contained, found: Decisions, least_words: int, deduplicator: Deduplicator, texts: Texts
) -> Bools:
    """Return which contained units have `least_words` and stand in the other one word for word."""
    answer = deduplicator.unit_words()[inside.units] >= least_words
    answer &= ~np.isin(inside.units, found.survivors)
    pairs = np.flatnonzero(answer)
    known = _read(np.concatenate([inside.units[pairs], inside.containers[pairs]]), texts)
    for pair in pairs.tolist():
        text, other = known[int(inside.units[pair])], known[int(inside.containers[pair])]
        answer[pair] = text is not None and other is not None and is_part(text, other)
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


def _read(units: Ints, texts: Texts) -> dict[int, str | None]:
    """Return the text of each of some units."""
    wanted = np.unique(units)
    return dict(zip(wanted.tolist(), texts(wanted), strict=True))
