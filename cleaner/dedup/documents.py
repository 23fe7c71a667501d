"""Documents that are for the most part duplicates of one other document (DUP430)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.dedup.decisions import Decisions

SHARE = 0.5


class DuplicateDocument(NamedTuple):
    """A document, the one other that most of its words are duplicates of, and their share."""

    document: int
    other: int
    share: float


def duplicate_documents(
    documents: npt.NDArray[np.integer],
    words: npt.NDArray[np.integer],
    decisions: Decisions,
    share: float = SHARE,
) -> list[DuplicateDocument]:
    """Return the documents more than `share` of whose words are duplicates of one other document.

    `documents` (the number of each unit's document) and `words` (`Deduplicator.unit_words`) have
    one place a unit. Sorted by document.

    >>> decisions = Decisions(np.array([2]), np.array([0]), np.array([402]), np.array([1.0]))
    >>> duplicate_documents(np.array([0, 0, 1, 1]), np.array([30, 9, 30, 10]), decisions)
    [DuplicateDocument(document=1, other=0, share=0.75)]
    """
    if not len(documents):
        return []
    count = int(documents.max()) + 1
    totals = np.bincount(documents, weights=words, minlength=count)
    own = documents[decisions.units].astype(np.int64)
    other = documents[decisions.survivors].astype(np.int64)
    across = own != other
    pairs, place = np.unique(own[across] * count + other[across], return_inverse=True)
    sums = np.bincount(place, weights=words[decisions.units][across], minlength=len(pairs))
    found = [
        DuplicateDocument(
            int(pair // count), int(pair % count), float(part / totals[pair // count])
        )
        for pair, part in zip(pairs.tolist(), sums.tolist(), strict=True)
        if part > share * totals[pair // count]
    ]
    best: dict[int, DuplicateDocument] = {}
    for one in found:
        if one.document not in best or one.share > best[one.document].share:
            best[one.document] = one
    return [best[document] for document in sorted(best)]
