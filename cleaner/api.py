"""The public functions: they return values and never print."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from cleaner.core.edits import Edit
from cleaner.core.errors import CleanerError, UsageError
from cleaner.core.findings import Finding, located_edits
from cleaner.core.rules import Rule
from cleaner.core.settings.config import Settings, table_of
from cleaner.engines.base import Engine
from cleaner.formats.encoding import check_encoding
from cleaner.reports.record import RunReport
from cleaner.runs.input.reading import Inputs, add_protected, check_text_field, find_inputs
from cleaner.runs.output.output_folder import check_output, output_folder
from cleaner.runs.progress import NullProgress, Progress, WatchedEngine
from cleaner.runs.rule_registry import all_rules, check_rules

if TYPE_CHECKING:
    from cleaner.journal.restore import Restored
    from cleaner.model.model import Model
    from cleaner.runs.check import Findings
    from cleaner.runs.clean import Prepared
    from cleaner.runs.explain import Explanation
    from cleaner.runs.output.measure import Measured
    from cleaner.storage.git import Changes

AnyPath = str | PathLike[str]
AnyPaths = AnyPath | Iterable[AnyPath]
AnySettings = Settings | Mapping[str, Any]
R = TypeVar("R")


@dataclass(frozen=True)
class CleanedText:
    """A cleaned text and how it came about.

    ``edits`` lists every edit of every step, ``start`` and ``end`` in code points of the source
    text, sorted; ``steps`` holds them as the steps made them, which is what undoes them.
    """

    text: str
    edits: tuple[Edit, ...]
    steps: tuple[tuple[Edit, ...], ...]


@dataclass(frozen=True)
class Checked:
    """What `check_files` found: findings in order, and what could not be read."""

    findings: tuple[Finding, ...]
    problems: tuple[str, ...]


class Cleaner:
    """Cleans under fixed settings, or a mapping of their keys.

    With a `model`, or the path of one that was saved, every document is judged by it, and not by
    what the other inputs teach; by default it is the one that the settings name, if any.

    Raises UsageError where a code or an encoding they name is none.

    >>> Cleaner(Settings(select="ENC")).clean_text("R&amp;D  plans").text
    'R&D  plans'
    """

    def __init__(
        self, settings: AnySettings | None = None, *, model: Model | AnyPath | None = None
    ) -> None:
        if isinstance(settings, Mapping):
            settings = table_of(settings, Settings)
        if not isinstance(settings, Settings | None):
            raise TypeError(
                f"settings is a Settings or a mapping of its keys, not a {_kind_of(settings)}"
            )
        self.settings = settings or Settings()
        check_rules(self.settings)
        check_encoding(self.settings.input)
        self._given = self.settings.model or None if model is None else model

    @cached_property
    def model(self) -> Model | None:
        """The model that documents are judged by; UsageError where its file cannot be used."""
        from cleaner.model.model import Model

        given = self._given
        return given if isinstance(given, Model | None) else Model.load(_path(given))

    def clean_text(self, text: str) -> CleanedText:
        """Clean one text; duplicated paragraphs are looked for inside it."""
        from cleaner.runs.text import clean_single

        if not isinstance(text, str):
            decode = "; decode it first, or let clean_files find out the encoding of a file"
            hint = decode if isinstance(text, bytes | bytearray | memoryview) else ""
            raise TypeError(f"text is a str, not a {_kind_of(text)}{hint}")
        result = clean_single(text, self.settings, self.model)
        return CleanedText(
            result.text, tuple(located_edits([result.notes, *result.steps])), result.steps
        )

    def clean_files(
        self,
        inputs: AnyPaths,
        output: AnyPath,
        *,
        overwrite: bool = False,
        progress: Progress | None = None,
    ) -> RunReport:
        """Clean files and folders into the folder `output`, with journal and report.

        Raises UsageError where `output` may not be written or nothing is named to read, BudgetError
        where more would go than the settings allow. What cannot be read is listed in the report's
        ``problems``; the rest is done.
        """
        from cleaner.runs import clean as run
        from cleaner.runs.duplicates.index_sync import check_index

        check_index(self.settings.dedup)
        progress = progress or NullProgress()
        paths = _paths(inputs)
        folder = _path(output)
        check_output(folder, paths, overwrite=overwrite)
        model = self.model
        found = self._inputs(paths)
        with (
            output_folder(folder, found.files) as work,
            run.engine_for(found, self.settings) as engine,
        ):
            prepared = run.prepare(found, self.settings, work, engine, progress, model)
            if self.settings.budget.max_removed:
                _check_budget(prepared, engine, self.settings, folder)
            progress.begin("write", len(prepared.spool_parts))
            watched = WatchedEngine(engine, progress.advance)
            return run.write(prepared, watched, folder, self.settings)

    def measure_files(self, inputs: AnyPaths, *, progress: Progress | None = None) -> Measured:
        """Return what `clean_files` would come to; nothing is written."""
        from cleaner.runs import clean as run
        from cleaner.runs.output.measure import measure

        model = self.model
        found = self._inputs(_paths(inputs))
        progress = progress or NullProgress()
        with _work_folder() as work, run.engine_for(found, self.settings) as engine:
            prepared = run.prepare(found, self.settings, work, engine, progress, model)
            return measure(prepared, engine, self.settings)

    def deduplicate_files(
        self,
        inputs: AnyPaths,
        output: AnyPath,
        *,
        overwrite: bool = False,
        progress: Progress | None = None,
    ) -> RunReport:
        """Write files and folders without their duplicates into `output`; repair nothing.

        Raises UsageError as `clean_files` does; what cannot be read is listed in the report.
        """
        from cleaner.runs.dedup import deduplicate_files

        if self.settings.dedup.index:
            from cleaner.runs.duplicates.index_sync import check_index

            check_index(self.settings.dedup)
        paths = _paths(inputs)
        folder = _path(output)
        check_output(folder, paths, overwrite=overwrite)
        found = self._inputs(paths)
        with output_folder(folder, found.files) as work:
            return deduplicate_files(found, folder, work, self.settings, progress or NullProgress())

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
        paths = _paths(inputs)
        changes = None if since is None else changes_since(since, paths)
        found = self._inputs(paths, changes)
        progress = progress or NullProgress()
        with (
            _work_folder() as work,
            checking(found, self.settings, work, progress, model, changes) as findings,
        ):
            yield findings

    def find(self, inputs: AnyPaths, *, progress: Progress | None = None) -> Iterator[Finding]:
        """Yield the findings of `checking`."""
        with self.checking(inputs, progress=progress) as findings:
            yield from findings

    def files(self, inputs: AnyPaths) -> list[Path]:
        """Return the paths of the files that would be read, in order."""
        return [file.path for file in self._inputs(_paths(inputs)).files if not file.protected]

    def fit_files(self, inputs: AnyPaths, *, progress: Progress | None = None) -> Model:
        """Return the model of files and folders: what `clean_files` would learn from them.

        A model that this Cleaner has plays no part. Raises UsageError where no rule that acts goes
        by a model, InputError where there is no text; what cannot be read is told to `progress`.
        """
        from cleaner.runs import fit_model as fitting

        return self._learning(inputs, fitting.fit, progress)

    def mine_rules(self, inputs: AnyPaths, *, progress: Progress | None = None) -> str:
        """Return a TOML rule file that proposes rules for the lines which repeat in `inputs`."""
        from cleaner.runs import fit_model as fitting

        return self._learning(inputs, fitting.mine, progress)

    def check_files(self, inputs: AnyPaths) -> Checked:
        """Return what `clean_files` would change, edit for edit; nothing is written."""
        problems = _Problems()
        found = tuple(self.find(inputs, progress=problems))
        return Checked(found, tuple(problems.messages))

    def _learning(
        self,
        inputs: AnyPaths,
        learn: Callable[[Inputs, Settings, Path, Engine, Progress], R],
        progress: Progress | None,
    ) -> R:
        """Return what `learn` makes of all inputs, of which none is protected."""
        from cleaner.runs import clean as run

        found = find_inputs(_paths(inputs))
        check_text_field(found, self.settings.input)
        with (
            _work_folder() as work,
            run.engine_for(found, self.settings) as engine,
        ):
            return learn(found, self.settings, work, engine, progress or NullProgress())

    def _inputs(self, paths: Sequence[Path], changes: Changes | None = None) -> Inputs:
        found = find_inputs(paths)
        if changes is not None:
            found.files = [file for file in found.files if changes.has(file.path)]
        add_protected(self.settings.dedup.protect, found)
        check_text_field(found, self.settings.input)
        return found


def _check_budget(prepared: Prepared, engine: Engine, settings: Settings, folder: Path) -> None:
    """Raise BudgetError where more would go than may; nothing is left of the run then."""
    from cleaner.runs.output.measure import BudgetError, check_budget, measure
    from cleaner.runs.output.output_folder import drop_work

    try:
        check_budget(measure(prepared, engine, settings), settings)
    except BudgetError:
        drop_work(folder)
        raise


@contextmanager
def _work_folder() -> Iterator[Path]:
    """Give a folder for what lies between passes, in one that goes with all that is in it."""
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        work = Path(folder) / "work"
        work.mkdir()
        yield work


class _Problems(NullProgress):
    """Collects what could not be read."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def problem(self, error: CleanerError) -> None:
        """Keep the message."""
        self.messages.append(str(error))


