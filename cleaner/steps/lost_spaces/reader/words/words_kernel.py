# mypy: ignore-errors
"""How likely each stretch of a token is as a word: what `lexicon` says, for known characters.

Stretches are given by their first place in the token in hand and the place behind them.
"""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.steps.lost_spaces.odds import (
    BROKEN_WORD,
    CLITIC,
    MAX_COMPOUND,
    MAX_HYPHENATED,
    MIN_COMPONENT,
    NUMBER,
    PUNCTUATION,
    TITLED,
    UNKNOWN_BASE,
    UNKNOWN_PER_LETTER,
    UNTITLED,
)
from cleaner.steps.lost_spaces.odds import HYPHEN as HYPHEN_ODDS
from cleaner.steps.lost_spaces.reader.codes import (
    BROKEN,
    COMPOUNDS,
    DIGIT,
    ELIDES,
    ELISION,
    FRENCH_LONE,
    HYPHEN,
    LETTER,
    LINK,
    LONE,
    LONE_DASH,
    MAX_LINK,
    MAX_TOKEN,
    UPPER,
    WORD,
)
from cleaner.steps.lost_spaces.words.hashing import BASE, INVERSE, MASK, MIXER

INFINITY = float("inf")


def key_of(value, kind):
    """Return the key of a word from the hash of its characters and its kind; never 0."""
    key: cython.ulonglong = value ^ (kind << 56)
    key = (key ^ (key >> 32)) * MIXER & MASK
    return (key ^ (key >> 29)) | 1


def shift_of(starts):
    """Return how many bits of a key its bucket tells, in a table of so many buckets."""
    shift: cython.int = 1
    while (cython.cast(cython.Py_ssize_t, 1) << shift) < starts.shape[0]:
        shift += 1
    return shift


def place_of(entries, starts, shift, key):
    """Return the place of the value of a key in a table (see `wordlist_kernel`), or -1."""
    bucket: cython.Py_ssize_t = (key >> 1) & ((cython.cast(cython.ulonglong, 1) << (shift - 1)) - 1)
    at: cython.Py_ssize_t = starts[bucket]
    end: cython.Py_ssize_t = starts[bucket + 1]
    while at < end:
        if (entries[at] ^ key) >> shift == 0:
            return entries[at] & ((cython.cast(cython.ulonglong, 1) << shift) - 1)
        at += 1
    return -1


def opens_title(code):
    """Whether a capital may stand behind a character at the start of a word (see `lexicon`)."""
    return code in {
        ord("("), ord('"'), ord("'"), ord("‘"), ord("“"), ord("„"), ord("»"), ord("["),
    }  # fmt: skip


def is_ordinal(first, second):
    return (second == ord("d") and first in {ord("n"), ord("r")}) or (
        (first == ord("s") and second == ord("t")) or (first == ord("t") and second == ord("h"))
    )


