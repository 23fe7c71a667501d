# mypy: ignore-errors
"""The width at which each line of a stretch was wrapped, and its breaks (for `wrap`).

A column stands for a width: column 0 for the first of `widths.WIDTHS`.
"""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.steps.lost_spaces.wrapping.widths import (
    CLEAR_BREAKS,
    CLEAR_ODDS,
    CONVINCING_ODDS,
    CONVINCING_ODDS_PER_BREAK,
    LEAD,
    LEAVE_WIDTH,
    MAX_SCANNED,
    MAX_WIDTHS_NEAR,
    MIN_SHARE,
    MIN_VOTE,
    NEAR,
    NO_PATH,
    SWITCH_WIDTH,
    WIDTHS,
)

if not cython.compiled:
    from cleaner.steps.lost_spaces.reader.wrapping.decode_kernel import Decoder

FIRST = WIDTHS[0]
COUNT = len(WIDTHS)
LAST = FIRST + COUNT - 1
MISSING, FULL = -1, -2
# What was made of a line at a width.
UNTRIED, SCANNED, FILLED, FAILED = 0, 1, 2, 3


class Widths(Decoder):
    """Chooses the widths of the lines of a stretch together."""

    def allot(self) -> None:
        if not cython.compiled:
            super().allot()
            self.votes, self.scores = [0.0] * 81, [0.0] * 82
            self.columns, self.common = [0] * 82, [0] * 5

    def length_of(self, line):
        return self.token_ends[self.firsts[line + 1] - 1]

    def is_decoded(self, line, column):
        return self.tried[line, column] == SCANNED or self.tried[line, column] == FILLED

    def convinces(self, line, column):
        return (
            column >= 0
            and self.tried[line, column] == SCANNED
            and self.line_odds[line, column] > CONVINCING_ODDS
            and self.line_odds[line, column]
            > CONVINCING_ODDS_PER_BREAK * self.line_breaks[line, column]
        )

    def is_clear(self, line, column):
        """Whether a line speaks so clearly for a width that no other need be tried."""
        return (
            self.is_decoded(line, column)
            and self.line_breaks[line, column] >= CLEAR_BREAKS
            and self.line_odds[line, column] > CLEAR_ODDS * self.line_breaks[line, column]
        )

    def is_voted(self, line, column):
        return self.tried[line, column] == SCANNED and self.line_odds[line, column] > MIN_VOTE

    def attempt(self, line, column, outcome):
        """Decode a line at a width; False where the seams of a token are missing."""
        found: cython.int = self.decode_scoring(line, FIRST + column)
        if found < 0:
            return False
        self.tried[line, column] = outcome if found else FAILED
        self.line_odds[line, column] = self.best_odds
        self.line_breaks[line, column] = self.best_breaks
        return True

    def next_telling(self, begin, end, before):
        """Return the line that tells most about its width after `before`, or -1.

        The lines with most suspicious tokens do; of equal ones the first.
        """
        other: cython.Py_ssize_t
        count: cython.longlong
        best: cython.Py_ssize_t = -1
        for other in range(begin, end):
            count = self.suspicious[other]
            if self.length_of(other) <= FIRST or count < max(
                1.0, MIN_SHARE * (self.length_of(other) // LAST)
            ):
                continue
            if before >= 0 and (
                count > self.suspicious[before]
                or (count == self.suspicious[before] and other <= before)
            ):
                continue
            if best < 0 or count > self.suspicious[best]:
                best = other
        return best

    def scan(self, line):
        """Try the best widths of the line before, and all if these do not convince.

        False where the seams of a token are missing.
        """
        turn: cython.int
        column: cython.Py_ssize_t
        for turn in range(2):
            column = self.one if turn == 0 else self.two
            if (
                column >= 0
                and self.tried[line, column] == UNTRIED
                and not self.attempt(line, column, SCANNED)
            ):
                return False
        if not (self.convinces(line, self.one) or self.convinces(line, self.two)):
            for column in range(COUNT):
                if self.tried[line, column] == UNTRIED and not self.attempt(line, column, SCANNED):
                    return False
        self.one = self.two = -1
        for column in range(COUNT):
            if self.is_voted(line, column):
                if self.one < 0 or self.line_odds[line, column] > self.line_odds[line, self.one]:
                    self.two = self.one
                    self.one = column
                elif self.two < 0 or self.line_odds[line, column] > self.line_odds[line, self.two]:
                    self.two = column
        return True

    def vote(self, begin):
        """Find the widths that lines near a block speak for most, best first; return how many."""
        line: cython.Py_ssize_t
        column: cython.Py_ssize_t
        best: cython.Py_ssize_t
        taken: cython.Py_ssize_t
        count: cython.Py_ssize_t = 0
        lines: cython.Py_ssize_t = self.line_places.shape[0]
        for column in range(COUNT):
            self.votes[column] = 0.0
        for line in range(max(0, begin - NEAR), min(lines, begin + 2 * NEAR)):
            for column in range(COUNT):
                if self.is_voted(line, column):
                    self.votes[column] -= self.line_odds[line, column]
        while count < MAX_WIDTHS_NEAR:
            best = -1
            for column in range(COUNT):
                if self.votes[column] < 0.0 and (best < 0 or self.votes[column] < self.votes[best]):
                    taken = 0
                    while taken < count and self.common[taken] != column:
                        taken += 1
                    if taken == count:
                        best = column
            if best < 0:
                break
            self.common[count] = best
            count += 1
        return count

    def fill(self, begin):
        """Decode the lines of a block at the widths that lines near it speak for most.

        False where the seams of a token are missing.
        """
        line: cython.Py_ssize_t
        index: cython.Py_ssize_t
        column: cython.Py_ssize_t
        count: cython.Py_ssize_t = self.vote(begin)
        leads: cython.bint = (
            count > 1 and self.votes[self.common[0]] < LEAD * self.votes[self.common[1]]
        )
        for line in range(begin, min(begin + NEAR, self.line_places.shape[0])):
            for index in range(count):
                column = self.common[index]
                if (
                    self.tried[line, column] == UNTRIED
                    and self.length_of(line) >= FIRST + column
                    and not self.attempt(line, column, FILLED)
                ):
                    return False
                if leads and self.is_clear(line, column):
                    break
        return True

    @takes_arrays
    def try_widths(
        self,
        suspicious: cython.const[cython.longlong][::1],
        odds: cython.double[:, ::1],
        breaks: cython.int[:, ::1],
        tried: cython.uchar[:, ::1],
    ) -> bool:
        """Find out what the widths worth trying make of the lines; False for a missing token.

        Called again once its seams are known, it goes by what it has tried. `suspicious` counts
        the tokens of each line that are likelier parted than whole; `odds`, `breaks` and `tried`
        (lines, widths) are of each line at each width.
        """
        begin: cython.Py_ssize_t
        line: cython.Py_ssize_t
        turn: cython.Py_ssize_t
        lines: cython.Py_ssize_t = self.line_places.shape[0]
        done: cython.bint = True
        self.suspicious = suspicious
        self.line_odds = odds
        self.line_breaks = breaks
        self.tried = tried
        self.one = self.two = -1
        with cython.nogil:
            begin = 0
            while begin < lines and done:
                # A few lines are enough to tell the width.
                line = -1
                for turn in range(MAX_SCANNED):
                    line = self.next_telling(begin, min(begin + NEAR, lines), line)
                    if line < 0:
                        break
                    if not self.scan(line):
                        done = False
                        break
                begin += NEAR
            begin = 0
            while begin < lines and done:
                done = self.fill(begin)
                begin += NEAR
        return done

    @takes_arrays
    def choose(self, came: cython.uchar[:, ::1], chosen: cython.longlong[::1]) -> cython.Py_ssize_t:
        """Write the likeliest sequence of widths (0: not wrapped); return how many are not 0.

        Viterbi; state 0 is "not wrapped". `came` (lines, widths + 1) is room to work in.
        """
        line: cython.Py_ssize_t
        column: cython.Py_ssize_t
        state: cython.Py_ssize_t
        other: cython.Py_ssize_t
        top: cython.Py_ssize_t
        gain: cython.double
        entered: cython.double
        free: cython.double
        before: cython.double
        found: cython.Py_ssize_t = 0
        states: cython.Py_ssize_t = 1
        lines: cython.Py_ssize_t = self.line_places.shape[0]
        with cython.nogil:
            for column in range(COUNT):
                for line in range(lines):
                    if self.is_decoded(line, column) and self.line_odds[line, column] > 0.0:
                        self.columns[states] = column
                        states += 1
                        break
            self.scores[0] = 0.0
            for state in range(1, states):
                self.scores[state] = SWITCH_WIDTH
            for line in range(lines):
                top = 0
                for state in range(1, states):
                    if self.scores[state] > self.scores[top]:
                        top = state
                entered = self.scores[top] + SWITCH_WIDTH
                free = self.scores[top] + (LEAVE_WIDTH if top > 0 else 0.0)
                for state in range(states):
                    gain = 0.0
                    if state > 0:
                        column = self.columns[state]
                        if self.is_decoded(line, column):
                            gain = self.line_odds[line, column]
                        elif self.length_of(line) >= FIRST + column:
                            gain = NO_PATH
                    before = entered if state > 0 else free
                    if self.scores[state] >= before:
                        came[line, state] = state
                        self.scores[state] += gain
                    else:
                        came[line, state] = top
                        self.scores[state] = before + gain
            state = 0
            for other in range(1, states):
                if self.scores[other] > self.scores[state]:
                    state = other
            for line in range(lines - 1, -1, -1):
                chosen[line] = FIRST + self.columns[state] if state > 0 else 0
                found += state > 0
                state = came[line, state]
        return found

    @takes_arrays
    def trace(
        self,
        chosen: cython.const[cython.longlong][::1],
        nodes: cython.int[:, ::1],
        gains: cython.double[::1],
        first: cython.longlong[::1],
        places: cython.longlong[::1],
        odds: cython.double[::1],
    ) -> bool:
        """Write the breaks of each line at the width chosen for it; False where `nodes` is full.

        Those of line ``i`` go to ``places[first[i]:first[i + 1]]``, with places in the text.
        `nodes` (m, 2) and `gains` (m) are room for the paths.
        """
        line: cython.Py_ssize_t
        column: cython.Py_ssize_t
        node: cython.Py_ssize_t
        after: cython.Py_ssize_t
        count: cython.Py_ssize_t = 0
        room: cython.bint = True
        self.nodes = nodes
        self.gains = gains
        first[0] = 0
        with cython.nogil:
            for line in range(self.line_places.shape[0]):
                column = chosen[line] - FIRST
                if column >= 0 and self.is_decoded(line, column):
                    if self.decode(line, chosen[line], True) == FULL:
                        room = False
                        break
                    count += self.best_breaks
                    after = count
                    node = self.best_node
                    while node >= 0:
                        after -= 1
                        places[after] = self.line_places[line] + nodes[node, 1]
                        odds[after] = gains[node]
                        node = nodes[node, 0]
                first[line + 1] = count
        return room
