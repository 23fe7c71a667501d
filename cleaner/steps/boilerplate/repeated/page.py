"""A page of a site: which runs of lines that other documents have too the site put around a text.

A site wraps its pages: a menu above, a footer below, and between them a body that is no other's.
So both edges are judged together, and by what their lines are: labels are links of a menu, while
fields, questions, and sentences above a body belong to the document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaner.blocks import Kind, find_blocks
from cleaner.steps.boilerplate.lines import count_words
from cleaner.steps.boilerplate.repeated.lineforms import Form, form_of, indent, without_numbering
from cleaner.steps.boilerplate.repeated.runs import (
    Run,
    near_edge,
    places_of,
    stretches,
    without_parted,
)

_BODY_LINE = 8
_BODY_WORDS = 30
_SURE = 0.95

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


class Level(NamedTuple):
    """A menu that some documents share, wherever they come from.

    How many must share it, how many labels it must have, how short runs may be that go with it,
    and what share of them may stand in the body too, as entries of a table of contents do.
    """

    documents: int
    labels: int
    shortest: int
    recurring: float


# The fewer documents share a menu, the longer it must be.
_LEVELS = (Level(3, 10, 5, 1 / 3), Level(2, 30, 10, 1 / 5))
_MENU_SHARE = 0.5
_KNOWN = 3

# What most pages of a folder or host have may be shorter: at both edges so many lines in all, more
# where few pages show it, so many of them labels of a menu, so many at the other edge; twice as
# many lines in all where it is not most pages, but many.
_MANY = 8
_BOTH = 6
_BOTH_OF_MANY = 12
_MORE_OF_FEW = 2
_MENU = 4
_OTHER = 2
_SPARE = 2
_LONG_MENU = 6
_NAME_LETTERS = 4
_SITE_RECURRING = 1 / 3
# Or so many lines at one edge, so many of which a rule has taken for furniture already.
_ONE_EDGE = 4
_KNOWN_THERE = 2


class Page:
    """The full lines of a text: where each stands, and whether it is gone already.

    `bonds` has what binds each line to the next one, so it is shorter by one.
    """

    def __init__(
        self,
        lines: Sequence[str],
        places: Sequence[int],
        gone: Sequence[bool],
        bonds: Sequence[Bond | None],
    ) -> None:
        self._lines = lines
        self._places = places
        self._gone = gone
        self._bonds = bonds
        self._forms: dict[int, Form] = {}
        self._shared = set(places_of(self._runs(lambda bond: True)))

    def furniture(self) -> list[Run]:
        """Return the runs that a site put above and below the text; none where it is no page."""
        body = self._body()
        if body is None:
            return []
        taken = set(self._wrapping(body, lambda bond: bond.of_site, _BOTH))
        taken.update(self._wrapping(body, lambda bond: bond.documents >= _MANY, _BOTH_OF_MANY))
        for level in _LEVELS:
            taken.update(self._menus(body, level))
        return stretches(sorted(taken))

    def _runs(self, binds: Callable[[Bond], bool]) -> list[Run]:
        """Return the runs of two lines and more that are bound as `binds` asks for."""
        bound = [at for at, bond in enumerate(self._bonds) if bond is not None and binds(bond)]
        return [Run(run.first, run.last + 1) for run in stretches(bound)]

    def _body(self) -> int | None:
        """Return a place in the longest stretch of lines that are no other document's.

        None where the text has too little of its own: copies, templates and tables are no pages.
        """
        words = [count_words(line) for line in self._lines]
        own = [at for at in range(len(words)) if at not in self._shared and not self._gone[at]]
        if sum(words[at] for at in own if words[at] >= _BODY_LINE) < _BODY_WORDS:
            return None
        others = sum(words[at] for at in self._shared if not self._gone[at])
        if sum(words[at] for at in own) < others:
            return None
        longest = max(stretches(own), key=lambda run: sum(words[run.first : run.last + 1]))
        return longest.first

    def _edges(self, runs: Sequence[Run], body: int) -> tuple[list[Run], list[Run]]:
        """Return the runs at the head and those at the tail, each from the edge inwards."""
        head = (run for run in runs if run.last < body)
        tail = (run for run in reversed(runs) if run.first > body)
        return (
            near_edge(head, -1, self._is_prose),
            near_edge(tail, len(self._lines), self._is_prose),
        )

    def _menus(self, body: int, level: Level) -> list[int]:
        """Return the places of long menus and footers that a level lets go."""
        runs = self._runs(lambda bond: bond.documents >= level.documents)
        head, tail = (
            [run for run in edge if run.size >= level.shortest and self._is_menu(run)]
            for edge in self._edges(runs, body)
        )
        if max(self._count(head, Form.LABEL), self._count(tail, Form.LABEL)) < level.labels:
            return []
        if not (head and tail) and self._taken(head + tail) < _KNOWN:
            return []
        return self._going(head, tail, level.recurring)

    def _wrapping(self, body: int, binds: Callable[[Bond], bool], least: int) -> list[int]:
        """Return the places of what pages have at both edges, or surely at one.

        At least so many lines must be bound as `binds` asks for, more where few pages show it.
        """
        parts = self._parts(self._runs(binds))
        head, tail = map(without_parted, self._edges(parts, body))
        few = self._documents(head + tail) < _MANY
        if self._is_wrapped(head, tail, least + _MORE_OF_FEW if few else least):
            return self._going(head, tail, _SITE_RECURRING)
        head, tail = (edge if self._is_known(edge) and not few else [] for edge in (head, tail))
        return self._going(head, tail, _SITE_RECURRING)

    def _is_wrapped(self, head: Sequence[Run], tail: Sequence[Run], least: int) -> bool:
        """Whether a menu and a footer (or the other way round) stand at the edges.

        A list that a document begins with and one that it ends with are neither: so the menu is
        long and the footer has a sentence, the name of the site stands in both, or a rule knows
        some of their lines.
        """
        labels = [self._count(edge, Form.LABEL) for edge in (head, tail)]
        firm = [self._count(edge, Form.LABEL, Form.SENTENCE) for edge in (head, tail)]
        if max(labels) < _MENU or min(firm) < _OTHER or sum(firm) < least:
            return False
        if self._taken(head) + self._taken(tail) >= _KNOWN or self._is_signed(head, tail):
            return True
        is_long = labels[0] >= _LONG_MENU and sum(firm) >= least + _SPARE
        return is_long and self._count(tail, Form.SENTENCE) > 0

    def _is_known(self, edge: Sequence[Run]) -> bool:
        """Whether a rule has taken some of the lines of one edge, and there are more."""
        firm = self._count(edge, Form.LABEL, Form.SENTENCE)
        return firm >= _ONE_EDGE and self._taken(edge) >= _KNOWN_THERE

    def _parts(self, runs: Sequence[Run]) -> list[Run]:
        """Return the parts of runs that stand close together, begun in the same column.

        Headings and title pages are set with blank lines, or each line in a place of its own, or
        in capitals.
        """
        gaps = [after - before for before, after in pairwise(self._places)]
        closest = min(gaps, default=1)
        parts = []
        for run in runs:
            first = run.first
            for at in range(run.first + 1, run.last + 2):
                if at > run.last or gaps[at - 1] > closest or self._is_shifted(at):
                    parts.append(Run(first, at - 1))
                    first = at
        return [
            part
            for part in parts
            if part.size > 1 and not self._is_own_kind(part) and not self._is_title(part)
        ]

    def _is_shifted(self, at: int) -> bool:
        """Whether the line begins in another column than the one before."""
        return indent(self._lines[at]) != indent(self._lines[at - 1])

    def _documents(self, runs: Sequence[Run]) -> int:
        """Return how many documents share the least common of the runs."""
        return min((bond.documents for run in runs for bond in self._binding(run)), default=0)

    def _binding(self, run: Run) -> list[Bond]:
        return [bond for bond in self._bonds[run.first : run.last] if bond is not None]

    def _form(self, at: int) -> Form:
        if at not in self._forms:
            self._forms[at] = form_of(self._lines[at])
        return self._forms[at]

    def _count(self, runs: Sequence[Run], *forms: Form) -> int:
        """Return how many lines of the runs have one of the forms."""
        return sum(self._form(at) in forms for at in places_of(runs))

    def _is_prose(self, at: int) -> bool:
        """Whether the line is a sentence of the body."""
        return count_words(self._lines[at]) >= _BODY_LINE and self._form(at) is Form.SENTENCE

    def _is_title(self, run: Run) -> bool:
        """Whether all lines of the run are in capitals, as those of title pages often are."""
        return all(map(str.isupper, self._lines[run.first : run.last + 1]))

    def _is_menu(self, run: Run) -> bool:
        """Whether half of the lines are labels: what is mostly prose is a copy, not a menu."""
        labels = self._count([run], Form.LABEL)
        return labels >= _MENU_SHARE * run.size and not self._is_own_kind(run)

    def _is_own_kind(self, run: Run) -> bool:
        """Whether the run is code, a log or another part of what a document is."""
        blocks = find_blocks("\n".join(self._lines[run.first : run.last + 1]))
        return any(block.kind in _OWN_KINDS for block in blocks)

    def _taken(self, runs: Sequence[Run]) -> int:
        """Return how many lines of the runs a rule has taken for furniture already."""
        return sum(self._gone[at] for at in places_of(runs))

    def _is_signed(self, head: Sequence[Run], tail: Sequence[Run]) -> bool:
        """Whether the name of the site, its first line, stands within a line of the footer."""
        name = self._lines[head[0].first].strip()
        lines = (self._lines[at].strip() for at in places_of(tail))
        return len(name) >= _NAME_LETTERS and any(name in line and name != line for line in lines)

    def _going(self, head: Sequence[Run], tail: Sequence[Run], recurring: float) -> list[int]:
        """Return the places of the runs, but for what may belong to the body.

        None go where a greater share of them than `recurring` stands in the body as well.
        """
        going: list[int] = []
        for run in head:
            going += self._without_end(list(places_of([run])), run)
        for run in tail:
            going += self._without_end(list(places_of([run]))[::-1], run)
        body = {
            without_numbering(line) for at, line in enumerate(self._lines) if at not in self._shared
        }
        again = sum(without_numbering(self._lines[at]) in body for at in going)
        return going if again <= recurring * len(going) else []

    def _without_end(self, places: list[int], run: Run) -> list[int]:
        """Return the places of a run, which go inwards, up to the last that is surely furniture.

        What introduces or asks, and a sentence that does not stand in as many documents as the
        other lines do, may say something of this text; a line in capitals next to the body, where
        the run is not all in capitals, may be its heading.
        """
        is_title = self._is_title(run)
        most = max(bond.documents for bond in self._binding(run))
        for count in range(len(places), 1, -1):
            inner, before = places[count - 1], places[count - 2]
            bond = self._bonds[min(inner, before)]
            is_sure = bond is not None and bond.documents >= _SURE * most
            form = self._form(inner)
            if self._lines[inner].isupper() and not is_title:
                continue
            if form is Form.LABEL or (form is Form.SENTENCE and is_sure):
                return places[:count]
        return []
