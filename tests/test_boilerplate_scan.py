"""The scan for words: compiled and plain find the same, and all that stands there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.normalize.boilerplate import load_rules
from cleaner.normalize.boilerplate.lines import view
from cleaner.normalize.boilerplate.scan import CompiledScan, Hits, PlainScan

WORDS = sorted({word for filed in load_rules() for need, _ in filed.needs for word in need})
PROSE = [example for filed in load_rules() for example in filed.rule.negative]
PLAIN, COMPILED = PlainScan(WORDS), CompiledScan(WORDS, PROSE)
EXAMPLES = [example for filed in load_rules() for example in filed.rule.positive]


def found(hits: Hits) -> tuple[list[tuple[int, int, int]], int]:
    columns = (hits.words.tolist(), hits.lines.tolist(), hits.lengths.tolist())
    return sorted(zip(*columns, strict=True)), hits.line_count


pieces = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(EXAMPLES),
    st.sampled_from(EXAMPLES).map(str.upper),
    st.sampled_from(["\n", " \n", "\n\t", "  ", "\u00a0", "\u2028", "\x85", "\r\n", "’", "‐"]),
    st.sampled_from(["İ", "Σ", "ς", "K", "ſ", "ẞ", "\ud800", "𐐀", "😀", "\x00", "\uffff"]),
    st.text(max_size=6),
)


@given(st.lists(pieces, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_compiled_scan_finds_what_the_plain_one_finds(text: str) -> None:
    assert found(COMPILED.hits(text)) == found(PLAIN.hits(text))


@given(
    st.lists(
        st.text("aAbBéÉ 広告\n", min_size=1, max_size=8).map(lambda word: word.replace("\n", "b")),
        min_size=1,
        max_size=12,
        unique=True,
    ),
    st.text("aAbBéÉ 広告\n", max_size=60),
)
@settings(max_examples=300, deadline=None)
def test_any_words_are_found(words: list[str], text: str) -> None:
    assert found(CompiledScan(words).hits(text)) == found(PlainScan(words).hits(text))


@pytest.mark.parametrize("scan", [PLAIN, COMPILED], ids=["plain", "compiled"])
def test_words_are_found_in_their_lines(scan: PlainScan | CompiledScan) -> None:
    lines = [line for example in EXAMPLES for line in example.split("\n")] * 3
    hits = scan.hits("\n".join(lines))
    assert hits.line_count == len(lines)
    there: dict[int, set[str]] = {}
    for word, line in zip(hits.words.tolist(), hits.lines.tolist(), strict=True):
        there.setdefault(line, set()).add(WORDS[word])
    assert hits.lengths.max() <= max(map(len, lines))
    for number, line in enumerate(lines):
        seen = view(line)
        expected = {word for word in WORDS if word in seen}
        assert expected <= there.get(number, set()), line


def test_more_hits_than_there_is_room_for() -> None:
    words = ["ab", "b a", "a", "ba"]
    text = "ab " * 5_000
    assert found(CompiledScan(words).hits(text)) == found(PlainScan(words).hits(text))
