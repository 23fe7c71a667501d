"""Rules of boilerplate: each bears out its examples and clears no other's negatives."""

from __future__ import annotations

import random
import time
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.core.edits import apply_edits
from cleaner.core.rules import Rule, Selection
from cleaner.core.settings.config import Boilerplate, Settings
from cleaner.steps.boilerplate import RULES, load_rules, remove_boilerplate
from cleaner.steps.boilerplate.lines import view
from cleaner.steps.boilerplate.rulefiles.compiled import full_match
from cleaner.steps.boilerplate.rulefiles.packaged import filed_rules, packaged_rules
from cleaner.steps.boilerplate.rulefiles.patterns import pattern_problems, required_literals
from cleaner.steps.boilerplate.rulefiles.rulecheck import check_rule_file
from cleaner.steps.boilerplate.rulefiles.rulefile import FiledRule
from cleaner.steps.context import Context

FOLDER = resources.files("cleaner") / "data" / "boilerplate"
FILES = sorted(path.name for path in FOLDER.iterdir() if path.name.endswith(".toml"))
SAFE = Context(rules=Selection(rules=RULES))
ALL = Context(rules=Selection(rules=RULES, unsafe_fixes=True))


@pytest.mark.parametrize("name", FILES)
def test_packaged_file_is_sound(name: str) -> None:
    assert check_rule_file(FOLDER / name) == []


def test_packaged_rules_are_those_of_the_rule_files() -> None:
    again = (
        "run `python -m cleaner.steps.boilerplate.rulefiles.packaged` after a change of rule files"
    )
    assert packaged_rules() == filed_rules(), again


@pytest.mark.parametrize("filed", load_rules(), ids=lambda filed: f"{filed.code}-{filed.rule.id}")
def test_no_rule_removes_a_negative_example_of_another(filed: FiledRule) -> None:
    for example in filed.rule.negative:
        if " " in example and example.rstrip().endswith((".", "。")) and "\n" not in example:
            assert remove_boilerplate(example, SAFE).edits == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_registry_examples(rule: Rule) -> None:
    context = Context(rules=Selection(select=[rule.code], rules=RULES, unsafe_fixes=True))
    for example in rule.examples:
        if not example.before.startswith("==> "):
            assert remove_boilerplate(example.before, context).text == example.after


LINES = [
    line
    for filed in load_rules()
    for example in (*filed.rule.positive, *filed.rule.negative)
    for line in example.split("\n")
] + ["", "", " ", "The ferry was late again, and nobody could say why."]


@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=40)), max_size=30))
@settings(max_examples=200, deadline=None)
def test_step_is_stable_and_its_edits_replay(lines: list[str]) -> None:
    text = "\n".join(lines)
    result = remove_boilerplate(text, SAFE)
    assert apply_edits(text, result.edits) == result.text
    again = remove_boilerplate(result.text, SAFE)
    assert again.text == result.text


@pytest.mark.parametrize(
    "pattern",
    [
        "(?:a+)+b",
        "(?:a|a)*b",
        r"(?:\w+ ?)+x",
        r"(?:ab|a.)*c",
        "(a)\\1x",
        "x(?:.*,){12}y",
        "(?:a*)*",
        "[",
        "a?",
        "(.*)*x",
        "(a+)+$",
        "(?P<x>a+)(?P=x) share",
        "(?:aa?){1,60}share",
        "(?:(?:(?:a{1,50}){1,50}){1,50}){1,50}share",
        "(?:a?){60}a{60} share",
        "(?:xy?x?){1,60}share",
        "(?:.{0,20} ){0,20}share",
        ".*.*.*.*share",
        "|".join(f"word{number}" for number in range(2_000)),
        "[[a-z]--[b]]share",
        "(share)(?(1)a+|b+)+",
        "share" + "a" * 7_900,
        "share(?:" + "a" * 200 + ")" + "a" * 200,
    ],
)
def test_dangerous_patterns_are_refused(pattern: str) -> None:
    assert pattern_problems(pattern)


def test_required_literals_stand_in_every_match() -> None:
    assert required_literals("(?:share|tweet) .* now") == {"share ", "tweet "}
    assert required_literals("(?:share|tweet)(?: now)? [0-9]") == {
        "share ",
        "share now ",
        "tweet ",
        "tweet now ",
    }
    assert required_literals("[0-9]+") == frozenset()
    assert required_literals("(?:page )?") == frozenset()
    for filed in load_rules():
        if filed.rule.scope != "paragraph":
            for example in filed.rule.positive:
                for line in map(view, example.split("\n")):
                    for pattern in filed.rule.patterns:
                        if full_match(pattern, line):
                            assert any(word in line for word in required_literals(pattern))


