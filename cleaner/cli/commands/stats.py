"""``cleaner stats``."""

from __future__ import annotations

from typing import Any

import click

from cleaner.cli.options import learning_options, settings_of
from cleaner.cli.progress import Progress
from cleaner.cli.sources import files_from_option, sources_of
from cleaner.core.errors import ExitStatus


@click.command(
    "stats",
    epilog="""\b
Examples:
  cleaner stats corpus
  cleaner stats crawl.jsonl.gz --text-field body --json > crawl.json""",
)
@click.argument("inputs", nargs=-1, type=click.Path())
@files_from_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar; errors only.")
@learning_options
def command(
    inputs: tuple[str, ...], files_from: str | None, *, as_json: bool, quiet: bool, **options: Any
) -> int:
    """Count what files and folders are made of.

    Documents, words, languages, the lengths of lines and paragraphs, kinds of blocks, and exact
    copies of documents and paragraphs (of very many, a sample). `cleaner check` says what is to be
    repaired.
    """
    from cleaner.api import Cleaner
    from cleaner.reports.statistics import statistics_json, statistics_table

    cleaner = Cleaner(settings_of(options))
    with Progress("fit", quiet=quiet) as progress:
        statistics = cleaner.stats_files(sources_of(inputs, files_from), progress=progress)
    if as_json:
        click.echo(statistics_json(statistics), nl=False)
    else:
        for line in statistics_table(statistics):
            click.echo(line, nl=False)
    return ExitStatus.INPUT if statistics.problems else ExitStatus.OK
