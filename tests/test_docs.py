"""What the documents say is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cleaner.cli.group import cli

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "cleaner" / "ARCHITECTURE.md").read_text("utf-8")


def commands() -> list[tuple[str, click.Command]]:
    found = []
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", part) for sub, part in sorted(command.commands.items())]
    return found


@pytest.mark.parametrize(("name", "command"), commands(), ids=str)
def test_command_is_in_the_readme_and_has_examples(name: str, command: click.Command) -> None:
    assert f"`cleaner {name}" in README
    if not isinstance(command, click.Group):
        assert f"  cleaner {name}" in (command.epilog or "")


def test_before_and_after_are_those_of_the_seed() -> None:
    shown = dict(re.findall(r"```text (before|after)\n(.*?)\n```", README, re.DOTALL))
    seed = ROOT / "seeds" / "002_wrap_glue.txt"
    assert seed.read_text("utf-8").startswith(shown["before"])
    assert seed.with_suffix(".expected").read_text("utf-8").startswith(shown["after"])
    assert shown["before"] != shown["after"]


def test_console_example_is_what_is_printed() -> None:
    found = re.findall(r"```console\n\$ cleaner (.*?) \| head -2\n(.*?)```", README, re.DOTALL)
    command, shown = found[0]
    ended = subprocess.run(
        [sys.executable, "-m", "cleaner", *command.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[:2] == shown.splitlines()


def printed_by(example: str, folder: Path) -> str:
    """Return what an example prints in a folder that has a corpus."""
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.txt").write_text("The tide  came in.\n", "utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", example],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "HOME": str(folder)},
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_python_example_runs(tmp_path: Path) -> None:
    example = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0]
    printed = printed_by(example, tmp_path)
    assert "Boats lay along the quay" in printed
    assert "café weather" in printed


def test_model_example_runs(tmp_path: Path) -> None:
    example = re.findall(r"```python model\n(.*?)```", README, re.DOTALL)[0]
    assert printed_by(example, tmp_path) == "The tide came in.\n\n"


def test_configuration_example_is_valid(tmp_path: Path) -> None:
    from cleaner.core.configfile import load_configuration

    example = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)[0]
    file = tmp_path / "cleaner.toml"
    file.write_text(example, "utf-8")
    assert load_configuration(file, {}).settings.dedup.threshold == 0.85


def test_architecture_names_every_folder() -> None:
    folders = {path.parent.name for path in (ROOT / "cleaner").glob("*/__init__.py")}
    named = set(re.findall(r"^\| `(\w+)/` \|", ARCHITECTURE, re.MULTILINE))
    assert named == folders
