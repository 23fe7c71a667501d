"""``check``: what a run would change, found and not written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cleaner.core.findings import Finding, Placing
from cleaner.core.settings.config import Settings
from cleaner.model.model import Model
from cleaner.runs.clean import Prepared, engine_for, findings, prepare
from cleaner.runs.input.reading import Inputs
from cleaner.runs.input.spool import Folders
from cleaner.runs.progress import Progress
from cleaner.storage.git import Changes


@dataclass(frozen=True)
class Findings:
    """The findings of a corpus in order; they may be gone through any number of times.

    `problems` tells what could not be read, `files` the paths of all that was.
    """

    prepared: Prepared
    wanted: Callable[[Finding], bool]

    def __iter__(self) -> Iterator[Finding]:
        return filter(self.wanted, findings(self.prepared))

    @property
    def problems(self) -> list[str]:
        """What could not be read, a line each."""
        return self.prepared.problems

    @property
    def files(self) -> list[str]:
        """The paths of the files that were read whole."""
        failed = self.prepared.failed
        return [
            file.where
            for number, file in enumerate(self.prepared.inputs.files)
            if number not in failed
        ]


@contextmanager
def checking(
    inputs: Inputs,
    settings: Settings,
    work: Path,
    progress: Progress,
    model: Model | None,
    changes: Changes | None,
) -> Iterator[Findings]:
    """Find what `clean` would change in `inputs`; `work` holds it as long as the context lasts.

    Of lines that are in `changes` alone is told where they are given.
    """

    def is_wanted(finding: Finding) -> bool:
        # Git tells of lines of the file, which not all findings have.
        if changes is None or finding.placing is Placing.NOTHING:
            return True
        return changes.touches(Path(finding.source.path), finding.line, finding.end_line)

    with engine_for(inputs, settings) as engine:
        folders = Folders(work, work)
        prepared = prepare(inputs, settings, folders, engine, progress, model)
        yield Findings(prepared, is_wanted)
