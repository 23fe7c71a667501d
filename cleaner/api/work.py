"""Where a run that writes nothing keeps what lies between its passes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def work_folder() -> Iterator[Path]:
    """Give a folder for what lies between passes, in one that goes with all that is in it."""
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        work = Path(folder) / "work"
        work.mkdir()
        yield work
