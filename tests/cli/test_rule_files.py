"""``cleaner rules``, and rule files of one's own in the configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import Run

RULES = """
[[rule]]
id = "tide-table-link"
summary = "link to the tide tables"
languages = ["en"]
scope = "line"
patterns = ['see the tide tables for .{1,20}']
positive = ["See the tide tables for May", "see the tide tables for 1999", "See the tide tables for Ellory"]
negative = ["They did not see the tide tables.", "Tide tables", "The ferry went at noon."]
"""  # noqa: E501 - a rule file is read as users write it
STORY = "The ferry went at noon and came back at six.\n\nSee the tide tables for May\n"


def test_good_file(run: Run, here: Path) -> None:
    (here / "my.toml").write_text(RULES)
    assert run("rules", "check", "my.toml") == (0, "1 file, no problems\n", "")


def test_problems_name_file_rule_and_key(run: Run, here: Path) -> None:
    (here / "my.toml").write_text(RULES.replace('scope = "line"', 'scope = "word"'))
    ended = run("rules", "check", "my.toml", "none.toml")
    assert ended.status == 1
    first, second = ended.out.splitlines()
    assert first.startswith("my.toml: rule tide-table-link: scope: ")
    assert second.startswith("none.toml: ")


def test_file_in_the_configuration(run: Run, here: Path) -> None:
    (here / "my.toml").write_text(RULES)
    (here / "a.txt").write_text(STORY)
    (here / "cleaner.toml").write_text('[boilerplate]\nrules = ["my.toml"]\n')
    assert "BOI340" in run("check", "a.txt").out
    (here / "cleaner.toml").write_text(
        '[boilerplate]\nrules = ["my.toml"]\nkeep = ["(?i)tide tables"]\n'
    )
    assert run("check", "a.txt").status == 0


def test_file_is_found_from_a_folder_below(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "my.toml").write_text(RULES)
    (here / "cleaner.toml").write_text('[boilerplate]\nrules = ["my.toml"]\n')
    (here / "below").mkdir()
    (here / "below/a.txt").write_text(STORY)
    monkeypatch.chdir(here / "below")
    assert "BOI340" in run("check", "a.txt").out


def test_mistakes_in_the_configuration(run: Run, here: Path) -> None:
    (here / "a.txt").write_text("The ferry went at noon.\n")
    (here / "my.toml").write_text(RULES.replace("patterns", "pattern"))
    (here / "cleaner.toml").write_text('[boilerplate]\nrules = ["my.toml"]\n')
    ended = run("check", "a.txt")
    assert ended.status == 2
    assert "my.toml: rule tide-table-link: " in ended.err
    assert ended.err.count("\n") == 1
    (here / "cleaner.toml").write_text('[boilerplate]\nkeep = ["("]\n')
    ended = run("check", "a.txt")
    assert ended.status == 2
    assert "`boilerplate.keep`" in ended.err


def test_mined_rules_name_the_line_that_repeats(run: Run, here: Path) -> None:
    (here / "in").mkdir()
    for number in range(20):
        story = (
            f"Ship {number} came in at {number} and left again with {number * 7} barrels of salt."
        )
        footer = (
            "Read more news from the harbour on our pages every morning\n"
            "Printed for the harbour board at the Old Customs House"
        )
        menu = "Home\nTide tables\nMoorings\nThe harbour board\nContact"
        text = f"{menu}\n\n{story}\n\n{story.replace('Ship', 'Boat')}\n\n{footer}\n"
        (here / "in" / f"{number}.txt").write_text(text)
    ended = run("rules", "mine", "in", "-q")
    assert ended.status == 0
    assert "read more news from the harbour" in ended.out
    assert "in 20 of 20 documents" in ended.out
