"""``cleaner init``."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.cli.progress import Progress
from cleaner.core.errors import ExitStatus, UsageError, one_line
from cleaner.core.findings import counted

_FILE = "cleaner.toml"


@click.command(
    "init",
    epilog="""\b
Examples:
  cleaner init
  cleaner init corpus
  cleaner init crawl.jsonl.gz --force""",
)
@click.argument("inputs", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--force", is_flag=True, help="Replace the cleaner.toml that is there.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar, no closing words.")
def command(inputs: tuple[Path, ...], *, force: bool, quiet: bool) -> int:
    """Write a cleaner.toml to begin with, from a look at the data.

    It goes into the current folder, and says what was found in INPUTS (this folder by default):
    formats, the field with the text, languages, and what each rule would do, with counts. Of large
    data a part is looked at. All settings stand in it as comments with what they mean; only what
    was found out is set.
    """
    from cleaner.api import rules
    from cleaner.reports.starter import starter_config
    from cleaner.runs.first_look import first_look
    from cleaner.storage.replace import whole_file

    here = Path.cwd()
    if (here / _FILE).exists() and not force:
        raise UsageError("is there already", where=_FILE, hint="replace it with --force")
    with Progress("check", quiet=quiet) as progress:
        look = first_look(inputs or (Path(),), progress)
    with whole_file(here, _FILE) as file:
        file.write(starter_config(look, rules()).encode())
    if not quiet:
        found = counted(look.formats.total(), "file") if look.formats else "nothing to read"
        click.echo(f"{_FILE} written: {found}, {look.counts.total():,} edits and notes to make")
        if look.text_field:
            click.echo(f"the text of records is in {one_line(look.text_field)!r}")
        click.echo("look at it, then try `cleaner check`, or `cleaner clean --dry-run`")
    return ExitStatus.OK
