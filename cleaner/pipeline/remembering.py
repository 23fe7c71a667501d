"""What earlier runs kept: compared with, and added to once a run is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cleaner.core.config import Dedup
from cleaner.core.errors import UsageError
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.scanning import Signed
from cleaner.pipeline.terms import memory_of, terms_of


class Known(NamedTuple):
    """Where the units stand that came from the index, in the order in which they were added."""

    sources: Sequence[str] = ()
    lines: Sequence[int] = ()


class Kept(NamedTuple):
    """What a run kept: signed, and where each stands."""

    signed: Signed
    sources: Sequence[str]
    lines: Sequence[int]


def add_known(settings: Dedup, deduplicator: Deduplicator, first_file: int) -> Known:
    """Let the deduplicator know what the index has that may resemble what it was told so far.

    Their files get the numbers from `first_file` on, one for each source. Raises UsageError where
    the index cannot be used.
    """
    if not settings.index:
        return Known()
    from cleaner.dedup.index import Index

    with _usable(), Index(settings.index, deduplicator.terms, memory=_memory(settings)) as index:
        known = index.lookup(*deduplicator.new_hashes())
    numbers = {name: first_file + i for i, name in enumerate(dict.fromkeys(known.sources))}
    deduplicator.add(
        known.signed,
        files=np.array([numbers[name] for name in known.sources], dtype=np.uint32),
        protected=np.ones(len(known.sources), dtype=bool),
    )
    return Known(known.sources, known.lines)


def nothing_to_remember() -> None:
    """Leave the index as it is, where there is none or nothing was kept."""


def remember(settings: Dedup, kept: Kept) -> None:
    """Add what a run kept to the index; a run that is killed before this leaves it as it was.

    This is the last that a run does: had it to be run again after this, it would take its own
    records for known ones.
    """
    from cleaner.dedup.index import Index

    with _usable(), Index(settings.index, terms_of(settings), memory=_memory(settings)) as index:
        index.add(*kept)


def check_index(settings: Dedup) -> None:
    """Raise UsageError where the settings name an index that they cannot use."""
    if not settings.index:
        return
    if settings.scope == "file":
        raise UsageError("an index needs --scope corpus", hint="leave out one of the two")
    if Path(settings.index).exists():
        from cleaner.dedup.index import Index

        with _usable(), Index(settings.index, terms_of(settings), memory=_memory(settings)):
            pass


@contextmanager
def _usable() -> Iterator[None]:
    from cleaner.dedup.index import IndexRefusedError

    try:
        yield
    except IndexRefusedError as error:
        raise UsageError(str(error)) from error


def _memory(settings: Dedup) -> int:
    # The deduplicator holds its own share at the same time.
    return max(memory_of(settings) // 4, 1 << 26)
