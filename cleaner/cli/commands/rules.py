"""``cleaner rules``: rule files of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cleaner.cli.options import settings_of, settings_options
from cleaner.cli.progress import Progress
from cleaner.core.errors import ExitStatus
from cleaner.core.findings import counted


@click.group(
    "rules",
    epilog="""\b
Examples:
  cleaner rules check my.toml
  cleaner rules mine pages > proposed.toml""",
)
def command() -> None:
    """Check boilerplate rule files, or propose rules from a corpus."""


@command.command(
    "check",
    epilog="""\b
Examples:
  cleaner rules check my.toml
  cleaner rules check rules/*.toml""",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> int:
    """Check rule files: their form, their patterns, their examples.

    A problem names file, rule and key. Ends with status 1 if there is any.
    """
    from cleaner.api import check_rule_files

    problems = check_rule_files(files)
    for problem in problems:
        click.echo(problem)
    if not problems:
        click.echo(f"{counted(len(files), 'file')}, no problems")
    return ExitStatus.FINDINGS if problems else ExitStatus.OK


@command.command(
    "mine",
    epilog="""\b
Examples:
  cleaner rules mine pages > proposed.toml
  cleaner rules mine crawl.jsonl.gz --text-field body""",
)
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@settings_options
def mine(inputs: tuple[Path, ...], *, quiet: bool, **options: Any) -> int:
    """Propose rules from the lines that repeat in INPUTS, as a TOML file for a person to review.

    Each proposal says in how many documents its line stands, and where; its negative examples are
    for the reviewer to write.
    """
    from cleaner.api import Cleaner

    cleaner = Cleaner(settings_of(options))
    with Progress("fit", quiet=quiet) as progress:
        mined = cleaner.mine_rules(inputs, progress=progress)
    click.echo(mined, nl=False)
    return ExitStatus.INPUT if progress.problems else ExitStatus.OK
