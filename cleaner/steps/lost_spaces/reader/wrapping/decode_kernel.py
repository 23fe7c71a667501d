# mypy: ignore-errors
"""The best path of lost line ends through one line at one width: the innermost of the wrap decode.

A token whose seams are not known is scored on the way.
"""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.steps.lost_spaces.wrapping.widths import BEAM_ODDS, BEAM_STATES, GIVE_UP

if not cython.compiled:
    from cleaner.steps.lost_spaces.reader.tokens_kernel import Tokens

INFINITY = float("inf")
# What comes of a decoding besides a path or none: the seams of a token are not known; no room.
MISSING, FULL = -1, -2


class Decoder(Tokens):
    """Decodes the lines of a stretch, one at a time.

    A state is a place where a line may start, with how many breaks led there and its odds.
    """

    def allot(self) -> None:
        if not cython.compiled:
            super().allot()
            self.state_place, self.state_breaks, self.state_node = [0] * 5, [0] * 5, [0] * 5
            self.state_odds, self.reached_odds = [0.0] * 5, [0.0] * 400
            self.reached_place, self.reached_from = [0] * 400, [0] * 400
            self.reached_seam = [0] * 400
            self.kept, self.kept_breaks, self.kept_node = [0] * 5, [0] * 5, [0] * 5

    @takes_arrays
    def hold_lines(
        self,
        places: cython.const[cython.longlong][::1],
        firsts: cython.const[cython.longlong][::1],
        starts: cython.const[cython.int][::1],
        ends: cython.const[cython.int][::1],
        numbers: cython.const[cython.int][::1],
    ) -> None:
        """Take up the lines of a stretch as `lay_lines` wrote them; `places` is where each starts.

        ``firsts`` has one more item than there are lines.
        """
        self.line_places = places
        self.firsts = firsts
        self.token_starts = starts
        self.token_ends = ends
        self.token_numbers = numbers

    def token_at(self, first, after, limit):
        """Return the token of a line that place `limit` is in or at the end of."""
        middle: cython.Py_ssize_t
        while first < after:
            middle = (first + after) >> 1
            if self.token_ends[middle] < limit:
                first = middle + 1
            else:
                after = middle
        return first

    def prune(self, reached, floor):
        """Choose the states to go on from; return how many.

        They are those within the beam in the order in which they were reached; the best of them,
        best first, where they are many.
        """
        other: cython.Py_ssize_t
        leader: cython.Py_ssize_t
        chosen: cython.Py_ssize_t
        taken: cython.Py_ssize_t
        near: cython.Py_ssize_t = 0
        for other in range(reached):
            if reached == 1 or self.reached_odds[other] >= floor:
                if near < BEAM_STATES:
                    self.kept[near] = other
                near += 1
        if near <= BEAM_STATES:
            return near
        for chosen in range(BEAM_STATES):
            leader = -1
            for other in range(reached):
                if not self.reached_odds[other] >= floor:
                    continue
                if leader >= 0 and (
                    self.reached_odds[other] < self.reached_odds[leader]
                    or (
                        self.reached_odds[other] == self.reached_odds[leader]
                        and self.reached_place[other] >= self.reached_place[leader]
                    )
                ):
                    continue
                taken = 0
                while taken < chosen and self.kept[taken] != other:
                    taken += 1
                if taken == chosen:
                    leader = other
            self.kept[chosen] = leader
        return BEAM_STATES

    def step(self, kept):
        """Go on from the states chosen, and keep their paths if asked to; False for no room."""
        chosen: cython.Py_ssize_t
        row: cython.Py_ssize_t
        for chosen in range(kept):
            row = self.reached_from[self.kept[chosen]]
            self.kept_breaks[chosen] = self.state_breaks[row] + 1
            self.kept_node[chosen] = self.state_node[row]
        for chosen in range(kept):
            row = self.kept[chosen]
            self.state_place[chosen] = self.reached_place[row]
            self.state_odds[chosen] = self.reached_odds[row]
            self.state_breaks[chosen] = self.kept_breaks[chosen]
            if self.traced < 0:
                continue
            if self.traced >= self.nodes.shape[0]:
                return False
            self.nodes[self.traced, 0] = self.kept_node[chosen]
            self.nodes[self.traced, 1] = self.reached_place[row]
            self.gains[self.traced] = self.seam_odds[self.reached_seam[row]]
            self.state_node[chosen] = self.traced
            self.traced += 1
        return True

    def decode(self, line, width, traced):
        """Find the best path through a line at `width`: 1 if there is one, else 0, MISSING or FULL.

        `best_odds` are its odds, `best_breaks` the number of its breaks and, where it is `traced`
        in `nodes`, `best_node` its last. Where a token is missing, it stands from `missing_start`
        to `missing_end` in the text.
        """
        state: cython.Py_ssize_t
        start: cython.Py_ssize_t
        limit: cython.Py_ssize_t
        token: cython.Py_ssize_t
        token_start: cython.Py_ssize_t
        index: cython.Py_ssize_t
        seam: cython.Py_ssize_t
        place: cython.Py_ssize_t
        other: cython.Py_ssize_t
        reached: cython.Py_ssize_t
        number: cython.int
        odds: cython.double
        total: cython.double
        top: cython.double
        first: cython.Py_ssize_t = self.firsts[line]
        after: cython.Py_ssize_t = self.firsts[line + 1]
        line_place: cython.Py_ssize_t = self.line_places[line]
        end: cython.Py_ssize_t = self.token_ends[after - 1]
        has_best: cython.bint = False
        best: cython.double = 0.0
        states: cython.Py_ssize_t = 1
        self.best_odds = 0.0
        self.best_breaks = 0
        self.best_node = -1
        if end < width:
            return 1
        self.traced = 0 if traced else -1
        self.state_place[0] = 0
        self.state_breaks[0] = 0
        self.state_node[0] = -1
        self.state_odds[0] = 0.0
        while states > 0:
            reached = 0
            top = -INFINITY
            for state in range(states):
                start = self.state_place[state]
                odds = self.state_odds[state]
                if end - start <= width:
                    if not has_best or odds > best:
                        has_best = True
                        best = odds
                        self.best_breaks = self.state_breaks[state]
                        self.best_node = self.state_node[state]
                    if end - start < width:
                        continue
                limit = start + width
                token = self.token_at(first, after, limit)
                token_start = self.token_starts[token]
                if token_start < start:
                    token_start = start
                    number = self.number_of_known(
                        line_place + start, line_place + self.token_ends[token]
                    )
                else:
                    number = self.token_numbers[token]
                if number < 0 or self.seams_count[number] < 0:
                    self.missing_start = line_place + token_start
                    self.missing_end = line_place + self.token_ends[token]
                    return MISSING
                seam = self.seams_at[number]
                for index in range(seam, seam + self.seams_count[number]):
                    place = token_start + self.seam_places[index]
                    total = odds + self.seam_odds[index]
                    if place > limit:
                        break
                    if total < top - BEAM_ODDS:
                        continue
                    other = 0
                    while other < reached and self.reached_place[other] != place:
                        other += 1
                    if other == reached:
                        reached += 1
                    elif not total > self.reached_odds[other]:
                        continue
                    self.reached_place[other] = place
                    self.reached_from[other] = state
                    self.reached_seam[other] = index
                    self.reached_odds[other] = total
                    top = max(top, total)
            if top < GIVE_UP:
                break
            states = self.prune(reached, top - BEAM_ODDS)
            if not self.step(states):
                return FULL
        if not has_best or best < GIVE_UP:
            return 0
        self.best_odds = best
        return 1

    def decode_scoring(self, line, width):
        """Decode a line, and score the tokens met whose seams are not known, while that can be."""
        found: cython.int
        while True:
            found = self.decode(line, width, False)
            if found != MISSING or not self.score_token(self.missing_start, self.missing_end):
                return found
