"""Boilerplate: rules, repeated lines and a line model that tell furniture from text.

Only the list of rules is imported at once; what does the work is imported when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cleaner.steps.boilerplate.rules import RULES

if TYPE_CHECKING:
    from cleaner.steps.boilerplate.repeated.linecounts import (
        LineCounts,
        learn_lines,
        merge_counts,
        sketch_lines,
    )
    from cleaner.steps.boilerplate.repeated.mining import mine_rules
    from cleaner.steps.boilerplate.repeated.repeated import LineTable, freeze_lines
    from cleaner.steps.boilerplate.repeated.sketch import LineSketch, merge_sketches
    from cleaner.steps.boilerplate.rulefiles.rulecheck import check_rule_file
    from cleaner.steps.boilerplate.rulefiles.rulefile import RuleFileError
    from cleaner.steps.boilerplate.step import load_rules, remove_boilerplate

__all__ = [
    "RULES",
    "LineCounts",
    "LineSketch",
    "LineTable",
    "RuleFileError",
    "check_rule_file",
    "freeze_lines",
    "learn_lines",
    "load_rules",
    "merge_counts",
    "merge_sketches",
    "mine_rules",
    "remove_boilerplate",
    "sketch_lines",
]

_HOMES = {
    "repeated.linecounts": ("LineCounts", "learn_lines", "merge_counts", "sketch_lines"),
    "repeated.mining": ("mine_rules",),
    "repeated.repeated": ("LineTable", "freeze_lines"),
    "rulefiles.rulecheck": ("check_rule_file",),
    "rulefiles.rulefile": ("RuleFileError",),
    "repeated.sketch": ("LineSketch", "merge_sketches"),
    "step": ("load_rules", "remove_boilerplate"),
}


def __getattr__(name: str) -> Any:
    """Import a public name from the module it lives in."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
