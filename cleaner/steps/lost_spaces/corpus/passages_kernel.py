# mypy: ignore-errors
"""The keys of gaps between words, and whether a corpus has them: what `passages` goes by."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.steps.lost_spaces.reader.codes import WINDOW
from cleaner.steps.lost_spaces.words.hashing import BASE, INVERSE, MASK, MIXER

# A window has so many letters on both sides of a gap together.
SIZE = 2 * WINDOW
HALF = WINDOW
REACH = 4 * WINDOW
# How far the place of a key among evenly spread ones is first taken to be from what it is.
NEAR = 512


def key_of(total):
    """Return the key of the letters that were summed up, each times a power of `BASE`."""
    key: cython.ulonglong = (total ^ (total >> 31)) * MIXER & MASK
    return key ^ (key >> 29)


def holds(keys, key):
    """Whether the sorted, evenly spread `keys` hold a key."""
    last: cython.Py_ssize_t = keys.shape[0] - 1
    step: cython.Py_ssize_t = NEAR
    low: cython.Py_ssize_t
    high: cython.Py_ssize_t
    middle: cython.Py_ssize_t
    share: cython.double
    if key > keys[last]:
        return False
    share = cython.cast(cython.double, key) / cython.cast(cython.double, keys[last])
    low = min(cython.cast(cython.Py_ssize_t, share * last), last)
    high = low
    while low > 0 and keys[low] > key:
        low = max(0, low - step)
        step *= 2
    step = NEAR
    while high < last and keys[high] < key:
        high = min(last, high + step)
        step *= 2
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return keys[low] == key


class Gaps:
    """Slides a window of letters over a text.

    `folded` gives for a code point the letter or digit that it counts as (0: none), `is_space`
    whether it is white space; both are as long.
    """

    def __init__(
        self,
        folded: cython.const[cython.uint][::1],
        is_space: cython.const[cython.uchar][::1],
    ):
        place: cython.Py_ssize_t
        self.folded = folded
        self.is_space = is_space
        if not cython.compiled:
            self.powers, self.letters, self.places, self.spaced = ([0] * 40 for _ in range(4))
        self.powers[0] = 1
        for place in range(1, SIZE):
            self.powers[place] = self.powers[place - 1] * BASE & MASK

    def begin(self):
        self.total = 0
        self.count = 0
        self.after_space = False

    def slide(self, place):
        """Take in the character at `place`; whether it is a letter that makes the window full."""
        at: cython.Py_ssize_t
        letter: cython.ulonglong
        code: cython.uint = self.codes[place]
        if code >= self.folded.shape[0]:
            return False
        if self.is_space[code]:
            self.after_space = True
        letter = self.folded[code]
        if letter == 0:
            return False
        at = self.count % SIZE
        if self.count < SIZE:
            self.total = self.total + letter * self.powers[at] & MASK
        else:
            self.total = (self.total - self.letters[at]) * INVERSE & MASK
            self.total = self.total + letter * self.powers[SIZE - 1] & MASK
        self.letters[at] = letter
        self.places[at] = place
        self.spaced[at] = self.after_space
        self.after_space = False
        self.count += 1
        return self.count >= SIZE

    @takes_arrays
    def spaced_keys(
        self, codes: cython.const[cython.uint][::1], keys: cython.ulonglong[::1]
    ) -> cython.Py_ssize_t:
        """Write the keys of the gaps of a text with white space; return how many."""
        place: cython.Py_ssize_t
        found: cython.Py_ssize_t = 0
        self.codes = codes
        with cython.nogil:
            self.begin()
            for place in range(codes.shape[0]):
                if self.slide(place) and self.spaced[(self.count - HALF) % SIZE]:
                    keys[found] = key_of(self.total)
                    found += 1
        return found

    @takes_arrays
    def known_gaps(
        self,
        codes: cython.const[cython.uint][::1],
        spans: cython.const[cython.longlong][:, ::1],
        keys: cython.const[cython.ulonglong][::1],
        places: cython.longlong[::1],
    ) -> cython.Py_ssize_t:
        """Write the places inside the spans where the corpus has a space; return how many."""
        span: cython.Py_ssize_t
        place: cython.Py_ssize_t
        right: cython.Py_ssize_t
        found: cython.Py_ssize_t = 0
        self.codes = codes
        with cython.nogil:
            for span in range(spans.shape[0]):
                self.begin()
                for place in range(
                    max(0, spans[span, 0] - REACH), min(codes.shape[0], spans[span, 1] + REACH)
                ):
                    if not self.slide(place):
                        continue
                    right = self.places[(self.count - HALF) % SIZE]
                    if right >= spans[span, 1]:
                        break
                    if (
                        right > spans[span, 0]
                        and not self.spaced[(self.count - HALF) % SIZE]
                        and holds(keys, key_of(self.total))
                    ):
                        places[found] = right
                        found += 1
        return found


@takes_arrays
def gaps_by(
    folded: cython.const[cython.uint][::1], is_space: cython.const[cython.uchar][::1]
) -> Gaps:
    return Gaps(folded, is_space)
