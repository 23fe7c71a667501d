"""What runs say beside their results, to people and to programs; completion in a shell."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import Run, environment

HEAVY = ("numpy", "pyarrow", "regex", "ftfy", "datasketch", "loky", "wordfreq", "resiliparse")


@pytest.fixture
def corpus(here: Path) -> Path:
    (here / "in").mkdir()
    (here / "in/a.txt").write_text("Tea  &amp; bread.\n")
    (here / "in/b.jsonl").write_text('{"text": "Tea  and bread."}\n{"text": \n')
    (here / "in/c.png").write_bytes(b"\x89PNG")
    (here / "in/.d.txt").write_text("Hidden.\n")
    return here / "in"


@pytest.mark.parametrize(
    "arguments", [["clean", "-o", "out"], ["check"], ["dedup", "-o", "out"]], ids=lambda one: one[0]
)
def test_a_log_for_programs_is_one_object_a_line(
    corpus: Path, run: Run, arguments: list[str]
) -> None:
    ended = run(*arguments, "in", "--log-format", "json")
    assert ended.status == 3
    events = [json.loads(line) for line in ended.err.splitlines()]
    assert all({"time", "level", "event", "message"} <= set(one) for one in events)
    by_name = {one["event"]: one for one in events}
    assert by_name["settings"]["file"] == ""
    assert by_name["passed-over"]["level"] == "warning"
    assert by_name["problem"]["level"] == "error"
    assert by_name["problem"]["message"].startswith("b.jsonl:2: ")
    begun = [one["stage"] for one in events if one["event"] == "stage"]
    assert begun == [one["stage"] for one in events if one["event"] == "stage-done"]
    assert events[-1]["event"] == "done"
    assert all(one["seconds"] >= 0 for one in events if one["event"] == "stage-done")


def test_errors_that_end_a_run_are_objects_too(corpus: Path, run: Run) -> None:
    for arguments in (["check", "in", "--select", "XYZ"], ["clean", "in", "--nothing"]):
        ended = run(*arguments, "--log-format=json")
        (line,) = [one for one in ended.err.splitlines() if '"error"' in one]
        assert json.loads(line)["status"] == ended.status == 2
        assert all(json.loads(one) for one in ended.err.splitlines())


def test_more_is_said_where_it_is_asked_for(corpus: Path, run: Run) -> None:
    (corpus.parent / "cleaner.toml").write_text('ignore = ["FMT"]\n')
    quiet = run("check", "in").err
    ended = run("check", "in", "--verbose")
    said = ended.err.splitlines()
    assert f"cleaner: settings: {corpus.parent / 'cleaner.toml'}" in said
    assert any(line.startswith("cleaner: Repairing took ") for line in said)
    assert any(line.startswith("cleaner: passed over: c.png: ") for line in said)
    assert set(quiet.splitlines()) <= set(said)
    assert "took" not in quiet


def completed(words: str, shell_script: str, folder: Path) -> list[str]:
    """Return what a real bash offers for the last of some words."""
    script = (
        f"{shell_script}\nCOMP_WORDS=({words})\nCOMP_CWORD=$((${{#COMP_WORDS[@]}}-1))\n"
        "_cleaner_completion cleaner\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n"
    )
    binaries = folder / "bin"
    binaries.mkdir(exist_ok=True)
    (binaries / "cleaner").write_text(f'#!/bin/sh\nexec {sys.executable} -m cleaner "$@"\n')
    (binaries / "cleaner").chmod(0o755)
    path = f"{binaries}:{os.environ['PATH']}"
    ended = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, text=True, check=True, cwd=folder,
        env=environment(PATH=path),
    )  # fmt: skip
    assert ended.stderr == ""
    return ended.stdout.splitlines()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_commands_options_and_codes(here: Path, run: Run) -> None:
    script = run("completion", "bash").out
    assert completed("cleaner che", script, here) == ["check"]
    assert completed("cleaner check --stat", script, here) == ["--statistics"]
    assert "FMT,ENC101" in completed("cleaner check --select FMT,ENC10", script, here)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(run: Run, shell: str) -> None:
    ended = run("completion", shell)
    assert ended.status == 0
    assert f"_CLEANER_COMPLETE={shell}_complete" in ended.out


def test_help_of_no_command_loads_what_takes_long() -> None:
    script = (
        "import sys, click\nfrom cleaner.cli.group import COMMANDS, cli\n"
        "for name in COMMANDS:\n"
        "    command = cli.get_command(None, name)\n"
        "    command.get_help(click.Context(command))\n"
        f"print([name for name in {HEAVY} if name in sys.modules])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == "[]\n"
