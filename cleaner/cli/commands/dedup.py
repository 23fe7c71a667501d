"""``cleaner dedup``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cleaner.cli.log import log_options
from cleaner.cli.options import (
    dedup_options,
    memory_option,
    report_option,
    settings_of,
    settings_options,
    work_option,
    writing_options,
)
from cleaner.cli.pages import check_page_of, tell_of_run
from cleaner.cli.process import share_one_heap
from cleaner.cli.progress import Progress
from cleaner.cli.run_status import show_status, status_options
from cleaner.cli.sources import files_from_option, sources_of
from cleaner.core.errors import ExitStatus, UsageError


@click.command(
    "dedup",
    epilog="""\b
Examples:
  cleaner dedup pages -o unique
  cleaner dedup news.jsonl.gz --unit record -o unique
  cleaner dedup news.jsonl --unit record --numbers ignore --protect tests.jsonl -o unique
  cleaner dedup pages -o unique --report duplicates.html
  cleaner dedup --plan --threshold 0.7""",
)
@click.argument("inputs", nargs=-1, type=click.Path())
@files_from_option
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    metavar="FOLDER",
    help="Where what stays goes, and the journal (in _cleaner): a folder or a URL.",
)
@work_option
@click.option(
    "--on-duplicate",
    type=click.Choice(["remove", "mark"]),
    help="mark: JSONL records stay and get a field `duplicate_of`; text files stay as they are, "
    "and their duplicates stand in the journal alone.  [default: remove]",
)
@memory_option
@click.option(
    "--index",
    metavar="FILE",
    help="Compare with what earlier runs kept, and add what this one keeps.",
)
@click.option("--plan", is_flag=True, help="Print bands and S-curve for the threshold, and end.")
@click.option("--overwrite", is_flag=True, help="Write into a folder that is not empty.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar, no summary; errors only.")
@log_options
@status_options
@report_option
@writing_options
@dedup_options
@settings_options
def command(
    inputs: tuple[str, ...],
    files_from: str | None,
    *,
    output: str | None,
    work: Path | None,
    plan: bool,
    overwrite: bool,
    quiet: bool,
    page: Path | None,
    status: bool,
    status_json: bool,
    **options: Any,
) -> int:
    """Remove duplicates, and change nothing else.

    Text files and records that lose nothing are copied byte for byte. With `--unit record`
    each text file and each record is compared as a whole. `cleaner restore` gives the sources
    back; `cleaner explain` shows a duplicate beside the copy that stands for it.
    """
    if status or status_json:
        return show_status(output, work, as_json=status_json)
    settings = settings_of(options)
    if plan:
        from cleaner.dedup.candidates.lsh import choose_bands, plan_text

        threshold = settings.dedup.threshold
        click.echo(plan_text(choose_bands(threshold), threshold))
        return ExitStatus.OK
    if (not inputs and files_from is None) or output is None:
        raise UsageError("nothing to do", hint="name files or folders, and a folder with -o")
    check_page_of(page, output)
    sources = sources_of(inputs, files_from)
    share_one_heap()
    from cleaner.api import Cleaner

    with Progress(settings.dedup.unit, quiet=quiet) as progress:
        report = Cleaner(settings).deduplicate_files(
            sources, output, overwrite=overwrite, work=work, progress=progress
        )
    tell_of_run(report, output, page, progress.seconds(), quiet=quiet)
    return ExitStatus.INPUT if report.problems else ExitStatus.OK
