"""What pages show is what is printed; commands and settings on them are such as there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from cleaner.api import check_rule_files
from cleaner.cli.group import cli
from cleaner.core.settings.configfile import load_configuration
from cleaner.formats.registry import FORMATS
from cleaner.reports.findings.registry import REPORTS
from cleaner.runs.rule_registry import check_rules
from docs.__main__ import generated
from tests.docs.sessions import PAGES, commands_of, fits, printed
from tests.running import ROOT

WRITTEN = {str(path.relative_to(PAGES)): path.read_text("utf-8") for path in PAGES.rglob("*.md")}
ALL = {**WRITTEN, **generated(), "README.md": (ROOT / "README.md").read_text("utf-8")}


@pytest.mark.parametrize("name", [name for name, text in WRITTEN.items() if commands_of(text)])
def test_sessions_print_what_is_shown(name: str, tmp_path: Path) -> None:
    commands = commands_of(WRITTEN[name])
    for library in ("duckdb", "polars", "resiliparse"):
        if library in WRITTEN[name]:
            pytest.importorskip(library)
    for command, output in zip(commands, printed(commands, tmp_path), strict=True):
        assert fits(command.shown, output), f"$ {command.line}\n{output}"


def command_lines(text: str) -> list[list[str]]:
    """Return the calls of `cleaner` in blocks of shell, as lists of arguments."""
    found = []
    for block in re.findall(r"```(?:sh|console)[^\n]*\n(.*?)```", text, re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            for call in re.findall(r"(?:^\$ |^|[|;&] *)cleaner ([^|;&>]*)", line):
                found.append(shlex.split(call, comments=True))
    return found


@pytest.mark.parametrize("name", [name for name, text in ALL.items() if command_lines(text)])
def test_commands_on_pages_are_such_as_there_are(name: str) -> None:
    for arguments in command_lines(ALL[name]):
        context = click.Context(cli, info_name="cleaner")
        command: click.Command = cli
        rest = arguments
        while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
            inner = command.get_command(context, rest[0])
            assert inner is not None, arguments
            command, rest = inner, rest[1:]
        # Files that a page speaks of need not be there.
        for parameter in command.params:
            if isinstance(parameter.type, click.Path):
                parameter.type.exists = False
        try:
            command.make_context(command.name, list(rest), parent=context)
        except click.exceptions.Exit:
            pass  # --help and --version
        except click.UsageError as error:
            pytest.fail(f"{arguments}: {error}")


@pytest.mark.parametrize("name", [name for name, text in ALL.items() if "```toml" in text])
def test_configurations_on_pages_are_valid(name: str, tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", ALL[name], re.DOTALL)
    own = [example for example in examples if "[[rule]]" in example and "==>" not in example]
    (tmp_path / "ours.toml").write_text("".join(own), "utf-8")
    assert not (own and check_rule_files([tmp_path / "ours.toml"]))
    file = tmp_path / "cleaner.toml"
    for example in examples:
        if example not in own:
            file.write_text(example, "utf-8")
            check_rules(load_configuration(file, {}).settings)


def test_every_format_and_report_is_on_its_page() -> None:
    names = [name for name, one in FORMATS.items() if one.suffixes]
    assert all(f"`{name}`" in WRITTEN["guide/formats.md"] for name in names)
    assert all(f"`{name}`" in WRITTEN["guide/findings.md"] for name in REPORTS)
