"""How uncertain an edit is, by the evidence that the journal has of it.

A measure from 0 to 1, by which edits are put before a person: the nearer to a threshold, the fewer
documents or odds speak for it, the higher. It says nothing of how likely an edit is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cleaner.core.rules import Rule, Safety
from cleaner.core.settings.config import Settings
from cleaner.journal.tables import REMOVED, EditRow

# What a rule that knows a text by its form is worth, and one that only unifies characters.
_BY_FORM = 0.3
_UNSAFE = 0.6
_BY_CHARACTER = 0.1
# Near-copies, which a person should see before exact ones.
_NEAR = 0.2
_EXACT = 0.02

_ODDS = re.compile(r"10\^(-?\d{1,6}(?:\.\d{1,6})?)")
_SCORES = re.compile(r"scores? (-?\d{1,9}\.\d{1,9})(?: to (-?\d{1,9}\.\d{1,9}))?")
_STOOD = re.compile(r"in (\d{1,12})(?: to \d{1,12})? of \d{1,12} documents")


def uncertainty(row: EditRow, settings: Settings, rules: Mapping[str, Rule]) -> float:
    """Return how uncertain an edit is.

    >>> near, exact = (
    ...     EditRow("a", 1, "edit", "DUP412", similarity=similarity) for similarity in (0.81, 1.0)
    ... )
    >>> [round(uncertainty(row, Settings(), {}), 2) for row in (near, exact)]
    [0.96, 0.2]
    >>> glue = EditRow("a", 1, "edit", "GLU201", detail="odds of these words alone 10^-1.6")
    >>> round(uncertainty(glue, Settings(), {}), 2)
    0.86
    """
    family, detail = row.rule[:3], row.detail or ""
    if family == "DUP":
        return _of_copy(row, settings.dedup.threshold)
    if odds := _ODDS.search(detail):
        return 1 / (1 + 10 ** max(-9.0, min(9.0, float(odds[1]) / 2)))
    if scores := _SCORES.search(detail):
        # The line that is the most like text decides.
        most = float(scores[2] or scores[1])
        return 1 / (1 + max(0.0, settings.boilerplate.model_threshold - most))
    if stood := _STOOD.search(detail):
        # Two documents may share a line by chance, and one source may have written many.
        return 2 / max(2, int(stood[1]))
    rule = rules.get(row.rule)
    if rule is not None and rule.safety is not Safety.SAFE:
        return _UNSAFE
    return _BY_FORM if family in ("BOI", "GLU", "HYP") or row.kind == REMOVED else _BY_CHARACTER


def _of_copy(row: EditRow, threshold: float) -> float:
    if row.similarity is None:
        return _BY_FORM
    if row.rule in ("DUP401", "DUP402"):
        return _EXACT
    span = max(1e-6, 1 - threshold)
    return _NEAR + (1 - _NEAR) * max(0.0, min(1.0, (1 - row.similarity) / span))
