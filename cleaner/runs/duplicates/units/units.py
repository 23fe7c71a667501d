"""What is compared: the paragraphs of a text, its lines, or the whole of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from cleaner.core.edits import Edit, SourceMap
from cleaner.core.findings import located_edits
from cleaner.core.paragraphs import Span, blocks, paragraph_spans
from cleaner.dedup.signing.sign import Batch
from cleaner.runs.duplicates.units.units_kernel import LINES, PARAGRAPHS, RECORDS, find_units

Unit = Literal["paragraph", "line", "record"]

_KINDS = {"paragraph": PARAGRAPHS, "line": LINES, "record": RECORDS}

# Edits of these families say that a copy was damaged.
_DAMAGE = ("ENC", "GLU", "HYP", "BOI")


def unit_spans(text: str, unit: Unit) -> list[Span]:
    r"""Return where the units of `text` stand; none of them is blank.

    >>> unit_spans("a\nb\n\nc\n", "line")
    [Span(start=0, end=1), Span(start=2, end=3), Span(start=5, end=6)]
    >>> unit_spans("a\nb\n", "record")
    [Span(start=0, end=4)]
    """
    if unit == "paragraph":
        return paragraph_spans(text)
    if unit == "line":
        return [line for block in blocks(text) for line in block]
    return [Span(0, len(text))] if text and not text.isspace() else []


def units_of(texts: Batch, unit: Unit) -> tuple[Batch, npt.NDArray[np.uint32]]:
    r"""Return the units of all texts, in order, and how many each text has: (texts,).

    They are those of `unit_spans`, found in bytes.

    >>> units, counts = units_of(Batch.from_texts(["a\nb\n\nc\n", ""]), "paragraph")
    >>> units.starts.tolist(), units.ends.tolist(), counts.tolist()
    ([0, 5], [3, 6], [2, 0])
    """
    most = len(texts) + int(np.count_nonzero(texts.data == ord("\n")))
    starts, ends = np.empty((2, most), dtype=np.int64)
    counts = np.empty(len(texts), dtype=np.uint32)
    count = find_units(texts.data, texts.starts, texts.ends, _KINDS[unit], starts, ends, counts)
    return Batch(texts.data, starts[:count].copy(), ends[:count].copy()), counts


def damage_of(spans: Sequence[Span], steps: Sequence[Sequence[Edit]]) -> list[int]:
    """Return for each span of the newest text how many edits repaired damage in it."""
    if not steps:
        return [0] * len(spans)
    source = SourceMap()
    for edits in steps:
        source.add(edits)
    places = [e.start for e in located_edits(steps) if e.code.startswith(_DAMAGE)]
    found = []
    for span in spans:
        start, end = source.locate(*span)
        found.append(bisect_right(places, end) - bisect_left(places, start))
    return found