def test_hostile_texts_are_left_alone_in_time() -> None:
    rng = random.Random(7)
    words = ["share", "follow us", "404", "comments", "\ud800", "\x00", "Updated", "\u202e", "İ"]
    texts = [
        "share " * 200_000,
        "\n" * 200_000,
        "Share\n" * 20_000,
        "\n".join(" ".join(rng.choices(words, k=4)) for _ in range(5_000)),
    ]
    for text in texts:
        result = remove_boilerplate(text, ALL)
        assert apply_edits(text, result.edits) == result.text


@pytest.mark.parametrize(
    "text",
    [
        "The parcel that the pilot had sent from the island came without a note, so they did not\n"
        "read more.\n",
        "(a) the master of the ship,\n(b) the pilot on board, and\n(c) any other person.\n",
        "1. Harbour dues\n\nThe dues that ships pay are set out in the table below, and they may\n"
        "be found in the office of the master who will also give you a list of the\nrecommended "
        "reading\nand of the maps.\n",
        'THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR\n'
        "IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY.\n",
        "".join(f"Copyright (c) {year} Ann Lee, Harbour Board\n" for year in range(1990, 2000)),
        "NAME\nmoor - moor a ship\nSEE ALSO\nanchor(1), rope(5)\n",
        "Press Enter to close the lock gate.\n",
        "Design by contract\n",
    ],
)
def test_text_that_only_looks_like_boilerplate_stays(text: str) -> None:
    assert remove_boilerplate(text, SAFE).edits == ()


def test_a_menu_takes_no_list_with_it() -> None:
    menu = "Home\nAbout us\nCareers\nContact us\nPrivacy policy\nHelp\nLog in\nMy account"
    toc = "\n".join(f"Of the {word} and its keeping" for word in "abcdefghijklmnop")
    assert remove_boilerplate(f"{menu}\n\n{toc}\n", SAFE).text == f"\n{toc}\n"
    assert remove_boilerplate(f"{menu}\n{toc}\n", SAFE).text == f"{toc}\n"


def test_a_menu_takes_few_strange_lines_within_it() -> None:
    menu = (
        "Home\nAbout us\nCareers\nOur fleet\nContact us\nPrivacy policy\nHelp\nLog in\nMy account"
    )
    story = "The ferry was late again.\nNobody on the quay could say why it had not left.\n"
    assert remove_boilerplate(f"{menu}\n\n{story}", SAFE).text == f"\n{story}"


DIALOGUE = "Store and/or access information on a device\nMeasure content performance\n"
STORY = "The ferry was late again, and nobody on the quay could say why it had not left.\n"


def test_fixed_texts_may_be_longer_than_the_document() -> None:
    text = f"{STORY * 10}\n{DIALOGUE * 40}"
    assert remove_boilerplate(text, SAFE).text == f"{STORY * 10}\n"


def test_fixed_texts_count_where_little_else_is_left() -> None:
    text = f"{STORY}\n{DIALOGUE * 40}"
    assert remove_boilerplate(text, SAFE).text == text


PAGE = (
    "Skip to main content\nShare on Facebook\nBe the first to comment on this story\n"
    "Subscribe to our free weekly newsletter today\n© 2021 Example Media. All rights reserved.\n"
    "We use cookies to improve your experience. By continuing you agree to our cookie policy.\n"
)


def test_furniture_of_many_families_shows_a_page_that_may_lose_more() -> None:
    text = f"{STORY * 2}\n{PAGE}"
    assert remove_boilerplate(text, SAFE).text == f"{STORY * 2}\n"
    alone = PAGE.replace("© 2021 Example Media. All rights reserved.\n", "") * 2
    assert remove_boilerplate(f"{STORY * 2}\n{alone * 2}", SAFE).edits[0].code == "BOI399"


def test_a_policy_keeps_what_consent_managers_say_too() -> None:
    policy = (
        "Cookies of the ferry line\n\nThis page says which cookies we keep and why.\n\n"
        "These cookies are necessary for the website to function and cannot be switched off.\n\n"
        "The cookie called berth holds your personal data until the ferry has left.\n\n"
        "Functional cookies help to perform certain functionalities like the map of the quay.\n\n"
        "We disclose nothing of that to third parties, and the harbour board sees sums alone.\n"
    )
    assert remove_boilerplate(policy, SAFE).edits == ()


def test_kept_text_is_not_removed() -> None:
    text = "A story.\n\nShare this article:\n\nMore of it.\n"
    assert remove_boilerplate(text, SAFE).text != text
    keep = Settings(boilerplate=Boilerplate(keep=("Share this",)))
    assert remove_boilerplate(text, Context(rules=SAFE.rules, settings=keep)).edits == ()


