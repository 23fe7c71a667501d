"""Deduplicating whole texts: which of them go, and which are only told of."""

from __future__ import annotations

import numpy as np

from cleaner.core.settings.config import Settings
from cleaner.dedup.decisions import Decisions
from cleaner.dedup.engine import Deduplicator
from cleaner.runs.duplicates.config import CONTAINED, REMOVING, TELLING, contained_wanted
from cleaner.runs.duplicates.second_looks import Texts, damaged_copies, with_damaged, with_parts
from cleaner.runs.duplicates.spared import Spared
from cleaner.runs.rule_registry import selection_for


def choose_texts(
    deduplicator: Deduplicator, texts: Texts, settings: Settings, spared: Spared | None = None
) -> tuple[Decisions, Decisions]:
    """Return what goes and what is only told of; `texts` gives the text of each of some units.

    Texts that are `spared` by a rule stay.
    """
    spared = spared or Spared()
    acts = selection_for(settings).acts
    best = settings.dedup.survivor == "best"
    found = deduplicator.decide()
    variants = deduplicator.variants()
    damaged = damaged_copies(variants, found, deduplicator, texts, best=best)
    going = with_damaged(found, variants.taken(damaged))
    going = going.taken(~spared.holds(going.units, going.kinds))
    told = variants.taken(~damaged)
    wanted = contained_wanted(settings, acts)
    if wanted != "off":
        inside = deduplicator.contained()
        kinds = np.full(len(inside.units), CONTAINED, dtype=np.uint16)
        parts = Decisions(inside.units, inside.containers, kinds, inside.shares)
        parts = parts.taken(~spared.holds(parts.units, kinds))
        if wanted == "remove":
            going, parts = with_parts(going, parts, texts)
        told = told.and_also(parts)
    codes = [int(code[3:]) for code in (*REMOVING, *TELLING) if acts(code)]
    told = told.taken(~spared.holds(told.units, told.kinds))
    return going.taken(np.isin(going.kinds, codes)), told.taken(np.isin(told.kinds, codes))
