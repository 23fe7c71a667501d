"""Repeated lines: what is counted, in any order, and what goes."""

from __future__ import annotations

import random
import tomllib

import numpy as np

from cleaner.core.edits import apply_edits
from cleaner.core.rules import Selection
from cleaner.normalize.boilerplate import (
    RULES,
    LineCounts,
    freeze_lines,
    learn_lines,
    merge_counts,
    merge_sketches,
    mine_rules,
    remove_boilerplate,
    sketch_lines,
)
from cleaner.normalize.boilerplate.repeated import line_keys
from cleaner.normalize.context import Context

CONTEXT = Context(rules=Selection(select=["BOI350"], rules=RULES))
_WORDS = [
    "harbour",
    "ferry",
    "quay",
    "tide",
    "rope",
    "mast",
    "storm",
    "letter",
    "clerk",
    "board",
    "captain",
    "winter",
]


def corpus(number: int = 40) -> list[tuple[str, str, str]]:
    """Return documents of a site: a head of three lines, prose of their own, a long tail."""
    rng = random.Random(3)
    documents = []
    for index in range(number):
        story = [" ".join(rng.choices(_WORDS, k=14)) + f" {index}x{k}." for k in range(8)]
        head = ["Quayside Herald", "Ferries and tides", f"Issue {index}"]
        tail = [f"The Quayside Herald is printed by the harbour press on {index + 1} May 2021"]
        documents.append((f"d{index}", f"s{index % 4}", "\n".join([*head, *story, *tail])))
    return documents


def test_furniture_goes_and_stories_stay() -> None:
    documents = corpus()
    table = freeze_lines(learn_lines(documents))
    for _, _, text in documents:
        result = remove_boilerplate(text, CONTEXT, table)
        assert result.text == "\n".join(text.split("\n")[3:-1]) + "\n"
        assert {edit.code for edit in result.edits} == {"BOI350"}
        assert all("of 40 documents" in edit.detail for edit in result.edits)
        assert apply_edits(text, result.edits) == result.text
        assert remove_boilerplate(result.text, CONTEXT, table).text == result.text


def test_short_repeated_lines_stay_among_prose() -> None:
    documents = [
        (f"d{i}", "s", f"The {a} lay by the {b}.\nYes.\nNo {b} without a {a}.")
        for i, (a, b) in enumerate(zip(_WORDS, reversed(_WORDS), strict=True))
    ]
    table = freeze_lines(learn_lines(documents))
    assert all(not remove_boilerplate(text, CONTEXT, table).edits for _, _, text in documents)


def test_versions_of_one_document_are_no_furniture() -> None:
    story = "\n".join(f"{' '.join(_WORDS)} and {word} again." for word in _WORDS)
    documents = [*corpus(20), *((f"v{i}", "s9", f"{story}\nVersion {i}") for i in range(12))]
    table = freeze_lines(learn_lines(documents))
    result = remove_boilerplate(documents[-1][2], CONTEXT, table)
    assert result.text == documents[-1][2]
    assert [edit.code for edit in result.edits] in ([], ["BOI399"])


def test_counts_do_not_depend_on_parts_or_order() -> None:
    documents = corpus()
    whole = learn_lines(documents)
    shuffled = documents[:]
    random.Random(5).shuffle(shuffled)
    parts = [learn_lines(shuffled[at : at + 7]) for at in range(0, len(shuffled), 7)]
    merged = LineCounts()
    for part in reversed(parts):
        merged = merge_counts(merged, part)
    assert merged == whole
    assert freeze_lines(merged) == freeze_lines(whole)


def test_sketch_bounds_what_is_counted_and_loses_nothing_frequent() -> None:
    documents = corpus()
    left, right = sketch_lines(documents[:13]), sketch_lines(documents[13:])
    sketch, whole = merge_sketches(right, left), sketch_lines(documents)
    assert sketch.documents == whole.documents == 40
    assert np.array_equal(sketch.counts, whole.counts)
    counted = learn_lines(documents, sketch)
    assert len(counted.lines) < len(learn_lines(documents).lines)
    assert freeze_lines(counted) == freeze_lines(learn_lines(documents))


def test_keys_leave_dates_numbers_and_names_open() -> None:
    assert line_keys("Posted on 3 May 2021") == line_keys("posted on 12 June 2020")
    one = set(line_keys("More stories written by Ann Lee"))
    assert one & set(line_keys("More stories written by John van Dyke"))
    assert line_keys("12 / 14") == ()
    assert line_keys("\ud800 lone") != ()


def test_mined_rules_are_toml_to_be_reviewed() -> None:
    table = freeze_lines(learn_lines(corpus()))
    proposed = tomllib.loads(mine_rules(table))
    summaries = [rule["summary"] for rule in proposed["rule"]]
    assert len(summaries) == len(table.lines) or summaries
    assert all("of 40 documents" in summary for summary in summaries)
    assert any("quayside herald" in rule["patterns"][0] for rule in proposed["rule"])
    assert all(rule["negative"] == [] for rule in proposed["rule"])
