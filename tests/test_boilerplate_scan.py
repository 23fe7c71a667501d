"""The scan for words finds all that stands there."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.normalize.boilerplate import load_rules
from cleaner.normalize.boilerplate.lines import view
from cleaner.normalize.boilerplate.scan import WordScan

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