def test_a_pattern_that_runs_out_of_time_protects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.steps.boilerplate.rulefiles.compiled.MATCH_SECONDS", 0.05)
    text = "A story.\n\nShare on Facebook\n\nMore of it.\n\n" * 50
    keep = Settings(boilerplate=Boilerplate(keep=("(?:[a-zA-Z ]|[a-z] ?|. ?)+[0-9]",)))
    start = time.monotonic()
    assert remove_boilerplate(text, Context(rules=SAFE.rules, settings=keep)).edits == ()
    assert time.monotonic() - start < 5, "what ran out of time is tried again"


def test_a_long_pattern_is_judged_at_once() -> None:
    start = time.monotonic()
    pattern_problems("share" + "a" * 7_900)
    pattern_problems("share" + "(?:ab?)?" * 900)
    assert time.monotonic() - start < 10


def test_budget_leaves_a_document_as_it_is() -> None:
    furniture = "Share this article:\nFollow us on Instagram\nLeave a comment below\n" * 30
    text = "A short story of few words.\n" + furniture
    result = remove_boilerplate(text, SAFE)
    assert result.text == text
    (note,) = result.edits
    assert (note.code, note.start, note.end, note.before, note.after) == ("BOI399", 0, 0, "", "")
    generous = Settings(boilerplate=Boilerplate(max_share=1.0))
    assert remove_boilerplate(text, Context(SAFE.rules, generous)).text.startswith("A short story")


def test_an_error_page_goes_whole() -> None:
    text = "404\nPage not found\n" + "Oops! That page can't be found.\nGo back\n" * 20
    assert remove_boilerplate(text, SAFE).text.strip() == ""


def test_user_rule_file_names_file_rule_and_key(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        """
[[rule]]
id = "station-call"
summary = "the station names itself"
languages = ["en"]
scope = "lines"
patterns = ['you are listening to radio .{1,20}']
positive = ["a", "b", "c"]
negative = ["a", "b", "c"]

[[rule]]
id = "slow"
summary = "s"
languages = ["en"]
scope = "line"
patterns = ['(?:a+)+ station']
positive = ["a station", "aa station", "aaa station"]
negative = ["b", "c", "d"]
""",
        encoding="utf-8",
    )
    problems = check_rule_file(str(path))
    assert any("mine.toml: rule station-call: scope:" in problem for problem in problems)
    assert any("mine.toml: rule slow: patterns:" in problem for problem in problems)


def test_user_rules_act(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        """
[[rule]]
id = "station-call"
summary = "the station names itself"
languages = ["en"]
scope = "line"
patterns = ['you are listening to radio .{1,20}']
positive = ["You are listening to Radio N",
 "you are listening to radio 3", "you are listening to radio S"]
negative = ["They were listening to radio plays.", "Radio North", "a"]
""",
        encoding="utf-8",
    )
    chosen = Settings(boilerplate=Boilerplate(rules=(str(path),)))
    news = "The news of the day.\nThe ferry was late again, and nobody on the quay could say why.\n"
    boats = "".join(f"- the boat of {name}, laid up\n" for name in ("Ann", "Piet", "Jo"))
    for before, after in ((news, ""), (news, news), (boats, boats)):
        text = f"{before}You are listening to Radio North\n{after}"
        result = remove_boilerplate(text, Context(settings=chosen))
        assert result.text == before + after, "it acts alone, in a list as well"
        assert [edit.code for edit in result.edits] == ["BOI340"]


def test_a_user_rule_that_asks_for_company_waits_for_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        """
[[rule]]
id = "station-call"
summary = "the station names itself"
languages = ["en"]
scope = "line"
alone = false
patterns = ['you are listening to radio .{1,20}']
positive = ["You are listening to Radio N\\nShare on Facebook",
 "you are listening to radio 3\\nShare on Facebook",
 "you are listening to radio S\\nShare on Facebook"]
negative = ["They were listening to radio plays.", "Radio North", "You are listening to radio 3"]
""",
        encoding="utf-8",
    )
    chosen = Context(settings=Settings(boilerplate=Boilerplate(rules=(str(path),))))
    story = "The ferry was late again, and nobody on the quay could say why it had not left.\n"
    call = "You are listening to Radio North\n"
    assert remove_boilerplate(f"{story}\n{call}\n{story}", chosen).edits == ()
    taken = remove_boilerplate(f"{story}\n{call}Share on Facebook\n", chosen)
    assert taken.text == f"{story}\n"
