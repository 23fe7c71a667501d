"""The rules there are, and rule files of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cleaner.api.arguments import AnyPath
from cleaner.core.rules import Rule
from cleaner.runs.rule_registry import all_rules


def check_rule_files(files: Sequence[AnyPath]) -> list[str]:
    """Return the problems of boilerplate rule files; each names file, rule and key."""
    from cleaner.steps.boilerplate import check_rule_file

    return [problem for file in files for problem in check_rule_file(Path(file))]


def rules() -> dict[str, Rule]:
    """Return every rule by its code."""
    return all_rules()
