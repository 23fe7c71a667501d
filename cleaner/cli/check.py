"""``cleaner check``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cleaner.cli.options import glue_option, settings_of, settings_options
from cleaner.cli.progress import Progress
from cleaner.core.errors import ExitStatus
from cleaner.reports.registry import REPORTS


@click.command(
    "check",
    epilog="""\b
Examples:
  cleaner check seeds
  cleaner check corpus --select ENC --output-format json > findings.json
  cleaner check page.txt --ignore FMT || echo dirty""",
)
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--output-format",
    type=click.Choice(list(REPORTS)),
    default="text",
    show_default=True,
    help="A line a finding, or one JSON array.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress bar, no closing count.")
@glue_option
@settings_options
def command(inputs: tuple[Path, ...], *, output_format: str, quiet: bool, **options: Any) -> int:
    """List what `clean` would change; write nothing.

    Ends with status 1 if there is anything to change, 3 if something could not be read.
    """
    from cleaner.api import Cleaner

    cleaner = Cleaner(settings_of(options))
    found = 0
    with Progress(quiet=quiet) as progress:

        def counted() -> Any:
            nonlocal found
            for finding in cleaner.find(inputs, watcher=progress):
                found += 1
                yield finding

        for piece in REPORTS[output_format](counted()):
            click.echo(piece, nl=False)
    if not quiet:
        click.echo(f"{found:,} findings" if found else "nothing found", err=True)
    if progress.problems:
        return ExitStatus.INPUT
    return ExitStatus.FINDINGS if found else ExitStatus.OK
