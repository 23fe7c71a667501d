"""``cleaner restore``."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.core.errors import ExitStatus, one_line


@click.command(
    "restore",
    epilog="""\b
Examples:
  cleaner restore cleaned -o sources
  cleaner restore cleaned -o sources --overwrite""",
)
@click.argument("output", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "-o",
    "--destination",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where the sources go.",
)
@click.option("--overwrite", is_flag=True, help="Write into a folder that is not empty.")
@click.option("-q", "--quiet", is_flag=True, help="No closing count.")
def command(output: Path, destination: Path, *, overwrite: bool, quiet: bool) -> int:
    """Give back the sources that OUTPUT was cleaned from, byte for byte.

    OUTPUT is a folder that `cleaner clean` wrote. Every restored file is checked against the
    digest of its source; one that does not match is not written.
    """
    from cleaner.api import restore_files

    restored = failed = 0
    for file in restore_files(output, destination, overwrite=overwrite):
        if file.error is None:
            restored += 1
        else:
            failed += 1
            click.echo(f"cleaner: error: {file.error}", err=True)
    if not quiet:
        click.echo(f"{restored:,} files restored into {one_line(str(destination))}")
    return ExitStatus.INPUT if failed else ExitStatus.OK
