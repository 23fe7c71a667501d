"""DataFrames of Apache Spark, cleaned inside the session that they belong to.

Executors need this package installed, and nothing else: no shared files, no other session.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cleaner.api.cleaner import Cleaner
from cleaner.api.texts import AnySettings
from cleaner.core.errors import one_line
from cleaner.core.findings import located_edits
from cleaner.core.settings.config import Settings
from cleaner.engines.spark.frames import check_column, looked_at, mapped
from cleaner.engines.spark.session import check_pyspark
from cleaner.model.model import Model
from cleaner.runs.rule_registry import context_for
from cleaner.runs.text import clean_single
from cleaner.runs.texts import check_learns, check_taught, samples_of
from cleaner.steps.boilerplate.repeated.linecounts import LineCounts, merge_counts
from cleaner.steps.boilerplate.repeated.sketch import LineSketch
from cleaner.steps.learn import CorpusStats, collect_stats, count_lines, merge_stats

if TYPE_CHECKING:
    from cleaner.api.arguments import AnyPath
    from cleaner.engines.spark.frames import DataFrame

__all__ = ["clean", "fit"]

_JOURNAL = (
    "struct<error: string, edits: array<struct<rule: string, start: int, `end`: int, "
    "`before`: string, `after`: string, detail: string>>>"
)
_EDIT = pa.struct(
    [
        ("rule", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("before", pa.string()),
        ("after", pa.string()),
        ("detail", pa.string()),
    ]
)
_JOURNAL_ARROW = pa.struct([("error", pa.string()), ("edits", pa.list_(_EDIT))])


def clean(
    df: DataFrame,
    text: str = "text",
    settings: AnySettings | None = None,
    *,
    model: Model | AnyPath | None = None,
    journal: str | None = None,
) -> DataFrame:
    """Return a DataFrame with the texts of a column cleaned, row for row; the rest stays.

    Each text becomes what `Cleaner.clean_batch` makes of it: it is judged by itself and the model
    (see `fit`), and duplicated paragraphs are looked for inside it. None goes: one that loses all
    its text is empty, and nulls stay null. Duplicates among rows are what ``cleaner clean --engine
    spark`` looks for.

    `journal` names a further column, with the edits of each text, whose places count code points
    of the text as it was, and with an error: a text that cannot be cleaned stays as it is, and is
    told of there. Without that column it fails the job, since nothing else would tell.

    Raises UsageError where there is no such column, or it holds something else than text.
    """
    check_pyspark()
    cleaner = Cleaner(settings, model=model)
    check_column(df, text)
    if journal is None:
        return mapped(df, _CleanBatches(cleaner.settings, _bare(cleaner.model), text))
    task = _CleanAndTell(cleaner.settings, _bare(cleaner.model), text, journal)
    return mapped(df, task, (journal, _JOURNAL))


def fit(df: DataFrame, text: str = "text", settings: AnySettings | None = None) -> Model:
    """Return the model of the texts of a column: what `Cleaner.fit_texts` learns of all of them.

    What partitions teach is merged by tasks; a model takes some megabytes, whatever the corpus. The
    DataFrame is gone through twice. Raises UsageError where no rule that acts goes by a model,
    InputError where there is no text.
    """
    check_pyspark()
    own = Cleaner(settings).settings
    check_learns(own)
    check_column(df, text)
    stats = looked_at(df, text, _Collect(own), merge_stats) or CorpusStats()
    check_taught(stats.documents)
    counts = None
    if stats.sketch.documents:
        counts = looked_at(df, text, _Count(own, stats.sketch), merge_counts)
    return Model.of(stats, counts or LineCounts())


def _bare(model: Model | None) -> Model | None:
    """Return a model without what was already made of it, which would travel as well."""
    return None if model is None else Model(model.stats, model.counts)


@dataclass(frozen=True)
class _CleanBatches:
    """Cleaning as a picklable function of the batches of a partition."""

    settings: Settings
    model: Model | None
    column: str

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        cleaner = Cleaner(self.settings, model=self.model)
        for batch in batches:
            yield cleaner.clean_batch(batch, column=self.column)


@dataclass(frozen=True)
class _CleanAndTell:
    """Cleaning, with a journal of each text, as a picklable function of a partition's batches."""

    settings: Settings
    model: Model | None
    column: str
    journal: str

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            place = batch.schema.get_field_index(self.column)
            field = batch.schema.field(place)
            done = [self._cleaned(text) for text in batch.column(place).to_pylist()]
            texts = pa.array([text for text, _ in done], type=field.type)
            told = pa.array([own for _, own in done], type=_JOURNAL_ARROW)
            yield batch.set_column(place, field, texts).append_column(self.journal, told)

    def _cleaned(self, text: str | None) -> tuple[str | None, dict[str, Any]]:
        if text is None:
            return None, {"error": None, "edits": []}
        tables = None if self.model is None else self.model.tables
        try:
            done = clean_single(text, self.settings, tables, of_field=True)
        except Exception as error:
            # One text must not end the work on all others; whoever reads the journal sees it.
            said = one_line(f"{type(error).__name__}: {error}")
            return text, {"error": said, "edits": []}
        edits = [
            {
                "rule": edit.code,
                "start": edit.start,
                "end": edit.end,
                "before": edit.before,
                "after": edit.after,
                "detail": edit.detail,
            }
            for edit in located_edits([done.notes, *done.steps])
        ]
        return done.text, {"error": None, "edits": edits}


@dataclass(frozen=True)
class _Collect:
    """The first look, a picklable function of some texts."""

    settings: Settings

    def __call__(self, texts: list[str]) -> CorpusStats:
        return collect_stats(samples_of(texts, self.settings), context_for(self.settings))


@dataclass(frozen=True)
class _Count:
    """The second look, a picklable function of some texts."""

    settings: Settings
    sketch: LineSketch

    def __call__(self, texts: list[str]) -> LineCounts:
        return count_lines(samples_of(texts, self.settings), self.sketch)
