"""What all runs over files have in common: inputs found, passes gone through, a folder written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cleaner.api.arguments import AnyPath, AnyPaths, Sources, path_of, sources_of, url_of
from cleaner.api.texts import TextCleaner
from cleaner.api.work import scratch
from cleaner.core.settings.config import Input, Settings
from cleaner.engines.base import Engine, EngineFactory
from cleaner.reports.record import RunReport
from cleaner.runs.export.targets import set_targets
from cleaner.runs.input.elsewhere import fetch_inputs
from cleaner.runs.input.finding import add_protected, check_text_field, find_inputs
from cleaner.runs.input.reading import Inputs
from cleaner.runs.input.resume import begin
from cleaner.runs.input.spool import Folders
from cleaner.runs.output.commit import staged_files
from cleaner.runs.output.destination import Destination, destination_of
from cleaner.runs.output.output_folder import output_folder
from cleaner.runs.output.status import StatusWriter
from cleaner.runs.progress import NullProgress, Progress, WatchedEngine
from cleaner.storage.per_file import PerFileIgnores

if TYPE_CHECKING:
    from cleaner.runs.clean import Prepared
    from cleaner.storage.git import Changes

R = TypeVar("R")


class FileRunner(TextCleaner):
    """Runs over files under the settings of a `TextCleaner`."""

    @contextmanager
    def _cleaned(
        self,
        sources: Sources,
        place: Destination,
        progress: Progress,
        *,
        overwrite: bool = False,
        engine: EngineFactory | None = None,
    ) -> Iterator[tuple[Inputs, RunReport]]:
        """Clean into a folder; give what was read and the report, before the run is finished."""
        from cleaner.runs import clean as run
        from cleaner.runs.duplicates.index_sync import check_index
        from cleaner.runs.output.measure import keep_budget

        check_index(self.settings.dedup)
        model = self.model
        with self._written_inputs(sources, place, progress, self.settings) as found:
            report = place.finished(found, self.settings)
            if report is not None:
                yield found, report
            else:
                with (
                    output_folder(place.folder, found.files, overwrite=overwrite) as work,
                    engine(work) if engine else run.engine_for(found, self.settings) as spread,
                ):
                    told = StatusWriter(progress, work)
                    # Tasks may run in another folder than this process.
                    places = (work, place.spool, staged_files(place.folder))
                    folders = Folders(*(one.absolute() for one in places))
                    if said := begin(folders, found, self.settings):
                        progress.remark(said)
                    prepared = run.prepare(found, self.settings, folders, spread, told, model)
                    if self.settings.budget.max_removed:
                        keep_budget(prepared, spread, self.settings, place.folder)
                    told.begin("write", len(prepared.spool_parts))
                    watched = WatchedEngine(spread, told.advance)
                    report = run.write(
                        prepared, watched, place.folder, self.settings, progress.problem
                    )
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
        with (
            scratch() as own,
            self._inputs(sources_of(inputs), own.inputs, progress) as found,
            run.engine_for(found, self.settings) as engine,
        ):
            folders = Folders(own.work, own.work)
            yield run.prepare(found, self.settings, folders, engine, progress, model), engine

    def _learning(
        self,
        inputs: AnyPaths,
        learn: Callable[[Inputs, Settings, Path, Engine, Progress], R],
        progress: Progress | None,
    ) -> R:
        """Return what `learn` makes of all inputs, of which none is protected."""
        from cleaner.runs import clean as run

        progress = progress or NullProgress()
        with (
            scratch() as folders,
            self._unprotected(sources_of(inputs), folders.inputs, progress) as found,
            run.engine_for(found, self.settings) as engine,
        ):
            return learn(found, self.settings, folders.work, engine, progress)

    @contextmanager
    def _unprotected(self, sources: Sources, fetched: Path, progress: Progress) -> Iterator[Inputs]:
        """Give the inputs without those that they are only compared with."""
        options = self.settings.input
        with closing(_found(sources, options, fetched, progress, None, "")) as found:
            check_text_field(found, options)
            yield found

    @contextmanager
    def _written_inputs(
        self, sources: Sources, place: Destination, progress: Progress, settings: Settings
    ) -> Iterator[Inputs]:
        """Give the inputs of a run that writes; what it writes is none of them."""
        with self._inputs(
            sources, place.inputs, progress, place.folder, place.url or "", options=settings.input
        ) as found:
            yield found

    @contextmanager
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
    ) -> Iterator[Inputs]:
        """Give all inputs; those that lie elsewhere are brought into the folder `fetched`."""
        options = options or self.settings.input
        with closing(_found(sources, options, fetched, progress, output, output_url)) as found:
            if changes is not None:
                found.files = [file for file in found.files if changes.has(file.path)]
            per_file = PerFileIgnores(self.settings.per_file_ignores)
            for file in found.files:
                file.ignored = per_file.codes_of(file.path)
            add_protected(self.settings.dedup.protect, found, options)
            check_text_field(found, options)
            set_targets(found.files, self.settings.output)
            yield found


def _found(
    sources: Sources,
    options: Input,
    fetched: Path,
    progress: Progress,
    output: Path | None,
    output_url: str,
) -> Inputs:
    """Return what is read of what was named; tell of what is passed over."""
    alone = not sources.paths
    fetching = fetch_inputs(
        sources.urls, options, fetched, progress, alone=alone, output=output_url
    )
    found = find_inputs(sources.paths, options, output, fetching)
    progress.passed_over(found.skipped)
    return found


def destination(output: AnyPath, work: AnyPath | None) -> Destination:
    """Return where a run writes that is given a path or a URL, and perhaps a folder to work in."""
    return destination_of(
        url_of(output) or path_of(output), None if work is None else path_of(work)
    )
