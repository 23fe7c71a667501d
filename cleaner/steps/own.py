"""Steps that other packages bring, which run after all others."""

from __future__ import annotations

import re
from typing import Protocol

from cleaner.core.edits import StepResult
from cleaner.core.plugins import brought, refused
from cleaner.core.rules import FAMILIES, Rule
from cleaner.steps.context import Context

_CODE = re.compile(r"[A-Z]{3}\d{3}")


class OwnStep(Protocol):
    """What an entry point of ``cleaner.steps`` names: a step with its rules."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that the step's edits go by, of a family of their own."""

    def __call__(self, text: str, context: Context, /) -> StepResult:
        """Return the new text and the edits that lead to it."""


def own_steps() -> tuple[OwnStep, ...]:
    """Return the steps that packages bring, by name; ConfigError where one cannot be used."""
    steps: dict[str, OwnStep] = brought("steps")
    codes: set[str] = set()
    for name, step in steps.items():
        where = f"cleaner.steps {name}"
        rules = getattr(step, "rules", None)
        if not callable(step) or not rules or not all(isinstance(one, Rule) for one in rules):
            raise refused(where, "is no step with `rules`")
        for rule in rules:
            if not _CODE.fullmatch(rule.code) or rule.code[:3] in FAMILIES or rule.code in codes:
                why = "a code is three letters that no other family has, and three digits"
                raise refused(where, f"has a rule with the code {rule.code!r}", why)
            codes.add(rule.code)
    return tuple(steps.values())


OWN_STEPS = own_steps()
RULES = tuple(rule for step in OWN_STEPS for rule in step.rules)
