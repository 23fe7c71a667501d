"""A step: many exclamation marks become one."""

from __future__ import annotations

import re

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.steps.context import Context

_SHOUT = Rule(
    code="XMP101",
    name="shouting",
    summary="more than one exclamation mark",
    rationale="One says the same.",
    examples=(Example("Fire!!!", "Fire!"), Example("Fire! Fire!", "Fire! Fire!")),
)
_MARKS = re.compile(r"!{2,}+")


class Exclaim:
    """The step with its rules."""

    rules = (_SHOUT,)

    def __call__(self, text: str, context: Context, /) -> StepResult:
        """Leave one mark of each run; a text without two in a row costs one search."""
        if "!!" not in text or not context.rules.acts(_SHOUT.code):
            return unchanged(text)
        edits = [
            Edit(found.start(), found.end(), found[0], "!", _SHOUT.code)
            for found in _MARKS.finditer(text)
        ]
        return edited(text, edits)


STEP = Exclaim()
