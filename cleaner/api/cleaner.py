"""The `Cleaner`: of texts, and of files and streams."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from cleaner.api.arguments import AnyPath, AnyPaths, Sources, path_of, paths_of, sources_of
from cleaner.api.results import Checked, CleanedInPlace, Problems
from cleaner.api.running import FileRunner, destination
from cleaner.api.work import scratch
from cleaner.core.errors import CleanerError, UsageError
from cleaner.core.findings import Finding
from cleaner.engines.base import EngineFactory
from cleaner.reports.record import RunReport
from cleaner.reports.statistics import CorpusStatistics
from cleaner.runs.export.targets import refuse_targets
from cleaner.runs.output.destination import destination_of
from cleaner.runs.output.output_folder import check_output, output_folder
from cleaner.runs.output.status import StatusWriter
from cleaner.runs.progress import NullProgress, Progress

if TYPE_CHECKING:
    from cleaner.model.model import Model
    from cleaner.runs.check import Findings
    from cleaner.runs.output.measure import Measured
    from cleaner.runs.stream import Stream


class Cleaner(FileRunner):
    """Cleans files and texts under fixed settings, or a mapping of their keys.

    With a `model`, or the path of one that was saved, every document is judged by it, and not by
    what the other inputs teach; by default it is the one that the settings name, if any.

    Raises UsageError where a code, an encoding or a format they name is none.

    >>> from cleaner import Settings
    >>> Cleaner(Settings(select="ENC")).clean_text("R&amp;D  plans").text
    'R&D  plans'
    """

    def clean_files(
        self,
        inputs: AnyPaths,
        output: AnyPath,
        *,
        overwrite: bool = False,
        work: AnyPath | None = None,
        progress: Progress | None = None,
        engine: EngineFactory | None = None,
    ) -> RunReport:
        """Clean files and folders into the folder `output`, with journal and report.

        Inputs and `output` may be URLs. What lies between passes, and what a run that was killed
        goes on from, stands in the folder `work`; by default in `output`, and of a URL in the
        user's cache. The passes are run by `engine`, by default by the processors of this machine.

        Raises UsageError where `output` may not be written or nothing is named to read, BudgetError
        where more would go than the settings allow. What cannot be read is listed in the report's
        ``problems``; the rest is done.
        """
        sources, place = sources_of(inputs), destination(output, work)
        place.check(*sources, overwrite=overwrite)
        progress = progress or NullProgress()
        overwrite |= place.url is not None  # the folder here is its own
        cleaned = self._cleaned(sources, place, progress, overwrite=overwrite, engine=engine)
        with cleaned as (_, report):
            pass
        return report

    def clean_in_place(
        self, inputs: AnyPaths, journal: AnyPath, *, progress: Progress | None = None
    ) -> CleanedInPlace:
        """Clean files and folders where they stand; their sources can be restored from `journal`.

        That is a folder as `clean_files` writes it. No file is replaced before it is finished, and
        each is replaced whole; a run that was killed is gone on with by the same call. Raises
        UsageError where another run is at work in the same folders, or `journal` may not be
        written. What cannot be read or replaced stays as it is and is listed in ``problems``.
        """
        from cleaner.runs.output.in_place import carry_out, load_plan, make_plan, not_in_place
        from cleaner.storage.trees import held_trees

        refuse_targets(self.settings.output)
        paths, folder = paths_of(inputs), path_of(journal)
        progress = progress or NullProgress()
        report = None
        problems: list[str] = []

        def tell(error: CleanerError) -> None:
            problems.append(str(error))
            progress.problem(error)

        with held_trees(paths):
            plan = load_plan(folder, paths)
            if plan is None:
                check_output(folder, paths, overwrite=False)
                place = destination_of(folder, None)
                with self._cleaned(Sources(paths, []), place, progress) as (found, report):
                    plan = make_plan(folder, paths, found.files, report)
                problems += report.problems
                for error in not_in_place(found.files):
                    tell(error)
            return CleanedInPlace(carry_out(folder, plan, tell), report, tuple(problems))

    def clean_stream(
        self,
        source: BinaryIO,
        sink: BinaryIO,
        *,
        format: str | None = None,
        journal: AnyPath | None = None,
        progress: Progress | None = None,
    ) -> RunReport:
        r"""Clean what comes from an open binary file, and write it into another as it is cleaned.

        `format` is "txt" (one document; by default), "jsonl" (a record a line), "csv" or "tsv".
        Each document is judged by itself and the model that this Cleaner has; duplicates are looked
        for inside it. What is no document goes through as it stands, and is listed in the report's
        ``problems``.
        The folder `journal` gets a journal, a report and a copy of the output, from which the
        source can be restored. Raises InputError where the source cannot be read to its end, and
        UsageError where there is no such format or the folder may not be written.

        >>> from io import BytesIO
        >>> sink = BytesIO()
        >>> report = Cleaner().clean_stream(BytesIO(b"The  tide came in."), sink)
        >>> sink.getvalue(), dict(report.counts)
        (b'The tide came in.\n', {'FMT506': 1, 'FMT508': 1})
        """
        refuse_targets(self.settings.output)
        if journal is None:
            with self._stream(source, format, progress) as stream:
                return stream.write(sink)
        folder = path_of(journal)
        check_output(folder, [], overwrite=False)
        with (
            self._stream(source, format, progress) as stream,
            output_folder(folder, stream.inputs.files),
        ):
            return stream.write_with_journal(sink, folder)

    def find_in_stream(
        self, source: BinaryIO, *, format: str | None = None, progress: Progress | None = None
    ) -> Iterator[Finding]:
        """Yield what `clean_stream` would change, edit for edit.

        What cannot be read is told to `progress`.
        """
        with self._stream(source, format, progress) as stream:
            yield from stream.findings()

    def diff_stream(
        self, source: BinaryIO, *, format: str | None = None, progress: Progress | None = None
    ) -> Iterator[str]:
        """Yield a unified diff of what `clean_stream` reads and would write, hunk by hunk."""
        with self._stream(source, format, progress) as stream:
            yield from stream.diff()

    def measure_files(self, inputs: AnyPaths, *, progress: Progress | None = None) -> Measured:
        """Return what `clean_files` would come to; nothing is written."""
        from cleaner.runs.output.measure import measure

        with self._prepared(inputs, progress) as (prepared, engine):
            return measure(prepared, engine, self.settings)

    def deduplicate_files(
        self,
        inputs: AnyPaths,
        output: AnyPath,
        *,
        overwrite: bool = False,
        work: AnyPath | None = None,
        progress: Progress | None = None,
    ) -> RunReport:
        """Write files and folders without their duplicates into `output`; repair nothing.

        Inputs, `output` and `work` are as for `clean_files`. Raises UsageError as that does; what
        cannot be read is listed in the report.
        """
        from cleaner.runs.dedup import deduplicate_files

        if self.settings.dedup.index:
            from cleaner.runs.duplicates.index_sync import check_index

            check_index(self.settings.dedup)
        sources, place = sources_of(inputs), destination(output, work)
        place.check(*sources, overwrite=overwrite)
        progress = progress or NullProgress()
        # What is no text already cannot be written without its duplicates.
        options = msgspec.structs.replace(self.settings.input, html="off")
        settings = msgspec.structs.replace(self.settings, input=options)
        with self._written_inputs(sources, place, progress, settings) as found:
            report = place.finished(found, settings)
            if report is None:
                overwrite |= place.url is not None
                with output_folder(place.folder, found.files, overwrite=overwrite) as own:
                    told = StatusWriter(progress, own)
                    report = deduplicate_files(found, place.folder, own, settings, told)
            place.finish(found, settings, report, progress)
            return report

    @contextmanager
    def checking(
        self,
        inputs: AnyPaths,
        *,
        since: str | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Findings]:
        """Find what `clean_files` would change, edit for edit, and write nothing.

        Gives findings that may be gone through any number of times inside the context. With
        `since`, a revision that git knows, only files and lines that changed from it are looked at.
        What cannot be read is told to `progress`, and stands in the findings' ``problems``.
        """
        from cleaner.runs.check import checking
        from cleaner.storage.git import changes_since

        model = self.model
        sources = sources_of(inputs)
        changes = None if since is None else changes_since(since, paths_of(inputs))
        progress = progress or NullProgress()
        with (
            scratch() as folders,
            self._inputs(sources, folders.inputs, progress, changes=changes) as found,
            checking(found, self.settings, folders.work, progress, model, changes) as findings,
        ):
            yield findings

    def find(self, inputs: AnyPaths, *, progress: Progress | None = None) -> Iterator[Finding]:
        """Yield the findings of `checking`."""
        with self.checking(inputs, progress=progress) as findings:
            yield from findings

    def files(self, inputs: AnyPaths) -> list[Path]:
        """Return the paths of the files that would be read, in order."""
        sources = Sources(paths_of(inputs), [])
        with self._inputs(sources, Path(), NullProgress()) as found:
            return [file.path for file in found.files if not file.protected]

    def diff_files(self, inputs: AnyPaths, *, progress: Progress | None = None) -> Iterator[str]:
        """Yield a unified diff of what `clean_files` reads and would write, hunk by hunk.

        A record is a line; a text in another encoding than UTF-8 is shown in Unicode. What cannot
        be read is told to `progress`.
        """
        from cleaner.runs.diff import diffs

        with self._prepared(inputs, progress) as (prepared, _):
            yield from diffs(prepared, self.settings)

    def fit_files(self, inputs: AnyPaths, *, progress: Progress | None = None) -> Model:
        """Return the model of files and folders: what `clean_files` would learn from them.

        A model that this Cleaner has plays no part. Raises UsageError where no rule that acts goes
        by a model, InputError where there is no text; what cannot be read is told to `progress`.
        """
        from cleaner.runs import fit_model as fitting

        return self._learning(inputs, fitting.fit, progress)

    def stats_files(
        self, inputs: AnyPaths, *, progress: Progress | None = None
    ) -> CorpusStatistics:
        """Return what files and folders are made of: documents, words, languages, lengths, copies.

        What cannot be read is listed in ``problems``.
        """
        from cleaner.runs.clean import engine_for
        from cleaner.runs.stats import count_inputs

        progress = progress or NullProgress()
        with (
            scratch() as folders,
            self._unprotected(sources_of(inputs), folders.inputs, progress) as found,
            engine_for(found, self.settings) as engine,
        ):
            return count_inputs(found, self.settings, engine, progress)

    def mine_rules(self, inputs: AnyPaths, *, progress: Progress | None = None) -> str:
        """Return a TOML rule file that proposes rules for the lines which repeat in `inputs`."""
        from cleaner.runs import fit_model as fitting

        return self._learning(inputs, fitting.mine, progress)

    def check_files(self, inputs: AnyPaths) -> Checked:
        """Return what `clean_files` would change, edit for edit; nothing is written."""
        problems = Problems()
        found = tuple(self.find(inputs, progress=problems))
        return Checked(found, tuple(problems.messages))

    @contextmanager
    def _stream(
        self, source: BinaryIO, format: str | None, progress: Progress | None
    ) -> Iterator[Stream]:
        from cleaner.formats.base import Packed
        from cleaner.formats.registry import FORMATS
        from cleaner.runs.passes.fit import Learned, store_model
        from cleaner.runs.stream import Stream, engine_for

        format = format or self.settings.input.format or None
        streamed = [name for name, one in FORMATS.items() if not isinstance(one, Packed)]
        if format is not None and format not in streamed:
            raise UsageError(
                f"no format of streams {format!r}", hint=f"there are {', '.join(streamed)}"
            )
        model = self.model
        with scratch() as folders, engine_for(self.settings) as engine:
            learned = Learned(None, "") if model is None else store_model(model, folders.work)
            yield Stream(source, format, self.settings, learned, engine, progress or NullProgress())
