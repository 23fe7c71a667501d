"""What a look over the corpus teaches about its lost spaces."""

from __future__ import annotations

from dataclasses import dataclass, field

from cleaner.steps.lost_spaces.corpus.passages import Passages, merge_passages
from cleaner.steps.lost_spaces.corpus.vocabulary import WordCounts, merge_words


@dataclass(frozen=True, eq=False)
class GlueTables:
    """The corpus vocabulary and the passages with their spaces, frozen after the first look.

    Tables compare by identity, so that results can be remembered by them.

    Memory is bounded whatever the corpus: 2 MB for the words, 32 MB at most for the passages.
    """

    words: WordCounts = field(default_factory=WordCounts)
    passages: Passages = field(default_factory=Passages)


def merge_glue(one: GlueTables, other: GlueTables) -> GlueTables:
    """Return what both parts of a corpus teach; any order and grouping gives the same."""
    return GlueTables(
        merge_words(one.words, other.words), merge_passages(one.passages, other.passages)
    )