def clean_text(
    text: str, settings: AnySettings | None = None, *, model: Model | AnyPath | None = None
) -> CleanedText:
    r"""Clean one text; for many texts and a saved model, make one `Cleaner`, which loads it once.

    >>> clean_text("The  harbour\u200b was caf\xc3\xa9-lined.").text
    'The harbour was café-lined.\n'
    """
    return Cleaner(settings, model=model).clean_text(text)


def clean_files(
    inputs: AnyPaths,
    output: AnyPath,
    settings: AnySettings | None = None,
    *,
    model: Model | AnyPath | None = None,
    overwrite: bool = False,
) -> RunReport:
    """Clean files and folders into a folder; see `Cleaner.clean_files`."""
    return Cleaner(settings, model=model).clean_files(inputs, output, overwrite=overwrite)


def check_files(
    inputs: AnyPaths,
    settings: AnySettings | None = None,
    *,
    model: Model | AnyPath | None = None,
) -> Checked:
    """List what `clean_files` would change; see `Cleaner.check_files`."""
    return Cleaner(settings, model=model).check_files(inputs)


def fit_files(inputs: AnyPaths, settings: AnySettings | None = None) -> Model:
    """Return the model of files and folders; see `Cleaner.fit_files`."""
    return Cleaner(settings).fit_files(inputs)


