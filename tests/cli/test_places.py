"""Nothing is written but what was asked for: no cache, nothing in a home, if there is one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.running import ROOT

_WATCHED = """
import os, sys
from cleaner.__main__ import _run
places = set()
def note(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        if arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            places.add(os.fsdecode(arguments[0]))
    elif event in ("os.mkdir", "os.rename", "sqlite3.connect"):
        places.add(os.fsdecode(arguments[0]))
sys.addaudithook(note)
for arguments in (
    ("clean", "in", "-o", "out"),
    ("check", "in", "-j", "2"),
    ("dedup", "in", "--unit", "record", "--index", "seen.index", "-o", "unique"),
    ("restore", "out", "-o", "back"),
):
    assert _run([*arguments, "-q"] if arguments[0] != "restore" else list(arguments)) in (0, 1)
here = os.getcwd()
for place in sorted(places):
    if os.path.isabs(place) and not place.startswith((here, "/dev/", os.environ["TMPDIR"])):
        print(place)
"""


def test_nothing_is_written_elsewhere(tmp_path: Path) -> None:
    for folder in ("in", "temporary"):
        (tmp_path / folder).mkdir()
    for name in ("a.txt", "b.txt"):
        text = f"The boats lay along thequay of {name}, it\u2019s said.\n\n" * 3
        (tmp_path / "in" / name).write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-B", "-c", _WATCHED],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "temporary")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in done.stdout.splitlines() if line.startswith("/")] == []
    assert list((tmp_path / "temporary").iterdir()) == []
