"""What all runs over files have in common: inputs found, passes gone through, a folder written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cleaner.api.arguments import AnyPath, AnyPaths, Sources, path_of, sources_of, url_of
from cleaner.api.texts import TextCleaner
from cleaner.core.settings.config import Input, Settings
from cleaner.engines.base import Engine
from cleaner.reports.record import RunReport
from cleaner.runs.input.elsewhere import fetch_inputs
from cleaner.runs.input.reading import Inputs, add_protected, check_text_field, find_inputs
from cleaner.runs.input.resume import begin
from cleaner.runs.input.spool import Folders
from cleaner.runs.output.commit import staged_files
from cleaner.runs.output.destination import Destination, destination_of
from cleaner.runs.output.output_folder import output_folder
from cleaner.runs.output.status import StatusWriter
from cleaner.runs.progress import NullProgress, Progress, WatchedEngine

if TYPE_CHECKING:
    from cleaner.runs.clean import Prepared
    from cleaner.storage.git import Changes

R = TypeVar("R")


class Scratch(NamedTuple):
    """Folders of a run that writes nothing: for what lies between passes, and fetched inputs."""

    work: Path
    inputs: Path


class FileRunner(TextCleaner):
    """Runs over files under the settings of a `TextCleaner`."""

    @contextmanager
    def _cleaned(
        self, sources: Sources, place: Destination, progress: Progress, *, overwrite: bool = False
    ) -> Iterator[tuple[Inputs, RunReport]]:
        """Clean into a folder; give what was read and the report, before the run is finished."""
        from cleaner.runs import clean as run
        from cleaner.runs.duplicates.index_sync import check_index

        check_index(self.settings.dedup)
        model = self.model
        found = self._written_inputs(sources, place, progress, self.settings)
        report = place.finished(found, self.settings)
        if report is not None:
            yield found, report
        else:
            with (
                output_folder(place.folder, found.files, overwrite=overwrite) as work,
                run.engine_for(found, self.settings) as engine,
            ):
                progress = StatusWriter(progress, work)
                folders = Folders(work, place.spool, staged_files(place.folder))
                if said := begin(folders, found, self.settings):
                    progress.remark(said)
                prepared = run.prepare(found, self.settings, folders, engine, progress, model)
                if self.settings.budget.max_removed:
                    _check_budget(prepared, engine, self.settings, place.folder)
                progress.begin("write", len(prepared.spool_parts))
                watched = WatchedEngine(engine, progress.advance)
                report = run.write(prepared, watched, place.folder, self.settings)
                yield found, report
        place.finish(found, self.settings, report, progress)

    @contextmanager
    def _prepared(
        self, inputs: AnyPaths, progress: Progress | None
    ) -> Iterator[tuple[Prepared, Engine]]:
        """Give all inputs, with every edit known and nothing written."""
        from cleaner.runs import clean as run

        model = self.model
        progress = progress or NullProgress()
        with scratch() as folders:
            found = self._inputs(sources_of(inputs), folders.inputs, progress)
            with run.engine_for(found, self.settings) as engine:
                work = Folders(folders.work, folders.work)
                yield run.prepare(found, self.settings, work, engine, progress, model), engine

    def _learning(
        self,
        inputs: AnyPaths,
        learn: Callable[[Inputs, Settings, Path, Engine, Progress], R],
        progress: Progress | None,
    ) -> R:
        """Return what `learn` makes of all inputs, of which none is protected."""
        from cleaner.runs import clean as run

        progress = progress or NullProgress()
        with scratch() as folders:
            found = self._inputs(sources_of(inputs), folders.inputs, progress, protect=False)
            with run.engine_for(found, self.settings) as engine:
                return learn(found, self.settings, folders.work, engine, progress)

    def _written_inputs(
        self, sources: Sources, place: Destination, progress: Progress, settings: Settings
    ) -> Inputs:
        """Return the inputs of a run that writes; what it writes is none of them."""
        return self._inputs(
            sources, place.inputs, progress, place.folder, place.url or "", options=settings.input
        )

    def _inputs(
        self,
        sources: Sources,
        fetched: Path,
        progress: Progress,
        output: Path | None = None,
        output_url: str = "",
        *,
        changes: Changes | None = None,
        options: Input | None = None,
        protect: bool = True,
    ) -> Inputs:
        """Return all inputs; those that lie elsewhere are brought into the folder `fetched`."""
        options = options or self.settings.input
        alone = not sources.paths
        fetching = fetch_inputs(
            sources.urls, options, fetched, progress, alone=alone, output=output_url
        )
        found = find_inputs(sources.paths, options, output, fetching)
        progress.passed_over(found.skipped)
        if changes is not None:
            found.files = [file for file in found.files if changes.has(file.path)]
        if protect:
            add_protected(self.settings.dedup.protect, found, options)
        check_text_field(found, options)
        return found


def destination(output: AnyPath, work: AnyPath | None) -> Destination:
    """Return where a run writes that is given a path or a URL, and perhaps a folder to work in."""
    return destination_of(
        url_of(output) or path_of(output), None if work is None else path_of(work)
    )


@contextmanager
def scratch() -> Iterator[Scratch]:
    """Give folders for what lies between passes, in one that goes with all that is in it."""
    with tempfile.TemporaryDirectory(prefix="cleaner-") as name:
        folders = Scratch(Path(name) / "work", Path(name) / "inputs")
        folders.work.mkdir()
        yield folders


def _check_budget(prepared: Prepared, engine: Engine, settings: Settings, folder: Path) -> None:
    """Raise BudgetError where more would go than may; nothing is left of the run then."""
    from cleaner.runs.output.measure import BudgetError, check_budget, measure
    from cleaner.runs.output.output_folder import drop_work

    try:
        check_budget(measure(prepared, engine, settings), settings)
    except BudgetError:
        drop_work(folder)
        raise
