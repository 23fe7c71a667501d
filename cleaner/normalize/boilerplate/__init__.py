"""Boilerplate: rules, repeated lines and a line model that tell furniture from text."""

from cleaner.normalize.boilerplate.families import RULES
from cleaner.normalize.boilerplate.rulecheck import check_rule_file
from cleaner.normalize.boilerplate.rulefile import RuleFileError
from cleaner.normalize.boilerplate.step import load_rules, remove_boilerplate

__all__ = ["RULES", "RuleFileError", "check_rule_file", "load_rules", "remove_boilerplate"]
