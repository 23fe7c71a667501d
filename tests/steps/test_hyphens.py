"""Hyphens at line ends and soft hyphens: what holds for any text, and what the rest of it says."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import clean_text
from cleaner.core.edits import apply_edits
from cleaner.core.rules import Selection
from cleaner.core.settings.config import Settings
from cleaner.steps.context import Context
from cleaner.steps.hyphens import rejoin_hyphens
from cleaner.steps.lost_spaces.corpus.learn import learn_glue

CONTEXT = Context()
PROSE = "We went to the orchard in the morning and picked the apples that were left on the trees. "

PIECES = [
    *"the apple orchard well known pre post war Haupt und Neben 1990 95 Jean Paul vor oder".split(),
    *("-", "-\n", "\u00ad", "\u00ad\n", "\u00ad ", " ", "\n", "\n\n", ",", "'", "-\n  ", " -\n"),
]
pieces = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(pieces)
def test_letters_and_digits_stay(text: str) -> None:
    result = rejoin_hyphens(text, CONTEXT)
    assert apply_edits(text, result.edits) == result.text
    assert [c for c in result.text if c.isalnum()] == [c for c in text if c.isalnum()]
    assert result.text.count("\n\n") == text.count("\n\n")


@settings(max_examples=300, deadline=None)
@given(pieces)
def test_a_second_pass_over_the_whole_changes_nothing(text: str) -> None:
    once = clean_text(PROSE + text, Settings(select=("HYP", "FMT")))
    assert clean_text(once.text, Settings(select=("HYP", "FMT"))).edits == ()


@pytest.mark.parametrize(
    "text",
    [
        "x" * 200_000 + "-\napples",
        "ap-\n" + "p" * 200_000,
        "the ap-\nple " * 10_000,
        "\u00ad" * 200_000,
        "a\u00ad " * 20_000,
        "- " * 100_000 + "\n",
        "x-" + " " * 200_000 + "x",
        "1\u00ad2" * 20_000,
        "a\u00ad, " * 20_000,
        "the ap-\n\n" * 10_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_time_is_linear(text: str) -> None:
    rejoin_hyphens(f"{PROSE}{text[:2000]}", CONTEXT)
    began = time.process_time()
    rejoin_hyphens(PROSE + text, CONTEXT)
    # Quadratic searches take minutes.
    assert time.process_time() - began < 10.0


def test_a_word_that_stands_elsewhere_is_joined_in_any_language() -> None:
    text = "Sal quollimar brannor, sal tem quoll-\nimar eth."
    assert rejoin_hyphens(text, CONTEXT).text == "Sal quollimar brannor, sal tem quollimar eth."


def test_a_hyphenated_word_that_stands_elsewhere_keeps_its_hyphen() -> None:
    text = f"{PROSE}It was a plum-\ncot tree, and the plum-cot is a fruit."
    assert "a plum-cot tree" in rejoin_hyphens(text, CONTEXT).text


def test_a_word_of_other_documents_is_joined() -> None:
    text = f"{PROSE}They called it a morrow-\napple."
    tables = learn_glue([f"{PROSE}A morrowapple it was.", f"{PROSE}No morrowapple here."])
    assert "a morrow-apple" in rejoin_hyphens(text, CONTEXT).text
    assert "a morrowapple" in rejoin_hyphens(text, CONTEXT, tables).text


def test_a_text_whose_other_breaks_are_hyphens_of_their_own_splits_no_words() -> None:
    doubtful = "by the sea-\nshore"
    alone = f"{PROSE}They sat {doubtful}."
    assert "by the seashore" in rejoin_hyphens(alone, CONTEXT).text
    kept = f"{PROSE}A well-\nkept, sun-\ndried, rain-\nwashed thing lay {doubtful}."
    assert "by the sea-shore" in rejoin_hyphens(kept, CONTEXT).text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("HYP210", "The ap-\nples were left on the trees."),
        ("HYP211", "The well-\nkept trees were left to us."),
        ("HYP212", "The ap\u00adples were left on the trees."),
        ("HYP213", "The pre-\nand post-war trees were left to us."),
    ],
)
def test_a_rule_that_does_not_act_changes_nothing(code: str, text: str) -> None:
    assert {edit.code for edit in rejoin_hyphens(text, CONTEXT).edits} == {code}
    assert rejoin_hyphens(text, Context(rules=Selection(ignore=[code]))).text == text


def test_lines_that_are_unwrapped_keep_suspended_hyphens_whatever_rules_act() -> None:
    text = (
        "Die Bauern des Dorfes brachten am Morgen ihre Obst-\n"
        "und Gemüsekisten auf den Markt, weil am Abend vorher\n"
        "der Regen die Straße zur Stadt unter Wasser gesetzt\n"
        "hatte und niemand mehr mit dem Wagen hinüberkam, der\n"
        "nicht über Nacht im Wirtshaus bleiben wollte.\n"
    )
    assert "Obst- und Gemüsekisten auf den Markt, weil am" in clean_text(text).text
    kept = clean_text(text, Settings(ignore=("HYP",))).text
    assert "Obstund" not in kept
    assert "Obst-und" not in kept
