"""What the documents say is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cleaner import Settings, clean_files
from cleaner.cli.group import cli
from cleaner.journal.tables import TABLES

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
    (example,) = re.findall(r"```python model\n(.*?)```", page("guide/models.md"), re.DOTALL)
    assert printed_by(example, tmp_path) == "The tide came in.\n\n"


def test_cleaner_example_runs(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", page("reference/api.md"), re.DOTALL)
    assert printed_by(example, tmp_path) == "{'FMT508': 1} []\nFMT508 1 \n"


def test_columns_example_runs(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python columns\n(.*?)```", page("reference/api.md"), re.DOTALL)
    printed = printed_by(example, tmp_path).splitlines()
    assert printed[:2] == ["[1931, 1932, 1933]", "3 repeats 2 DUP412 1.0"]
    assert "FMT508" in printed[2]


def page(name: str) -> str:
    return (ROOT / "docs/pages" / name).read_text("utf-8")


def test_architecture_names_every_folder() -> None:
    folders = {path.parent.name for path in (ROOT / "cleaner").glob("*/__init__.py")}
    named = set(re.findall(r"^\| `(\w+)/` \|", ARCHITECTURE, re.MULTILINE))
    assert named == folders


@pytest.mark.parametrize("library", ["duckdb", "polars", "pandas"])
def test_queries_of_the_journal_run(tmp_path: Path, library: str) -> None:
    pytest.importorskip(library)
    (example,) = re.findall(rf"```python\n(import {library}.*?)```", ARCHITECTURE, re.DOTALL)
    text = (
        "Nobody had told the children that the ferry would not come back before the end of winter, "
        "and so they went down to the quay each morning and looked for its lantern in the fog. "
        "The keeper wrote down every ship that passed the point, and read the names to them when "
        "they asked; and when the ice had gone from the bay at last, the first name was hers."
    )
    own = (
        "The  mill stood empty a year, until a woman from the hills bought it for her sons. "
        "They ground what the farmers brought and asked for nothing but the bran and some of their "
        "time."
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(f"So be it, they said.\n\n{text}\n", "utf-8")
    (tmp_path / "in/b.txt").write_text(f"{own}\n\n{text}\n", "utf-8")
    report = clean_files([tmp_path / "in"], tmp_path / "out", Settings(jobs=1))
    assert {"DUP402", "FMT508"} <= set(report.counts)
    ended = subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "COLUMNS": "200", "POLARS_FMT_MAX_COLS": "9"},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    for code, count in report.counts.items():
        if library == "duckdb":
            assert re.search(rf"{code}\W+{count}\W", ended.stdout)
    assert library == "duckdb" or re.search(r"b\.txt\W+1\W.*DUP402", ended.stdout)


def test_columns_of_the_journal_are_documented() -> None:
    for table in TABLES:
        assert table.path.removeprefix("_cleaner/") in ARCHITECTURE
        for name in table.schema.names:
            assert f"`{name}`" in ARCHITECTURE, name
