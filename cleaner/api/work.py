"""What a run of the `Cleaner` needs beside its passes: a folder to work in, a check of budgets."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.core.settings.config import Settings

if TYPE_CHECKING:
    from cleaner.engines.base import Engine
    from cleaner.runs.clean import Prepared


def check_budget_before_writing(
    prepared: Prepared, engine: Engine, settings: Settings, folder: Path
) -> None:
    """Raise BudgetError where more would go than may; nothing is left of the run then."""
    from cleaner.runs.output.measure import BudgetError, check_budget, measure
    from cleaner.runs.output.output_folder import drop_work

    try:
        check_budget(measure(prepared, engine, settings), settings)
    except BudgetError:
        drop_work(folder)
        raise


@contextmanager
def work_folder() -> Iterator[Path]:
    """Give a folder for what lies between passes, in one that goes with all that is in it."""
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        work = Path(folder) / "work"
        work.mkdir()
        yield work
