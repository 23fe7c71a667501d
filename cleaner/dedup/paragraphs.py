"""Paragraphs of a text, and the edits that remove some of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cleaner.core.edits import Edit

_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")


class Span(NamedTuple):
    """Where a paragraph stands in its text, in code points."""

    start: int
    end: int


def paragraph_spans(text: str) -> list[Span]:
    r"""Return the blocks between blank lines or, where there are no blank lines, the lines.

    >>> paragraph_spans("a\nb\n\nc\n")
    [Span(start=0, end=3), Span(start=5, end=6)]
    >>> paragraph_spans("a\nb\n")
    [Span(start=0, end=1), Span(start=2, end=3)]
    """
    spans = [Span(*found.span()) for found in _BLOCK.finditer(text)]
    if len(spans) == 1:
        spans = [Span(*found.span()) for found in re.finditer(r"[^\n]+", text)]
    return spans


def removal_edits(
    text: str, spans: Sequence[Span], removed: Mapping[int, tuple[str, str]]
) -> list[Edit]:
    r"""Return the edits that take out the paragraphs numbered in `removed` (code and detail).

    A paragraph goes with the blank line after it; the last ones with the one before them.

    >>> text = "a\n\nb\n\nc\n"
    >>> [e.before for e in removal_edits(text, paragraph_spans(text), {1: ("X", ""), 2: ("X", "")})]
    ['\n\nb', '\n\nc']
    """
    if len(removed) == len(spans):
        borders = [0, *(span.start for span in spans[1:]), len(text)]
        places = {i: (borders[i], borders[i + 1]) for i in removed}
    else:
        last_kept = max(i for i in range(len(spans)) if i not in removed)
        places = {
            i: (spans[i].start, spans[i + 1].start)
            if i < last_kept
            else (spans[i - 1].end, spans[i].end)
            for i in removed
        }
    return [
        Edit(start, end, text[start:end], "", *removed[i])
        for i, (start, end) in sorted(places.items())
    ]
