"""What single documents cannot tell of their words and lines, learned from samples of a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.blocks import give_survey
from cleaner.steps.boilerplate.repeated.linecounts import (
    LineCounts,
    counts_of_whole,
    learn_lines,
    sketch_lines,
)
from cleaner.steps.boilerplate.repeated.repeated import LineTable, freeze_lines
from cleaner.steps.boilerplate.repeated.sketch import LineSketch, merge_sketches
from cleaner.steps.context import Context
from cleaner.steps.layout.lay_out import lay_out
from cleaner.steps.lost_spaces.corpus.learn import learn_whole, made_whole
from cleaner.steps.lost_spaces.corpus.tables import GlueTables, merge_glue


class Sample(NamedTuple):
    """A document as it is looked at: its id, its site (a host or a folder), its text.

    `laid_out` says that its layout is known to stay as it is, `whole` that it teaches as it is;
    `survey` is that of its blocks, packed, where it is known.
    """

    id: str
    site: str
    text: str
    laid_out: bool = False
    whole: bool = False
    survey: Sequence[int] = ()


@dataclass(frozen=True)
class CorpusStats:
    """What a first look at a corpus teaches; what its parts teach merges to that."""

    documents: int = 0
    glue: GlueTables = field(default_factory=GlueTables)
    sketch: LineSketch = field(default_factory=LineSketch)


@dataclass(frozen=True)
class Tables:
    """What was learned, frozen for all passes after."""

    glue: GlueTables = field(default_factory=GlueTables)
    lines: LineTable = field(default_factory=LineTable)


NO_TABLES = Tables()


def collect_stats(samples: Sequence[Sample], context: Context) -> CorpusStats:
    """Learn from documents whose characters have been repaired."""
    acts = context.rules.acts
    glue = GlueTables()
    if any(acts(code) for code in ("GLU202", "GLU203", "GLU204", "HYP210")):
        glue = learn_whole([_whole(sample, context) for sample in samples])
    sketch = sketch_lines(_placed(samples)) if acts("BOI350") else LineSketch()
    return CorpusStats(len(samples), glue, sketch)


def _whole(sample: Sample, context: Context) -> str:
    """Return a text as it teaches: laid out, and with the spaces that it shows to have lost."""
    if sample.laid_out and sample.whole:
        return sample.text
    give_survey(sample.text, sample.survey)
    return made_whole(sample.text if sample.laid_out else lay_out(sample.text, context).text)


def _placed(samples: Sequence[Sample]) -> list[tuple[str, str, str]]:
    return [(sample.id, sample.site, sample.text) for sample in samples]


def merge_stats(one: CorpusStats, other: CorpusStats) -> CorpusStats:
    """Return what both parts teach together; order and grouping do not matter."""
    return CorpusStats(
        one.documents + other.documents,
        merge_glue(one.glue, other.glue),
        merge_sketches(one.sketch, other.sketch),
    )


def count_lines(samples: Sequence[Sample], sketch: LineSketch) -> LineCounts:
    """Return exact counts of the lines that the sketch of the whole corpus holds for frequent."""
    return learn_lines(_placed(samples), sketch)


def freeze(stats: CorpusStats, counts: LineCounts) -> Tables:
    """Return the tables that the passes after go by."""
    return Tables(stats.glue, freeze_lines(counts_of_whole(counts, stats.sketch)))
