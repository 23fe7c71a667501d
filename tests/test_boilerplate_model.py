"""The line model: the same on every machine, for any text, and never in charge by default."""

from __future__ import annotations

import json
import random
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.core.edits import apply_edits
from cleaner.core.rules import Selection
from cleaner.core.settings.config import Boilerplate, Settings
from cleaner.steps.boilerplate import RULES, remove_boilerplate
from cleaner.steps.boilerplate.line_model import model as line_model
from cleaner.steps.boilerplate.line_model.columns import FOREST_COLUMNS, REACH
from cleaner.steps.boilerplate.line_model.features import extract_features, inputs
from cleaner.steps.boilerplate.line_model.model import line_scores, packaged_model
from cleaner.steps.boilerplate.line_model.scores.calibration import Offset, offset_of
from cleaner.steps.boilerplate.line_model.scores.forest import forest_columns
from cleaner.steps.boilerplate.references import listed_references
from cleaner.steps.context import Context
from tests import plain_line_model as plain
from tests.interpreted import use_interpreted

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
    return line_scores(lines).tolist()


def test_prose_scores_over_menus() -> None:
    found = scores([*MENU, *STORY, *STORY[::-1], *MENU])
    prose, menu = found[8:16], [*found[:8], *found[16:]]
    assert min(prose) > max(menu)


def test_a_long_story_in_dialogue_stays() -> None:
    chance = random.Random(4)
    who = ["the captain", "her sister", "an old pilot", "he", "she", "the doctor", "I"]
    said = ["I do not know", "It is late", "Why did she go", "You told me so", "Never", "No"]
    told = ["the boat was late", "the letter was lost", "she had left", "it cost too much"]
    lines = []
    for _ in range(3000):
        first, last = chance.choice(said), chance.choice(said)
        one, other = chance.sample(who, 2)
        lines += chance.choices(
            [
                f'"{first}!"',
                f'"{first}," said {one}; "{last.lower()}, {other} says."',
                f'"{first}?" asked {one}.',
                f"{one.capitalize()} said to {other} that {chance.choice(told)}, "
                f"and that {chance.choice(told)}, as {chance.choice(who)} had always known.",
            ]
        )
    text = "\n\n".join(lines)
    assert remove_boilerplate(text, UNSAFE).text == text


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


def test_reference_lists_are_not_asked_about() -> None:
    strict = Settings(boilerplate=Boilerplate(model_threshold=50.0))
    alone = Selection(select=["BOI390"], rules=RULES, unsafe_fixes=True)
    page = "\n".join([*MENU, *ENTRIES, *MENU[::-1]])
    assert remove_boilerplate(page, Context(alone, strict)).text.strip().split("\n") == ENTRIES


@pytest.mark.parametrize(
    "line",
    [
        "Philipp J. Jun 7, 2017 at 10:25 pm, in reply to a comment by Dorn K.",
        "Copyright © 2007-2026 Brombeek & Dorn Ltd. All rights reserved. Press and media",
        "Ada Fell joined the University in 2004; she writes on ferries, fog and lamps.",
        "Home News Sport Weather 2024 Press University Contact Imprint About",
    ],
)
def test_no_reference_without_others_around(line: str) -> None:
    assert listed_references([*MENU, line, *MENU]) == [False] * (2 * len(MENU) + 1)
    assert sum(listed_references([*ENTRIES, line, *ENTRIES])) == 2 * len(ENTRIES)


@pytest.mark.parametrize("lines", [["."], ["\ud800"] * 6, ["a"] * 2000, ["\u4e2d\u6587"] * 7])
def test_any_lines_have_finite_scores(lines: list[str]) -> None:
    assert np.isfinite(scores(lines)).all()


@given(st.lists(st.sampled_from([*STORY, *MENU, "", "Share this article:"]), max_size=40))
@settings(max_examples=60, deadline=None)
def test_removal_comes_to_rest_and_replays(lines: list[str]) -> None:
    # What the model takes may leave a line that a rule takes next; the chain asks until none does.
    text = "\n".join(lines)
    for _ in range(8):
        result = remove_boilerplate(text, UNSAFE)
        assert apply_edits(text, result.edits) == result.text
        if result.text == text:
            return
        text = result.text
    pytest.fail("it does not come to rest")


