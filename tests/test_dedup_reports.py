"""What is shown of duplicates: documents, comparisons."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner.dedup.decisions import Decisions
from cleaner.dedup.documents import duplicate_documents
from cleaner.dedup.signing.sign import DedupConfig
from cleaner.dedup.text.compare import compare


def decisions(pairs: dict[int, int]) -> Decisions:
    units = np.array(sorted(pairs), dtype=np.int64)
    survivors = np.array([pairs[unit] for unit in sorted(pairs)], dtype=np.int64)
    return Decisions(units, survivors, np.full(len(units), 402), np.ones(len(units)))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ({}, []),
        ({3: 0}, []),
        ({3: 0, 4: 1}, [(1, 0)]),
        ({3: 0, 4: 6}, []),
        ({3: 5, 4: 5}, []),
        ({3: 0, 4: 0, 7: 3, 6: 4}, [(1, 0), (2, 1)]),
    ],
)
def test_duplicate_documents(pairs: dict[int, int], expected: list[tuple[int, int]]) -> None:
    documents = np.array([0, 0, 0, 1, 1, 1, 2, 2])
    words = np.array([20, 30, 5, 20, 30, 50 - 1, 40, 40])
    found = duplicate_documents(documents, words, decisions(pairs))
    assert [one[:2] for one in found] == expected


def test_a_comparison_says_what_keeps_texts_apart() -> None:
    one = "The meeting on the future of the harbour will be held on 3 May at the town hall."
    two = one.replace("3 May", "4 May")
    found = compare(one, two, DedupConfig(threshold=0.5))
    assert not found.same_numbers
    assert [one[start:end] for start, end in found.first_spans] == ["3"]
    assert [two[start:end] for start, end in found.second_spans] == ["4"]
    assert found.distance == found.similarity - 0.5
    assert compare(one, one.upper()).similarity == 1.0
    assert compare("", "").similarity == 0.0
