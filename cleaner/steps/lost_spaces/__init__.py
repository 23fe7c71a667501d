"""Lost spaces: finding words that were run together, and parting them (GLU201 to GLU204)."""

from cleaner.steps.lost_spaces.rules import RULES

__all__ = ["RULES"]
