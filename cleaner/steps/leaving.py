"""Steps asked of a text of which something is to be left as it is."""

from __future__ import annotations

from cleaner.core.edits import StepResult
from cleaner.core.inline_ignores import Ignore, Use, blanked, inline_ignores, without_ignored
from cleaner.core.left_texts import without_left
from cleaner.steps.context import Context, Step


class Leaving:
    """Asks steps, and leaves out of their edits what the text or the settings want left.

    `used` has the comments that edits gave way to, with the codes of these.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._text: str | None = None
        self._ignores: list[Ignore] = []
        self._held_back = False
        self.used: set[Use] = set()

    def ask(self, step: Step, text: str) -> StepResult:
        """Return what a step does to a text, as far as it may."""
        context = self._context
        if not context.comments and not context.left_texts:
            return step(text, context)
        ignores = self._ignores_of(text)
        result = step(blanked(text, ignores) if ignores else text, context)
        if ignores:
            result, used = without_ignored(text, result, ignores)
            self.used |= used
        if context.left_texts:
            result, is_less = without_left(text, result, context.left_texts)
            self._held_back |= is_less
        return result

    def holds_back(self, text: str) -> bool:
        """Whether steps may want more of this text, or of one before it, than they may do."""
        return self._held_back or bool(self._ignores_of(text))

    def _ignores_of(self, text: str) -> list[Ignore]:
        if text is not self._text:
            self._text, self._ignores = text, inline_ignores(text, self._context.comments)
        return self._ignores
