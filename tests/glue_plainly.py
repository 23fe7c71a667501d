"""What the kernels of the lost-spaces stage are held to: themselves interpreted, and Python."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from wordfreq import get_frequency_list

from cleaner.steps.lost_spaces.candidates.classifier import TokenClassifier
from cleaner.steps.lost_spaces.candidates.lexical import part_word
from cleaner.steps.lost_spaces.candidates.seams import Seams
from cleaner.steps.lost_spaces.reader.tokens import TokenTable
from cleaner.steps.lost_spaces.words import wordtable
from tests.interpreted import interpreted


@functools.cache
def listed(language: str) -> list[str]:
    """Return the words of wordfreq's list, the commonest first."""
    return [word for words in get_frequency_list(language) for word in words]


def interpreted_examiner(language: str) -> TokenClassifier:
    """Return an classifier whose kernels are interpreted; its words are those of the process."""
    classifier = TokenClassifier(language)
    reader = interpreted("cleaner.steps.lost_spaces.reader.wrapping.reading_kernel").reader
    with patch.object(wordtable, "reader", reader):
        classifier.table = TokenTable(wordtable.reader_of(language))
    classifier.seams = Seams(classifier.lexicon, classifier.table.seams_of)
    return classifier


def plain_examiner(language: str) -> TokenClassifier:
    """Return an classifier that asks no kernel, as if all characters were strange to them."""
    classifier = TokenClassifier(language)

    def none_of(tokens: Sequence[str]) -> list[Any]:
        return [None] * len(tokens)

    classifier.table = SimpleNamespace(part_word=part_word)  # type: ignore[assignment]
    classifier.seams = Seams(classifier.lexicon, none_of)
    return classifier
