"""The command group; a command's module is imported only when it is asked for."""

from __future__ import annotations

import difflib
from importlib import import_module

import click

from cleaner.core.errors import UsageError
from cleaner.core.version import VERSION

# Name and module of each command, in the order of the help page.
COMMANDS = {
    "clean": "cleaner.cli.commands.clean",
    "check": "cleaner.cli.commands.check",
    "dedup": "cleaner.cli.commands.dedup",
    "init": "cleaner.cli.commands.init",
    "fit": "cleaner.cli.commands.fit",
    "stats": "cleaner.cli.commands.stats",
    "explain": "cleaner.cli.commands.explain",
    "report": "cleaner.cli.commands.report",
    "review": "cleaner.cli.commands.review",
    "restore": "cleaner.cli.commands.restore",
    "index": "cleaner.cli.commands.index",
    "rule": "cleaner.cli.commands.rule",
    "rules": "cleaner.cli.commands.rules",
    "config": "cleaner.cli.commands.config",
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and loads them one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in their order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is asked for; of one that there is not, say what may be meant."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "`cleaner --help` lists them"
            raise UsageError(f"no command {args[0]!r}", hint=hint)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 clean or done, 1 findings, 2 wrong usage, 3 some inputs not read.",
)
@click.version_option(VERSION, message="%(prog)s %(version)s")
def cli() -> None:
    """Find and repair the dirt in scraped plain text, and remove duplicated paragraphs."""
