"""The scan for words finds all that stands there."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.normalize.boilerplate import load_rules
from cleaner.normalize.boilerplate.lines import view
from cleaner.normalize.boilerplate.scan import WordScan

WORDS = sorted({word for filed in load_rules() for need, _ in filed.needs for word in need})
SCAN = WordScan(WORDS)
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
    hits = WordScan(words).hits(text)
    expected = [
        number
        for number, word in enumerate(words)
        for at in range(len(text))
        if text.lower().startswith(word, at)
    ]
    assert sorted(hits.words.tolist()) == sorted(expected)


def test_words_are_found_in_their_lines() -> None:
    lines = [line for example in EXAMPLES for line in example.split("\n")] * 3
    hits = SCAN.hits("\n".join(lines))
    assert hits.line_count == len(lines)
    there: dict[int, set[str]] = {}
    for word, line in zip(hits.words.tolist(), hits.lines.tolist(), strict=True):
        there.setdefault(line, set()).add(WORDS[word])
    assert hits.lengths.max() <= max(map(len, lines))
    for number, line in enumerate(lines):
        seen = view(line)
        expected = {word for word in WORDS if word in seen}
        assert expected <= there.get(number, set()), line
