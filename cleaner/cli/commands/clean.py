"""``cleaner clean``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli.cluster import cluster_of, engine_options
from cleaner.cli.diffs import diff_option, show_diff
from cleaner.cli.log import log_options, tell_done
from cleaner.cli.options import (
    glue_option,
    memory_option,
    model_option,
    report_option,
    settings_of,
    settings_options,
    work_option,
    writing_options,
)
from cleaner.cli.pages import check_page, check_page_of, tell_of_run, write_page
from cleaner.cli.progress import Progress
from cleaner.cli.run_status import show_status, status_options
from cleaner.cli.sources import files_from_option, sources_of
from cleaner.cli.streams import STREAM, clean_stream, reads_stream
from cleaner.core.errors import ExitStatus, UsageError
from cleaner.core.findings import counted
from cleaner.core.urls import is_url, scheme_of

if TYPE_CHECKING:
    from cleaner.api import Cleaner


@click.command(
    "clean",
    epilog="""\b
Examples:
  cleaner clean seeds -o cleaned
  cleaner clean news.jsonl.gz --text-field body -o cleaned
  cleaner clean pages -o cleaned --select ENC,FMT --scope none
  cleaner clean notes --diff
  cleaner clean notes --in-place --journal notes.before
  cleaner clean . -o cleaned --exclude drafts/ --exclude "*.bak.txt"
  find . -name "*.txt" -newer stamp -print0 | cleaner clean --files-from - -o cleaned
  cleaner clean today.jsonl -o cleaned --model corpus.model
  cleaner clean corpus -o cleaned --report cleaning.html
  cleaner clean crawl.warc.wet.gz -o cleaned --to parquet --shard-size 256MB
  cleaner clean corpus --dry-run
  cleaner clean corpus -o cleaned --max-removed 5% --max-removed BOI=2%
  cleaner clean /data/crawl -o /data/out --engine spark --master spark://host:7077
  zcat crawl.jsonl.gz | cleaner clean - -o - --as jsonl --model corpus.model | sort -u""",
)
@click.argument("inputs", nargs=-1, type=click.Path())
@files_from_option
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    metavar="FOLDER",
    help="Where the cleaned tree goes, and its journal (in _cleaner): a folder or a URL; - is "
    "standard output.",
)
@work_option
@memory_option
@diff_option
@click.option(
    "--journal",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="With -o - and --in-place: where journal, report and a copy of the output go.",
)
@click.option(
    "--in-place",
    is_flag=True,
    help="Replace the files where they stand; needs --journal, from which they can be restored.",
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
@engine_options
@click.option("-q", "--quiet", is_flag=True, help="No progress bar, no summary; errors only.")
@log_options
@status_options
@writing_options
@report_option
@model_option
@glue_option
@settings_options
def command(
    inputs: tuple[str, ...],
    files_from: str | None,
    output: str | None,
    *,
    work: Path | None,
    journal: Path | None,
    diff: bool,
    dry_run: bool,
    in_place: bool,
    overwrite: bool,
    quiet: bool,
    page: Path | None,
    status: bool,
    status_json: bool,
    engine: str,
    master: str | None,
    conf: tuple[str, ...],
    **options: Any,
) -> int:
    """Clean files and folders into a new folder.

    Files keep their names as seen from the folder that is named, or from the one that all INPUTS
    stand in where there are several. Every edit goes into a journal beside the output, from which
    `cleaner restore` gives the sources back byte for byte.

    With - for INPUTS and for FOLDER, standard input is cleaned into standard output as it comes:
    one text, or records with --as jsonl, each judged by itself and the model. Messages go to
    standard error. There is no journal but with --journal.

    With --engine spark the same passes are run by Apache Spark, and write the same bytes; its
    executors must see inputs and FOLDER by the same names.

    With --in-place, files are replaced where they stand, each whole, after all of them were cleaned
    into the folder of --journal; `cleaner restore` gives the sources back from there.
    """
    from cleaner.api import Cleaner

    if status or status_json:
        return show_status(output, work, as_json=status_json)
    sources = sources_of(inputs, files_from)
    streaming = reads_stream(sources, options)
    if diff + in_place + dry_run + (output is not None) > 1:
        raise UsageError(
            "--diff, --dry-run, --in-place and -o exclude each other", hint="give one of them"
        )
    if page is not None and (diff or dry_run or streaming):
        raise UsageError("--report is of runs that write a folder", hint="leave it out")
    if streaming and options["max_removed"]:
        raise UsageError(
            "what comes from standard input is written before all of it is known",
            hint="keep a budget with files, or leave out --max-removed",
        )
    if work is not None and (diff or dry_run or in_place or streaming):
        raise UsageError("--work is of runs that write a folder", hint="leave it out")
    check_page(page)
    cluster = cluster_of(engine, master, conf)
    elsewhere = output is not None and is_url(output) and scheme_of(output) != "file"
    if cluster is not None and (diff or dry_run or in_place or streaming or elsewhere):
        raise UsageError(
            "Spark writes a folder, and nothing else",
            hint="give -o FOLDER, or leave --engine out",
        )
    if cluster is not None and work is None and any(map(is_url, sources)):
        raise UsageError(
            "what URLs name lies in the work folder, which executors must see",
            hint="name a folder that all of them share with --work",
        )
    cleaner = Cleaner(settings_of(options))
    if diff:
        return show_diff(cleaner, sources, options["format"], streaming=streaming, quiet=quiet)
    if streaming and output == STREAM:
        return clean_stream(cleaner, options["format"], journal, quiet=quiet)
    if streaming or output == STREAM:
        raise UsageError(
            "standard input goes to standard output, and nothing else does",
            hint="write `cleaner clean - -o -`",
        )
    if in_place:
        if journal is None or overwrite:
            raise UsageError(
                "--in-place needs a new folder for what restoring needs",
                hint="name one with --journal, without --overwrite",
            )
        return clean_in_place(cleaner, sources, journal, page, quiet=quiet)
    if journal is not None:
        raise UsageError(
            "--journal is of standard input and of --in-place",
            hint="the folder of -o has the journal of its run",
        )
    if dry_run:
        return _dry_run(cleaner, sources, quiet=quiet)
    if output is None:
        raise UsageError("Missing option '-o' / '--output'", hint="or give --dry-run")
    check_page_of(page, output)
    with Progress("clean", quiet=quiet) as progress:
        report = cleaner.clean_files(
            sources, output, overwrite=overwrite, work=work, progress=progress, engine=cluster
        )
    tell_of_run(report, output, page, progress.seconds(), quiet=quiet)
    return ExitStatus.INPUT if report.problems else ExitStatus.OK


def clean_in_place(
    cleaner: Cleaner, sources: Sequence[str], journal: Path, page: Path | None, *, quiet: bool
) -> ExitStatus:
    """Replace files where they stand; return the exit status."""
    from cleaner.reports.summary import summary
    from cleaner.runs.report.causes import causes_of

    with Progress("clean", quiet=quiet) as progress:
        done = cleaner.clean_in_place(sources, journal, progress=progress)
    seconds = progress.seconds()
    write_page(page, journal, seconds)
    if not quiet:
        if done.report is not None:
            click.echo(summary(done.report, journal, seconds, causes_of(journal)), nl=False)
        click.echo(f"{counted(done.replaced, 'file')} replaced in place")
    if done.report is not None:
        tell_done(done.report, seconds)
    return ExitStatus.INPUT if done.problems else ExitStatus.OK


def _dry_run(cleaner: Cleaner, sources: Sequence[str], *, quiet: bool) -> int:
    """Show what a run would come to."""
    from cleaner.reports.summary import summary
    from cleaner.runs.output.measure import check_budget
    from cleaner.runs.report.causes import causes_in

    with Progress("check", quiet=quiet) as progress:
        measured = cleaner.measure_files(sources, progress=progress)
    if not quiet:
        causes = causes_in(measured.tally)
        click.echo(summary(measured.report, None, progress.seconds(), causes), nl=False)
    check_budget(measured, cleaner.settings)
    return ExitStatus.INPUT if measured.report.problems else ExitStatus.OK
