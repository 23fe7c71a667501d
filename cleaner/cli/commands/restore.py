"""``cleaner restore``."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.cli.values import CodesType, RunFolder
from cleaner.core.errors import ExitStatus, one_line
from cleaner.core.findings import counted

# So many of the edits that stay are told one by one.
_MOST_TOLD = 20


@click.command(
    "restore",
    short_help="Give the sources back, byte for byte.",
    epilog="""\b
Examples:
  cleaner restore cleaned -o sources
  cleaner restore cleaned -o sources --overwrite
  cleaner restore cleaned -o other --only BOI350 --only DUP
  cleaner restore cleaned -o other --file news.jsonl --only GLU""",
)
@click.argument("output", type=RunFolder())
@click.option(
    "-o",
    "--destination",
    required=True,
    type=click.Path(),
    metavar="FOLDER",
    help="Where the sources go, or the outputs in which some edits were taken back.",
)
@click.option(
    "--only",
    type=CodesType(),
    multiple=True,
    metavar="CODES",
    help="Take back only the edits of these rules, e.g. BOI350,DUP; may be repeated.",
)
@click.option(
    "--file",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Take back only the edits of this source; may be repeated.",
)
@click.option("--overwrite", is_flag=True, help="Write into a folder that is not empty.")
@click.option("-q", "--quiet", is_flag=True, help="No closing count.")
def command(
    output: Path | str,
    destination: str,
    *,
    only: tuple[tuple[str, ...], ...],
    files: tuple[Path, ...],
    overwrite: bool,
    quiet: bool,
) -> int:
    """Give back the sources that OUTPUT was cleaned from, byte for byte.

    OUTPUT is a folder that `cleaner clean` wrote, or the URL of one. Every restored file is checked
    against the digest of its source; one that does not match is not written.

    With `--only` or `--file` just these edits are taken back, and the rest stays cleaned: FOLDER
    becomes an output folder of its own, with journal and report, from which the same sources can be
    restored. An edit that a later one was built on stays, and is told of; both can be taken back
    together. Ends with status 3 then.
    """
    if only or files:
        codes = [code for given in only for code in given]
        return _take_back(output, destination, codes, files, overwrite=overwrite, quiet=quiet)
    from cleaner.api import restore_files

    restored = failed = 0
    for file in restore_files(output, destination, overwrite=overwrite):
        if file.error is None:
            restored += 1
        else:
            failed += 1
            click.echo(f"cleaner: error: {file.error}", err=True)
    if not quiet:
        click.echo(f"{counted(restored, 'file')} restored into {one_line(destination)}")
    return ExitStatus.INPUT if failed else ExitStatus.OK


def _take_back(
    output: Path | str,
    destination: str,
    codes: list[str],
    files: tuple[Path, ...],
    *,
    overwrite: bool,
    quiet: bool,
) -> int:
    from cleaner.api.arguments import path_of
    from cleaner.api.outputs import run_folder
    from cleaner.runs.undo.take_back import restore_some

    with run_folder(output) as folder:
        done = restore_some(folder, path_of(destination), codes, files, overwrite=overwrite)
    for one in done.refused[:_MOST_TOLD]:
        place = one_line(one.place)
        click.echo(
            f"cleaner: error: {place}: {one.rule} cannot be taken back alone: {one.later} was "
            f"built on it; give --only {one.rule},{one.later} to take back both",
            err=True,
        )
    if len(done.refused) > _MOST_TOLD:
        more = len(done.refused) - _MOST_TOLD
        click.echo(f"cleaner: error: so it is with {more:,} more", err=True)
    if not quiet:
        click.echo(f"{counted(done.edits, 'edit')} taken back in {one_line(destination)}")
    return ExitStatus.INPUT if done.refused else ExitStatus.OK
