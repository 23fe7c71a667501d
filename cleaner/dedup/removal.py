"""The edits that remove some paragraphs of a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cleaner.core.edits import Edit, Survivor
from cleaner.core.paragraphs import Span


def removal_edits(
    text: str, spans: Sequence[Span], removed: Mapping[int, tuple[str, Survivor]]
) -> list[Edit]:
    r"""Return the edits that take out the paragraphs numbered in `removed` (code and survivor).

    A paragraph goes with the blank line after it; the last ones with the one before them.

    >>> from cleaner.core.paragraphs import paragraph_spans
    >>> text = "a\n\nb\n\nc\n"
    >>> copy = ("DUP401", Survivor("other.txt", 1, 1.0))
    >>> [e.before for e in removal_edits(text, paragraph_spans(text), {1: copy, 2: copy})]
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
        Edit.duplicate(start, end, text[start:end], *removed[i])
        for i, (start, end) in sorted(places.items())
    ]
