"""``cleaner clean``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
from cleaner.core.errors import ExitStatus


@click.command(
    "clean",
    epilog="""\b
Examples:
  cleaner clean seeds -o cleaned
  cleaner clean news.jsonl.gz --text-field body -o cleaned
  cleaner clean pages -o cleaned --select ENC,FMT --scope none
  cleaner clean today.jsonl -o cleaned --model corpus.model
  cleaner clean corpus -o cleaned --report cleaning.html""",
)
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where the cleaned tree goes, and its journal (in _cleaner).",
)
@click.option("--overwrite", is_flag=True, help="Write into a folder that is not empty.")
@click.option("--keep-empty", is_flag=True, default=None, help="Write documents left without text.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar, no summary; errors only.")
@report_option
@model_option
@glue_option
@settings_options
def command(
    inputs: tuple[Path, ...],
    output: Path,
    *,
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

    check_page(page)
    cleaner = Cleaner(settings_of(options))
    with Progress("clean", quiet=quiet) as progress:
        report = cleaner.clean_files(inputs, output, overwrite=overwrite, progress=progress)
    seconds = progress.seconds()
    write_page(page, output, seconds)
    if not quiet:
        click.echo(summary(report, output, seconds), nl=False)
    return ExitStatus.INPUT if report.problems else ExitStatus.OK
