"""Hyphens at line ends (HYP210, HYP211, HYP213) and soft hyphens (HYP212)."""

from cleaner.steps.hyphens.rules import RULES
from cleaner.steps.hyphens.step import rejoin_hyphens

__all__ = ["RULES", "rejoin_hyphens"]
