"""``cleaner clean``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cleaner.cli.options import glue_option, model_option, settings_of, settings_options
from cleaner.cli.progress import Progress
from cleaner.cli.sources import files_from_option, sources_of
from cleaner.cli.streams import STREAM, as_option, clean_stream, reads_stream
from cleaner.core.errors import ExitStatus, UsageError


@click.command(
    "clean",
    epilog="""\b
Examples:
  cleaner clean seeds -o cleaned
  cleaner clean news.jsonl.gz --text-field body -o cleaned
  cleaner clean pages -o cleaned --select ENC,FMT --scope none
  cleaner clean . -o cleaned --exclude drafts/ --exclude "*.bak.txt"
  find . -name "*.txt" -newer stamp -print0 | cleaner clean --files-from - -o cleaned
  cleaner clean today.jsonl -o cleaned --model corpus.model
  zcat crawl.jsonl.gz | cleaner clean - -o - --as jsonl --model corpus.model | sort -u""",
)
@click.argument("inputs", nargs=-1, type=click.Path())
@files_from_option
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(),
    metavar="FOLDER",
    help="Where the cleaned tree goes, and its journal (in _cleaner); - is standard output.",
)
@as_option
@click.option(
    "--journal",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="With -o -: where journal, report and a copy of the output go.  [default: nowhere]",
)
@click.option("--overwrite", is_flag=True, help="Write into a folder that is not empty.")
@click.option("--keep-empty", is_flag=True, default=None, help="Write documents left without text.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar, no summary; errors only.")
@model_option
@glue_option
@settings_options
def command(
    inputs: tuple[str, ...],
    files_from: str | None,
    output: str,
    *,
    journal: Path | None,
    overwrite: bool,
    quiet: bool,
    **options: Any,
) -> int:
    """Clean files and folders into a new folder.

    Files keep their names as seen from the folder that is named, or from the one that all INPUTS
    stand in where there are several. Every edit goes into a journal beside the output, from which
    `cleaner restore` gives the sources back byte for byte.

    With - for INPUTS and for FOLDER, standard input is cleaned into standard output as it comes:
    one text, or records with --as jsonl, each judged by itself and the model. Messages go to
    standard error. There is no journal but with --journal.
    """
    from cleaner.api import Cleaner
    from cleaner.reports.summary import summary

    sources = sources_of(inputs, files_from)
    streaming = reads_stream(sources, options)
    cleaner = Cleaner(settings_of(options))
    if streaming and output == STREAM:
        return clean_stream(cleaner, options["format"], journal, quiet=quiet)
    if streaming or output == STREAM:
        raise UsageError(
            "standard input goes to standard output, and nothing else does",
            hint="write `cleaner clean - -o -`",
        )
    if journal is not None:
        raise UsageError("--journal is of standard input", hint="FOLDER/_cleaner has the journal")
    with Progress("clean", quiet=quiet) as progress:
        report = cleaner.clean_files(sources, output, overwrite=overwrite, progress=progress)
    if not quiet:
        click.echo(summary(report, Path(output), progress.seconds()), nl=False)
    return ExitStatus.INPUT if report.problems else ExitStatus.OK
