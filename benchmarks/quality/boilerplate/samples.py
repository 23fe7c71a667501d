"""What the net learns from: pages as rules leave them, and versions that keep it general."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.quality.boilerplate.pages import Page
from cleaner.core.rules import Selection
from cleaner.steps.boilerplate import RULES, freeze_lines, learn_lines, remove_boilerplate
from cleaner.steps.context import Context

_HEAVIEST = 60
_CLEANED, _SWAPPED, _CROPPED, _WHOLE = 0.3, 0.2, 0.15, 0.1
_LEAST_LINES = 20

Floats = npt.NDArray[np.float32]
Lines = npt.NDArray[np.int64]


class Sample(NamedTuple):
    """Lines of a page, how likely each is text (from 0 to 1), and how much each counts."""

    lines: list[str]
    targets: Floats
    weights: Floats


class Source(NamedTuple):
    """A page, the lines that rules leave of it (none: it is beyond the budget), and its targets."""

    page: Page
    left: Lines
    within: bool
    targets: Floats
    weights: Floats


def sources(pages: list[Page]) -> list[Source]:
    """Return the pages with what rules and repeated lines leave of them."""
    context = Context(rules=Selection(ignore=["BOI320", "BOI390"], rules=RULES))
    table = freeze_lines(learn_lines([(page.id, "", "\n".join(page.lines)) for page in pages]))
    out = []
    for page in pages:
        text = "\n".join(page.lines)
        edits = remove_boilerplate(text, context, table).edits
        starts = [0, *accumulate(len(line) + 1 for line in page.lines)][:-1]
        gone = np.zeros(len(page.lines), dtype=np.bool_)
        for edit in edits:
            gone |= (np.array(starts) >= edit.start) & (np.array(starts) < edit.end)
        within = bool(gone.any()) or not any(edit.code == "BOI399" for edit in edits)
        words = np.array([len(line.split()) for line in page.lines])
        weights = (np.minimum(words, _HEAVIEST) + 1.0) * (page.labels >= 0)
        targets = np.maximum(page.labels, 0).astype(np.float32)
        left = np.flatnonzero(~gone)
        out.append(Source(page, left, within, targets, weights.astype(np.float32)))
    return out


def sample(source: Source, others: list[Source], rng: np.random.Generator) -> Sample:
    """Return one version of the page.

    Its furniture may be thinned out, as an earlier cleaning leaves it; its head or tail may be
    that of another page; a stretch of it may stand alone; or it stands as before any rule.
    """
    chosen = source.left
    if rng.random() < _WHOLE:
        chosen = np.arange(len(source.page.lines))
    dice = rng.random()
    if dice < _CLEANED:
        share = rng.uniform(0.5, 1.0)
        stays = source.page.labels[chosen] != 0
        chosen = chosen[stays | (rng.random(len(chosen)) > share)]
    if rng.random() < _CROPPED and len(chosen) > _LEAST_LINES:
        size = rng.integers(len(chosen) // 3, len(chosen))
        first = rng.integers(0, len(chosen) - size)
        chosen = chosen[first : first + size]
    parts = [(source, chosen)]
    if dice > 1 - _SWAPPED:
        head, tail = _edges(source, chosen)
        at_head, at_tail = rng.random(2) < 0.7
        if at_head:
            other = others[rng.integers(len(others))]
            parts[0] = (source, parts[0][1][head:])
            parts.insert(0, (other, other.left[: _edges(other, other.left)[0]]))
        if at_tail:
            other = others[rng.integers(len(others))]
            of_page = len(parts) - 1
            parts[of_page] = (source, parts[of_page][1][: len(parts[of_page][1]) - tail])
            parts.append((other, other.left[len(other.left) - _edges(other, other.left)[1] :]))
    return joined(parts)


def joined(parts: list[tuple[Source, Lines]]) -> Sample:
    """Return the lines of the parts as one page."""
    return Sample(
        [part.page.lines[line] for part, lines in parts for line in lines.tolist()],
        np.concatenate([part.targets[lines] for part, lines in parts]),
        np.concatenate([part.weights[lines] for part, lines in parts]),
    )


def _edges(source: Source, chosen: Lines) -> tuple[int, int]:
    """Return how many lines stand before the first line of text, and after the last."""
    text = np.flatnonzero(source.page.labels[chosen] == 1)
    if len(text) == 0:
        return 0, 0
    return int(text[0]), len(chosen) - 1 - int(text[-1])
