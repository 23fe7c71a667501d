# mypy: ignore-errors
"""Lost line ends asked about again, with the words of the text: what `rescore_breaks` says."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.steps.lost_spaces.odds import LAST_RESORT, MARGIN, MIN_OWN_WORD, OWN_WORD, SURE
from cleaner.steps.lost_spaces.reader.codes import EDGE, MAX_TOKEN

if not cython.compiled:
    from cleaner.steps.lost_spaces.reader.wrapping.widths_kernel import Widths

INFINITY = float("inf")


def is_gap(code):
    return code in {32, 10}


class Reader(Widths):
    """Reads the texts of one language: all that the classes before it do, and a second look."""

    def close(self) -> None:
        """Let go of the text and of what lay beside it; what is known of tokens stays."""
        self.codes = None
        self.line_places = self.firsts = self.suspicious = None
        self.token_starts = self.token_ends = self.token_numbers = None
        self.line_odds = self.line_breaks = self.tried = None
        self.nodes = self.gains = None

    def is_edge(self, code):
        return code < self.known_characters and (self.characters[2 * code] & EDGE) != 0

    def hash_of_word(self, start, end):
        """Return the hash of `seams.strip_clitic` of ``codes[start:end]``, 0 for a short one."""
        while start < end and self.is_edge(self.codes[start]):
            start += 1
        while start < end and self.is_edge(self.codes[end - 1]):
            end -= 1
        if end - start >= 2 and self.codes[end - 1] == ord("s") and self.codes[end - 2] == ord("’"):
            end -= 2
        if end - start >= 2 and self.codes[end - 1] == ord("s") and self.codes[end - 2] == ord("'"):
            end -= 2
        return self.hash_of(start, end) | 1 if end - start >= MIN_OWN_WORD else 0

    def slot_of_own(self, value):
        """Return the slot of a hash among the words of the text, or a free one."""
        mask: cython.ulonglong = self.own.shape[0] - 1
        slot: cython.ulonglong = (value >> 1) & mask
        while self.own[slot] != 0 and self.own[slot] != value:
            slot = (slot + 1) & mask
        return slot

    def own_odds(self, first, start, end):
        """Return what a part of the token at `first` gains where it stands elsewhere as a word."""
        value: cython.ulonglong = self.hash_of_word(first + start, first + end)
        if value == 0 or self.own[self.slot_of_own(value)] == 0:
            return 0.0
        return max(0.0, OWN_WORD - self.logp_of(start, end))

    @takes_arrays
    def rescore_breaks(
        self,
        places: cython.longlong[::1],
        odds: cython.double[::1],
        own: cython.ulonglong[::1],
        left: cython.uchar[::1],
    ) -> cython.Py_ssize_t:
        """Move the breaks at `places` as `rescore_breaks` does; return how many are `left`.

        Those are of tokens that Python must judge. `own` is a free table (a power of two) for the
        words of the text, at least half as long as that.
        """
        index: cython.Py_ssize_t
        seam: cython.Py_ssize_t
        seams: cython.Py_ssize_t
        place: cython.Py_ssize_t
        first: cython.Py_ssize_t
        last: cython.Py_ssize_t
        best: cython.Py_ssize_t
        middle: cython.Py_ssize_t
        best_odds: cython.double
        mine: cython.double
        total: cython.double
        value: cython.ulonglong
        size: cython.Py_ssize_t = self.codes.shape[0]
        count: cython.Py_ssize_t = places.shape[0]
        found: cython.Py_ssize_t = 0
        self.own = own
        with cython.nogil:
            first = 0
            for place in range(size + 1):
                if place == size or is_gap(self.codes[place]):
                    value = self.hash_of_word(first, place)
                    if value != 0:
                        own[self.slot_of_own(value)] = value
                    first = place + 1
            for index in range(count):
                if odds[index] >= SURE:
                    continue
                place = places[index]
                first = place
                while (
                    first > 0 and not is_gap(self.codes[first - 1]) and place - first <= MAX_TOKEN
                ):
                    first -= 1
                last = place
                while last < size and not is_gap(self.codes[last]) and last - first <= MAX_TOKEN:
                    last += 1
                if last - first > MAX_TOKEN:
                    continue
                if index > 0 and places[index - 1] > first:
                    continue
                if index + 1 < count and places[index + 1] < last:
                    continue
                if not self.describe(first, last):
                    left[index] = 1
                    found += 1
                    continue
                best = 0
                best_odds = -INFINITY
                mine = odds[index]
                seams = self.score(0, last - first)
                for seam in range(seams):
                    if self.odds[seam] <= LAST_RESORT:
                        continue
                    middle = self.places[seam]
                    total = self.own_odds(first, 0, middle)
                    total += self.own_odds(first, middle, last - first)
                    total += self.odds[seam]
                    if total > best_odds:
                        best = middle
                        best_odds = total
                    if middle == place - first:
                        mine = total
                if best > 0 and best_odds >= mine + MARGIN:
                    places[index] = first + best
                    odds[index] = best_odds
        self.own = None
        return found


@takes_arrays
def reader(
    entries: cython.const[cython.ulonglong][::1],
    starts: cython.const[cython.uint][::1],
    values: cython.const[cython.double][::1],
    characters: cython.const[cython.int][::1],
    traits: cython.longlong,
) -> Reader:
    """Return a reader (see `Words`)."""
    return Reader(entries, starts, values, characters, traits)