class Words:
    """The words of a language, and the token in hand as these see it.

    `entries`, `starts` and `values` are a table of words (see `wordlist_kernel`), `characters` the
    classes and normal forms of characters (see `alphabet`), a row each.

    Of each character of the token: its class, and the character as word lists have it; up to each
    place: how many have a small form, how many are otherwise in word lists, how many are letters,
    and how many stand between spaces as words do; the running hash of the normal form, the powers
    that it is made with, and their inverses.
    """

    def __init__(
        self,
        entries: cython.const[cython.ulonglong][::1],
        starts: cython.const[cython.uint][::1],
        values: cython.const[cython.double][::1],
        characters: cython.const[cython.int][::1],
        traits: cython.longlong,
    ):
        place: cython.Py_ssize_t
        self.codes = None
        self.entries = entries
        self.starts = starts
        self.values = values
        self.shift = shift_of(starts)
        self.characters = characters
        self.known_characters = characters.shape[0] // 2
        self.traits = traits
        self.allot()
        self.cased[0] = self.changed[0] = self.letters[0] = 0
        self.alone[0] = self.alone_dash[0] = self.alone_french[0] = 0
        self.sums[0] = 0
        self.powers[0] = self.inverses[0] = 1
        for place in range(81):
            self.powers[place + 1] = self.powers[place] * BASE & MASK
            self.inverses[place + 1] = self.inverses[place] * INVERSE & MASK

    def allot(self) -> None:
        """Make the arrays that are parts of the object where this is compiled."""
        if not cython.compiled:
            self.kind, self.normal = [0] * 81, [0] * 81
            self.cased, self.changed, self.letters = [0] * 82, [0] * 82, [0] * 82
            self.alone, self.alone_dash, self.alone_french = [0] * 82, [0] * 82, [0] * 82
            self.sums, self.powers, self.inverses = [0] * 82, [0] * 82, [0] * 82

    @takes_arrays
    def read(self, codes: cython.const[cython.uint][::1]) -> None:
        """Take up a text, given as its code points; tokens are described by their places in it."""
        self.codes = codes

    def get(self, word: str, kind: cython.ulonglong = 0) -> float | None:
        """Return the log10 share of one word, or None for a word that is not listed."""
        place: cython.Py_ssize_t
        value: cython.ulonglong = 0
        power: cython.ulonglong = 1
        for character in word:
            value = value + power * ord(character) & MASK
            power = power * BASE & MASK
        place = place_of(self.entries, self.starts, self.shift, key_of(value, kind))
        return None if place < 0 else self.values[place]

    def begins_address(self, code, place):
        """Whether "//" or "www." ends with the character `code` at `place`."""
        if code == ord("/"):
            return place >= 1 and self.normal[place - 1] == ord("/")
        return (
            code == ord(".")
            and place >= 3
            and self.normal[place - 1] == ord("w")
            and self.normal[place - 2] == ord("w")
            and self.normal[place - 3] == ord("w")
        )

    def describe(self, start, end):
        """Take the token ``codes[start:end]`` in hand; whether it can be judged here.

        Addresses and tokens with characters that `alphabet` does not know cannot.
        """
        code: cython.Py_ssize_t
        normal: cython.int
        kind: cython.uint
        place: cython.Py_ssize_t
        after: cython.Py_ssize_t
        if end - start > MAX_TOKEN:
            return False
        for place in range(end - start):
            code = self.codes[start + place]
            if code >= self.known_characters:
                return False
            kind = self.characters[2 * code]
            if kind == 0:
                return False
            normal = self.characters[2 * code + 1]
            if self.begins_address(normal, place):
                return False
            after = place + 1
            self.kind[place] = kind
            self.normal[place] = normal
            self.cased[after] = self.cased[place] + ((kind & UPPER) != 0)
            self.changed[after] = self.changed[place] + (code != normal)
            self.letters[after] = self.letters[place] + ((kind & LETTER) != 0)
            self.alone[after] = self.alone[place] + ((kind & LONE) != 0)
            self.alone_dash[after] = self.alone_dash[place] + ((kind & LONE_DASH) != 0)
            self.alone_french[after] = self.alone_french[place] + ((kind & FRENCH_LONE) != 0)
            self.sums[after] = self.sums[place] + normal * self.powers[place] & MASK
        return True

    def share(self, start, end, kind):
        """Return the log10 share of a stretch among the words of a kind, or inf where none."""
        place: cython.Py_ssize_t
        value: cython.ulonglong = (self.sums[end] - self.sums[start]) * self.inverses[start] & MASK
        place = place_of(self.entries, self.starts, self.shift, key_of(value, kind))
        return INFINITY if place < 0 else self.values[place]

    def listed(self, start, end):
        """Return the log10 share of a listed word, or inf for another."""
        return self.share(start, end, WORD)

    def is_extra(self, kind, start, end):
        """Whether a stretch of the token is one of the further words of a kind."""
        return self.share(start, end, kind) <= 0.0

    def guess(self, size):
        """Return log10 of the probability of a word that the list lacks."""
        return UNKNOWN_BASE + UNKNOWN_PER_LETTER * size

    def word_of_letters(self, start, end):
        """Return `Lexicon.logp` of letters, in a language without compounds: listed or guessed."""
        logp: cython.double = self.share(start, end, WORD)
        return self.guess(end - start) if logp > 0.0 else logp

    def word(self, start, end):
        """Return the log10 share of a word, a possessive or an elided one; inf where none."""
        quote: cython.Py_ssize_t
        logp: cython.double = self.listed(start, end)
        if logp <= 0.0:
            return logp
        quote = start
        while quote < end and self.normal[quote] != ord("'"):
            quote += 1
        if quote == end:
            return INFINITY
        if (
            end - start >= 2
            and self.normal[end - 1] == ord("s")
            and self.normal[end - 2] == ord("'")
        ):
            logp = self.listed(start, end - 2)
            if logp <= 0.0:
                return logp + CLITIC
        if self.traits & ELIDES and self.is_extra(ELISION, start, quote):
            logp = self.listed(quote + 1, end)
            if logp <= 0.0:
                return logp + CLITIC
        return INFINITY

    def is_number(self, start, end):
        code: cython.int
        if start >= end or not self.kind[start] & DIGIT:
            return False
        while start < end:
            code = self.normal[start]
            if not (
                self.kind[start] & DIGIT or code == ord(".") or code == ord(",") or code == ord(":")
            ):
                break
            start += 1
        if end - start == 2 and is_ordinal(self.normal[start], self.normal[start + 1]):
            return True
        return end == start or (
            end - start == 1 and (self.normal[start] == ord("s") or self.normal[start] == ord("%"))
        )

    def hyphenated(self, start, end):
        """Return log10 of the probability of the parts between hyphens, or inf for below two."""
        after: cython.Py_ssize_t
        first: cython.Py_ssize_t
        last: cython.Py_ssize_t
        parts: cython.int = 0
        logp: cython.double
        together: cython.double = 0.0
        while start < end:
            after = start
            while after < end and not self.kind[after] & HYPHEN:
                after += 1
            first = start
            last = after
            while first < last and not self.kind[first] & (LETTER | DIGIT):
                first += 1
            while first < last and not self.kind[last - 1] & (LETTER | DIGIT):
                last -= 1
            start = after + 1
            if first == last:
                continue
            parts += 1
            logp = self.word(first, last)
            if logp > 0.0:
                logp = NUMBER if self.is_number(first, last) else self.guess(last - first)
            together += logp
        return together + HYPHEN_ODDS * (parts - 1) if parts > 1 else INFINITY

    def is_broken(self, start, end):
        """Whether punctuation that ends words has a letter right behind it."""
        place: cython.Py_ssize_t
        before: cython.Py_ssize_t
        for place in range(start + 2, end):
            if self.kind[place] & LETTER and self.kind[place - 1] & BROKEN:
                before = place - 1
                while before > start and self.kind[before] & BROKEN:
                    before -= 1
                if self.kind[before] & (LETTER | DIGIT):
                    return True
        return False

    def compound(self, start, end):
        """Return log10 of the probability of a compound of two listed words, or -inf."""
        place: cython.Py_ssize_t
        size: cython.Py_ssize_t
        first: cython.double
        last: cython.double
        best: cython.double = -INFINITY
        for place in range(start + MIN_COMPONENT, end - MIN_COMPONENT + 1):
            last = self.listed(place, end)
            if last > 0.0:
                continue
            first = self.listed(start, place)
            for size in range(1, MAX_LINK + 1):
                if first > 0.0 and self.is_extra(LINK, place - size, place):
                    first = self.listed(start, place - size)
            if first <= 0.0:
                best = max(best, first + last)
        return best

    def logp_of_small(self, start, end):
        """Return `Lexicon.logp` of the small form of a stretch of letters."""
        size: cython.Py_ssize_t
        logp: cython.double = self.listed(start, end)
        if logp <= 0.0:
            return logp
        size = end - start
        if self.traits & COMPOUNDS and size <= MAX_COMPOUND:
            return max(self.guess(size), self.compound(start, end) + UNTITLED)
        return self.guess(size)

    def is_titled(self, start, end):
        # The right single quote has the normal form of the straight one.
        while (
            start < end
            and opens_title(self.normal[start])
            and not (
                self.normal[start] == ord("'") and self.changed[start + 1] != self.changed[start]
            )
        ):
            start += 1
        return start < end and (self.kind[start] & UPPER) != 0

    def logp_of(self, start, end):
        """Return `Lexicon.logp` of a stretch of the token."""
        logp: cython.double
        titled: cython.double
        first: cython.Py_ssize_t = start
        last: cython.Py_ssize_t = end
        size: cython.Py_ssize_t
        if self.changed[end] == self.changed[start]:
            logp = self.listed(start, end)
            if logp <= 0.0:
                return logp
        while first < last and not self.kind[first] & (LETTER | DIGIT):
            first += 1
        while first < last and not self.kind[last - 1] & (LETTER | DIGIT):
            last -= 1
        if first == last:
            return PUNCTUATION
        logp = self.word(first, last)
        if logp <= 0.0:
            return logp
        size = last - first
        if not self.traits & COMPOUNDS and self.letters[last] - self.letters[first] == size:
            return self.guess(size)
        if self.is_number(first, last):
            return NUMBER
        logp = self.hyphenated(first, last)
        if logp < INFINITY:
            return min(MAX_HYPHENATED, max(logp, self.guess(size)))
        if self.is_broken(start, end):
            return self.guess(size) + BROKEN_WORD
        if self.traits & COMPOUNDS and size <= MAX_COMPOUND:
            titled = TITLED if self.is_titled(start, end) else UNTITLED
            return max(self.guess(size), self.compound(first, last) + titled)
        return self.guess(size)
