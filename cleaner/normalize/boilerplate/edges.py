"""The edges of a page: runs of lines that other documents have too, and which of them a site put.

A site wraps its pages: a menu above, a footer below, and between them a body that is no other's.
So runs are judged together, and by what their lines are: labels are links of a menu, while fields,
questions, and sentences above a body belong to a document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from cleaner.blocks import Kind, find_blocks
from cleaner.normalize.boilerplate.lines import count_words

_STRANGE = 4
_STRANGE_SHARE = 4
_MOST_STRANGE = 10
_MOST_RECURRING = 1 / 3
_BODY_LINE = 8
_BODY_WORDS = 30
_SURE = 0.95

_LABEL_WORDS = 6
_LABEL_CHARACTERS = 48
_SENTENCE_WORDS = 4
_ENDS = tuple(".!。！｡।॥۔።။")
_OPEN_ENDS = tuple(",;:?…-=，；：？、،؛؟")
_CLOSING = "\"'”’»)]）」』"
_parted = re.compile(r"[|\t_=]|\S {2}|\S: \S").search

# Lines of these kinds are parts of what a document is, however many documents share them.
_OWN_KINDS = frozenset(
    (Kind.CODE, Kind.MARKUP, Kind.LOG, Kind.SUBTITLES, Kind.DIFF, Kind.DIALOGUE, Kind.BIBLIOGRAPHY)
)


class Bond(NamedTuple):
    """Two lines that stand one after the other at the edges of `documents` documents.

    ``of_site`` says that most documents of a folder or host have them so.
    """

    documents: int
    of_site: bool


class Run(NamedTuple):
    """Full lines of a page, from the place `first` to `last`, each bound to the one before."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many lines the run has."""
        return self.last + 1 - self.first


class Level(NamedTuple):
    """How many documents must share a menu, of how many labels, and what runs go with it."""

    documents: int
    labels: int
    shortest: int


# The fewer documents share a menu, the longer it must be.
_LEVELS = (Level(3, 10, 5), Level(2, 30, 10))

# What most pages of a folder or host share may be shorter, if it stands at both edges.
_MENU = 4
_FOOTER = 2
_BOTH = 6
_FEW = 8
_BOTH_OF_FEW = 8


class Form(Enum):
    """What a line looks like."""

    LABEL = "label"
    SENTENCE = "sentence"
    OTHER = "other"


def form_of(line: str) -> Form:
    """Return whether a line is a label, as in a menu, a sentence, or something else.

    >>> [form_of(line).value for line in ("Small ads", "We print on Thursdays.", "Status: draft")]
    ['label', 'sentence', 'other']
    """
    bare = line.strip().rstrip(_CLOSING)
    first = next((character for character in bare if character.isalnum()), "")
    if not first or first.islower() or bare.endswith(_OPEN_ENDS):
        return Form.OTHER
    if bare.endswith(_ENDS):
        return Form.SENTENCE if count_words(bare) >= _SENTENCE_WORDS else Form.OTHER
    if len(bare) > _LABEL_CHARACTERS or _parted(line.strip()):
        return Form.OTHER
    has_letters = any(map(str.isalpha, bare))
    return Form.LABEL if has_letters and count_words(bare) <= _LABEL_WORDS else Form.OTHER


