"""What the settings take for a duplicate, and what of it they let go."""

from __future__ import annotations

import os
from collections.abc import Callable

from cleaner.core.settings.config import Dedup, Settings
from cleaner.dedup.signing.sign import DedupConfig

REMOVING = ("DUP401", "DUP402", "DUP411", "DUP412")
TELLING = ("DUP413", "DUP421", "DUP430")
CONTAINED = 421


def dedup_config(settings: Dedup) -> DedupConfig:
    """Return what the settings take for a duplicate."""
    return DedupConfig(
        threshold=settings.threshold,
        min_words_exact=settings.min_words_exact,
        min_words_near=settings.min_words_near,
        numbers=settings.numbers,
        variants=settings.variants,
        scope="file" if settings.scope == "file" else "corpus",
    )


def memory_of(settings: Dedup) -> int:
    """Return how many bytes comparing may take."""
    if settings.memory:
        return settings.memory
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2


def contained_wanted(settings: Settings, acts: Callable[[str], bool]) -> str:
    """Return what is done about contained passages: off, report or remove."""
    wanted = settings.dedup.contained
    if not acts("DUP421"):
        return "off"
    if wanted == "auto":
        return "off" if settings.dedup.unit == "record" else "report"
    return wanted
