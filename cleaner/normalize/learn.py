"""The first look over a corpus: what single documents cannot tell of their words and lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.normalize.boilerplate.linecounts import (
    LineCounts,
    counts_of_whole,
    learn_lines,
    sketch_lines,
)
from cleaner.normalize.boilerplate.repeated import LineTable, freeze_lines
from cleaner.normalize.boilerplate.sketch import LineSketch, merge_sketches
from cleaner.normalize.context import Context
from cleaner.normalize.glue.corpus.learn import learn_glue
from cleaner.normalize.glue.corpus.tables import GlueTables, merge_glue
from cleaner.normalize.layout import lay_out


class Seen(NamedTuple):
    """A document as it is looked at: its id, its site (a host or a folder), its text.

    `laid_out` says that its layout is known to stay as it is.
    """

    id: str
    site: str
    text: str
    laid_out: bool = False


@dataclass(frozen=True)
class Look:
    """What a part of the corpus teaches; looks at parts merge to the look at the whole."""

    documents: int = 0
    glue: GlueTables = field(default_factory=GlueTables)
    sketch: LineSketch = field(default_factory=LineSketch)


@dataclass(frozen=True)
class Tables:
    """What was learned, frozen for all passes after."""

    glue: GlueTables = field(default_factory=GlueTables)
    lines: LineTable = field(default_factory=LineTable)


NO_TABLES = Tables()


def look(documents: Sequence[Seen], context: Context) -> Look:
    """Look at documents whose characters have been repaired."""
    acts = context.rules.acts
    glue = GlueTables()
    if any(acts(code) for code in ("GLU202", "GLU203", "GLU204", "HYP210")):
        glue = learn_glue(
            seen.text if seen.laid_out else lay_out(seen.text, context).text for seen in documents
        )
    sketch = sketch_lines(_placed(documents)) if acts("BOI350") else LineSketch()
    return Look(len(documents), glue, sketch)


def _placed(documents: Sequence[Seen]) -> list[tuple[str, str, str]]:
    return [(seen.id, seen.site, seen.text) for seen in documents]


def merge_looks(one: Look, other: Look) -> Look:
    """Return the look at both parts; order and grouping do not matter."""
    return Look(
        one.documents + other.documents,
        merge_glue(one.glue, other.glue),
        merge_sketches(one.sketch, other.sketch),
    )


def count_lines(documents: Sequence[Seen], sketch: LineSketch) -> LineCounts:
    """Return exact counts of the lines that the sketch of the whole corpus holds for frequent."""
    return learn_lines(_placed(documents), sketch)


def freeze(seen: Look, counts: LineCounts) -> Tables:
    """Return the tables that the passes after go by."""
    return Tables(seen.glue, freeze_lines(counts_of_whole(counts, seen.sketch)))
