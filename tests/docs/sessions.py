"""What pages show of a terminal, run again: blocks of ``console`` with commands and their output.

``...`` in the output stands for anything, within a line or over several. The commands of a page are
one session in a folder of its own that has `seeds/`. ``python -m tests.docs.sessions PAGE...``
writes into pages what their commands print by now, where that is something else.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.running import ROOT

PAGES = ROOT / "docs" / "pages"

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_MARK = "\x1e"
# How long a run took, in its closing words.
_TIMES = re.compile(r"[\d.]+ s, [\d.]+ MB/s")


class Command(NamedTuple):
    """A command of a page and what the page shows of its output."""

    line: str
    shown: str

    def on_page(self) -> str:
        """Return the command and its output as they stand on a page."""
        return "$ " + self.line.replace("\n", "\n> ") + "\n" + self.shown


def commands_of(page: str) -> list[Command]:
    """Return the commands that a page shows, in order; further lines of one begin with ``> ``.

    >>> commands_of("```console\\n$ echo 'a\\n> b'\\na\\nb\\n$ true\\n```\\n")
    [Command(line="echo 'a\\nb'", shown='a\\nb\\n'), Command(line='true', shown='')]
    """
    return [command for block in _BLOCK.findall(page) for command in _in_block(block)]


def _in_block(block: str) -> list[Command]:
    assert block.startswith("$ "), block
    found = []
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        first, *lines = part.splitlines(keepends=True)
        while lines and lines[0].startswith("> "):
            first += lines.pop(0)[2:]
        found.append(Command(first.rstrip("\n"), "".join(lines)))
    return found


def printed(commands: Sequence[Command], folder: Path) -> list[str]:
    """Return what each command prints, in a session in the folder; errors stand where they come."""
    shutil.copytree(ROOT / "seeds", folder / "session" / "seeds")
    script = "status=0\n"
    for command in commands:
        script += f"printf '{_MARK}'\n(exit $status)\n{command.line}\nstatus=$?\n"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    variables = {"PATH": path, "LC_ALL": "C.UTF-8", "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash"],
        input=script,
        cwd=folder / "session",
        env={**os.environ, **variables, "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    return done.stdout.split(_MARK)[1:]


def fits(shown: str, output: str) -> bool:
    """Whether a page shows an output as it is, but for widths and for what ``...`` stands for.

    >>> fits("6 files; ... MB/s\\n", "6 files; 0.8 s, 2 MB/s\\n"), fits("6\\n", "7\\n")
    (True, False)
    """
    pattern = ".*".join(map(re.escape, _narrow(shown).split("...")))
    return re.fullmatch(pattern, _narrow(output), re.DOTALL) is not None


def _narrow(text: str) -> str:
    """Return a text in which columns are as narrow as can be: a longer name in one moves others."""
    return re.sub(r"(?<=\S)  +", "  ", text.strip())


def main(pages: Sequence[str]) -> None:
    """Write into pages what their commands print by now."""
    for name in pages:
        path = Path(name)
        text = path.read_text("utf-8")
        with tempfile.TemporaryDirectory() as folder:
            outputs = iter(printed(commands_of(text), Path(folder)))

        def as_it_is(found: re.Match[str], outputs: Iterator[str] = outputs) -> str:
            block = ""
            for command, output in zip(_in_block(found[1]), outputs, strict=False):
                if not fits(command.shown, output):
                    output = _TIMES.sub("... MB/s", output)
                    command = command._replace(shown=output.rstrip("\n") + "\n" if output else "")
                block += command.on_page()
            return f"```console\n{block}```"

        path.write_text(_BLOCK.sub(as_it_is, text), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
