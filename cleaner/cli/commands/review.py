"""``cleaner review``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.keys import pressed_keys
from cleaner.cli.values import CodesType
from cleaner.core.errors import ExitStatus, UsageError, one_line
from cleaner.core.findings import counted
from cleaner.core.settings.configfile import find_config

if TYPE_CHECKING:
    from cleaner.runs.review.answers import Answers, Verdict
    from cleaner.runs.review.items import Item

_HELP = "a accept   r reject   s skip   b back   q undo what was rejected and quit   ? this help"
_KEYS = {"a": "accepted", "y": "accepted", "r": "rejected", "n": "rejected"}


@click.command(
    "review",
    short_help="Step through the uncertain edits of a run.",
    epilog="""\b
Examples:
  cleaner review cleaned
  cleaner review cleaned --rule BOI350,GLU --most 50
  cleaner review cleaned --decisions judged.json""",
)
@click.argument("output", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Ask nothing: take the answers from FILE, which the page of `cleaner report` exports.",
)
@click.option(
    "--rule",
    type=CodesType(),
    multiple=True,
    metavar="CODES",
    help="Ask about the edits of these rules, e.g. BOI350,GLU.  [default: all but ENC and FMT]",
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=200,
    metavar="N",
    help="Ask about so many edits, the most uncertain ones.  [default: 200]",
)
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where rejected edits are kept, instead of the nearest cleaner.toml upward, or a new one.",
)
@click.option("-q", "--quiet", is_flag=True, help="No closing words.")
def command(
    output: Path,
    *,
    decisions: Path | None,
    rule: tuple[tuple[str, ...], ...],
    most: int,
    config_file: Path | None,
    quiet: bool,
) -> int:
    """Step through the uncertain edits of a run, and undo those that you reject.

    OUTPUT is a folder that `cleaner clean` or `dedup` wrote. Asked about first is what is nearest
    to its threshold, or has the fewest documents or the lowest odds for it; edits that do the same
    to the same text are asked about once. What was rejected is undone in OUTPUT at the end, and
    kept in cleaner.toml, as `boilerplate.keep` or `ignore-texts`, so that the next run leaves it.
    Answers are saved as they are given: after an interrupt the same command goes on.
    """
    from cleaner.runs.review.answers import Answers
    from cleaner.runs.review.decisions import take_decisions
    from cleaner.runs.review.items import review_items
    from cleaner.runs.rule_registry import check_prefixes

    prefixes = [code for given in rule for code in given]
    check_prefixes(prefixes)
    config = config_file or find_config(Path.cwd()) or Path("cleaner.toml")
    answers = Answers.load(output)
    if decisions is not None:
        take_decisions(answers, decisions)
        answers.save()
    elif not sys.stdin.isatty():
        raise UsageError(
            "nobody can be asked: standard input is no terminal",
            hint="give the answers with --decisions",
        )
    else:
        items = review_items(output, prefixes, answers.knows, most)
        _ask(items, answers)
    count = len(answers.pending)
    done = answers.carry_out(config)
    if not quiet:
        if count:
            click.echo(
                f"{count:,} rejected: {counted(done.edits, 'edit')} undone in "
                f"{one_line(str(output))}, with those built on them; {one_line(str(config))} keeps "
                "them from being made again"
            )
        else:
            click.echo("nothing was rejected")
    return ExitStatus.OK


def _ask(items: Sequence[Item], answers: Answers) -> None:
    """Ask about one item after the other, until the last or until somebody has enough."""
    if not items:
        click.echo("there is nothing left to ask about")
        return
    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    at = 0
    with pressed_keys() as next_key:
        click.echo(_HELP)
        while at < len(items):
            item = items[at]
            click.echo(f"\n{_shown(item, at + 1, len(items), color=color)}")
            answer = _answer(next_key)
            if answer == "q":
                return
            if answer == "b":
                at = max(0, at - 1)
                continue
            if answer != "s":
                verdict: Verdict = "accepted" if answer == "accepted" else "rejected"
                answers.give(item, verdict)
                answers.save()
            at += 1


def _answer(next_key: Callable[[], str]) -> str:
    """Return what a key stands for, once one is pressed that stands for something."""
    while True:
        click.echo("  accept, reject, skip, back, quit (a/r/s/b/q/?) ", nl=False)
        key = next_key().lower() or "q"
        found = _KEYS.get(key, key if key in ("s", "b", "q") else "")
        click.echo(found or key if key.isprintable() else "")
        if found:
            return found
        click.echo(f"  {_HELP}")


def _shown(item: Item, number: int, total: int, *, color: bool) -> str:
    """Return an item in its place, in a few lines."""
    sample = item.sample
    more = f", and in {counted(item.count - 1, 'more place')}" if item.count > 1 else ""
    evidence = f": {one_line(sample.detail)}" if sample.detail else ""
    head = f"[{number}/{total}] {item.rule} {one_line(sample.place)}{more}{evidence}"
    before, after = sample.before, sample.after
    if sample.kind == "removed" and not before:
        before = "(the whole record)"
    gone = [_styled("-", line, "red", color=color) for line in before.splitlines() or [""]]
    new = [_styled("+", line, "green", color=color) for line in after.splitlines()]
    lead = [f"    {one_line(line)}" for line in sample.lead.splitlines()[-2:]]
    trail = [f"    {one_line(line)}" for line in sample.trail.splitlines()[:2]]
    return "\n".join([head, *lead, *gone, *new, *trail])


def _styled(sign: str, line: str, name: str, *, color: bool) -> str:
    text = f"  {sign} {one_line(line)}"
    return click.style(text, fg=name) if color else text
