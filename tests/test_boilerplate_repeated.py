"""Repeated lines: what is counted, in any order, and what goes."""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from cleaner import Settings, clean_files
from cleaner.core.edits import apply_edits
from cleaner.core.rules import Selection
from cleaner.steps.boilerplate import (
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
from cleaner.steps.boilerplate.lines import view
from cleaner.steps.boilerplate.repeated.linecounts import line_keys, pair_keys
from cleaner.steps.context import Context

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


_MENU = [
    "Quayside Herald",
    "Ferries and tides",
    "Harbour shop",
    "Small ads (free)",
    "Berths for guests",
    "Boat lift",
]
_FOOTER = ["Write to the board", "The Quayside Herald is printed by the harbour press."]


def story(rng: random.Random, index: int, lines: int = 8) -> list[str]:
    """Return prose that no other document has."""
    return [" ".join(rng.choices(_WORDS, k=14)) + f" {index}x{k}." for k in range(lines)]


def corpus(number: int = 40) -> list[tuple[str, str, str]]:
    """Return pages of four sites: a menu, prose under an issue's number, a footer, a date."""
    rng = random.Random(3)
    documents = []
    for index in range(number):
        own = [f"Issue {index}", *story(rng, index)]
        date = f"Printed on {index + 1} May 2021"
        page = "\n".join([*_MENU, *own, *_FOOTER, date])
        documents.append((f"d{index}", f"s{index % 4}", page))
    return documents


def test_furniture_goes_and_stories_stay() -> None:
    documents = corpus()
    table = freeze_lines(learn_lines(documents))
    for _, _, text in documents:
        result = remove_boilerplate(text, CONTEXT, table)
        assert result.text.split("\n") == [*text.split("\n")[6:-3], text.split("\n")[-1]]
        assert [(edit.code, edit.detail) for edit in result.edits] == [
            ("BOI350", "6 lines that stand together, in 40 of 40 documents"),
            ("BOI350", "2 lines that stand together, in 40 of 40 documents"),
        ]
        assert apply_edits(text, result.edits) == result.text
        assert remove_boilerplate(result.text, CONTEXT, table).text == result.text


def test_a_settled_text_loses_no_more_and_no_less_than_any_other() -> None:
    documents = corpus()
    table = freeze_lines(learn_lines(documents))
    for _, _, text in documents:
        assert not remove_boilerplate(text, WITH_RULES).edits
        usual = remove_boilerplate(text, WITH_RULES, table)
        assert usual.edits
        assert remove_boilerplate(text, WITH_RULES, table, settled=text) == usual
    shared = "\n".join(["Share this article:", *documents[0][2].split("\n")[6:]])
    usual = remove_boilerplate(shared, WITH_RULES, table)
    assert usual.edits
    assert remove_boilerplate(shared, WITH_RULES, table, settled=documents[0][2]) == usual


def test_lines_that_differ_by_a_number_are_no_menu() -> None:
    documents = []
    for index, (name, site, text) in enumerate(corpus()):
        lines = text.split("\n")
        lines[:6] = [f"{line} {index}" for line in lines[:6]]
        documents.append((name, site, "\n".join(lines)))
    table = freeze_lines(learn_lines(documents))
    assert all(not remove_boilerplate(text, CONTEXT, table).edits for _, _, text in documents)


def test_a_menu_around_the_same_body_stays() -> None:
    body = "\n".join(story(random.Random(3), 0))
    documents = framed([(f"d{index}", "s", body) for index in range(20)])
    table = freeze_lines(learn_lines(documents))
    assert all(not remove_boilerplate(text, CONTEXT, table).edits for _, _, text in documents)


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


def manual(number: int = 60, prose: int = 1) -> list[tuple[str, str, str]]:
    """Return pages of a manual: lines of prose, and headings, notes and options that many share."""
    rng = random.Random(4)
    documents = []
    for index in range(number):
        name = f"{rng.choice(_WORDS)}-{index}"
        lines = ["NAME", f"{name} - moor a {rng.choice(_WORDS)}", "SYNOPSIS", f"{name} [OPTION]"]
        lines += ["DESCRIPTION", *story(rng, index, prose)]
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


def framed(documents: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the documents with the site's menu above and its footer below each."""
    return [(name, site, "\n".join([*_MENU, text, *_FOOTER])) for name, site, text in documents]


def test_template_headings_and_shared_notes_of_manuals_stay() -> None:
    documents = manual()
    table = freeze_lines(learn_lines(documents))
    for _, _, text in documents:
        assert not remove_boilerplate(text, WITH_RULES, table).edits


def test_menu_and_footer_of_most_pages_go_and_headings_and_notes_stay() -> None:
    texts = [text for _, _, text in manual(prose=20)]
    pages = framed(manual(prose=20))
    table = freeze_lines(learn_lines(pages))
    for (_, _, page), text in zip(pages, texts, strict=True):
        assert remove_boilerplate(page, WITH_RULES, table).text == text + "\n"


def test_filled_in_templates_are_no_pages_and_keep_what_frames_them() -> None:
    pages = framed(manual(prose=1))
    table = freeze_lines(learn_lines(pages))
    assert all(not remove_boilerplate(page, WITH_RULES, table).edits for _, _, page in pages)


def test_a_lone_line_at_the_foot_of_every_page_stays() -> None:
    footer = "This page belongs to the harbour manual, third edition."
    documents = [(name, site, f"{text}\n{footer}") for name, site, text in manual()]
    table = freeze_lines(learn_lines(documents))
    for _, _, text in documents:
        assert not remove_boilerplate(text, WITH_RULES, table).edits


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("Before you sail, the harbour office must be told:", True),
        ("Which of the ferries sail today?", True),
        ("Before you sail, the harbour office must be told.", False),
    ],
)
def test_a_line_that_introduces_what_stays_is_no_furniture(line: str, stays: bool) -> None:
    rng = random.Random(4)
    bodies = ["\n".join(story(rng, index)) + "\n" for index in range(40)]
    documents = [
        (f"d{index}", "s", "\n".join([*_MENU, line, body + "\n".join(_FOOTER)]))
        for index, body in enumerate(bodies)
    ]
    table = freeze_lines(learn_lines(documents))
    for (_, _, text), body in zip(documents, bodies, strict=True):
        left = remove_boilerplate(text, CONTEXT, table).text
        assert left == (f"{line}\n{body}" if stays else body)


