"""``cleaner report``."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.cli.values import RunFolder
from cleaner.core.errors import ExitStatus, one_line


@click.command(
    "report",
    epilog="""\b
Examples:
  cleaner report cleaned
  cleaner report cleaned -o cleaning.html --samples 1000
  cleaner report cleaned -o - > cleaning.html""",
)
@click.argument("output", type=RunFolder())
@click.option(
    "-o",
    "--output-file",
    "place",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Where the page goes; - is standard output.  [default: OUTPUT/_cleaner/report.html]",
)
@click.option(
    "--samples",
    type=click.IntRange(min=1),
    metavar="N",
    help="So many edits of each rule, evenly over the run; fewer where 2 MB of them are reached.  "
    "[default: 200]",
)
@click.option("-q", "--quiet", is_flag=True, help="Do not say where the page stands.")
def command(output: Path | str, *, place: Path | None, samples: int | None, quiet: bool) -> int:
    """Show what a run did as one HTML page.

    OUTPUT is a folder that `cleaner clean` or `cleaner dedup` wrote. The page needs no network and
    no other file: sizes by family and rule, where the text went, documents by share removed,
    similarities with the threshold, duplicates beside what stands for them, repeated lines, edits
    to look through, and samples to judge, which it saves as JSON. It is made from journal and
    report; texts around edits are read from the output.
    """
    from cleaner.api.arguments import path_of
    from cleaner.runs.report.write import SAMPLES, check_place, report_page, write_page

    to_stdout = place is not None and str(place) == "-"
    if place is not None and not to_stdout:
        check_place(place)
    folder = path_of(output)
    page = report_page(folder, samples or SAMPLES)
    if to_stdout:
        click.echo(page, nl=False)
        return ExitStatus.OK
    written = write_page(page, folder, place)
    if not quiet:
        click.echo(f"the report stands in {one_line(str(written))}")
    return ExitStatus.OK
