"""The first look over a corpus: learning what the repair of lost spaces goes by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleaner.core.rules import Selection
from cleaner.steps.context import Context
from cleaner.steps.lost_spaces.candidates.classifier import classifier_of
from cleaner.steps.lost_spaces.corpus.passages import learn_passages
from cleaner.steps.lost_spaces.corpus.tables import GlueTables
from cleaner.steps.lost_spaces.corpus.vocabulary import WordCounts, count_words
from cleaner.steps.lost_spaces.languages.detect import detect_language
from cleaner.steps.lost_spaces.repair import is_whole, repair_glue

_ALONE = Context(rules=Selection(select=["GLU"]))


def learn_glue(texts: Iterable[str]) -> GlueTables:
    """Learn from a batch of documents, each a text as `repair_glue` will be given it.

    Each document is repaired by itself first, so that its glue counts for no word, its spaces are
    evidence for other copies, and the repaired corpus teaches the same again.

    >>> tables = learn_glue(["The Quuxford ferry is in the bay."] * 3)
    >>> tables.words.documents("quuxford")
    3
    """
    return learn_whole(list(map(made_whole, texts)))


def made_whole(text: str) -> str:
    """Return a text as it teaches: repaired by itself."""
    return repair_glue(text, _ALONE).text


def teaches_as_it_is(text: str, read_with: GlueTables) -> bool:
    """Whether a text that was repaired with the tables `read_with` is `made_whole` already."""
    return is_whole(text, _ALONE, read_with)


def learn_whole(texts: Sequence[str]) -> GlueTables:
    """Learn from documents that are `made_whole`."""
    return GlueTables(learn_words(texts), learn_passages(texts))


def learn_words(texts: Iterable[str]) -> WordCounts:
    """Count in how many of `texts` each word stands that is not or hardly listed."""
    return count_words(_unlisted(text) for text in texts)


def _unlisted(text: str) -> set[str]:
    language = detect_language(text)
    return classifier_of(language).unlisted_words(text) if language is not None else set()
