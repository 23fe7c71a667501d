"""Every rule's page is whole, and its examples are true.

An example is run through files, as a user would. A line ``==> NAME <==``, as `head` prints it,
begins a file of an example that needs several; without one the example is one file. The files are
JSONL, which can hold any text; those of rules on bytes are plain text, in which a lone surrogate
stands for the byte that it escapes (PEP 383). ``cleaner.toml`` is the example's configuration; it
and other TOML files stand beside the folder that is cleaned.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cleaner import Settings, check_files, clean_files, clean_text
from cleaner.api import rules
from cleaner.core.rules import FAMILIES, Example, Rule
from cleaner.core.settings.configfile import load_configuration

RULES = list(rules().values())
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in RULES
    for number, example in enumerate(rule.examples)
]

# Rules that look at bytes, at several files or at a configuration have no say on one text.
OF_BYTES = {"ENC101", "ENC104", "FMT506", "FMT598"}
NEED_FILES = (OF_BYTES - {"FMT506"}) | {
    "DUP402", "DUP412", "DUP413", "DUP421", "DUP430", "GLU204", "BOI340", "BOI350", "BOI399"
}  # fmt: skip

# Rules that no text known is found by: tests of their own.
NOT_SHOWN_ALONE = {"FMT599"}

CONFIGURATION = "cleaner.toml"
_FILE = re.compile(r"^==> (.+) <==\n", re.MULTILINE)


def settings_for(rule: Rule, folder: Path | None = None) -> Settings:
    configuration = None if folder is None else folder / CONFIGURATION
    if configuration is not None and configuration.is_file():
        return load_configuration(configuration, {"unsafe-fixes": True}).settings
    return Settings(select=(rule.code,), unsafe_fixes=True)


def is_found(example: Example) -> bool:
    return example.before != example.after or bool(example.note)


def files_of(text: str) -> dict[str, str]:
    _, *parts = _FILE.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True)) if parts else {"example.txt": text}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_page_is_whole(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{3}\d{3}", rule.code)
    assert rule.code[:3] in FAMILIES
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.summary
    assert "\n" not in rule.summary
    assert rule.rationale.endswith(".")
    if rule.code not in NOT_SHOWN_ALONE:
        assert any(is_found(e) for e in rule.examples), "no positive example"
        assert any(not is_found(e) for e in rule.examples), "no negative example"


def test_names_and_summaries_are_distinct() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert len({rule.summary for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example_through_files(rule: Rule, example: Example, tmp_path: Path) -> None:
    source, output = tmp_path / "source", tmp_path / "output"
    source.mkdir()
    for name, text in files_of(example.before).items():
        if name.endswith(".toml"):
            (tmp_path / name).write_text(text)
        elif rule.code in OF_BYTES:
            (source / name).write_bytes(text.encode("utf-8", "surrogateescape"))
        else:
            (source / f"{name}.jsonl").write_text(json.dumps({"text": text}) + "\n")
    report = clean_files([source], output, settings_for(rule, tmp_path))
    for name, text in files_of(example.after).items():
        if name.endswith(".toml"):
            assert (tmp_path / name).read_text() == text
        elif rule.code in OF_BYTES:
            assert (output / name).read_text("utf-8") == text
        else:
            assert json.loads((output / f"{name}.jsonl").read_bytes()) == {"text": text}
    assert set(report.counts) == ({rule.code} if is_found(example) else set())


@pytest.mark.parametrize(
    ("rule", "example"), [p for p in EXAMPLES if p.values[0].notes], ids=lambda one: ""
)
def test_notes_say_what_the_page_says(rule: Rule, example: Example, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name, text in files_of(example.before).items():
        place = tmp_path if name.endswith(".toml") else source
        data = text.encode("utf-8", "surrogateescape" if rule.code in OF_BYTES else "strict")
        place.joinpath(name).write_bytes(data)
    found = check_files([source], settings_for(rule, tmp_path)).findings
    assert [one.detail for one in found if one.note] == ([example.note] if example.note else [])


@pytest.mark.parametrize(
    ("rule", "example"), [p for p in EXAMPLES if p.values[0].code not in NEED_FILES]
)
def test_example_as_text(rule: Rule, example: Example) -> None:
    result = clean_text(example.before, settings_for(rule))
    assert result.text == example.after
    assert {edit.code for edit in result.edits} == ({rule.code} if is_found(example) else set())


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example_is_stable(rule: Rule, example: Example) -> None:
    assert clean_text(example.after, settings_for(rule)).text == example.after


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_ignored_rule_does_nothing(rule: Rule) -> None:
    for example in rule.examples:
        result = clean_text(example.before, Settings(ignore=(rule.code,)))
        assert rule.code not in {edit.code for edit in result.edits}
