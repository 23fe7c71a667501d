"""The check of a rule file: its form, its patterns and its examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cleaner.steps.boilerplate.lines import Lines
from cleaner.steps.boilerplate.matching.match import RuleSet
from cleaner.steps.boilerplate.rulefiles.packaged import packaged_rules
from cleaner.steps.boilerplate.rulefiles.rulefile import FiledRule, read_rule_file, rule_problems

_BEFORE = "The ferry was late again, and nobody on the quay could say why it had not left."
_AFTER = "By noon the wind had turned, and the men went home without having seen the sea."


def check_rule_file(path: str | Path | Any) -> list[str]:
    """Return the problems of a rule file, each as ``file: rule id: key: message``."""
    file = Path(path) if isinstance(path, str) else path
    rules, problems = read_rule_file(file)
    everything = None
    for filed in rules:
        faults = rule_problems(filed)
        if not faults and filed.rule.alone:
            faults = example_problems(filed, RuleSet([filed]))
        elif not faults:
            if everything is None:
                everything = RuleSet([*packaged_rules(), *rules])
            faults = example_problems(filed, everything)
        problems.extend(f"{file}: rule {filed.rule.id}: {fault}" for fault in faults)
    return problems


def example_problems(filed: FiledRule, rules: RuleSet) -> list[str]:
    """Return the examples that the rule does not bear out, each as ``key: message``.

    A positive example must go whole when it stands between two paragraphs of prose (at the head
    or the tail of them where the rule asks for that place); a negative one must stay whole, alone
    and between the paragraphs. A rule that needs company is tried with all `rules`, at the tail,
    and its positive examples hold the company they need.
    """
    problems = []
    for example in filed.rule.positive:
        if left := what_is_left(rules, _placed(filed, example), example):
            problems.append(f"positive: {example!r}: stays: {left!r}")
    for example in filed.rule.negative:
        for text in (example, _placed(filed, example)):
            if removed_words(rules, text):
                problems.append(f"negative: {example!r}: is removed")
                break
    return problems


def what_is_left(rules: RuleSet, text: str, example: str) -> str:
    """Return the lines of `example` that stand in `text` after the rules have acted."""
    lines = Lines(text)
    _take_all(rules, lines)
    kept = {lines.raw(line).strip() for line in lines.alive}
    return "\n".join(line for line in example.split("\n") if line.strip() and line.strip() in kept)


def removed_words(rules: RuleSet, text: str) -> int:
    """Return how many words of `text` the rules remove."""
    lines = Lines(text)
    whole = lines.word_count(range(len(lines)))
    _take_all(rules, lines)
    return whole - lines.word_count(lines.alive)


def _take_all(rules: RuleSet, lines: Lines) -> None:
    for block in rules.blocks(lines, rules.trials(lines, lambda code: True)):
        lines.remove(block.first, block.last)


def _placed(filed: FiledRule, example: str) -> str:
    rule = filed.rule
    if rule.scope == "tail" or rule.place in ("tail", "end") or not rule.alone:
        return f"{_BEFORE}\n\n{_AFTER}\n\n{example}\n"
    if rule.place == "head":
        return f"{example}\n\n{_BEFORE}\n\n{_AFTER}\n"
    return f"{_BEFORE}\n\n{example}\n\n{_AFTER}\n"
