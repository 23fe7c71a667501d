"""What a step may know besides the text: which rules act, the settings, the frozen tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from cleaner.core.edits import StepResult
from cleaner.core.inline_ignores import Comments
from cleaner.core.left_texts import LeftTexts
from cleaner.core.rules import Selection
from cleaner.core.settings.config import Settings


@dataclass(frozen=True)
class Context:
    """Everything a step is given besides its text; frozen for the whole run.

    `comments` is the form of those in which the text itself may say what to ignore; `left_texts`
    are those that rules are to leave.
    """

    rules: Selection = field(default_factory=Selection)
    settings: Settings = field(default_factory=Settings)
    comments: Comments = ""
    left_texts: LeftTexts = field(default_factory=dict)


class Step(Protocol):
    """A pure function of a text; nothing is dropped without an edit."""

    def __call__(self, text: str, context: Context, /) -> StepResult:
        """Return the new text and the edits that lead to it."""