@pytest.mark.parametrize("line", ["Before you sail, the harbour office must be told.", "Tides"])
def test_a_line_that_repeats_alone_above_every_text_stays(line: str) -> None:
    rng = random.Random(4)
    documents = [(f"d{i}", "s", "\n".join([line, *story(rng, i)])) for i in range(40)]
    table = freeze_lines(learn_lines(documents))
    assert not table.lines
    assert all(not remove_boilerplate(text, CONTEXT, table).edits for _, _, text in documents)


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


@pytest.mark.parametrize("in_order", [True, False])
def test_labels_beside_known_furniture_go_only_in_the_order_that_pages_share(
    in_order: bool,
) -> None:
    labels = ["Moorings", "Harbour shop", "Boat lift", "Berths for guests", "Winter storage"]
    known = ["Skip to main content", "Follow us on Instagram", "Subscribe to our newsletter"]
    rng = random.Random(6)
    furnished, bare = [], []
    for index in range(12):
        picked = labels if in_order else rng.sample(labels, k=5)
        body = story(rng, index, 20)
        furnished.append((f"f{index}", "s", "\n".join([*known, *picked, *body])))
        bare.append((f"b{index}", "t", "\n".join([*picked, *body])))
    for (_, _, page), (_, _, text) in zip(furnished, bare, strict=True):
        left = remove_boilerplate(page, WITH_RULES, freeze_lines(learn_lines(furnished))).text
        assert left == ("\n".join(text.split("\n")[5:]) if in_order else text)
        assert not remove_boilerplate(text, WITH_RULES, freeze_lines(learn_lines(bare))).edits


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


def test_a_long_document_fills_the_sketch_no_more_than_its_edges_do() -> None:
    lines = [f"{word} {first} {second}" for word in _WORDS for first in _WORDS for second in _WORDS]
    edges = [*lines[:200], *lines[-200:]]
    long = sketch_lines([("long", "", "\n".join(lines))])
    short = sketch_lines([("short", "", "\n".join(edges))])
    assert np.array_equal(long.counts, short.counts)
    assert long.counts.sum() == 4 * (400 + 399 + 1)


