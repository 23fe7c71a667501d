"""The step: what the rules, the repeated lines and the model remove, within the budget."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.steps.boilerplate.lines import Lines
from cleaner.steps.boilerplate.matching.match import Block, RuleSet
from cleaner.steps.boilerplate.matching.trial import Trial
from cleaner.steps.boilerplate.references import listed_references
from cleaner.steps.boilerplate.repeated import repeated
from cleaner.steps.boilerplate.repeated.repeated import LineTable, repeated_blocks
from cleaner.steps.boilerplate.rulefiles.compiled import Protection
from cleaner.steps.boilerplate.rulefiles.packaged import packaged_rules
from cleaner.steps.boilerplate.rulefiles.rulefile import (
    FiledRule,
    RuleFileError,
    read_rule_file,
)
from cleaner.steps.context import Context

_BUDGET_WORDS = 100
_PAGE_FAMILIES = 5
_PAGE_WORDS = 20
_BUDGET_CODE = "BOI399"
_ERROR_CODES = ("BOI301", "BOI315")
_MODEL_CODE = "BOI390"
_MODEL_ROUNDS = 8
_MODEL_LINES = 5
# What has more lines is no page, and each takes some kilobytes of memory to judge.
_MOST_MODEL_LINES = 50_000
_MOST_BY_MODEL = 0.9


def load_rules(extra_paths: tuple[str, ...] = ()) -> tuple[FiledRule, ...]:
    """Return the packaged rules and those of the TOML files `extra_paths`.

    Raises `RuleFileError`, whose message names file, rule and key, for a file with problems.
    """
    return _loaded(_stamps(extra_paths))


class _Stamp(NamedTuple):
    """What tells a changed rule file from the one that was read; ``path`` as the user wrote it."""

    path: str
    place: str
    changed: int = 0
    size: int = 0


def _stamps(paths: tuple[str, ...]) -> tuple[_Stamp, ...]:
    stamps = []
    for path in paths:
        place = os.path.abspath(path)
        try:
            status = os.stat(place)
        except OSError:
            stamps.append(_Stamp(path, place))
        else:
            stamps.append(_Stamp(path, place, status.st_mtime_ns, status.st_size))
    return tuple(stamps)


@functools.lru_cache(maxsize=8)
def _loaded(stamps: tuple[_Stamp, ...]) -> tuple[FiledRule, ...]:
    from cleaner.steps.boilerplate.rulefiles.rulecheck import check_rule_file

    rules = list(packaged_rules())
    for stamp in stamps:
        problems = check_rule_file(stamp.path)
        if problems:
            raise RuleFileError("\n".join(problems))
        rules.extend(read_rule_file(Path(stamp.path))[0])
    return tuple(rules)


def rule_set(extra_paths: tuple[str, ...] = ()) -> RuleSet:
    """Return the rules of `load_rules`, ready to be matched (built once)."""
    return _built(_stamps(extra_paths))


@functools.lru_cache(maxsize=8)
def _built(stamps: tuple[_Stamp, ...]) -> RuleSet:
    return RuleSet(_loaded(stamps))


def remove_boilerplate(
    text: str, context: Context, tables: LineTable | None = None, settled: str | None = None
) -> StepResult:
    r"""Remove the lines, blocks and paragraphs of `text` that are not its own (BOI3xx).

    `tables` are the repeated lines of the corpus (none: that net is not cast); `settled` is a text
    in which all else is known to find nothing. Whole lines go,
    with their line ends. Where rules and repeated lines would take too much of the document, it
    is left as it is, and an edit that changes nothing (BOI399, at 0) says so.

    >>> remove_boilerplate("A story.\nShare this article:\nMore of it.\n", Context()).text
    'A story.\nMore of it.\n'
    """
    removal = _Removal(text, context)
    if not removal.by_rules_and(tables, settled=text == settled) and text == settled:
        return unchanged(text)
    notes = []
    budget = removal.over_budget()
    if budget is not None:
        if context.rules.acts(_BUDGET_CODE):
            notes.append(Edit(0, 0, "", "", _BUDGET_CODE, budget))
        return StepResult(text, tuple(notes))
    if context.rules.acts(_MODEL_CODE):
        said = removal.by_model()
        if said is not None and context.rules.acts(_BUDGET_CODE):
            notes.append(Edit(0, 0, "", "", _BUDGET_CODE, said))
    edits = [*notes, *removal.edits()]
    return edited(text, edits) if edits else unchanged(text)


class _Removal:
    """What is taken from one text, and by whom."""

    def __init__(self, text: str, context: Context) -> None:
        self._lines = Lines(text)
        self._context = context
        self._settings = context.settings.boilerplate
        self._rules: RuleSet = rule_set(self._settings.rules)
        self._kept = Protection(self._settings.keep)
        self._blocks: list[Block] = []
        self._trials: list[Trial] | None = None

    def by_rules_and(self, table: LineTable | None, *, settled: bool) -> bool:
        """Take what rules and repeated lines remove, until neither finds more; say if there is any.

        Rules find nothing in a `settled` text, as long as no repeated line was taken from it.
        """
        acts = self._context.rules.acts
        if not acts(repeated.CODE):
            table = None
        if not settled:
            self._take_by_rules()
        while table is not None and self._take(self._repeated(table)):
            self._take_by_rules()
        return bool(self._blocks)

    def _take_by_rules(self) -> None:
        if self._trials is None:
            self._trials = self._rules.trials(self._lines, self._context.rules.acts)
        self._take(self._rules.blocks(self._lines, self._trials))

    def _repeated(self, table: LineTable) -> list[Block]:
        return [
            Block(first, last, repeated.CODE, evidence)
            for first, last, evidence in repeated_blocks(self._lines, table)
        ]

    def by_model(self) -> str | None:
        """Take the lines that the model, which sees only what is left, takes for boilerplate.

        Returns what is said of a document of which it would take nearly all, or which is too long,
        and takes nothing.
        """
        left = self._lines.alive
        if len(left) > _MOST_MODEL_LINES:
            return f"{len(left)} lines are more than the line model judges; it takes none"
        whole = self._lines.word_count(left)
        blocks: list[Block] = []
        for _ in range(_MODEL_ROUNDS):
            judged = [block for block in self._judged(left) if not self._is_kept(block)]
            if not judged:
                break
            blocks += judged
            gone = {line for block in judged for line in range(block.first, block.last + 1)}
            left = [line for line in left if line not in gone]
        lost = whole - self._lines.word_count(left)
        if whole >= _BUDGET_WORDS and lost > _MOST_BY_MODEL * whole:
            return f"the line model would take {lost} of {whole} words; it takes none"
        self._take(blocks)
        return None

    def _judged(self, left: list[int]) -> list[Block]:
        """Return the runs of the lines `left` that the model takes for boilerplate."""
        from cleaner.steps.boilerplate.line_model.model import line_scores

        if len(left) < _MODEL_LINES:
            return []
        texts = [self._lines.raw(line) for line in left]
        scores = line_scores(texts)
        is_bad = scores < self._settings.model_threshold
        if not is_bad.any():
            return []
        bad = np.flatnonzero(is_bad & ~np.array(listed_references(texts)))
        if len(bad) in (0, len(left)):
            return []
        runs = np.split(bad, np.flatnonzero(np.diff(bad) > 1) + 1)
        return [
            Block(left[run[0]], left[run[-1]], _MODEL_CODE, _judgement(scores[run].tolist()))
            for run in runs
        ]

    def _is_kept(self, block: Block) -> bool:
        """Whether the user protects what stands in the block."""
        start, end = self._lines.span(block.first, block.last)
        return self._kept.covers(self._lines.text[start:end])

    def _take(self, blocks: Iterable[Block]) -> bool:
        """Take away the blocks that no pattern protects; return whether there was one."""
        taken = False
        for block in blocks:
            if not self._is_kept(block):
                self._lines.remove(block.first, block.last)
                self._blocks.append(block)
                taken = True
        return taken

    def over_budget(self) -> str | None:
        """Return what is said of a document that would lose too much, None of any other.

        Fixed texts count only where nearly nothing else is left. Furniture of many families at once
        is what pages have, and no text: there half of what may not go otherwise may go too.
        """
        if not self._blocks:
            return None
        whole = self._lines.word_count(range(len(self._lines)))
        left = self._lines.word_count(self._lines.alive)
        fixed = self._fixed_words() if left >= _BUDGET_WORDS else 0
        share = self._settings.max_share
        if left >= _PAGE_WORDS and len({block.code for block in self._blocks}) >= _PAGE_FAMILIES:
            share = (1 + share) / 2
        if whole - left - fixed <= share * (whole - fixed):
            return None
        if left == 0 and any(block.code in _ERROR_CODES for block in self._blocks):
            return None
        return f"{whole - left} of {whole} words would go"

    def _fixed_words(self) -> int:
        """Return how many words went by rules that know their texts word for word."""
        fixed = {
            line
            for block in self._blocks
            if (block.code, block.rule) in self._rules.fixed
            for line in range(block.first, block.last + 1)
        }
        return self._lines.word_count(fixed)

    def edits(self) -> list[Edit]:
        """Return the removals in order; a block that another one surrounds goes with it."""
        edits: list[Edit] = []
        end = -1
        for block in sorted(self._blocks, key=lambda block: (block.first, -block.last)):
            if block.last > end:
                edits.append(self._lines.removal(*block))
                end = block.last
        return edits


def _judgement(scores: list[float]) -> str:
    """Return the log-odds of a run of lines, from the least to the most like text."""
    if len(scores) == 1:
        return f"score {scores[0]:.2f}"
    return f"{len(scores)} lines, scores {min(scores):.2f} to {max(scores):.2f}"
