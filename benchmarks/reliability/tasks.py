"""What is done with a corpus: a command and its settings, made of a number."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from cleaner import Cleaner, Settings
from cleaner.core.settings.config import Boilerplate, Dedup, Glue, Layout, Output
from cleaner.reports.record import RunReport

COMMANDS = ("clean", "clean", "dedup paragraph", "dedup line", "dedup record")


class Task(NamedTuple):
    """A command and its settings."""

    command: str
    settings: Settings

    def with_jobs(self, jobs: int) -> Task:
        """Return the same task for so many processes."""
        return self._replace(settings=msgspec.structs.replace(self.settings, jobs=jobs))

    def run(self, inputs: list[Path], output: Path) -> RunReport:
        """Carry the task out."""
        cleaner = Cleaner(self.settings)
        write = cleaner.clean_files if self.command == "clean" else cleaner.deduplicate_files
        return write(inputs, output)

    def __str__(self) -> str:
        default: dict[str, Any] = msgspec.to_builtins(Settings(jobs=1))
        own = msgspec.to_builtins(self.settings)
        changed = {}
        for key, value in own.items():
            if value != default[key]:
                changed[key] = (
                    {k: v for k, v in value.items() if v != default[key][k]}
                    if isinstance(value, dict)
                    else value
                )
        return f"{self.command} {changed}"


# Of `dedup`, and of `clean`; whole records are compared in the corpus alone.
_SCOPES = (("corpus", "file"), ("corpus", "corpus", "file", "none"))


def task_of(seed: int) -> Task:
    """Return a task for one process."""
    dice = random.Random(f"task {seed}")
    command = dice.choice(COMMANDS)
    unit = command.partition(" ")[2] or "paragraph"
    dedup = Dedup(
        unit=unit,
        scope="corpus" if unit == "record" else dice.choice(_SCOPES[command == "clean"]),
        threshold=dice.choice((0.8, 0.8, 0.5, 1.0)),
        numbers=dice.choice(("differ", "differ", "ignore")),
        survivor=dice.choice(("first", "first", "best")),
        min_words_exact=dice.choice((5, 5, 0, 20)),
        min_words_near=dice.choice((10, 10, 0)),
        contained=dice.choice(("auto", "off", "report", "remove")),
        on_duplicate=dice.choice(("remove", "remove", "mark")) if command != "clean" else "remove",
    )
    if command != "clean":
        return Task(command, Settings(jobs=1, dedup=dedup))
    select, ignore = dice.choice(
        (
            ((), ()), ((), ()), ((), ()), ((), ("FMT",)), ((), ("ENC",)), ((), ("FMT504",)),
            (("ENC",), ()), (("FMT", "HYP"), ()), (("DUP",), ()), (("BOI", "GLU"), ()),
            (("ALL", "ENC121", "ENC122", "ENC123", "ENC124"), ()),
        )
    )  # fmt: skip
    settings = Settings(
        jobs=1,
        select=select,
        ignore=ignore,
        unsafe_fixes=dice.random() < 0.2,
        layout=Layout(unwrap=dice.random() < 0.8),
        glue=Glue(confidence=dice.choice((0.5, 0.5, 0.1, 0.9))),
        boilerplate=Boilerplate(max_share=dice.choice((0.5, 0.5, 0.1, 1.0))),
        dedup=dedup,
        output=Output(keep_empty=dice.random() < 0.2),
    )
    return Task(command, settings)