@dataclass
class Page:
    """The full lines of a text: where each stands, its key, whether it is gone already.

    ``bonds`` has what binds each line to the next one, so it is shorter by one.
    """

    lines: Sequence[str]
    places: Sequence[int]
    keys: Sequence[int]
    gone: Sequence[bool]
    bonds: Sequence[Bond | None]

    def furniture(self) -> list[Run]:
        """Return the runs that a site put above and below the text; none where it is no page."""
        runs = self._runs(lambda bond: True)
        body = self._body(runs)
        if body is None:
            return []
        taken: set[int] = set()
        for level in _LEVELS:
            taken.update(self._menus(body, level))
        taken.update(self._wrapping(body))
        if self._recur(taken, runs):
            return []
        return list(_stretches(sorted(taken)))

    def _runs(self, binds: Callable[[Bond], bool]) -> list[Run]:
        """Return the runs of two lines and more that are bound as `binds` asks for."""
        bound = [at for at, bond in enumerate(self.bonds) if bond is not None and binds(bond)]
        return [Run(run.first, run.last + 1) for run in _stretches(bound)]

    def _body(self, runs: Sequence[Run]) -> int | None:
        """Return a place in the longest stretch of lines that are no other document's.

        None where the text has too little of its own: copies, templates and tables are no pages.
        """
        shared = {at for run in runs for at in range(run.first, run.last + 1)}
        words = [count_words(line) for line in self.lines]
        own = [at for at in range(len(words)) if at not in shared and not self.gone[at]]
        if sum(words[at] for at in own if words[at] >= _BODY_LINE) < _BODY_WORDS:
            return None
        if sum(words[at] for at in own) < sum(words[at] for at in shared if not self.gone[at]):
            return None
        stretches = _stretches(own)
        longest = max(stretches, key=lambda run: sum(words[run.first : run.last + 1]))
        return longest.first

    def _edges(self, runs: Sequence[Run], body: int) -> tuple[list[Run], list[Run]]:
        """Return the runs at the head and those at the tail, in order from the edge inwards.

        Few strange lines may stand between them and the edge, more if much is the site's.
        """
        head = [(run, run.first, run.last) for run in runs if run.last < body]
        end = len(self.lines) - 1
        tail = [(run, end - run.last, end - run.first) for run in runs if run.first > body]
        return _near(head), _near(tail[::-1])

    def _menus(self, body: int, level: Level) -> Iterator[int]:
        """Yield the places of long menus that documents share, wherever these come from."""
        runs = self._runs(lambda bond: bond.documents >= level.documents)
        edges = [
            [run for run in edge if run.size >= level.shortest and not self._is_own_kind(run)]
            for edge in self._edges(runs, body)
        ]
        if any(sum(map(self._labels, edge)) >= level.labels for edge in edges):
            yield from self._trimmed(edges)

    def _wrapping(self, body: int) -> Iterator[int]:
        """Yield the places of what most pages of a site have at both edges, if one is a menu."""
        runs = [
            part
            for run in self._runs(lambda bond: bond.of_site)
            for part in self._parts(run)
            if not self._is_own_kind(part) and not self._is_title(part)
        ]
        edges = self._edges(runs, body)
        menus = [sum(map(self._labels, edge)) for edge in edges]
        firm = [sum(map(self._firm, edge)) for edge in edges]
        least = _BOTH_OF_FEW if self._documents(runs) < _FEW else _BOTH
        if max(menus) >= _MENU and min(firm) >= _FOOTER and sum(firm) >= least:
            yield from self._trimmed(edges)

    def _parts(self, run: Run) -> Iterator[Run]:
        """Yield the parts of a run that stand without blank lines between, indented alike.

        Headings and title pages are set with blank lines, or each line in its own way.
        """
        first = run.first
        for at in range(run.first + 1, run.last + 2):
            if at > run.last or not self._is_close(at):
                if at - first > 1:
                    yield Run(first, at - 1)
                first = at

    def _is_close(self, at: int) -> bool:
        """Whether the line stands right under the one before, and begins in the same column."""
        if self.places[at] - self.places[at - 1] > 1:
            return False
        return _indent(self.lines[at]) == _indent(self.lines[at - 1])

    def _documents(self, runs: Sequence[Run]) -> int:
        """Return how many documents share the least common of the runs."""
        return min((bond.documents for run in runs for bond in self._binding(run)), default=0)

    def _binding(self, run: Run) -> list[Bond]:
        """Return the bonds within the run."""
        return [bond for bond in self.bonds[run.first : run.last] if bond is not None]

    @cached_property
    def _forms(self) -> dict[int, Form]:
        return {}

    def _form(self, at: int) -> Form:
        if at not in self._forms:
            self._forms[at] = form_of(self.lines[at])
        return self._forms[at]

    def _labels(self, run: Run) -> int:
        """Return how many lines of the run are labels."""
        return sum(self._form(at) is Form.LABEL for at in range(run.first, run.last + 1))

    def _is_title(self, run: Run) -> bool:
        """Whether all lines of the run are in capitals, as those of title pages often are."""
        return all(map(str.isupper, self.lines[run.first : run.last + 1]))

    def _firm(self, run: Run) -> int:
        """Return how many lines of the run are labels or sentences."""
        return sum(self._form(at) is not Form.OTHER for at in range(run.first, run.last + 1))

    def _is_own_kind(self, run: Run) -> bool:
        """Whether the run is code, a log or another part of what a document is."""
        blocks = find_blocks("\n".join(self.lines[run.first : run.last + 1]))
        return any(block.kind in _OWN_KINDS for block in blocks)

    def _trimmed(self, edges: Sequence[Sequence[Run]]) -> Iterator[int]:
        """Yield the places of the runs, but for what may belong to the body they stand beside."""
        head, tail = edges
        for run in head:
            yield from self._without_end(list(range(run.first, run.last + 1)), run)
        for run in tail:
            yield from self._without_end(list(range(run.last, run.first - 1, -1)), run)

    def _without_end(self, places: list[int], run: Run) -> list[int]:
        """Return the places, which go inwards, up to the last that is surely no part of the body.

        A line that introduces or asks, one that does not go with the others in all documents,
        and one that blank lines part from them may say something of this text.
        """
        strongest = max(bond.documents for bond in self._binding(run))
        while len(places) > 1:
            at, before = places[-1], places[-2]
            bond = self.bonds[min(at, before)]
            sure = bond is not None and bond.documents >= _SURE * strongest
            if self._form(at) is Form.LABEL or (self._form(at) is Form.SENTENCE and sure):
                break
            places = places[:-1]
        return places

    def _recur(self, taken: set[int], runs: Sequence[Run]) -> bool:
        """Whether the lines stand in the body as well: so do the entries of a table of contents."""
        shared = {at for run in runs for at in range(run.first, run.last + 1)}
        own = {key for at, key in enumerate(self.keys) if at not in shared}
        return sum(self.keys[at] in own for at in taken) > _MOST_RECURRING * len(taken)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _stretches(places: Sequence[int]) -> Iterator[Run]:
    """Yield the stretches of places (in order) that follow one another.

    >>> list(_stretches([1, 2, 5]))
    [Run(first=1, last=2), Run(first=5, last=5)]
    """
    first = 0
    for at in range(1, len(places) + 1):
        if at == len(places) or places[at] > places[at - 1] + 1:
            yield Run(places[first], places[at - 1])
            first = at


def _near(runs: Sequence[tuple[Run, int, int]]) -> list[Run]:
    """Return the runs that stand near an edge: each with how far it begins and ends from there."""
    near = []
    strange = taken = 0
    reached = -1
    for run, begins, ends in runs:
        strange += begins - reached - 1
        if strange > min(_STRANGE + taken // _STRANGE_SHARE, _MOST_STRANGE):
            break
        near.append(run)
        taken += run.size
        reached = ends
    return near
