"""What the kernels tell of single tokens, against what Python tells of them."""

from __future__ import annotations

import functools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.steps.lost_spaces.candidates.classifier import TokenClassifier
from cleaner.steps.lost_spaces.candidates.lexical import part_letters, part_word
from cleaner.steps.lost_spaces.languages.language import COMPOUNDING
from cleaner.steps.lost_spaces.reader import codes as config
from tests.glue_plainly import listed, plain_examiner

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


plain = functools.cache(plain_examiner)


class Told:
    """What the kernels tell of tokens, and which they leave to Python."""

    def __init__(self, language: str) -> None:
        self.table = TokenClassifier(language).table
        self._strange: set[str] = set()

    def accepted(self, tokens: list[str]) -> list[int]:
        text = " ".join(tokens)
        self.table.read(text)
        _, starts, ends, numbers = self.table.survey(self._leave, dull=True)
        kinds = {
            text[start:end]: kind
            for start, end, kind in zip(starts, ends, self.table.kinds(numbers), strict=True)
        }
        kinds |= dict.fromkeys(self._strange, config.UNKNOWN)
        return [kinds.get(token, config.PLAIN) for token in tokens]

    def _leave(self, token: str) -> bool:
        self._strange.add(token)
        return False


told = functools.cache(Told)


@functools.cache
def words(language: str) -> list[str]:
    return [word for word in listed(language) if word.isalpha()][:4000]


def damaged(draw: random.Random, language: str) -> str:
    """Return one to four words, marks and oddities run together, some with capitals."""
    parts = []
    for _ in range(draw.randint(1, 4)):
        part = draw.choice(PIECES if draw.random() < 0.4 else words(language))
        parts.append(draw.choice([part, part, part.capitalize(), part.upper(), part[1:] or part]))
    return "".join(parts)


def assert_same(tokens: list[str], language: str) -> None:
    classifier, compiled = plain(language), told(language)
    seams = compiled.table.seams_of(tokens)
    for token, verdict, found in zip(tokens, compiled.accepted(tokens), seams, strict=True):
        assert found is None or found == classifier.seams.splits(token), token
        if token.isalpha() and language not in COMPOUNDING:
            assert compiled.table.part_word(token, language) == part_word(token, language), token
        if verdict == config.UNKNOWN:
            continue
        assert bool(verdict & config.PLAIN) == classifier.is_plain(token), token
        suspicious = classifier.is_suspicious(token)
        if verdict & config.UNLESS_CODE:
            assert suspicious == classifier.is_evidence(token), token
        elif not verdict & config.PLAIN:
            assert bool(verdict & config.SUSPICIOUS) == suspicious, token
        if verdict & (config.DULL | config.UNFOUND):
            assert classifier.finding(token) is None, token
        if verdict & config.WORDLESS:
            assert part_letters(token, language, part_word) is None, token


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
    assert told("en").table.seams_of(["harbour-" * 12, "x"]) == [(), ()]
    assert_same(["harbour" * 11, "harbour-" * 10, "x" * 500], "en")


def test_most_words_are_told_without_python() -> None:
    text = "The harbour-master's men, who knew nothing of it, went home—or so they said (twice)."
    accepted = told("en").accepted(text.split())
    assert all(verdict & (config.PLAIN | config.DULL) for verdict in accepted)


def test_strange_characters_are_left_to_python() -> None:
    tokens = [f"har{strange}bour" for strange in STRANGE]
    assert told("en").table.seams_of(tokens) == [None] * len(tokens)
