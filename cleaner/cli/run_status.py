"""`--status`: how far a run is, asked while it goes on or after it was stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from cleaner.core.errors import ExitStatus, UsageError, one_line
from cleaner.core.urls import redacted

F = TypeVar("F", bound=Callable[..., Any])


def status_options(command: F) -> F:
    """Add the options that ask how far a run is."""
    as_json = click.option(
        "--status-json", is_flag=True, help="The same as JSON, with seconds and counts."
    )
    as_text = click.option(
        "--status",
        is_flag=True,
        help="Show how far the run into the folder of -o is, or where it was stopped; change "
        "nothing.",
    )
    return as_text(as_json(command))


def show_status(output: str | None, work: Path | None, *, as_json: bool) -> int:
    """Show how far the run is that writes `output`; return the exit status."""
    from cleaner.api.running import destination
    from cleaner.reports.status import status_lines
    from cleaner.runs.output.status import status_json, status_of

    if output is None:
        raise UsageError("Missing option '-o' / '--output'", hint="name the folder of the run")
    status = status_of(destination(output, work))
    if as_json:
        click.echo(status_json(status), nl=False)
    else:
        for line in status_lines(status, redacted(output)):
            click.echo(one_line(line))
    return ExitStatus.OK
