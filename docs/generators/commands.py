"""A page for each command, made from its help; the man pages are made from these pages."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

import click

from cleaner.cli.group import cli
from cleaner.core.errors import ExitStatus
from docs.generators.markdown import block

_STATUS = {
    ExitStatus.OK: "nothing to change, or all done",
    ExitStatus.FINDINGS: "there are findings, or a budget was exceeded",
    ExitStatus.USAGE: "wrong usage or configuration; nothing was done",
    ExitStatus.INPUT: "some inputs could not be read; the rest was done",
    ExitStatus.INTERRUPTED: "interrupted; the same command goes on where it stood",
    ExitStatus.BUG: "a bug in cleaner",
}


class CommandPage(NamedTuple):
    """A command with its page."""

    path: str
    name: str
    summary: str
    text: str


def command_pages() -> list[CommandPage]:
    """Return the pages: that of `cleaner` itself first, then the commands in their order."""
    top = click.Context(cli, info_name="cleaner", **cli.context_settings)
    commands = list(_commands(top))
    return [_overview(top, commands), *(_page(context) for context in commands)]


def _commands(parent: click.Context) -> Iterator[click.Context]:
    group = parent.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        if command is None or command.hidden:
            continue
        context = click.Context(command, info_name=name, parent=parent)
        yield context
        if isinstance(command, click.Group):
            yield from _commands(context)


def _overview(top: click.Context, commands: list[click.Context]) -> CommandPage:
    said = [*_beginning(top), "## Commands\n"]
    said += [_entry(one) for one in commands]
    said += _options(top)
    said.append("## Exit status\n")
    said += [f"{status.value}\n: {words}\n" for status, words in _STATUS.items()]
    said.append(
        "## Files\n\n`cleaner.toml`, or `[tool.cleaner]` in `pyproject.toml`\n"
        ": The configuration, found upward from the working directory. Options win over it; "
        "`cleaner config` shows the result.\n\n"
        "`FOLDER/_cleaner`\n: Journal and report of a run whose output is `FOLDER`.\n"
    )
    said.append("```{toctree}\n:hidden:\n")
    said += [_file(one).removesuffix(".md") for one in commands]
    said.append("```\n")
    return CommandPage("commands/cleaner.md", "cleaner", _summary(cli), "\n".join(said))


def _page(context: click.Context) -> CommandPage:
    command = context.command
    said = _beginning(context)
    if isinstance(command, click.Group):
        said.append("## Commands\n")
        said += [_entry(one) for one in _commands(context)]
    said += _options(context)
    if examples := _examples(command):
        said += ["## Examples\n", block(examples, "sh")]
    assert context.parent is not None
    said.append(f"## See also\n\n[{context.parent.command_path}]({_file(context.parent)})\n")
    return CommandPage(
        f"commands/{_file(context)}", context.command_path, _summary(command), "\n".join(said)
    )


def _beginning(context: click.Context) -> list[str]:
    usage = " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
    return [
        f"# {context.command_path}\n",
        "## Synopsis\n",
        block(usage),
        "## Description\n",
        f"{inspect.cleandoc(context.command.help or '')}\n",
    ]


def _entry(context: click.Context) -> str:
    return f"[{context.command_path}]({_file(context)})\n: {_summary(context.command)}\n"


def _file(context: click.Context) -> str:
    return context.command_path.replace(" ", "-") + ".md"


def _summary(command: click.Command) -> str:
    """Return the first sentence of the help, whole."""
    first = inspect.cleandoc(command.help or "").split("\n\n")[0].replace("\n", " ")
    return first.removesuffix(".")


def _options(context: click.Context) -> Iterator[str]:
    yield f"## Options\n\n```{{program}} {context.command_path}\n```\n"
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is None or not isinstance(parameter, click.Option):
            continue
        names, said = record
        names = names.replace(" / ", ", ")
        yield f"```{{option}} {names}\n\n{said}\n```\n"


def _examples(command: click.Command) -> str:
    _, _, examples = (command.epilog or "").partition("Examples:\n")
    return textwrap.dedent(examples)
