"""``cleaner completion``."""

from __future__ import annotations

import click

from cleaner.cli.group import cli


@click.command(
    "completion",
    short_help="Print what completes commands in a shell.",
    epilog="""\b
Examples:
  cleaner completion bash > ~/.local/share/bash-completion/completions/cleaner
  cleaner completion zsh > ~/.zfunc/_cleaner
  cleaner completion fish > ~/.config/fish/completions/cleaner.fish""",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that completes commands, options and codes in a shell.

    bash reads it from the folder above, which its package bash-completion looks in; zsh from a
    folder in `fpath`; or let the shell read it when it starts: source <(cleaner completion bash).
    """
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    kinds = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
    click.echo(kinds[shell](cli, {}, "cleaner", "_CLEANER_COMPLETE").source())
