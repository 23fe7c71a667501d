# mypy: ignore-errors
"""The cheap part of `examine`: most tokens that nothing speaks against end here.

What cannot be told here is left to Python, so a verdict is always that of `TokenClassifier`.
"""

from __future__ import annotations

import cython

from cleaner.steps.lost_spaces.odds import (
    FAMILIAR,
    KNOWN,
    LISTED,
    MAX_LISTED_LENGTH,
    MIN_LENGTH,
    MIN_LISTED_ODDS,
    MIN_SPLIT_ODDS,
    MIN_SUSPICIOUS_LENGTH,
    MIN_SUSPICIOUS_ODDS,
    SUSPICIOUS_KNOWN,
)
from cleaner.steps.lost_spaces.reader.codes import (
    APOSTROPHE,
    CLOSES,
    CLOSING,
    CODE,
    DIGIT,
    DULL,
    EDGE,
    ENDS,
    HAS_CAMEL,
    LETTER,
    LOWER,
    ODD,
    OPENS,
    PLAIN,
    QUOTES,
    SUSPICIOUS,
    UNFOUND,
    UNKNOWN,
    UNLESS_CODE,
    UNSUSPICIOUS,
    UPPER,
    WORDLESS,
)

if not cython.compiled:
    from cleaner.steps.lost_spaces.reader.words.parts_kernel import Parts

INFINITY = float("inf")
INFLECTION = 3
# What `boundary` looks at: letters behind a very common word, opening and ending marks, digits.
MIN_LONG, MAX_OPENING, MAX_ENDING, MIN_YEAR = 3, 2, 3, 4