def index_info(path: AnyPath) -> dict[str, str]:
    """Return what an index holds, by name; UsageError where the file is none."""
    from cleaner.dedup.index.index import Index

    with _usable_index(), Index(path) as index:
        held = index.info()
    return {
        "units": f"{held.units:,}",
        "near": f"{held.near:,} long enough for near-duplicates",
        "sources": f"{held.sources:,}",
        "bytes": f"{held.size:,}",
        **{name: str(value) for name, value in held.parameters.items()},
    }


def compact_index(path: AnyPath) -> tuple[int, int]:
    """Rewrite an index without unused room; return its bytes before and after."""
    from cleaner.dedup.index.index import compact

    with _usable_index():
        return compact(path)


def export_index(path: AnyPath, url: str) -> int:
    """Write an index into a datasketch MinHashLSH on Redis; return how many units were new."""
    try:
        from redis.exceptions import RedisError
    except ImportError as error:
        raise UsageError(
            "the Redis client is not installed", hint='pip install "corpus-cleaner[redis]"'
        ) from error
    from cleaner.dedup.index.export import export

    try:
        with _usable_index():
            return export(path, url)
    except RedisError as error:
        raise UsageError("Redis does not answer", where=url, why=str(error)) from error


@contextmanager
def _usable_index() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise UsageError(str(error), hint="name a file that `dedup --index` made") from error


def check_rule_files(files: Sequence[AnyPath]) -> list[str]:
    """Return the problems of boilerplate rule files; each names file, rule and key."""
    from cleaner.steps.boilerplate import check_rule_file

    return [problem for file in files for problem in check_rule_file(Path(file))]


def rules() -> dict[str, Rule]:
    """Return every rule by its code."""
    return all_rules()


def restore_files(
    output: AnyPath, destination: AnyPath, *, overwrite: bool = False
) -> Iterator[Restored]:
    """Restore the sources of an output folder below `destination`, telling of each file.

    A restore that was killed can be run again. Raises UsageError where there is no journal, or
    `destination` is not empty.
    """
    from cleaner.runs.restore import restore_outputs

    return restore_outputs(Path(output), Path(destination), overwrite=overwrite)


def explain_place(output: AnyPath, file: AnyPath, line: int) -> list[Explanation]:
    """Return what the run that wrote `output` changed at a line of a source, and why.

    `file` is the source, by any path that ends with its name in the run. Raises UsageError where
    the run read no such file.
    """
    from cleaner.runs import explain as explaining

    return explaining.explain_place(Path(output), Path(file), line)


def _paths(inputs: AnyPaths) -> list[Path]:
    """Return the paths of inputs: one path, or any number of them."""
    given = [inputs] if isinstance(inputs, str | bytes | PathLike) else inputs
    if not isinstance(given, Iterable):
        raise TypeError(f"inputs is a path or a sequence of paths, not a {_kind_of(inputs)}")
    paths = [_path(path) for path in given]
    if not paths:
        raise UsageError("nothing to read", hint="name files or folders")
    return paths


def _path(path: AnyPath | bytes) -> Path:
    if not isinstance(path, str | bytes | PathLike):
        raise TypeError(f"a path is a str or a Path, not a {_kind_of(path)}")
    return Path(os.fsdecode(path))


def _kind_of(value: object) -> str:
    return type(value).__name__
