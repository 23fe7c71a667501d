"""Models merge in any order, to the model of all of their corpora."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Model
from cleaner.model import columns
from cleaner.model.columns import columns_of
from cleaner.steps.boilerplate.repeated.linecounts import LineCount, LineCounts, PairCount
from cleaner.steps.learn import CorpusStats, Sample
from tests.model.making import bytes_of, model_of, samples
from tests.sites import FOOTER, MENU, site
from tests.strategies import corpora

# What one look at all parts would teach, whatever the parts are.
_EXACT = ("words", "passages", "sketch")


def pages() -> list[Sample]:
    """Return the pages of two sites, and notes that stand alone."""
    one = samples(site(24), "one.example")
    head = tuple(f"{line} of the north" for line in MENU)
    other = samples(site(20, head, FOOTER[:1]), "two.example")
    notes = samples([f"Note {number} tells of a Quuxford ferry." for number in range(9)])
    return [*one, *other, *notes]


@given(corpora, corpora)
def test_words_and_passages_are_those_of_the_whole(one: list[str], other: list[str]) -> None:
    whole = model_of(samples([*one, *other]))
    merged = model_of(samples(one)).merge(model_of(samples(other)))
    assert merged.documents == whole.documents
    expected = columns_of(whole.stats, whole.counts)
    found = columns_of(merged.stats, merged.counts)
    for name in _EXACT:
        assert np.array_equal(found[name], expected[name]), name


@given(st.randoms(use_true_random=False), st.integers(2, 4))
def test_lines_that_are_frequent_in_all_parts_are_those_of_the_whole(
    rng: random.Random, number: int
) -> None:
    documents = pages()
    rng.shuffle(documents)
    # Of each site, every part has as many pages as any other, or one more.
    documents.sort(key=lambda document: document.site)
    parts = [model_of(documents[at::number]) for at in range(number)]
    merged, whole = parts[0].merge(*parts[1:]), model_of(documents)
    assert len(whole.tables.lines.bonds) >= len(MENU) + len(FOOTER)
    assert merged.tables.lines == whole.tables.lines
    assert merged.digest == whole.digest


def test_order_and_grouping_do_not_matter(tmp_path: Path) -> None:
    documents = pages()
    random.Random(5).shuffle(documents)
    parts = [model_of(documents[:7]), model_of(documents[7:30]), model_of(documents[30:])]
    results = {bytes_of(one.merge(two, three), tmp_path) for one, two, three in permutations(parts)}
    one, two, three = parts
    results.add(bytes_of(one.merge(two).merge(three), tmp_path))
    results.add(bytes_of(one.merge(two.merge(three)), tmp_path))
    results.add(bytes_of(Model().merge(*parts), tmp_path))
    assert len(results) == 1


def test_order_of_documents_does_not_matter(tmp_path: Path) -> None:
    documents = pages()
    before = bytes_of(model_of(documents), tmp_path)
    random.Random(6).shuffle(documents)
    assert bytes_of(model_of(documents), tmp_path) == before


def test_lines_that_are_rare_in_a_part_are_not_counted_there() -> None:
    documents = samples(site(12), "one.example")
    merged = model_of(documents[:11]).merge(model_of(documents[11:]))
    counts = {count.documents for count in merged.tables.lines.lines.values()}
    assert counts == {11}
    assert merged.tables.lines.documents == 12


def test_what_is_frequent_in_a_part_only_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.steps.boilerplate.repeated.linecounts.LEAST_SHARE", 0.4)
    few, many = model_of(samples(site(6), "one.example")), model_of(samples(pages_of_nobody(30)))
    assert few.tables.lines.bonds
    assert not few.merge(many).tables.lines.bonds


def pages_of_nobody(number: int) -> list[str]:
    return [f"Nothing is like note {one}.\nAnd {one} is all it says." for one in range(number)]


def test_bounds_keep_the_least_keys_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "MOST_LINES", 5)
    monkeypatch.setattr(columns, "MOST_PAIRS", 3)

    def part(keys: range) -> Model:
        lines = {key: LineCount(2, 2, "a text") for key in keys}
        pairs = {key: PairCount((key, key + 1), 2, 2, ((7, 2, 2),)) for key in keys}
        return Model.of(CorpusStats(), LineCounts(4, lines, pairs))

    one, two, three = part(range(4, 9)), part(range(2, 6)), part(range(5, 20))
    for merged in (one.merge(two, three), three.merge(two).merge(one), two.merge(one.merge(three))):
        assert list(merged.counts.lines) == [2, 3, 4, 5, 6]
        assert list(merged.counts.pairs) == [2, 3, 4]
        assert merged.counts.lines[5].documents == 6
        assert merged.counts.pairs[4].sources == ((7, 4, 2),)
