"""The compiled functions of the lost-spaces stage against their plain twins."""

from __future__ import annotations

import ast
import random
import re
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from cleaner.normalize.context import Context
from cleaner.normalize.glue.common import count_common, count_plainly
from cleaner.normalize.glue.examine import Examiner, examiner_of
from cleaner.normalize.glue.held import held
from cleaner.normalize.glue.native import CONSTANTS, SIGNATURES, kernels
from cleaner.normalize.glue.passages import (
    known_gaps,
    known_gaps_plainly,
    learn_passages,
    spaced_keys,
    spaced_keys_plainly,
)
from cleaner.normalize.glue.repair import repair_glue
from cleaner.normalize.glue.survey import Surveyor
from cleaner.normalize.glue.tokens import TokenTable
from cleaner.normalize.glue.wrap import Breaks
from tests.test_glue import WORDS, damaged_paragraphs, wrapped

ENGLISH = examiner_of("en")
# Tokens of which what is left behind a seam may fill a whole line.
LONG = ["harbour-" * 7 + "wall", "wheelhouse" * 6, "a" * 79, "https://example.org/" + "sea/" * 12]


ODD_CHARACTERS = "ab \n\t\u00a0\u2028\ud800İßΣ.,-'\"()1é中\U0001f600"


@pytest.fixture(scope="module")
def table() -> TokenTable:
    compiled = kernels(10**9)
    assert compiled is not None
    return TokenTable(compiled, "en")


def know_dull(surveyor: Surveyor, examiner: Examiner) -> None:
    """Ask about every token of the text: what is dull is known once it is asked about."""
    surveyor.survey(dull=True)
    for tokens in surveyor.tokens(set())[0].values():
        for _, token in tokens:
            examiner.finding(token)


def assert_same(text: str, examiner: Examiner, table: TokenTable) -> None:
    """Both ways to read `text` find the same tokens and the same widths."""
    plain, compiled = Surveyor(text, examiner, None), Surveyor(text, examiner, table)
    know_dull(plain, examiner)
    for dull in (True, False):
        assert compiled.survey(dull=dull).words == plain.survey(dull=dull).words
        assert compiled.tokens(set()) == plain.tokens(set())
    if compiled.survey(dull=True).may_part:
        assert compiled.suspicious() == plain.suspicious()
        count = len(text.split("\n"))
        for suspicious in ([1] * count, [len(line) // 60 for line in text.split("\n")]):
            chosen = compiled.choose(0, count, suspicious)
            assert chosen == plain.choose(0, count, suspicious)
            breaks = Breaks(chosen.places, chosen.odds, [0] * len(chosen.places))
            assert compiled.reconsider(breaks) == plain.reconsider(breaks)


@settings(max_examples=150, deadline=None)
@given(text=damaged_paragraphs())
def test_damaged_text_is_read_alike(table: TokenTable, text: str) -> None:
    assert_same(text, ENGLISH, table)


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.sampled_from(ODD_CHARACTERS), max_size=300))
def test_any_text_is_read_alike(table: TokenTable, text: str) -> None:
    assert_same(text, ENGLISH, table)


@settings(max_examples=60, deadline=None)
@given(
    chosen=st.lists(st.sampled_from([*WORDS, *LONG]), min_size=10, max_size=60),
    width=st.integers(40, 90),
)
def test_long_tokens_are_decoded_alike(table: TokenTable, chosen: list[str], width: int) -> None:
    assert_same("Brombeek " + wrapped(" ".join(chosen), width), ENGLISH, table)


@pytest.mark.parametrize("language", ["de", "fr", "ru"])
def test_other_languages_are_read_alike(language: str) -> None:
    draw = random.Random(language)
    words = [word for word in examiner_of(language).lexicon.words() if len(word) > 1][:3000]
    lines = [wrapped(" ".join(draw.choices(words, k=120)), 72) for _ in range(12)]
    assert_same("\n".join(lines), examiner_of(language), TokenTable(kernels(10**9), language))


