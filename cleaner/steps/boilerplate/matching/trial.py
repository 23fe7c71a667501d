"""One rule on one text: which lines it takes for furniture."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Set
from itertools import chain, pairwise

from cleaner.steps.boilerplate.lines import Lines
from cleaner.steps.boilerplate.matching.company import Claim
from cleaner.steps.boilerplate.matching.left import TextLeft
from cleaner.steps.boilerplate.rulefiles.compiled import found, full_match
from cleaner.steps.boilerplate.rulefiles.rulefile import FiledRule, Patterns

_EDGE_LINES = 15
_LONGEST_WORD = 20
_NEAR_LINES = 3
_STRIPPED_WORDS = 2
_WRAPPED = 40
_ISLAND = 3
_FAR = 20
_ABOUT_LINES = 2
_ABOUT_SHARE = 0.125
_ABOUT_CHARACTERS = 40
_STOPS = frozenset(".!?:;…)]\"'”»|©")
_sentences = re.compile(r"(?<=[.!?。！？؟।])(?: +|(?<=[。！？]))(?=.)").split
_clause = re.compile(
    r"(?:[\[(]?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-z]|[ivx]{1,5})[\])]|(?:\d{1,3}\.){1,4}(?:\d{1,3})?"
    r"|[a-z]\.)\s|(?:article|section|clause|recital|chapter|artikel|abschnitt|artículo|cláusula"
    r"|artigo|articolo|статья|пункт|المادة|अनुच्छेद|điều|art\.|§{1,2}) ?[\divx]|第.{1,6}[条條章]"
).match

Found = tuple[tuple[int, int] | None, int]
"""What a rule takes (first and last line), and the last line that has been judged with it."""


@functools.lru_cache(maxsize=4096)
def _any_of(patterns: Patterns) -> str:
    """Return the one pattern that matches what any of `patterns` matches."""
    return "|".join(f"(?:{pattern})" for pattern in patterns)


class Trial:
    """One rule on one text: `places` are its candidates, by line the patterns to be tried."""

    def __init__(self, filed: FiledRule, lines: Lines, places: dict[int, list[str]]) -> None:
        self.code, self.rule = filed.code, filed.rule
        self._anywhere = filed.custom and filed.rule.alone
        self._lines = lines
        self._places = places
        self._known: dict[tuple[str, int], bool] = {}
        # By line, whether it is strong in what is left now, and whether it is weak.
        self._strongly: dict[int, bool] = {}
        self._weakly: dict[int, bool] = {}
        self._topical: dict[int, bool] = {}

    def claims(self, left: TextLeft) -> Iterator[Claim]:
        """Yield what the rule takes, as the text stands now."""
        self._left = left
        self._strongly = {}
        find = _FINDERS[self.rule.scope]
        passed = -1
        if self._lists_them():
            return
        is_alone = self.rule.scope != "paragraph"
        if not is_alone and len(set(chain(*self._places.values()))) < self.rule.min_evidence:
            return
        for line in self._places:
            if line <= passed or left.place(line) < 0 or (is_alone and not self._strong(line)):
                continue
            if not self._stands_there(line):
                continue
            span, passed = find(self, line)
            if span is not None:
                first, last = span
                telling = tuple(filter(self._is_telling, range(first, last + 1)))
                rule = self.rule
                yield Claim(first, last, self.code, rule.id, rule.alone, telling, self._anywhere)

    def _is_telling(self, line: int) -> bool:
        if self._left.place(line) < 0:
            return False
        if self.rule.scope == "paragraph":
            return True
        return self._strong(line) and not self._is_common(line)

    def is_about(self, left: TextLeft, taken: Set[int], labels: Set[int]) -> bool:
        """Whether what no rule takes (all lines but `taken` and `labels`) speaks of its matter too.

        A notice stands beside a text that is about something else; where the first line (its
        title), or several lines more, and a good part of all, are about the same, so is the text.
        """
        if not self.rule.about:
            return False
        first = next((line for line in left.order if line not in taken), None)
        if first is not None and self._speaks_of_it(first):
            return True
        others = taken | labels
        prose = [line for line in left.order if line not in others and self._is_long(line)]
        speaking = sum(map(self._speaks_of_it, prose))
        return speaking >= _ABOUT_LINES and speaking >= _ABOUT_SHARE * len(prose)

    def _is_long(self, line: int) -> bool:
        return len(self._lines.raw(line)) >= _ABOUT_CHARACTERS

    def _speaks_of_it(self, line: int) -> bool:
        known = self._topical.get(line)
        if known is None:
            known = found(_any_of(self.rule.about), self._lines.view(line))
            self._topical[line] = known
        return known

    def _lists_them(self) -> bool:
        """Whether so many lines match that the text is a list of such lines."""
        most = self.rule.max_matches
        if len(self._places) <= most:
            return False
        there = (line for line in self._places if self._left.place(line) >= 0)
        return sum(map(self._strong, there)) > most

    def _strong(self, line: int) -> bool:
        """Whether one of the rule's patterns matches the whole line."""
        known = self._strongly.get(line)
        if known is None:
            patterns = self._places.get(line)
            known = self._strongly[line] = (
                patterns is not None
                and any(self._matches(pattern, line) for pattern in patterns)
                and not self._is_wrapped(line)
            )
        return known

    def _is_wrapped(self, line: int) -> bool:
        """Whether the line is one of a hard-wrapped paragraph: it, or the one before, goes on."""
        place = self._left.place(line)
        block = self._left.block(place)
        return (place > block.start and self._runs_on(place - 1)) or (
            place + 1 < block.stop and self._runs_on(place)
        )

    def _runs_on(self, place: int) -> bool:
        """Whether a line of prose ends within a sentence that the next one ends."""
        before = self._lines.raw(self._left.order[place]).rstrip()
        after = self._lines.raw(self._left.order[place + 1]).lstrip()
        return len(before) >= _WRAPPED and after[:1].islower() and before[-1] not in _STOPS

    def _weak(self, line: int) -> bool:
        known = self._weakly.get(line)
        if known is None:
            weak = self.rule.weak
            known = self._weakly[line] = bool(weak) and self._matches(_any_of(weak), line)
        return known

    def _is_common(self, line: int) -> bool:
        return bool(self.rule.common) and self._matches(_any_of(self.rule.common), line)

    def _matches(self, pattern: str, line: int) -> bool:
        known = self._known.get((pattern, line))
        if known is None:
            known = self._known[pattern, line] = self._is_short(line) and full_match(
                pattern, self._lines.view(line)
            )
        return known

    def _is_short(self, line: int) -> bool:
        """Whether the line has words, and no more of them than the rule allows."""
        most = self.rule.max_words
        raw = self._lines.raw(line)
        most_raw = most + _STRIPPED_WORDS
        if len(raw) > 2 * most and len(raw.split(None, most_raw)) > most_raw:
            return False
        seen = self._lines.view(line)
        return bool(seen) and seen.count(" ") < most

    def _stands_there(self, line: int) -> bool:
        rule, lines = self.rule, self._lines
        if rule.place == "head" and _is_far(lines.before, line):
            return False
        if rule.place == "tail" and _is_far(lines.after, line):
            return False
        if rule.place == "end" and self._left.place(line) + 1 < self._left.foot:
            return False
        for patterns, other in ((rule.before, lines.before), (rule.after, lines.after)):
            if patterns:
                near = other(line)
                if near < 0 or not self._matches(_any_of(patterns), near):
                    return False
        return not (rule.not_near and self._is_near(line))

    def _is_near(self, line: int) -> bool:
        """Whether one of the next lines on either side holds what the rule keeps away from."""
        pattern = _any_of(self.rule.not_near)
        for step in (self._lines.before, self._lines.after):
            near = line
            for _ in range(_NEAR_LINES):
                near = step(near)
                if near < 0:
                    break
                if found(pattern, self._lines.view(near)):
                    return True
        return False

    def _line(self, line: int) -> Found:
        return ((line, line) if self._strong(line) else None), line

    def _block(self, line: int) -> Found:
        if not self._strong(line):
            return None, line
        block = self._bridged(line) or self._without_loose_ends(self._row(line, self._is_own))
        if not self.rule.alone:
            block = self._without_heading(block)
        if line not in block:
            return None, line
        strong = [at for at in block if self._strong(at)]
        passed = max(line, block[-1])
        rule = self.rule
        enough = len(block) >= rule.min_lines and len(strong) >= rule.min_strong
        if not enough or len(strong) < rule.min_share * len(block):
            return None, passed
        uncommon = sum(not self._is_common(at) for at in strong)
        return ((block[0], block[-1]) if uncommon >= rule.min_uncommon else None), passed

    def _row(self, line: int, member: Callable[[int], bool]) -> list[int]:
        """Return the lines in a row around `line` that are members, and as many as a block has."""
        order = self._left.order
        places = self._left.run(
            self._left.place(line), lambda place: member(order[place]), self.rule.max_lines
        )
        return [order[place] for place in places]

    def _is_own(self, line: int) -> bool:
        return self._strong(line) or self._weak(line)

    def _is_own_or_bridge(self, line: int) -> bool:
        bridge = self.rule.bridge
        strange = bridge is not None and self._matches(_any_of(bridge.patterns), line)
        return strange or self._is_own(line)

    def _without_loose_ends(self, row: list[int]) -> list[int]:
        """Return the row with no more weak lines at its ends than the rule allows."""
        strong = [at for at, line in enumerate(row) if self._strong(line)]
        most = self.rule.max_loose
        return row[max(0, strong[0] - most) : strong[-1] + most + 1]

    def _without_heading(self, block: list[int]) -> list[int]:
        """Return the block without the common labels at its end that head the text below them.

        A label heads the lines right below it, and if it stands alone those beyond a blank line.
        """
        left = self._left
        last = len(block)
        while last and self._is_common(block[last - 1]):
            lines = left.block(left.place(block[last - 1]))
            below = left.place(block[-1]) + 1
            reaches = below < lines.stop or len(lines) == 1
            if not reaches or below >= len(left.order) or left.is_label(below):
                break
            last -= 1
        return block[:last]

    def _bridged(self, line: int) -> list[int]:
        """Return the block around `line` with the strange lines in it, where it is one of these."""
        bridge = self.rule.bridge
        if bridge is None or not self._left.holds_prose:
            return []
        row = self._row(line, self._is_own_or_bridge)
        own = [self._is_own(at) for at in row]
        edges = [at for at in range(len(row) + 1) if own[at - 1 : at] != own[at : at + 1]]
        islands = [(low, high) for low, high in pairwise(edges) if own[low]]
        seat = next(at for at, (_, high) in enumerate(islands) if row[high - 1] >= line)
        low = high = seat
        while low > 0 and islands[low][0] - islands[low - 1][1] <= bridge.max_gap:
            low -= 1
        while high + 1 < len(islands) and (
            islands[high + 1][0] - islands[high][1] <= bridge.max_gap
        ):
            high += 1
        while low < high and not self._ends_well(row, islands[low], -1):
            low += 1
        while low < high and not self._ends_well(row, islands[high], 1):
            high -= 1
        block = row[islands[low][0] : islands[high][1]]
        strong = sum(map(self._strong, block))
        enough = len(block) >= bridge.min_lines and strong >= bridge.min_strong
        if not low <= seat <= high or not enough or strong < bridge.min_share * len(block):
            return []
        return block

    def _ends_well(self, row: list[int], island: tuple[int, int], step: int) -> bool:
        """Whether the block may end with an island of its lines, with text beyond on that side.

        Near to text a lone label may belong to it, and a strange line before be its title.
        """
        lines = row[slice(*island)]
        if len(lines) >= _ISLAND or any(map(self._is_telling, lines)):
            return True
        place = self._left.place(lines[-1] if step > 0 else lines[0])
        return self._left.labels_beyond(place, step, _FAR) >= _FAR

    def _paragraph(self, line: int) -> Found:
        rule, lines = self.rule, self._lines
        first, last = self._left.paragraph(line, rule.max_lines)
        tried = {pattern for at in range(first, last + 1) for pattern in self._places.get(at, ())}
        if len(tried) < rule.min_evidence:
            return None, last
        first = self._opening(first, last, tried)
        if any(len(lines.raw(at)) > rule.max_words * _LONGEST_WORD for at in (first, last)):
            return None, last
        text = lines.joined(first, last)
        if text.count(" ") >= rule.max_words or _clause(text):
            return None, last
        if rule.starts and not found(f"^(?:{_any_of(rule.starts)})", text):
            return None, last
        if rule.required and not found(_any_of(rule.required), text):
            return None, last
        evidence = [pattern for pattern in sorted(tried) if found(pattern, text)]
        if len(evidence) < rule.min_evidence:
            return None, last
        sentences = _sentences(text)
        covered = sum(any(found(p, sentence) for p in evidence) for sentence in sentences)
        if covered < rule.min_cover * len(sentences):
            return None, last
        above = lines.before(first)
        if above >= 0:
            if _clause(lines.view(above)) and self._left.is_label(self._left.place(above)):
                return None, last
            if rule.heading and self._matches(_any_of(rule.heading), above):
                first = above
        return (first, last), last

    def _opening(self, first: int, last: int, tried: Set[str]) -> int:
        """Return the line with which the notice begins: not above words that open a notice.

        Lines of a list or of verse, which end no sentence, look like the begin of the paragraph
        below them where letters have no case; where they have, a small one opens nothing.
        """
        left = self._left
        for line in range(first + 1, last + 1):
            goes_on = left.begins_small(left.place(line)) or left.is_full(
                left.place(line - 1), left.place(last)
            )
            if not goes_on and any(found(f"^(?:{one})", self._lines.view(line)) for one in tried):
                return line
        return first

    def _tail(self, line: int) -> Found:
        last = line
        if self._strong(line):
            for _ in range(self.rule.max_lines):
                after = self._lines.after(last)
                if after < 0:
                    return (line, last), last
                last = after
        return None, line


_FINDERS: dict[str, Callable[[Trial, int], Found]] = {
    "line": Trial._line,
    "block": Trial._block,
    "paragraph": Trial._paragraph,
    "tail": Trial._tail,
}


def _is_far(step: Callable[[int], int], line: int) -> bool:
    """Whether `_EDGE_LINES` and more lines stand between the line and that end of the text."""
    for _ in range(_EDGE_LINES):
        line = step(line)
        if line < 0:
            return False
    return True
