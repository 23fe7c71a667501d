"""Company: which labels go with other furniture, and which stay because they stand alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.edits import apply_edits
from cleaner.core.rules import Selection
from cleaner.core.settings.config import Boilerplate, Settings
from cleaner.steps.boilerplate import RULES, load_rules, remove_boilerplate
from cleaner.steps.boilerplate.rulefiles.rulecheck import check_rule_file
from cleaner.steps.context import Context

SAFE = Context(rules=Selection(rules=RULES))
STORY = (
    "The lock gate was mended in March, and the keeper opened it himself for the first barge.\n\n"
    "It carried slates for the chapel, which had lost its roof when the wind stood in the north.\n"
)
USER_RULE = """
[[rule]]
id = "tide-label"
summary = "label of the tide box"
languages = ["en"]
scope = "line"
{alone}
patterns = ['tide box', 'next tide']
positive = [{positive}]
negative = ["The tide box was red.", "Tides", "He missed the next tide."]
"""


def cleaned(text: str, context: Context = SAFE) -> str:
    return remove_boilerplate(text, context).text


def user_rules(folder: Path, alone: str, positive: str) -> tuple[Path, Context]:
    path = folder / "mine.toml"
    path.write_text(USER_RULE.format(alone=alone, positive=positive), encoding="utf-8")
    return path, Context(SAFE.rules, Settings(boilerplate=Boilerplate(rules=(str(path),))))


def test_a_users_rule_acts_alone_unless_it_says_otherwise(tmp_path: Path) -> None:
    path, context = user_rules(tmp_path, "", '"Tide box", "Next tide", "tide box"')
    assert check_rule_file(path) == []
    assert cleaned(f"{STORY}\nTide box\n\n{STORY}", context) == f"{STORY}\n\n{STORY}"


def test_a_users_rule_may_need_company(tmp_path: Path) -> None:
    beside = (
        '"Tide box\\nShare on Facebook", "Next tide\\nSkip to content", '
        '"Tide box\\nRead next\\nView comments"'
    )
    path, context = user_rules(tmp_path, "alone = false", beside)
    assert check_rule_file(path) == []
    alone = f"{STORY}\nTide box\n\n{STORY}"
    assert cleaned(alone, context) == alone
    both = f"{STORY}\nTide box\nShare on Facebook\n\n{STORY}"
    assert cleaned(both, context) == f"{STORY}\n\n{STORY}"


def test_examples_of_a_rule_that_needs_company_must_hold_it(tmp_path: Path) -> None:
    path, _ = user_rules(tmp_path, "alone = false", '"Tide box", "Next tide", "tide box"')
    problems = check_rule_file(path)
    assert len(problems) == 3
    assert all("rule tide-label: positive:" in problem for problem in problems)


@pytest.mark.parametrize(
    "label", ["Read more", "Contact", "No comments", "Advertisement", "Access denied", "Follow us"]
)
def test_a_label_alone_stays_and_goes_beside_furniture(label: str) -> None:
    for text in (f"{STORY}\n{label}\n\n{STORY}", f"{label}\n\n{STORY}", f"{STORY}\n{label}\n"):
        assert cleaned(text) == text
    assert cleaned(f"{STORY}\n{label}\nShare on Facebook\n") == f"{STORY}\n"


def test_company_reaches_over_blank_lines_only_between_whole_blocks() -> None:
    answer = f"{STORY}\nIs the toll too high?\nNo comments\n"
    assert cleaned(f"{answer}\nShare on Facebook\n") == f"{answer}\n"
    assert cleaned(f"{STORY}\nNo comments\n\nShare on Facebook\n") == f"{STORY}\n\n"


def test_what_a_colon_announces_stays() -> None:
    listed = f"{STORY}\nThe site had five pages:\n\nAbout us\nContact us\nPrivacy policy\nLog in\n"
    assert cleaned(listed) == listed
    assert cleaned(listed.replace("pages:", "pages.")) != listed


@pytest.mark.parametrize(
    "block",
    [
        "• Open the gate\n• Share on Facebook\n• Close the gate",
        "• Open the gate\n• Close the gate\n• Share on Facebook",
        "Crew | Boat\nShare on Facebook | Eel\nOle | Pike",
    ],
)
def test_nothing_is_taken_out_of_a_list_or_a_table(block: str) -> None:
    text = f"{STORY}\n{block}\n\n{STORY}"
    assert cleaned(text) == text


def test_a_list_that_is_all_furniture_goes() -> None:
    block = "• Share on Facebook\n• Share on Twitter\n• Follow us on Instagram"
    assert cleaned(f"{STORY}\n{block}\n\n{STORY}") == f"{STORY}\n\n{STORY}"


def test_a_text_about_cookies_keeps_its_sentences() -> None:
    notice = "We use cookies to improve your experience. You can change your cookie settings.\n"
    about = "The cookie that holds the basket lives for a day, and nobody else can read it.\n\n"
    assert cleaned(f"{STORY}\n{notice}") == f"{STORY}\n"
    assert cleaned(f"{about * 2}{notice}") == f"{about * 2}{notice}"
    assert cleaned(f"{STORY}\n4. {notice}") == f"{STORY}\n4. {notice}"


def test_a_notice_that_was_wrapped_goes_whole() -> None:
    notice = (
        "We use cookies to give you the best experience\non our pages. By continuing to use this\n"
        "site you agree to our cookie policy and to\nthe storing of cookies on your device.\n"
    )
    assert cleaned(f"{STORY}\n{notice}") == f"{STORY}\n"
    assert cleaned(f"{STORY}\nheight of the gate\nwidth of the gate\n{notice}") == (
        f"{STORY}\nheight of the gate\nwidth of the gate\n"
    )


LINES = [
    line
    for filed in load_rules()
    if not filed.rule.alone
    for example in (*filed.rule.positive, *filed.rule.negative)
    for line in example.split("\n")
] + ["", "", "A title", "• A step", "Listed here:", STORY.split("\n", 1)[0], "Skip to content"]


@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_a_second_pass_finds_nothing(lines: list[str]) -> None:
    text = "\n".join(lines)
    result = remove_boilerplate(text, SAFE)
    assert apply_edits(text, result.edits) == result.text
    assert cleaned(result.text) == result.text


@pytest.mark.parametrize(
    "line", ["Share on Facebook\nan eel\n", "Read more\n", "Home\nan eel\n", "© 1999\nan eel.\n"]
)
def test_many_labels_take_linear_time(line: str) -> None:
    def seconds(times: int) -> float:
        text = line * times
        spent = []
        for _ in range(2):
            start = time.process_time()
            remove_boilerplate(text, SAFE)
            spent.append(time.process_time() - start)
        return min(spent)

    # Ten times the text; what is quadratic would take a hundred times as long.
    assert seconds(40_000) < 25 * max(seconds(4_000), 0.02)
