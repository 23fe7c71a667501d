"""Where a run that writes nothing keeps what lies between its passes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Scratch(NamedTuple):
    """Folders of a run that writes nothing: for what lies between passes, and fetched inputs."""

    work: Path
    inputs: Path


@contextmanager
def scratch() -> Iterator[Scratch]:
    """Give folders in one that goes with all that is in it."""
    with tempfile.TemporaryDirectory(prefix="cleaner-") as name:
        folders = Scratch(Path(name) / "work", Path(name) / "inputs")
        folders.work.mkdir()
        yield folders
