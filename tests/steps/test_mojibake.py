"""The cheap test lets everything through that ftfy would change."""

from __future__ import annotations

import re

from ftfy.badness import BADNESS_RE, MOJIBAKE_CATEGORIES, is_bad
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner.language.reading import Readings
from cleaner.steps.characters.mojibake import _ODD, _suspects, repair_mojibake
from cleaner.steps.context import Context

# A category is written as the inside of a character class.
_characters = st.one_of(
    *(st.from_regex(f"[{inside}]", fullmatch=True) for inside in MOJIBAKE_CATEGORIES.values()),
    st.sampled_from("azAZ ,.–—'’\x0c\r\u00a0\u2019"),
)
_any_lines = st.lists(_characters, max_size=8).map("".join)
_bad_lines = st.from_regex(re.compile(BADNESS_RE.pattern, re.VERBOSE))
_latin = st.text(st.characters(min_codepoint=0xA0, max_codepoint=0x17F), min_size=1, max_size=6)
_garbled = st.builds(
    lambda text, encoding: text.encode("utf-8").decode(encoding, "replace"),
    st.one_of(_latin, st.text(min_size=1, max_size=6).filter(lambda t: t.isprintable())),
    st.sampled_from(["cp1252", "latin-1", "cp1251", "cp437", "macroman", "iso8859-2", "cp1253"]),
)


@settings(max_examples=500)
@given(st.one_of(_any_lines, _bad_lines, _garbled))
@example("Ã©")
@example("Ђ™")
@example("в„ў")
@example("ÐŸ")
@example("вЂ™")
def test_every_bad_line_is_suspect(line: str) -> None:
    for part in line.split("\n"):
        if is_bad(part):
            assert _suspects().search(part)


@settings(max_examples=500)
@given(st.one_of(_any_lines, _bad_lines, _garbled, st.text(max_size=20)))
def test_what_is_suspect_is_odd(line: str) -> None:
    if _suspects().search(line):
        assert _ODD.search(line)


@given(st.lists(st.one_of(_any_lines, _garbled, st.text(max_size=20)), max_size=5))
def test_a_line_is_changed_only_for_the_better(parts: list[str]) -> None:
    text = "\n".join(parts)
    result = repair_mojibake(text, Context()).text
    readings = Readings()
    for before, after in zip(text.split("\n"), result.split("\n"), strict=True):
        assert before == after or readings.rate(after).cost < readings.rate(before).cost


def test_edits_are_no_wider_than_the_damage() -> None:
    result = repair_mojibake("It was a cafÃ© with a vÃ­ew", Context())
    assert [(edit.start, edit.before, edit.after) for edit in result.edits] == [
        (12, "Ã©", "é"),
        (23, "Ã\xad", "\xed"),
    ]
