"""``cleaner fit``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli.options import learning_options, settings_of
from cleaner.cli.progress import Progress
from cleaner.cli.sources import files_from_option, sources_of
from cleaner.core.errors import ExitStatus, one_line

if TYPE_CHECKING:
    from cleaner.model.model import Model


@click.command(
    "fit",
    short_help="Learn a model from files and folders.",
    epilog="""\b
Examples:
  cleaner fit corpus -o corpus.model
  cleaner fit crawl.jsonl.gz --text-field body -o crawl.model
  cleaner fit --merge monday.model tuesday.model -o week.model
  cleaner check changed.txt --model corpus.model""",
)
@click.argument("inputs", nargs=-1, type=click.Path())
@files_from_option
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where the model goes.",
)
@click.option("--merge", is_flag=True, help="INPUTS are models; make the one of all their corpora.")
@click.option("--overwrite", is_flag=True, help="Write over a file that exists.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar, no closing line; errors only.")
@learning_options
def command(
    inputs: tuple[str, ...],
    files_from: str | None,
    *,
    output: Path,
    merge: bool,
    overwrite: bool,
    quiet: bool,
    **options: Any,
) -> int:
    """Learn from files and folders what single documents cannot tell, into a model.

    What `clean` and `check` learn from all their INPUTS, they take from a model that is given with
    `--model`: which words and passages there are, and which lines the pages of a site share. So a
    few documents are judged as the whole corpus would be. Only duplicates are looked for in the
    INPUTS themselves. A model holds counts and hashes, and no text.
    """
    from cleaner.api import Cleaner
    from cleaner.api.arguments import path_of
    from cleaner.model.model import Model
    from cleaner.model.modelfile import check_place

    sources = sources_of(inputs, files_from)
    check_place(path_of(output), overwrite=overwrite)
    with Progress("fit", quiet=quiet) as progress:
        if merge:
            model = Model().merge(*map(Model.load, sources))
        else:
            model = Cleaner(settings_of(options)).fit_files(sources, progress=progress)
        model.save(output, overwrite=overwrite)
    if not quiet:
        click.echo(_closing(model, output))
    return ExitStatus.INPUT if progress.problems else ExitStatus.OK


def _closing(model: Model, output: Path) -> str:
    """Return the line at the end."""
    passages = len(model.stats.glue.passages.keys)
    return (
        f"{one_line(str(output))}: learned from {model.documents:,} documents, with {passages:,} "
        f"passages and {len(model.tables.lines.lines):,} repeated lines; its digest begins with "
        f"{model.digest[:16]}"
    )
