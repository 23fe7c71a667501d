"""``cleaner index``: what earlier runs kept."""

from __future__ import annotations

from pathlib import Path

import click

_PATH = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group(
    "index",
    short_help="Look after the index of `dedup --index`.",
    epilog="""\b
Examples:
  cleaner dedup monday -o kept --index seen.index
  cleaner dedup tuesday -o kept-too --index seen.index
  cleaner index info seen.index""",
)
def command() -> None:
    """Look after the index in which `dedup --index` keeps what earlier runs kept."""


@command.command("info", epilog="\b\nExamples:\n  cleaner index info seen.index")
@click.argument("path", type=_PATH)
def info(path: Path) -> None:
    """Show what the index at PATH holds, and the parameters it was made with."""
    from cleaner.api import index_info

    for name, value in index_info(path).items():
        click.echo(f"{name:<16}{value}")


@command.command("compact", epilog="\b\nExamples:\n  cleaner index compact seen.index")
@click.argument("path", type=_PATH)
def compact(path: Path) -> None:
    """Rewrite the index at PATH without the room that earlier states took."""
    from cleaner.api import compact_index

    before, after = compact_index(path)
    click.echo(f"{before:,} bytes before, {after:,} after")


@command.command(
    "export",
    epilog="\b\nExamples:\n  cleaner index export seen.index --to redis://localhost:6379/0",
)
@click.argument("path", type=_PATH)
@click.option("--to", "url", required=True, metavar="URL", help="A Redis, as redis://HOST:PORT/DB.")
def export(path: Path, url: str) -> None:
    """Write the index at PATH into a datasketch MinHashLSH on Redis, for others to query.

    Needs the extra `redis`: pip install "corpus-cleaner[redis]".
    """
    from cleaner.api import export_index

    click.echo(f"{export_index(path, url):,} units written")
