"""The line model: the same on every machine, for any text, and never in charge by default."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.core.config import Boilerplate, Settings
from cleaner.core.edits import apply_edits
from cleaner.core.rules import Selection
from cleaner.normalize.boilerplate import RULES, remove_boilerplate
from cleaner.normalize.boilerplate.charclass import code_points, hash_word, word_hashes
from cleaner.normalize.boilerplate.features import MARKS, line_features, line_forms
from cleaner.normalize.boilerplate.match import MARK_CODES
from cleaner.normalize.boilerplate.model import line_scores, packaged_model
from cleaner.normalize.context import Context

UNSAFE = Context(rules=Selection(rules=RULES, unsafe_fixes=True))
SAFE = Context(rules=Selection(rules=RULES))

STORY = [
    "The harbour board met on Monday to hear why the ferry had been late for a third week.",
    "Its captain said that the engine, which is older than most of her crew, had failed again.",
    "Nobody on the quay had been told, and the post for the islands lay in the rain until noon.",
    "The board will meet once more in June, when the new boat is to be paid for.",
]
MENU = ["Boats", "Rope & Sails", "Log in", "Deals", "Shop by size", "Gift cards", "Search", "Cart"]


def scores(lines: list[str]) -> list[float]:
    return line_scores(lines, np.zeros(len(lines), dtype=np.int64)).tolist()


def test_prose_scores_over_menus() -> None:
    found = scores([*MENU, *STORY, *STORY[::-1], *MENU])
    prose, menu = found[8:16], [*found[:8], *found[16:]]
    assert min(prose) > max(menu)


def test_model_acts_only_when_asked() -> None:
    page = "\n".join([*MENU, *STORY, *STORY[::-1], *MENU])
    assert "BOI390" not in {edit.code for edit in remove_boilerplate(page, SAFE).edits}
    strict = Settings(boilerplate=Boilerplate(model_threshold=0.0))
    alone = Selection(select=["BOI390"], rules=RULES, unsafe_fixes=True)
    result = remove_boilerplate(page, Context(alone, strict))
    removed = [edit for edit in result.edits if edit.code == "BOI390"]
    assert removed
    assert all("score" in edit.detail for edit in removed)
    assert all(line in result.text for line in STORY)


@pytest.mark.parametrize("lines", [["."], ["\ud800"] * 6, ["a"] * 2000, ["\u4e2d\u6587"] * 7])
def test_any_lines_have_finite_scores(lines: list[str]) -> None:
    assert np.isfinite(scores(lines)).all()


@given(st.lists(st.sampled_from([*STORY, *MENU, "", "Share this article:"]), max_size=40))
@settings(max_examples=60, deadline=None)
def test_removal_is_stable_and_replays(lines: list[str]) -> None:
    text = "\n".join(lines)
    result = remove_boilerplate(text, UNSAFE)
    assert apply_edits(text, result.edits) == result.text
    assert remove_boilerplate(result.text, UNSAFE).text == result.text


@given(st.text(max_size=60))
def test_word_hashes_are_those_of_the_words_alone(text: str) -> None:
    codes = code_points(text + " harbour")
    start = np.array([len(text) + 1])
    assert int(word_hashes(codes, start, start + 7)[0]) == hash_word("Harbour")


def test_features_fit_the_model() -> None:
    model = packaged_model()
    table = line_features(line_forms(STORY, model.lexicon), np.zeros(4, dtype=np.int64))
    assert table.dtype == np.float32
    assert int(model.forest.features.max()) < len(table)
    assert len(MARK_CODES) == MARKS


def test_model_says_where_it_comes_from() -> None:
    path = resources.files("cleaner") / "data" / "boilerplate_lines.npz"
    data = path.read_bytes()
    assert len(data) < 1_000_000
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        about = json.loads(arrays["about"].tobytes())
    assert {"source", "licence", "sha256", "features", "trees"} <= set(about)
