"""Company: which lines go, of those that rules take for furniture.

A rule says whether it acts `alone`. What such a rule takes has a form that nothing but furniture
has. All other lines that rules know ("Contact", "Read more", "No comments") may as well be a
heading, an answer or a row of a timetable, and go only in the company of other furniture, which is
defined here, once for all rules:

- a line that a rule takes alone stands in the same run: lines that rules take, one after another,
  with at most blank lines between them, of which all belong to blocks that hold nothing else; or
- at the head or the tail of the document, among short labels with no sentence between them and that
  end, two other telling lines stand near by; or the run is all of the first or the last block of
  the document, and two of its lines are telling; or
- the run is long and has telling lines, and another place of the document shows that it is a page
  of a site; or
- the run has telling lines of three families.

A line is telling if it matches none of its rule's ``common`` patterns, which are labels that texts
of all kinds have. A run after a line that ends in a colon was announced by the text, and stays.

Nothing is taken out of the midst of a block that is a list, a table, code, a dialogue or the like,
unless all of the block is furniture.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from cleaner.blocks import Kind, find_blocks
from cleaner.steps.boilerplate.lines import BULLETS
from cleaner.steps.boilerplate.matching.left import TextLeft

_REACH = 5
_STRETCH = 12
_PAGE_RULES = 2
_OTHERS = 2
_LABELS_ELSEWHERE = 2
# So many lines in a run, and so many different telling ones among them; more lines where blank ones
# set the run apart, as they do a list of the text.
_LONG_RUNS = ((5, 2), (12, 1))
_SET_APART = 3
_FAMILIES = 3
_INTRODUCING = (":", "：")
_WHOLE_BLOCKS = frozenset(
    [
        Kind.BIBLIOGRAPHY,
        Kind.CODE,
        Kind.DIALOGUE,
        Kind.DIFF,
        Kind.FORM,
        Kind.LIST,
        Kind.LOG,
        Kind.MARKUP,
        Kind.SUBTITLES,
        Kind.TABLE,
    ]
)
_ITEM_MARKS = BULLETS + "-*+#"


class Claim(NamedTuple):
    """Lines `first` to `last` that the rule `rule` takes for furniture.

    `telling` are line numbers. What a user's own rule takes alone is taken wherever it stands,
    `anywhere`: the user knows the corpus.
    """

    first: int
    last: int
    code: str
    rule: str
    alone: bool
    telling: tuple[int, ...]
    anywhere: bool = False


def with_company(left: TextLeft, claims: list[Claim]) -> Iterator[Claim]:
    """Yield the claims that hold: those of rules that act alone, and those that have company."""
    if not claims:
        return
    company = _Company(left, claims)
    for claim in claims:
        if company.has(claim) and not company.breaks_a_block(claim):
            yield claim


class _Company:
    """All claims on one text, and what stands around each of them."""

    def __init__(self, left: TextLeft, claims: list[Claim]) -> None:
        self._left = left
        self._claims: dict[int, list[Claim]] = {}
        self._telling: dict[int, set[str]] = {}
        for claim in claims:
            for place in self._places(claim):
                self._claims.setdefault(place, []).append(claim)
            for line in claim.telling:
                self._telling.setdefault(left.place(line), set()).add(claim.code)
        unclaimed = (place not in self._claims for place in range(len(left.order)))
        self._unclaimed = [0, *accumulate(unclaimed)]
        self._kinds: dict[int, list[tuple[range, Kind]]] = {}
        self._alone = {
            place
            for claim in claims
            if claim.alone and not self.breaks_a_block(claim)
            for place in self._places(claim)
        }
        self._alone_rules = {claim.rule for claim in claims if claim.alone}
        self._labels = {self._view(place) for place in self._telling}
        self._runs: dict[int, tuple[range, bool]] = {}
        self._zones = self._stretches()

    def _places(self, claim: Claim) -> Iterator[int]:
        for line in range(claim.first, claim.last + 1):
            if (place := self._left.place(line)) >= 0:
                yield place

    def _stretches(self) -> list[range]:
        """Return where nothing but labels stands: at the head, at the tail, and in long lists."""
        size = len(self._left.order)
        zones = []
        start = 0
        for place in range(size + 1):
            if place < size and self._is_label(place):
                continue
            at_an_end = start == 0 or place == size
            if place > start and (at_an_end or (place - start >= _STRETCH and self._is_page)):
                zones.append(range(start, place))
            start = place + 1
        return zones

    @property
    def _is_page(self) -> bool:
        """Whether what rules take alone shows that the document is a page of a site."""
        return len(self._alone_rules) >= _PAGE_RULES

    def _is_label(self, place: int) -> bool:
        return place in self._claims or self._left.is_label(place)

    def has(self, claim: Claim) -> bool:
        """Whether the claim needs no company or has it."""
        if claim.alone:
            return True
        place = self._left.place(claim.first)
        if place not in self._runs:
            run = self._left.run(place, self._claims.__contains__, len(self._left.order))
            self._runs.update(dict.fromkeys(run, (run, self._is_furniture(run))))
        return self._runs[place][1]

    def _is_furniture(self, run: range) -> bool:
        if self._is_introduced(run.start):
            return False
        if any(place in self._alone for place in run):
            return True
        if self._stands_at_an_end(run) or self._is_an_end(run):
            return True
        if self._is_long(run):
            return True
        families = {code for place in run for code in self._telling.get(place, ())}
        return len(families) >= _FAMILIES

    def _is_long(self, run: range) -> bool:
        """Whether it is a menu by its length, and other labels show a page that has menus."""
        labels = {self._view(place) for place in run if place in self._telling}
        lines = len(run) - _SET_APART if self._is_set_apart(run) else len(run)
        if not any(lines >= least and len(labels) >= most for least, most in _LONG_RUNS):
            return False
        return len(self._labels - labels) >= _LABELS_ELSEWHERE

    def _is_introduced(self, place: int) -> bool:
        """Whether the line before ends in a colon and is no furniture itself."""
        if place == 0 or place - 1 in self._claims:
            return False
        before = self._left.lines.raw(self._left.order[place - 1]).rstrip()
        return before.endswith(_INTRODUCING)

    def _stands_at_an_end(self, run: range) -> bool:
        """Whether a line of the run has two more of them near by, among labels alone."""
        at = bisect_right(self._zones, run.start, key=lambda zone: zone.start) - 1
        if at < 0 or run.stop > self._zones[at].stop:
            return False
        zone = self._zones[at]
        on_page = self._is_page and len(zone) >= _STRETCH
        telling = self._claims if on_page else self._telling
        for place in run:
            if place not in telling:
                continue
            near = range(max(zone.start, place - _REACH), min(zone.stop, place + _REACH + 1))
            seen = {self._view(other) for other in near if other in telling}
            if len(seen - {self._view(place)}) >= _OTHERS:
                return True
        return False

    def _is_an_end(self, run: range) -> bool:
        """Whether the run is all of the first or the last block, and not of the document."""
        if not self._is_set_apart(run) or (run.start > 0) == (run.stop < len(self._left.order)):
            return False
        return len({self._view(place) for place in run if place in self._telling}) > 1

    def _is_set_apart(self, run: range) -> bool:
        """Whether blank lines stand before and after the run."""
        starts = run.start == self._left.block(run.start).start
        return starts and run.stop == self._left.block(run.stop - 1).stop

    def _view(self, place: int) -> str:
        return self._left.lines.view(self._left.order[place])

    def breaks_a_block(self, claim: Claim) -> bool:
        """Whether the claim would take a part out of a block that is whole or not at all."""
        if claim.anywhere:
            return False
        first, last = self._left.place(claim.first), self._left.place(claim.last)
        lines = self._left.block(first)
        if not self._others(lines):
            return False
        for block, kind in self._blocks(lines):
            if block.stop <= first or block.start > last or kind not in _WHOLE_BLOCKS:
                continue
            if kind is Kind.LIST and not self._is_item(first):
                continue
            before = self._others(range(block.start, first))
            after = self._others(range(last + 1, block.stop))
            if before and after:
                return True
            if (before or after) and not (claim.alone and not self._is_item(first)):
                return True
        return False

    def _others(self, places: range) -> int:
        """Return how many of the lines at `places` no rule takes."""
        return self._unclaimed[max(places.start, places.stop)] - self._unclaimed[places.start]

    def _is_item(self, place: int) -> bool:
        return self._left.lines.raw(self._left.order[place]).lstrip().startswith(tuple(_ITEM_MARKS))

    def _blocks(self, lines: range) -> list[tuple[range, Kind]]:
        """Return what the lines between two blank lines are, once for each of them."""
        known = self._kinds.get(lines.start)
        if known is None:
            known = self._kinds[lines.start] = [
                (range(lines.start + block.first, lines.start + block.last + 1), block.kind)
                for block in find_blocks(self._left.text(lines))
            ]
        return known