class Sieve(Parts):
    """What tokens are taken for."""

    def is_inflected(self, start, end):
        """Whether a stretch is a listed word with an apostrophe, or hyphenated from such words."""
        place: cython.Py_ssize_t
        small: cython.Py_ssize_t
        ending: cython.Py_ssize_t
        while True:
            place = start
            if place < end and self.kind[place] & UPPER:
                place += 1
            small = place
            while place < end and self.kind[place] & LOWER:
                place += 1
            if place == small:
                return False
            if place < end and self.kind[place] & APOSTROPHE:
                place += 1
                ending = place
                while place < end and self.kind[place] & LOWER:
                    place += 1
                if not 1 <= place - ending <= INFLECTION:
                    return False
            if place < end and self.normal[place] != ord("-"):
                return False
            if self.logp_of(start, place) < FAMILIAR:
                return False
            if place == end:
                return True
            start = place + 1

    def is_plain(self, start, end):
        """Return whether the token with this core is plain, as `TokenClassifier.is_plain` does."""
        place: cython.Py_ssize_t
        size: cython.Py_ssize_t = end - start
        capitals: cython.Py_ssize_t
        small: cython.Py_ssize_t = 0
        logp: cython.double
        letters: cython.Py_ssize_t = self.letters[end] - self.letters[start]
        self.best = INFINITY
        if letters == 0:
            return True
        if letters < size:
            return self.is_inflected(start, end)
        capitals = self.cased[end] - self.cased[start]
        for place in range(start, end):
            small += (self.kind[place] & LOWER) != 0
        # All small, all but the first small, all capitals; letters without case are between.
        if (
            not (capitals == 0 and small > 0)
            and not (
                self.cased[end] == self.cased[start + 1]
                and small > ((self.kind[start] & LOWER) != 0)
            )
            and not (small == 0 and capitals > 0)
        ):
            return False
        logp = self.logp_of_small(start, end)
        if logp >= FAMILIAR or size < MIN_LENGTH or (logp >= KNOWN and size > MAX_LISTED_LENGTH):
            return True
        self.best = self.best_seam(start, end)
        return self.best < (MIN_LISTED_ODDS if logp >= KNOWN else MIN_SPLIT_ODDS)

    def may_change_case(self, place, end):
        """Whether `boundary` may take the capital at `place`, behind a small letter, as a start."""
        start: cython.Py_ssize_t
        stop: cython.Py_ssize_t
        other: cython.Py_ssize_t
        for other in range(1, end):
            if other != place and self.kind[other - 1] & LOWER and self.kind[other] & UPPER:
                return False
        start = place
        while start > 0 and self.kind[start - 1] & (LETTER | APOSTROPHE):
            start -= 1
            if self.kind[start] & UPPER:
                break
        stop = place + 1
        while (
            stop < end and self.kind[stop] & (LETTER | APOSTROPHE) and not self.kind[stop] & UPPER
        ):
            stop += 1
        return self.logp_of(start, place) > LISTED and (
            stop - place > MIN_LONG or self.logp_of(place, stop) > LISTED
        )

    def may_sever(self, start, end):
        """Whether marks from `start` to `end`, between letters or digits, may have lost a space."""
        place: cython.Py_ssize_t
        first: cython.uint = self.kind[start]
        before: cython.uint = self.kind[start - 1]
        after: cython.uint = self.kind[end]
        if self.kind[end - 1] & CLOSES and after & LETTER:
            return True
        if first & OPENS and before & LOWER and end - start <= MAX_OPENING:
            return True
        if self.normal[start] == ord(":"):
            return end - start == 1 and before & LOWER and after & LETTER
        if not (first & ENDS and before & after & LETTER and end - start <= MAX_ENDING):
            return False
        if (
            self.normal[start] != ord(",")
            and self.normal[start] != ord(";")
            and not (before & LOWER and after & UPPER)
        ):
            return False
        place = start + 1
        while place < end and self.kind[place] & QUOTES:
            place += 1
        return place == end

    def may_have_boundary(self, end):
        """Whether any pattern of `boundary` may match in the token."""
        place: cython.Py_ssize_t
        left: cython.uint
        right: cython.uint
        after: cython.uint
        third: cython.uint
        before: cython.uint
        first: cython.int = self.normal[0]
        last: cython.int = self.normal[end - 1]
        # Where the marks in front of a place start, behind a letter or a digit.
        run: cython.Py_ssize_t = -1
        if first == ord("–") or first == ord("&") or last == ord("–") or last == ord("&"):
            return True
        for place in range(1, end):
            left = self.kind[place - 1]
            right = self.kind[place]
            after = self.kind[place + 1] if place + 1 < end else 0
            third = self.kind[place + 2] if place + 2 < end else 0
            before = self.kind[place - 2] if place >= 2 else 0
            if left & LOWER and right & UPPER and self.may_change_case(place, end):
                return True
            if left & right & UPPER and after & LOWER:
                return True
            if right & DIGIT and left & LETTER and (left & before & LOWER or after & third & DIGIT):
                return True
            if (
                left & DIGIT
                and right & after & LOWER
                and (third & LOWER or (place >= MIN_YEAR and before & DIGIT))
            ):
                return True
            if (
                left & APOSTROPHE
                and right & after & before & LOWER
                and self.normal[place - 2] == ord("s")
            ):
                return True
            if right & (LETTER | DIGIT):
                if not left & (LETTER | DIGIT):
                    if run < 0:
                        # Nothing but marks stands before.
                        if place > 1 and left & CLOSES:
                            return True
                    elif self.may_sever(run, place):
                        return True
            elif left & (LETTER | DIGIT):
                run = place
        return False

    def is_evidence(self, end):
        """Whether the token is surely no code, nor quoted as a name of a program is."""
        place: cython.Py_ssize_t
        kind: cython.uint
        after: cython.uint
        code: cython.int
        if self.normal[0] == ord("'") or self.normal[0] == ord('"'):
            return False
        for place in range(end):
            kind = self.kind[place]
            code = self.normal[place]
            after = self.kind[place + 1] if place + 1 < end else 0
            if kind & CODE or (code == ord("(") and place > 0):
                return False
            if code == ord(".") and (
                after & LETTER or (place > 0 and self.kind[place - 1] & CLOSING)
            ):
                return False
            if code == ord(":") and place + 1 < end and self.normal[place + 1] == ord(":"):
                return False
            if kind & LOWER and after & UPPER and self.traits & HAS_CAMEL:
                return False
        return True

    def verdict(self, end):
        """Return what the described token is taken for."""
        suspicious: cython.bint
        verdict: cython.uchar
        first: cython.Py_ssize_t = 0
        last: cython.Py_ssize_t = end
        while first < last and self.kind[first] & EDGE:
            first += 1
        while first < last and self.kind[last - 1] & EDGE:
            last -= 1
        if self.is_plain(first, last):
            return PLAIN
        suspicious = end > MIN_SUSPICIOUS_LENGTH and self.logp_of(0, end) < SUSPICIOUS_KNOWN
        if suspicious and (self.best == INFINITY or last - first < end):
            self.best = self.best_seam(0, end)
        if not (suspicious and self.best > MIN_SUSPICIOUS_ODDS):
            verdict = ODD | UNSUSPICIOUS
        elif self.is_evidence(end):
            verdict = ODD | SUSPICIOUS
        else:
            verdict = ODD | UNLESS_CODE
        if self.has_words(end):
            return verdict
        if self.may_have_boundary(end):
            return verdict | WORDLESS
        return verdict | (DULL if verdict & UNSUSPICIOUS else UNFOUND)

    def classify_token(self, start, end):
        """Return what the token ``codes[start:end]`` is taken for, or UNKNOWN."""
        return self.verdict(end - start) if self.describe(start, end) else UNKNOWN