ENTRIES = [
    "1. Brombeek A, Dorn KL. Tides of the lower estuary. J Coast Stud. 2011;14:201-9.",
    "Esker, P. Q., & Fell, R. (2004). Ferries and fog. Brackwater: Harbour University Press.",
    "Garth S, et al. Lamps, oil and salt in the keepers' books. Annals of Light 1987; 3(2): 55-61.",
    "Hale M, Ives T. Rowing against the ebb: a trial. 2019. doi: 10.9999/ebb.2019.17",
]
ODD = ["www.example.org: 3,50 \u20ac (20% off)", "\u4e2d\u6587\u3002", "A \u00a9 B) "]
LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [*STORY, *MENU, "www.example.org: 3,50 \u20ac (20% off)", "\u4e2d\u6587\u3002"]
        ),
        st.text(max_size=30).map(lambda line: line.replace("\n", " ")),
        st.text("aAb .,:;|()9\u00e9\u2026\u20ac@%", min_size=1, max_size=20),
    ).filter(lambda line: line and not line.isspace()),
    min_size=1,
    max_size=25,
)


@given(LINES)
@settings(max_examples=150, deadline=None)
def test_features_are_those_of_the_plain_twin(lines: list[str]) -> None:
    lexicon = packaged_model().lexicon
    expected = plain.seen_lines(lines, lexicon)
    sight = extract_features(lines, lexicon)
    assert sight.table.tolist() == plain.table(expected).tolist()
    assert sight.shapes.tolist() == [line.shape for line in expected]
    assert sight.words[sight.numbers].tolist() == [one for line in expected for one in line.hashes]


@given(LINES)
@settings(max_examples=100, deadline=None)
def test_columns_of_the_forest_are_those_of_the_plain_twin(lines: list[str]) -> None:
    model = packaged_model()
    sight = extract_features(lines, model.lexicon)
    _, places = inputs(sight, model.vectors)
    found = forest_columns(sight, places, model.forest.evidence)
    expected = plain.columns(plain.seen_lines(lines, model.lexicon), model)
    assert found[:, REACH:-REACH].T.tolist() == expected.tolist()
    assert not found[:, :REACH].any()
    assert not found[:, -REACH:].any()


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_scores_are_those_of_the_plain_twin(lines: list[str]) -> None:
    assert scores(lines) == plain.scores(lines, packaged_model())


def test_scores_do_not_depend_on_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [*MENU, *STORY, *STORY[::-1], *MENU] * 30
    expected = scores(lines)
    for size in (1, 7, 64):
        monkeypatch.setattr(line_model, "_BLOCK", size)
        assert scores(lines) == expected


def test_interpreted_kernels_score_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    use_interpreted(monkeypatch)
    for lines in (STORY, MENU, ODD):
        assert scores(lines) == plain.scores(lines, packaged_model())


def test_sums_stay_exact_in_float32() -> None:
    for layer in packaged_model().layers.values():
        assert np.abs(layer.weights).sum(axis=1).max() * 127 < 2**24
        assert (layer.weights == np.rint(layer.weights)).all()


def test_forest_asks_of_columns_that_are_there_and_its_sums_fit() -> None:
    trees = packaged_model().forest
    assert trees.asked.max() < FOREST_COLUMNS
    assert trees.shifts.max() <= 2 * REACH
    assert trees.leaves.shape == (len(trees.asked), 1 << trees.asked.shape[1])
    assert np.abs(trees.leaves.astype(np.int64)).max(axis=1).sum() < 2**31
    assert len(trees.evidence) == len(packaged_model().vectors.words)


def test_the_offset_takes_nothing_from_a_text_that_is_nearly_all_text() -> None:
    ten = np.zeros(10, dtype=np.int64)
    down = Offset(ten, ten, ten, np.array(-(1 << 24)))
    words = np.full(40, 9)
    sure, unsure = np.full(40, 2.0), np.concatenate((np.full(20, 2.0), np.full(20, -2.0)))
    assert offset_of(sure, words, down) == 0.0
    assert offset_of(unsure, words, down) == -1.0


def test_model_says_where_it_comes_from() -> None:
    path = resources.files("cleaner") / "data" / "boilerplate_lines.npz"
    data = path.read_bytes()
    assert len(data) < 1_000_000
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        about = json.loads(arrays["about"].tobytes())
    assert {"source", "licence", "sha256", "words", "shapes"} <= set(about)