@settings(max_examples=200, deadline=None)
@given(
    texts=st.lists(damaged_paragraphs(), min_size=1, max_size=3),
    strange=st.text(st.sampled_from(ODD_CHARACTERS), max_size=60),
    joined=st.sets(st.integers(0, 80)),
)
def test_gaps_in_copies_are_found_alike(texts: list[str], strange: str, joined: set[int]) -> None:
    assert kernels(10**9) is not None
    text = strange.join(texts)
    assert spaced_keys(text).tolist() == spaced_keys_plainly(text).tolist()
    # A copy that has lost some of its spaces.
    words = text.split(" ")
    copy = "".join(word + " " * (at not in joined) for at, word in enumerate(words))
    spans = [match.span() for match in re.finditer(r"\S{4,}", copy)]
    learned = learn_passages([text])
    found = known_gaps(copy, spans, learned)
    if spans and len(learned.keys):
        assert found == known_gaps_plainly(copy, spans, learned)
    event(f"{min(len(found), 3)} or more gaps")


@settings(max_examples=200, deadline=None)
@given(text=damaged_paragraphs(), draw=st.data())
def test_any_breaks_are_asked_about_alike(
    table: TokenTable, text: str, draw: st.DataObject
) -> None:
    strange = draw.draw(st.text(st.sampled_from(ODD_CHARACTERS), max_size=60))
    text = f"{text} {strange} {text[:200].replace(' ', '')}"
    inside = [
        at for at in range(1, len(text)) if not (text[at - 1].isspace() or text[at].isspace())
    ]
    places = sorted(draw.draw(st.sets(st.sampled_from(inside), max_size=60)))
    odds = draw.draw(st.lists(st.floats(-9, 6), min_size=len(places), max_size=len(places)))
    plain, compiled = Surveyor(text, ENGLISH, None), Surveyor(text, ENGLISH, table)
    compiled.survey(dull=False)
    breaks = Breaks(places, odds, [70] * len(places))
    moved = compiled.reconsider(breaks)
    assert moved == plain.reconsider(breaks)
    event("moved" if moved != breaks else "as it was")


@settings(max_examples=300, deadline=None)
@given(
    words=st.lists(
        st.sampled_from([*"the der LES ÎN İLE και ΤΗΣ не 的 a\u0307 \u212aan ß l'".split(), *WORDS])
        | st.text(st.sampled_from(ODD_CHARACTERS), max_size=8)
    )
)
def test_common_words_are_counted_alike(words: list[str]) -> None:
    assert kernels(10**9) is not None
    text = " ".join(words)
    (met, counts), (expected, plainly) = count_common(text), count_plainly(text)
    assert (met, counts.tolist()) == (expected, plainly.tolist())


def test_more_tokens_than_there_is_room_for() -> None:
    draw = random.Random(1)
    words = ["".join(draw.choices("abcdehilnorst", k=draw.randint(2, 9))) for _ in range(30_000)]
    text = "\n".join(" ".join(words[at : at + 30]) for at in range(0, len(words), 30))
    fresh = TokenTable(kernels(10**9), "en")
    plain, compiled = Surveyor(text, ENGLISH, None), Surveyor(text, ENGLISH, fresh)
    know_dull(plain, ENGLISH)
    assert compiled.survey(dull=True) == plain.survey(dull=True)
    assert compiled.tokens(set()) == plain.tokens(set())


def test_one_line_of_many_breaks(table: TokenTable) -> None:
    draw = random.Random(2)
    assert_same(wrapped(" ".join(draw.choices(WORDS, k=20_000)), 64), ENGLISH, table)


def test_threads_share_what_is_known() -> None:
    draw = random.Random(5)
    texts = [wrapped(" ".join(draw.choices(WORDS, k=400)), 60 + n) for n in range(40)]
    # A text this long is worth the compiled functions, so that the threads share them.
    assert examiner_of("en").table(10**9) is not None
    repaired = [repair_glue(text, Context()).text for text in texts]
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: [repair_glue(t, Context()).text for t in texts], range(4)):
            assert found == repaired


def test_object_code_is_named_after_all_modules_that_it_is_made_of() -> None:
    named = {*SIGNATURES, *CONSTANTS}
    imported = set()
    for name in named:
        tree = ast.parse(Path(import_module(name).__file__ or "").read_text("utf-8"))
        if "kernels" in name:
            imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in imported if name and name.startswith("cleaner.")} <= named


def test_few_characters_are_read_without_compiled_functions() -> None:
    assert kernels(1000) is None


def test_what_is_held_is_made_once_and_again_where_it_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made: list[Any] = []

    def make() -> bytes:
        made.append(1)
        return b"a list of words"

    for times in (1, 1):
        assert held("words-xx", (__file__,), make) == b"a list of words"
        assert len(made) == times
    [file] = (tmp_path / "cleaner").iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert held("words-xx", (__file__,), make) == b"a list of words"
    assert len(made) == 2
