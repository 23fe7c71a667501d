"""``cleaner clean``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli.options import (
    glue_option,
    model_option,
    report_option,
    settings_of,
    settings_options,
)
from cleaner.cli.pages import check_page, write_page
from cleaner.cli.progress import Progress
from cleaner.core.errors import ExitStatus, UsageError

if TYPE_CHECKING:
    from cleaner.api import Cleaner


@click.command(
    "clean",
    epilog="""\b
Examples:
  cleaner clean seeds -o cleaned
  cleaner clean news.jsonl.gz --text-field body -o cleaned
  cleaner clean pages -o cleaned --select ENC,FMT --scope none
  cleaner clean today.jsonl -o cleaned --model corpus.model
  cleaner clean corpus -o cleaned --report cleaning.html
  cleaner clean corpus --dry-run
  cleaner clean corpus -o cleaned --max-removed 5% --max-removed BOI=2%""",
)
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where the cleaned tree goes, and its journal (in _cleaner).",
)
@click.option("--overwrite", is_flag=True, help="Write into a folder that is not empty.")
@click.option("--keep-empty", is_flag=True, default=None, help="Write documents left without text.")
@click.option("--dry-run", is_flag=True, help="Show what a run would come to; write nothing.")
@click.option(
    "--max-removed",
    multiple=True,
    metavar="LIMIT",
    help="Write nothing, and end with status 1, where a larger share of the characters would go: "
    "5%, or BOI=2% for a family or a rule. May be repeated.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress bar, no summary; errors only.")
@report_option
@model_option
@glue_option
@settings_options
def command(
    inputs: tuple[Path, ...],
    output: Path | None,
    *,
    dry_run: bool,
    overwrite: bool,
    quiet: bool,
    page: Path | None,
    **options: Any,
) -> int:
    """Clean files and folders into a new folder.

    Files keep their names as seen from the folder that is named, or from the one that all INPUTS
    stand in where there are several. Every edit goes into a journal beside the output, from which
    `cleaner restore` gives the sources back byte for byte.
    """
    from cleaner.api import Cleaner
    from cleaner.reports.summary import summary
    from cleaner.runs.report.causes import causes_of

    check_page(page)
    cleaner = Cleaner(settings_of(options))
    if dry_run:
        return _dry_run(cleaner, inputs, quiet=quiet)
    if output is None:
        raise UsageError("Missing option '-o' / '--output'", hint="or give --dry-run")
    with Progress("clean", quiet=quiet) as progress:
        report = cleaner.clean_files(inputs, output, overwrite=overwrite, progress=progress)
    seconds = progress.seconds()
    write_page(page, output, seconds)
    if not quiet:
        click.echo(summary(report, output, seconds, causes_of(output)), nl=False)
    return ExitStatus.INPUT if report.problems else ExitStatus.OK


def _dry_run(cleaner: Cleaner, inputs: tuple[Path, ...], *, quiet: bool) -> int:
    """Show what a run would come to."""
    from cleaner.reports.summary import summary
    from cleaner.runs.output.measure import check_budget
    from cleaner.runs.report.causes import largest_causes

    with Progress("check", quiet=quiet) as progress:
        measured = cleaner.measure_files(inputs, progress=progress)
    if not quiet:
        causes = largest_causes(measured.tally)
        click.echo(summary(measured.report, None, progress.seconds(), causes), nl=False)
    check_budget(measured, cleaner.settings)
    return ExitStatus.INPUT if measured.report.problems else ExitStatus.OK
