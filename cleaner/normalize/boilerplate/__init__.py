"""Boilerplate: rules, repeated lines and a line model that tell furniture from text."""

from cleaner.normalize.boilerplate.families import RULES
from cleaner.normalize.boilerplate.mining import mine_rules
from cleaner.normalize.boilerplate.repeated import (
    LineCounts,
    LineTable,
    freeze_lines,
    learn_lines,
    merge_counts,
    sketch_lines,
)
from cleaner.normalize.boilerplate.rulecheck import check_rule_file
from cleaner.normalize.boilerplate.rulefile import RuleFileError
from cleaner.normalize.boilerplate.sketch import LineSketch, merge_sketches
from cleaner.normalize.boilerplate.step import load_rules, remove_boilerplate

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
