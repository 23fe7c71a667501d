"""The step: what the rules, the repeated lines and the model agree to remove, within the budget."""

from __future__ import annotations

import functools
from pathlib import Path

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.normalize.boilerplate.lines import Lines
from cleaner.normalize.boilerplate.match import Block, RuleSet, rule_set
from cleaner.normalize.boilerplate.patterns import found
from cleaner.normalize.boilerplate.rulefile import FiledRule, RuleFileError, packaged_rules
from cleaner.normalize.context import Context

_BUDGET_WORDS = 100
_BUDGET_CODE = "BOI399"
_ERROR_CODES = ("BOI301", "BOI315")


@functools.lru_cache(maxsize=8)
def load_rules(extra_paths: tuple[str, ...] = ()) -> tuple[FiledRule, ...]:
    """Return the packaged rules and those of the TOML files `extra_paths`.

    Raises `RuleFileError`, whose message names file, rule and key, for a file with problems.
    """
    from cleaner.normalize.boilerplate.rulecheck import check_rule_file
    from cleaner.normalize.boilerplate.rulefile import read_rule_file

    rules = list(packaged_rules())
    for path in extra_paths:
        problems = check_rule_file(path)
        if problems:
            raise RuleFileError("\n".join(problems))
        rules.extend(read_rule_file(Path(path))[0])
    return tuple(rules)


def remove_boilerplate(text: str, context: Context, tables: object = None) -> StepResult:
    """Remove the lines, blocks and paragraphs of `text` that are not its own (BOI3xx)."""
    rules = rule_set(load_rules(context.settings.boilerplate.rules))
    acting = [n for n, filed in enumerate(rules.rules) if context.rules.acts(filed.code)]
    lines = Lines(text)
    keep = context.settings.boilerplate.keep
    blocks = take_blocks(rules, lines, acting, keep)
    if not blocks:
        return unchanged(text)
    budget = _over_budget(lines, blocks, context.settings.boilerplate.max_share)
    if budget is not None:
        note = (Edit(0, 0, "", "", _BUDGET_CODE, budget),)
        return StepResult(text, note if context.rules.acts(_BUDGET_CODE) else ())
    return edited(text, _edits(lines, blocks))


def take_blocks(
    rules: RuleSet, lines: Lines, acting: list[int], keep: tuple[str, ...] = ()
) -> list[Block]:
    """Return what the rules numbered `acting` remove from `lines`, which are taken away there."""
    blocks = []
    for block in rules.blocks(lines, acting):
        start, end = lines.span(block.first, block.last)
        if not any(found(pattern, lines.text[start:end]) for pattern in keep):
            lines.remove(block.first, block.last)
            blocks.append(block)
    return blocks


def _edits(lines: Lines, blocks: list[Block]) -> list[Edit]:
    """Return the blocks as edits in order; a block that another one surrounds goes with it."""
    edits: list[Edit] = []
    end = -1
    for block in sorted(blocks, key=lambda block: (block.first, -block.last)):
        if block.first <= end:
            continue
        edits.append(lines.removal(block.first, block.last, block.code, block.rule))
        end = block.last
    return edits


def _over_budget(lines: Lines, blocks: list[Block], max_share: float) -> str | None:
    """Return what is said of a document that would lose too much, None for any other."""
    whole = lines.word_count(range(len(lines)))
    if whole < _BUDGET_WORDS:
        return None
    left = lines.word_count(lines.alive)
    if (whole - left) <= max_share * whole:
        return None
    if left == 0 and any(block.code in _ERROR_CODES for block in blocks):
        return None
    return f"{whole - left} of {whole} words would go"