def test_sources_of_a_sum_are_counted_exactly() -> None:
    both = ["Moorings of the harbour", "Berths for guests"]
    rng = random.Random(7)
    documents = [
        (f"d{source}-{k}", f"s{source}", "\n".join([*both, *story(rng, source * 3 + k)]))
        for source in range(40)
        for k in range(1 + source % 3)
    ]
    sketch = sketch_lines(documents)
    parts = [learn_lines(documents[at::2], sketch) for at in range(2)]
    merged = merge_counts(*parts)
    keys = line_keys(both)
    assert {count.documents for count in merged.lines.values()} == {len(documents)}
    assert list(merged.lines) == keys.tolist()
    assert list(merged.pairs) == pair_keys(keys).tolist()
    (pair,) = merged.pairs.values()
    assert pair.lines == tuple(keys.tolist())
    assert pair.documents == pair.edges == len(documents)
    assert len(pair.sources) == 16
    assert all(held == whole for _, held, whole in pair.sources)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Posted on 3 May 2021", "Posted on 12 June 2020", False),
        ("12 / 14", "12 / 15", False),
        ("More stories by Ann Lee", "More stories by John van Dyke", False),
        ("Result: passed", "Result: failed", False),
        ("Small ads", "small ads", False),
        ("Small ads", "Small ads:", False),
        ("Small ads", "  Small \t ads\u00a0", True),
        ("Caf\u00e9", "Cafe\u0301", True),
        ("\ud800 lone", "\ud801 lone", False),
    ],
)
def test_keys_tell_lines_apart_by_all_but_space_and_form(one: str, other: str, same: bool) -> None:
    first, second = line_keys([one, other]).tolist()
    assert (first == second) is same


def test_mined_rules_are_toml_to_be_reviewed() -> None:
    table = freeze_lines(learn_lines(corpus()))
    rules = tomllib.loads(mine_rules(table))["rule"]
    assert {rule["positive"][0] for rule in rules} == {*_MENU, *_FOOTER}
    assert all(rule["summary"] == "in 40 of 40 documents, 40 times" for rule in rules)
    assert all(rule["negative"] == [] for rule in rules)
    left = tomllib.loads(mine_rules(table, known=[view("Boat lift")], most=3))["rule"]
    assert len(left) == 3
    assert all(rule["positive"] != ["Boat lift"] for rule in left)


def test_patterns_of_mined_rules_are_the_literal_text() -> None:
    documents = [
        (name, site, text.replace("Boat lift", "Tides [2021] (50% + 1.5)?"))
        for name, site, text in corpus()
    ]
    rules = tomllib.loads(mine_rules(freeze_lines(learn_lines(documents))))["rule"]
    for rule in rules:
        (pattern,), (line,) = rule["patterns"], rule["positive"]
        assert re.fullmatch(pattern, view(line))
        assert re.sub(r"\\(.)", r"\1", pattern) == view(line)
    (tides,) = (rule["patterns"][0] for rule in rules if "Tides [" in rule["positive"][0])
    assert not re.fullmatch(tides, view("Tides [2022] (50% + 1.5)?"))
    assert not re.fullmatch(tides, view("Tides 2 (50% + 1x5)"))


def test_the_report_lists_repeated_lines_with_count_place_and_example(tmp_path: Path) -> None:
    mention = "Boat lift\nA story of the harbour board and its lift.\nBoat lift"
    for name, site, text in [*corpus(), ("mention", "s0", mention)]:
        (tmp_path / "in" / site).mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / site / f"{name}.txt").write_text(text + "\n")
    report = clean_files([tmp_path / "in"], tmp_path / "out", Settings(select=("BOI350",)))
    lines = {line.line: line for line in report.repeated}
    assert set(lines) == {*_MENU, *_FOOTER}
    assert all(line.removed == line.from_documents == 40 for line in lines.values())
    assert all(lines[text].at_head == 40 for text in _MENU)
    assert all(lines[text].at_head == 0 for text in _FOOTER)
    often = {text: (line.stood, line.in_documents) for text, line in lines.items()}
    assert often.pop("Boat lift") == (42, 41)
    assert set(often.values()) == {(40, 40)}
    assert lines["Quayside Herald"].file.endswith("s0/d0.txt")
    assert (tmp_path / "out" / "s0" / "mention.txt").read_text().endswith("Boat lift\n")
