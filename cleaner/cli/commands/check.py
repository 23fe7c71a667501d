"""``cleaner check``."""

from __future__ import annotations

from typing import Any

import click

from cleaner.cli.diffs import diff_option, show_diff
from cleaner.cli.options import glue_option, model_option, settings_of, settings_options
from cleaner.cli.progress import Progress
from cleaner.cli.sources import files_from_option, sources_of
from cleaner.cli.streams import as_option, findings_of_stream, reads_stream
from cleaner.core.errors import ExitStatus
from cleaner.reports.registry import REPORTS


@click.command(
    "check",
    epilog="""\b
Examples:
  cleaner check seeds
  cleaner check corpus --select ENC --output-format json > findings.json
  cleaner check page.txt --ignore FMT || echo dirty
  cleaner check corpus --select DUP --strict
  cleaner check changed.txt --model corpus.model
  git diff --name-only | cleaner check --files-from -
  pdftotext page.pdf - | cleaner check - --select GLU""",
)
@click.argument("inputs", nargs=-1, type=click.Path())
@files_from_option
@click.option(
    "--output-format",
    type=click.Choice(list(REPORTS)),
    default="text",
    show_default=True,
    help="A line a finding, or one JSON array.",
)
@click.option(
    "--strict", is_flag=True, help="Notes, too, end with status 1: what `clean` leaves as it is."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress bar, no closing count.")
@diff_option
@as_option
@model_option
@glue_option
@settings_options
def command(
    inputs: tuple[str, ...],
    files_from: str | None,
    *,
    output_format: str,
    strict: bool,
    diff: bool,
    quiet: bool,
    **options: Any,
) -> int:
    """List what `clean` would change; write nothing.

    Ends with status 1 if there is anything to change, 3 if something could not be read. Notes,
    such as a passage that another document quotes, are listed and change nothing: alone they end
    with status 0, unless `--strict` is given. With - for INPUTS, standard input is read.
    """
    from cleaner.api import Cleaner

    sources = sources_of(inputs, files_from)
    streaming = reads_stream(sources, options)
    cleaner = Cleaner(settings_of(options))
    if diff:
        return show_diff(cleaner, sources, options["format"], streaming=streaming, quiet=quiet)
    found = notes = 0
    with Progress("check", quiet=quiet or streaming) as progress:
        if streaming:
            findings = findings_of_stream(cleaner, options["format"], progress)
        else:
            findings = cleaner.find(sources, progress=progress)

        def counted() -> Any:
            nonlocal found, notes
            for finding in findings:
                found += 1
                notes += finding.note
                yield finding

        for piece in REPORTS[output_format](counted()):
            progress.close()
            click.echo(piece, nl=False)
    if not quiet:
        click.echo(_closing(found, notes), err=True)
    if progress.problems:
        return ExitStatus.INPUT
    return ExitStatus.FINDINGS if found - (0 if strict else notes) else ExitStatus.OK


def _closing(found: int, notes: int) -> str:
    """Return the count at the end.

    >>> _closing(0, 0), _closing(8, 0), _closing(3, 1)
    ('nothing found', '8 findings', '3 findings, of which 1 notes that `clean` leaves as they are')
    """
    if not found:
        return "nothing found"
    said = f"{found:,} findings"
    return f"{said}, of which {notes:,} notes that `clean` leaves as they are" if notes else said
