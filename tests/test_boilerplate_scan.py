"""The scan for words finds all that stands there."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.steps.boilerplate import load_rules
from cleaner.steps.boilerplate.lines import view
from cleaner.steps.boilerplate.matching import scan
from cleaner.steps.boilerplate.matching.scan import WordScan
from tests.interpreted import interpreted

PLAIN = interpreted("cleaner.steps.boilerplate.matching.scan_kernel")
WORDS = sorted({word for filed in load_rules() for need, _ in filed.needs for word in need})
SCAN = WordScan(WORDS, [500] * len(WORDS))
EXAMPLES = [example for filed in load_rules() for example in filed.rule.positive]


@given(
    st.lists(
        st.text("abé 広告", min_size=1, max_size=6),
        min_size=1,
        max_size=12,
        unique=True,
    ),
    st.text("aAbBéÉ広告", max_size=60),
)
@settings(max_examples=300, deadline=None)
def test_every_place_of_every_word_is_found(words: list[str], text: str) -> None:
    hits = WordScan(words, [60] * len(words)).hits(text)
    expected = [
        number
        for number, word in enumerate(words)
        for at in range(len(text))
        if text.lower().startswith(word, at)
    ]
    assert sorted(word for word, _, _ in hits) == sorted(expected)


def test_words_are_found_in_their_lines() -> None:
    lines = [line for example in EXAMPLES for line in example.split("\n")] * 3
    hits = SCAN.hits("\n".join(lines))
    there: dict[int, set[str]] = {}
    for word, number, length in hits:
        there.setdefault(number, set()).add(WORDS[word])
        assert length <= len(lines[number])
    for number, line in enumerate(lines):
        seen = view(line)
        expected = {word for word in WORDS if word in seen and len(line) <= 500}
        assert expected <= there.get(number, set()), line


@given(
    st.dictionaries(
        st.text("abé ", min_size=1, max_size=12), st.integers(0, 12), min_size=1, max_size=12
    ),
    st.text("abé\n", max_size=60),
)
@settings(max_examples=300, deadline=None)
def test_words_are_found_in_lines_no_wider_than_they_are_for(
    widest: dict[str, int], text: str
) -> None:
    flat = text.replace("\n", " ")
    lengths = list(map(len, text.split("\n")))
    lines = [text.count("\n", 0, at) for at in range(len(text))]
    expected = [
        [number, lines[at], lengths[lines[at]]]
        for number, (word, most) in enumerate(widest.items())
        for at in range(len(text))
        if flat.startswith(word, at) and lengths[lines[at]] <= most
    ]
    hits = WordScan(list(widest), list(widest.values())).hits(text)
    assert sorted(hits) == sorted(expected)
    with patch.multiple(scan, enter_words=PLAIN.enter_words, find_words=PLAIN.find_words):
        assert WordScan(list(widest), list(widest.values())).hits(text) == hits


def test_a_text_full_of_words_has_room() -> None:
    hits = WordScan(["a"], [5000]).hits("a" * 5000)
    assert hits == [[0, 0, 5000]] * 5000
