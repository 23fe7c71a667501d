# mypy: ignore-errors
"""The tokens of texts, each by a number, and what is known of each: its kind and its seams.

A token is known by the 64-bit hash of its code points; two of one hash would count as one.
"""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.steps.lost_spaces.reader.codes import MAX_TOKEN
from cleaner.steps.lost_spaces.words.hashing import BASE as FACTOR
from cleaner.steps.lost_spaces.words.hashing import MASK
from cleaner.steps.lost_spaces.words.hashing import MIXER as FINISH

if not cython.compiled:
    from cleaner.steps.lost_spaces.reader.sieve_kernel import Sieve


def add(value, code):
    """Return the running hash of a token with one code point more."""
    value = (value ^ code) * FACTOR & MASK
    return value ^ (value >> 32)


def finish(value, length):
    """Return the hash of a token from the running one and the number of its code points."""
    value = (value ^ length) * FINISH & MASK
    return value ^ (value >> 29)


class Tokens(Sieve):
    """Numbers for tokens; all arrays are those that `hold` and `hold_seams` were given.

    `known` tokens have a number, and `filled` places hold seams. `survey` tells how many tokens it
    `met`, the place `at` which it stopped and how many of the tokens written are `fresh`: of no
    known kind.
    """

    @takes_arrays
    def hold(
        self,
        slots: cython.int[::1],
        hashes: cython.ulonglong[::1],
        kinds: cython.ushort[::1],
        seams_at: cython.longlong[::1],
        seams_count: cython.int[::1],
        known: cython.Py_ssize_t,
    ) -> None:
        """Keep tokens in longer arrays from now on, of which the first `known` are there.

        `slots` (a power of two, all -1) is the table of numbers; the others go by number. A token
        whose seams are not known has a count of -1.
        """
        number: cython.Py_ssize_t
        slot: cython.Py_ssize_t
        mask: cython.Py_ssize_t = slots.shape[0] - 1
        self.slots = slots
        self.hashes = hashes
        self.kinds = kinds
        self.seams_at = seams_at
        self.seams_count = seams_count
        self.known = known
        with cython.nogil:
            for number in range(known):
                slot = hashes[number] & cython.cast(cython.ulonglong, mask)
                while slots[slot] >= 0:
                    slot = (slot + 1) & mask
                slots[slot] = number

    @takes_arrays
    def hold_seams(
        self, places: cython.int[::1], odds: cython.double[::1], filled: cython.Py_ssize_t
    ) -> None:
        """Keep seams in longer arrays from now on, of which the first `filled` are there."""
        self.seam_places = places
        self.seam_odds = odds
        self.filled = filled

    @takes_arrays
    def hold_spaces(self, spaces: cython.const[cython.uchar][::1]) -> None:
        """Go by a table of what parts tokens, by code point up to the last of them."""
        self.spaces = spaces

    def hash_of(self, start, end):
        """Return the hash of ``codes[start:end]``."""
        place: cython.Py_ssize_t
        value: cython.ulonglong = 0
        for place in range(start, end):
            value = add(value, self.codes[place])
        return finish(value, end - start)

    def number_of_hash(self, value):
        """Return the number of the token with this hash, a new one where it has none."""
        mask: cython.ulonglong = self.slots.shape[0] - 1
        slot: cython.ulonglong = value & mask
        number: cython.int
        while True:
            number = self.slots[slot]
            if number < 0:
                number = self.known
                self.slots[slot] = number
                self.hashes[number] = value
                self.known += 1
                return number
            if self.hashes[number] == value:
                return number
            slot = (slot + 1) & mask

    def number_of_known(self, start, end):
        """Return the number of the token ``codes[start:end]``, or -1."""
        value: cython.ulonglong = self.hash_of(start, end)
        mask: cython.ulonglong = self.slots.shape[0] - 1
        slot: cython.ulonglong = value & mask
        number: cython.int
        while True:
            number = self.slots[slot]
            if number < 0 or self.hashes[number] == value:
                return number
            slot = (slot + 1) & mask

    def score_token(self, start, end):
        """Find the seams of the token ``codes[start:end]``; whether that could be done here."""
        index: cython.Py_ssize_t
        count: cython.Py_ssize_t = 0
        number: cython.int
        if (
            self.known >= self.hashes.shape[0] - 1
            or self.filled + MAX_TOKEN > self.seam_places.shape[0]
        ):
            return False
        if end - start <= MAX_TOKEN:
            if not self.describe(start, end):
                return False
            count = self.score(0, end - start)
        for index in range(count):
            self.seam_places[self.filled + index] = self.places[index]
            self.seam_odds[self.filled + index] = self.odds[index]
        number = self.number_of_hash(self.hash_of(start, end))
        self.seams_at[number] = self.filled
        self.seams_count[number] = count
        self.filled += count
        return True

    @takes_arrays
    def set_seams(
        self,
        start: cython.Py_ssize_t,
        end: cython.Py_ssize_t,
        places: cython.const[cython.int][::1],
        odds: cython.const[cython.double][::1],
    ) -> None:
        """Note the seams of the token ``codes[start:end]``; there must be room for both."""
        index: cython.Py_ssize_t
        number: cython.int = self.number_of_hash(self.hash_of(start, end))
        for index in range(places.shape[0]):
            self.seam_places[self.filled + index] = places[index]
            self.seam_odds[self.filled + index] = odds[index]
        self.seams_at[number] = self.filled
        self.seams_count[number] = places.shape[0]
        self.filled += places.shape[0]

    @takes_arrays
    def survey(
        self,
        at: cython.Py_ssize_t,
        passed: cython.ushort,
        starts: cython.longlong[::1],
        ends: cython.longlong[::1],
        numbers: cython.int[::1],
    ) -> cython.Py_ssize_t:
        """Write the tokens of ``codes[at:]`` of no kind that is `passed`; return how many.

        The kinds of tokens seen for the first time are found out. It stops where the arrays or the
        table have no more room.
        """
        start: cython.Py_ssize_t
        size: cython.Py_ssize_t = self.codes.shape[0]
        room: cython.Py_ssize_t = starts.shape[0]
        most: cython.Py_ssize_t = self.hashes.shape[0] - 1
        top: cython.uint = self.spaces.shape[0]
        found: cython.Py_ssize_t = 0
        met: cython.Py_ssize_t = 0
        code: cython.uint
        number: cython.int
        kind: cython.ushort
        value: cython.ulonglong
        self.fresh = 0
        with cython.nogil:
            while at < size:
                code = self.codes[at]
                if code < top and self.spaces[code]:
                    at += 1
                    continue
                if found >= room or self.known >= most:
                    break
                start = at
                value = 0
                while True:
                    value = add(value, code)
                    at += 1
                    if at >= size:
                        break
                    code = self.codes[at]
                    if code < top and self.spaces[code]:
                        break
                number = self.number_of_hash(finish(value, at - start))
                met += 1
                kind = self.kinds[number]
                if kind == 0:
                    kind = self.classify_token(start, at)
                    self.kinds[number] = kind
                if not kind & passed:
                    self.fresh += kind == 0
                    starts[found] = start
                    ends[found] = at
                    numbers[found] = number
                    found += 1
        self.met = met
        self.at = at
        return found

    @takes_arrays
    def lay_lines(
        self,
        begin: cython.Py_ssize_t,
        end: cython.Py_ssize_t,
        firsts: cython.longlong[::1],
        starts: cython.int[::1],
        ends: cython.int[::1],
        numbers: cython.int[::1],
    ) -> bool:
        """Write the tokens, parted by single spaces, of the lines ``codes[begin:end]``.

        Places count from the start of the line; ``firsts[i]`` is the first token of line ``i``, and
        one more the number of all. False where the table has no room.
        """
        place: cython.Py_ssize_t
        most: cython.Py_ssize_t = self.hashes.shape[0] - 1
        count: cython.Py_ssize_t = 0
        line: cython.Py_ssize_t = 0
        line_start: cython.Py_ssize_t = begin
        start: cython.Py_ssize_t = begin
        code: cython.uint
        value: cython.ulonglong = 0
        room: cython.bint = True
        firsts[0] = 0
        with cython.nogil:
            for place in range(begin, end + 1):
                code = self.codes[place] if place < end else 10
                if code not in {32, 10}:
                    value = add(value, code)
                    continue
                if self.known >= most:
                    room = False
                    break
                starts[count] = start - line_start
                ends[count] = place - line_start
                numbers[count] = self.number_of_hash(finish(value, place - start))
                count += 1
                start = place + 1
                value = 0
                if code == 10:
                    line += 1
                    firsts[line] = count
                    line_start = start
        return room
