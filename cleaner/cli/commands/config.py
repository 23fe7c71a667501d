"""``cleaner config``."""

from __future__ import annotations

from typing import Any

import click

from cleaner.cli.options import configuration, settings_options


@click.command(
    "config",
    epilog="""\b
Examples:
  cleaner config
  cleaner config --config strict.toml --threshold 0.9""",
)
@settings_options
def command(**options: Any) -> None:
    """Show the effective configuration and where each value came from.

    Values come from the command line, else from --config or the nearest cleaner.toml (or
    pyproject.toml with [tool.cleaner]) upward, else they are defaults.
    """
    from cleaner.reports.settings import settings_table

    found = configuration(options)
    click.echo(settings_table(found), nl=False)
