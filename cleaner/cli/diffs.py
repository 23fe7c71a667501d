"""`--diff`: what would be written, shown instead of writing it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cleaner.cli.progress import Progress
from cleaner.core.errors import ExitStatus

if TYPE_CHECKING:
    from cleaner.api import Cleaner

diff_option = click.option(
    "--diff",
    is_flag=True,
    help="Write nothing, and show a unified diff; status 1 if there is anything to change.",
)


def show_diff(
    cleaner: Cleaner, sources: Sequence[str], format: str | None, *, streaming: bool, quiet: bool
) -> int:
    """Show what cleaning would change; return the exit status."""
    shown = False
    with Progress("check", quiet=quiet or streaming) as progress:
        if streaming:
            pieces = cleaner.diff_stream(sys.stdin.buffer, format=format, progress=progress)
        else:
            pieces = cleaner.diff_files(sources, progress=progress)
        for piece in pieces:
            progress.close()
            shown = True
            # Bytes that are no text are shown as they stand.
            click.echo(piece.encode("utf-8", "surrogateescape"), nl=False)
    if progress.problems:
        return ExitStatus.INPUT
    return ExitStatus.FINDINGS if shown else ExitStatus.OK
