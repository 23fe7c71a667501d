"""Repeated lines: what is counted, in any order, and what goes."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path

import numpy as np

from cleaner import Settings, clean_files
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
WITH_RULES = Context(rules=Selection(rules=RULES))
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
        head = ["Quayside Herald", f"Issue {index}", "Ferries and tides"]
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


def manual(number: int = 60) -> list[tuple[str, str, str]]:
    """Return pages of a manual: template headings, notes and options that many of them share."""
    rng = random.Random(4)
    documents = []
    for index in range(number):
        name = f"{rng.choice(_WORDS)}-{index}"
        lines = ["NAME", f"{name} - moor a {rng.choice(_WORDS)}", "SYNOPSIS", f"{name} [OPTION]"]
        lines += ["DESCRIPTION", " ".join(rng.choices(_WORDS, k=20)) + "."]
        if index % 3 == 0:
            lines.append("This command needs the right to write to the log of the harbour.")
        for _ in range(12):
            lines += ["OPTIONS", f"--{rng.choice(_WORDS)}={index}", " ".join(rng.choices(_WORDS))]
            lines.append("Takes the number of the berth; the default is the first free one.")
        if index % 4 == 0:
            lines.append("The exit status is 0 when the ship could be moored, otherwise 1.")
        lines += ["SEE ALSO", f"{rng.choice(_WORDS)}(1), {rng.choice(_WORDS)}({index})"]
        documents.append((name, "manual", "\n".join(lines)))
    return documents


def test_template_headings_and_shared_notes_of_manuals_stay() -> None:
    documents = manual()
    table = freeze_lines(learn_lines(documents))
    for _, _, text in documents:
        assert not remove_boilerplate(text, WITH_RULES, table).edits


def test_a_footer_of_most_pages_goes_and_a_note_of_some_stays() -> None:
    footer = "This page belongs to the harbour manual, third edition."
    documents = [(name, site, f"{text}\n{footer}") for name, site, text in manual()]
    table = freeze_lines(learn_lines(documents))
    for _, _, text in documents:
        assert remove_boilerplate(text, WITH_RULES, table).text == text.removesuffix(footer)


def test_a_line_that_introduces_what_stays_is_no_furniture() -> None:
    rng = random.Random(4)
    for line, stays in (
        ("Before you sail, the harbour office must be told:", True),
        ("Before you sail, the harbour office must be told.", False),
    ):
        documents = []
        for index in range(40):
            story = [" ".join(rng.choices(_WORDS, k=14)) + f" {index}x{k}." for k in range(8)]
            documents.append((f"d{index}", "s", "\n".join([line, *story])))
        table = freeze_lines(learn_lines(documents))
        text = documents[0][2]
        assert (remove_boilerplate(text, CONTEXT, table).text == text) is stays


def test_what_single_documents_of_many_folders_share_stays() -> None:
    licence = "Permission is granted to moor here free of charge, to any ship that asks for it."
    rng = random.Random(8)
    documents = [
        (f"p{i}", f"folder{i}", f"{' '.join(rng.choices(_WORDS, k=30))}.\n{licence}")
        for i in range(40)
    ]
    table = freeze_lines(learn_lines(documents))
    for _, _, text in documents:
        assert not remove_boilerplate(text, WITH_RULES, table).edits


def test_chapter_numbers_stay_under_a_running_title() -> None:
    rng = random.Random(9)
    documents = []
    for index in range(20):
        story = [" ".join(rng.choices(_WORDS, k=12)) + f" {index}." for _ in range(30)]
        documents.append((f"c{index}", "book", "\n".join([f"Chapter {index}", *story])))
    table = freeze_lines(learn_lines(documents))
    assert all(not remove_boilerplate(text, WITH_RULES, table).edits for _, _, text in documents)


def test_labels_go_only_on_pages_where_rules_have_found_boilerplate() -> None:
    labels = ["Moorings", "Harbour shop", "Boat lift", "Berths for guests", "Winter storage"]
    rng = random.Random(6)
    furnished, bare = [], []
    for index in range(12):
        story = "\n".join(" ".join(rng.choices(_WORDS, k=15)) + f" {index}." for _ in range(20))
        picked = "\n".join(rng.sample(labels, k=5))
        site = f"site{index}"
        known = "Skip to main content\nFollow us on Instagram\nSubscribe to our newsletter"
        furnished.append((f"f{index}", site, f"{known}\n{picked}\n{story}"))
        bare.append((f"b{index}", site, f"{picked}\n{story}"))
    table = freeze_lines(learn_lines([*furnished, *bare]))
    for (_, _, page), (_, _, text) in zip(furnished, bare, strict=True):
        left = remove_boilerplate(page, WITH_RULES, table).text
        assert not any(label in left for label in labels)
        assert not remove_boilerplate(text, WITH_RULES, table).edits


def test_counts_do_not_depend_on_parts_or_order() -> None:
    documents = corpus()
    sketch = sketch_lines(documents)
    whole = learn_lines(documents, sketch)
    shuffled = documents[:]
    random.Random(5).shuffle(shuffled)
    parts = [learn_lines(shuffled[at : at + 7], sketch) for at in range(0, len(shuffled), 7)]
    merged = LineCounts()
    for part in reversed(parts):
        merged = merge_counts(merged, part)
    assert merged == whole
    assert freeze_lines(merged) == freeze_lines(whole)


def test_sketches_add_and_bound_what_is_counted() -> None:
    documents = corpus()
    left, right = sketch_lines(documents[:13]), sketch_lines(documents[13:])
    sketch, whole = merge_sketches(right, left), sketch_lines(documents)
    assert sketch.documents == whole.documents == 40
    assert np.array_equal(sketch.counts, whole.counts)
    counted = learn_lines(documents, sketch)
    assert counted == learn_lines(documents)
    assert len(counted.lines) < 12


def test_a_long_document_fills_the_sketch_no_more_than_a_short_one() -> None:
    long = "\n".join(f"{word} {first} {second}" for word in _WORDS for first in _WORDS
                     for second in _WORDS)  # fmt: skip
    assert sketch_lines([("long", "", long)]).counts.sum() <= 4 * (2 * 200 + 1)


def test_sources_of_a_sum_are_counted_exactly() -> None:
    documents = [
        (f"d{source}-{k}", f"s{source}", f"A line of the harbour board, at the head\n{source}x{k}")
        for source in range(40)
        for k in range(1 + source % 3)
    ]
    (count,) = [c for c in learn_lines(documents).lines.values() if c.example.startswith("A line")]
    assert count.documents == len(documents)
    assert len(count.sources) == 16
    assert all(held == whole for _, held, whole in count.sources)


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


def test_the_report_lists_repeated_lines_with_count_place_and_example(tmp_path: Path) -> None:
    for name, site, text in corpus():
        (tmp_path / "in" / site).mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / site / f"{name}.txt").write_text(text + "\n")
    report = clean_files([tmp_path / "in"], tmp_path / "out", Settings(select=("BOI350",)))
    lines = {line.example.split(" is ")[0]: line for line in report.repeated}
    assert set(lines) == {"Quayside Herald", "Issue 0", "Ferries and tides", "The Quayside Herald"}
    assert all(line.removed == 40 for line in lines.values())
    assert lines["Quayside Herald"].at_head == 40
    assert lines["The Quayside Herald"].at_head == 0
    assert lines["Issue 0"].file.endswith("s0/d0.txt")
