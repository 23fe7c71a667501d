"""The model: what a corpus teaches, frozen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property, reduce
from os import PathLike, fsdecode
from pathlib import Path

import numpy as np

from cleaner.core.errors import UsageError
from cleaner.model.columns import columns_of, counts_of, stats_of, within_bounds
from cleaner.model.modelfile import FORMAT, About, check_place, read_model, write_model
from cleaner.steps.boilerplate.repeated.linecounts import LineCounts, merge_counts
from cleaner.steps.learn import CorpusStats, Tables, freeze, merge_stats


@dataclass(frozen=True, eq=False)
class Model:
    """What a corpus teaches of its words, its passages and the lines that its pages share.

    A model holds counts and hashes, and no text of the corpus. `cleaner.fit_files` makes one;
    `Cleaner(model=...)` judges every document by it, and by nothing else than the document.

    ``stats`` is what a look over the corpus teaches, ``counts`` what the second one counts of the
    lines that are frequent.
    """

    stats: CorpusStats = field(default_factory=CorpusStats)
    counts: LineCounts = field(default_factory=LineCounts)

    @classmethod
    def of(cls, stats: CorpusStats, counts: LineCounts) -> Model:
        """Return the model of a corpus that was looked at twice."""
        return cls(stats, within_bounds(counts))

    @property
    def documents(self) -> int:
        """How many documents have taught the model."""
        return self.stats.documents

    @cached_property
    def tables(self) -> Tables:
        """What the steps go by."""
        return freeze(self.stats, self.counts)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 digest of all that texts are judged by: models that share it judge alike."""
        glue, lines = self.tables.glue, self.tables.lines
        digest = hashlib.sha256(f"cleaner-model {FORMAT} {lines.documents}\n".encode())
        digest.update(glue.words.counts.data)
        columns = (
            glue.passages.keys,
            list(lines.lines),
            [count.documents for count in lines.lines.values()],
            [count.times for count in lines.lines.values()],
            list(lines.bonds),
            [bond.documents for bond in lines.bonds.values()],
            [bond.of_site for bond in lines.bonds.values()],
        )
        for column in columns:
            digest.update(f"{len(column)}\n".encode())
            digest.update(np.asarray(column, "<u8").data)
        return digest.hexdigest()

    def merge(self, *others: Model) -> Model:
        """Return the model of this corpus and those of `others` together.

        Order and grouping do not matter. Words and passages are those that one look over all of
        the corpora would have learned. So are repeated lines, where they are frequent (in two
        documents, and in one of a thousand) in each corpus in which they stand; where they are
        rarer in one, the few documents there are not counted, for a model that held all lines
        would be as large as its corpus. So merge what has many pages of its sites, and fit
        corpora of a few pages together.
        """
        models = (self, *others)
        stats = reduce(merge_stats, (model.stats for model in models))
        counts = reduce(merge_counts, (model.counts for model in models))
        return Model.of(stats, counts)

    def save(self, path: str | PathLike[str], *, overwrite: bool = False) -> None:
        """Write the model to a file, whole or not at all; equal models give equal bytes.

        Raises UsageError where the file exists, without `overwrite`, or cannot be written.
        """
        place = Path(path)
        check_place(place, overwrite=overwrite)
        about = About(self.documents, self.stats.sketch.documents, self.digest)
        write_model(place, about, columns_of(self.stats, self.counts))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Model:
        """Return the model that a file holds, which may come from anywhere.

        Raises UsageError where the file holds none, or one that is damaged or too new.
        """
        about, columns = read_model(Path(fsdecode(path)))
        counts = counts_of(columns, about.lines_of)
        model = cls(stats_of(columns, about.documents, about.lines_of), counts)
        if model.digest != about.digest:
            raise UsageError(
                "is a damaged model",
                where=fsdecode(path),
                why="its digest is another",
                hint="fetch it again, or make it anew with `cleaner fit`",
            )
        return model
