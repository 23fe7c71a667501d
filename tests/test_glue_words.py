"""What the compiled functions tell of single tokens, against the plain twins."""

from __future__ import annotations

import functools
import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.normalize.glue import kernel_terms as terms
from cleaner.normalize.glue.examine import Examiner
from cleaner.normalize.glue.lexical import part_letters
from cleaner.normalize.glue.native import kernels
from cleaner.normalize.glue.wordtable import WordTable, codes_of

LANGUAGES = ["en", "de", "fr", "es", "it", "ru", "tr"]
MARKS = ",.;:!?()[]'\"“”‘’«»…*„-‐–—/&$£€%+=#@<>{}_\\|~·→°®"
STRANGE = ["中", "İ", "ΣΑΣ", "e\u0301", "²", "\ud800", "١٢", "ª", "ǅ", "\u200b"]
PIECES = [
    *"a an i the of to and was 1990 12 3 4th 5kg U.S. Mc iPhone www. http:// a.com over".split(),
    *"man Straße été naïve Ñandú".split(),
    *"l' qu' jusqu' d'une 's 't n't ing'. hauskauf Wirtschafts tel dímelo portarlo сказал".split(),
    *MARKS,
    *STRANGE,
]


@functools.cache
def plain(language: str) -> Examiner:
    """Return an examiner that no compiled function is known to."""
    return Examiner(language)


@functools.cache
def table(language: str) -> WordTable:
    return WordTable(kernels(10**9), language)


@functools.cache
def words(language: str) -> list[str]:
    return [word for word in plain(language).lexicon.listed if word.isalpha()][:4000]


def damaged(draw: random.Random, language: str) -> str:
    """Return one to four words, marks and oddities run together, some with capitals."""
    parts = []
    for _ in range(draw.randint(1, 4)):
        part = draw.choice(PIECES if draw.random() < 0.4 else words(language))
        parts.append(draw.choice([part, part, part.capitalize(), part.upper(), part[1:] or part]))
    return "".join(parts)


def assert_same(tokens: list[str], language: str) -> None:
    examiner, compiled = plain(language), table(language)
    ends = np.cumsum([len(token) + 1 for token in tokens], dtype=np.int64) - 1
    starts = np.concatenate([[0], ends[:-1] + 1])
    verdicts = compiled.sieve(codes_of(" ".join(tokens)), starts, ends)
    told = compiled.seams_of(tokens)
    for token, verdict, seams in zip(tokens, verdicts.tolist(), told, strict=True):
        assert seams is None or seams == examiner.seams.splits(token), token
        if verdict == terms.UNKNOWN:
            continue
        assert bool(verdict & terms.PLAIN) == examiner.is_plain(token), token
        if verdict & (terms.SUSPICIOUS | terms.UNSUSPICIOUS):
            assert bool(verdict & terms.SUSPICIOUS) == examiner.is_suspicious(token), token
        if verdict & (terms.DULL | terms.UNFOUND):
            assert examiner.finding(token) is None, token
        if verdict & terms.WORDLESS:
            assert part_letters(token, language) is None, token


@pytest.mark.parametrize("language", LANGUAGES)
def test_damaged_tokens(language: str) -> None:
    draw = random.Random(language)
    assert_same([damaged(draw, language) for _ in range(3000)], language)


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), min_size=1).map("".join), min_size=1))
def test_any_pieces(tokens: list[str]) -> None:
    for language in ("en", "fr", "de"):
        assert_same(tokens, language)


def test_long_tokens_have_no_seams() -> None:
    assert table("en").seams_of(["harbour-" * 12, "x"]) == [(), ()]
    assert_same(["harbour" * 11, "harbour-" * 10, "x" * 500], "en")


def test_most_words_are_told_without_python() -> None:
    text = "The harbour-master's men, who knew nothing of it, went home—or so they said (twice)."
    tokens = text.split()
    ends = np.array(list(itertools.accumulate(len(token) + 1 for token in tokens)), np.int64) - 1
    starts = np.concatenate([[0], ends[:-1] + 1])
    verdicts = table("en").sieve(codes_of(" ".join(tokens)), starts, ends)
    assert (verdicts & (terms.PLAIN | terms.DULL) != 0).all()


def test_strange_characters_are_left_to_python() -> None:
    tokens = [f"har{strange}bour" for strange in STRANGE]
    assert table("en").seams_of(tokens) == [None] * len(tokens)
