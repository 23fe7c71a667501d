# mypy: ignore-errors
"""Where the token in hand may part, and the odds of each seam: what `seams` says.

A stretch of the token is taken as a token of its own.
"""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.steps.lost_spaces.odds import (
    ACRONYM_SEAM,
    ARTICLE,
    CAPITALS_SEAM,
    CASE_SEAM,
    DASH_SEAM,
    DIGIT_SEAM,
    HYPHEN_SEAM,
    IMPOSSIBLE,
    LAST_RESORT,
    LONE_DASH_SEAM,
    LONE_SEAM,
    MIN_ODDS,
    MIN_WORD,
    MISSHAPEN,
    OPENING_SEAM,
    OWNER_SEAM,
    PUNCTUATION_SEAM,
    QUOTED_SEAM,
    SYMBOL_SEAM,
)
from cleaner.steps.lost_spaces.reader.codes import (
    APOSTROPHE,
    CLITIC,
    CLOSING,
    COMPOUNDS,
    DASH,
    DIGIT,
    EDGE,
    ELIDES,
    IS_ENGLISH,
    IS_FRENCH,
    JOINER,
    LETTER,
    LOW_QUOTED,
    LOWER,
    MARK,
    MAX_TOKEN,
    OPENING,
    OPENING_AFTER,
    STRANGE,
    UPPER,
)

if not cython.compiled:
    from cleaner.steps.lost_spaces.reader.words.words_kernel import Words

INFINITY = float("inf")


def stands_behind_a(code):
    """Whether an English word that begins so may follow "a": with a consonant."""
    return ord("b") <= code <= ord("z") and code not in {ord("e"), ord("i"), ord("o")}


def stands_behind_an(code):
    """Whether an English word that begins so may follow "an": with a vowel, or spelt so."""
    return ord("a") <= code <= ord("z") and code not in {
        ord("b"), ord("c"), ord("d"), ord("g"), ord("j"), ord("k"), ord("p"), ord("q"), ord("t"),
        ord("v"), ord("w"), ord("y"), ord("z"),
    }  # fmt: skip


class Seams(Words):
    """The seams of the token in hand."""

    def allot(self) -> None:
        if not cython.compiled:
            super().allot()
            self.places = [0] * 80
            self.odds = [0.0] * 80

    def case_surface(self, place, end):
        left: cython.uint
        if not self.kind[place] & UPPER:
            return 0.0
        left = self.kind[place - 1]
        if left & LOWER:
            return CASE_SEAM
        if left & UPPER:
            if place + 1 < end and self.kind[place + 1] & LOWER:
                return ACRONYM_SEAM
            return CAPITALS_SEAM
        return 0.0

    def is_year(self, place, end):
        """Whether four digits of 1900 to 2099 start at `place`, and no more."""
        century: cython.int
        digits: cython.uint
        if place + 4 > end or (place + 4 < end and self.kind[place + 4] & DIGIT):
            return False
        digits = self.kind[place] & self.kind[place + 1] & self.kind[place + 2]
        century = 10 * (self.normal[place] - ord("0")) + self.normal[place + 1] - ord("0")
        return digits & self.kind[place + 3] & DIGIT and century in {19, 20}

    def may_open(self, place):
        """Whether the quote at `place` is no right single one, whose normal form is straight."""
        return self.normal[place] == ord("‘") or (self.changed[place + 1] == self.changed[place])

    def surface(self, place, start, end):
        """Return `seams.seam_surface` of the token that is the stretch from `start` to `end`."""
        other: cython.Py_ssize_t
        left: cython.int
        right: cython.int
        left_kind: cython.uint = self.kind[place - 1]
        right_kind: cython.uint = self.kind[place]
        if left_kind & right_kind & LETTER:
            return self.case_surface(place, end)
        if left_kind & right_kind & DIGIT:
            for other in range(place, min(place + 4, end)):
                if not self.kind[other] & DIGIT:
                    return IMPOSSIBLE
            return DIGIT_SEAM
        left = self.normal[place - 1]
        right = self.normal[place]
        if self.traits & LOW_QUOTED:
            if left == ord("“"):
                left_kind = CLOSING
            if right == ord("“"):
                right_kind = CLOSING
        if self.traits & IS_FRENCH and (
            left == ord("«") or right in {ord("»"), ord("?"), ord("!"), ord(":"), ord(";")}
        ):
            return 0.0
        if right_kind & CLOSING or left_kind & OPENING:
            return IMPOSSIBLE
        if right_kind & OPENING_AFTER and (
            left_kind & (LETTER | DIGIT | CLOSING | APOSTROPHE) or left == ord("=")
        ):
            return OPENING_SEAM
        if right_kind & MARK and left_kind & CLOSING:
            return DASH_SEAM
        if (left_kind | right_kind) & DASH:
            return DASH_SEAM
        if (
            right == ord("-")
            and place + 1 < end
            and (self.kind[place + 1] & DIGIT or self.normal[place + 1] == ord("-"))
        ):
            return DASH_SEAM
        if left == ord("-") and place - 2 >= start and self.normal[place - 2] == ord("-"):
            return DASH_SEAM
        if left == ord("-") and right_kind & LETTER:
            return HYPHEN_SEAM
        if (
            left_kind & APOSTROPHE
            and right_kind & (LETTER | DIGIT)
            and place > start + 1
            and not self.traits & ELIDES
        ):
            left = self.normal[place - 2]
            if left in {ord("s"), ord("."), ord(","), ord("!"), ord("?")} and not (
                self.kind[place - 2] & UPPER
            ):
                return OWNER_SEAM
            return HYPHEN_SEAM
        if (
            right in {ord("‘"), ord("'")}
            and left_kind & LETTER
            and not self.traits & ELIDES
            and self.may_open(place)
        ):
            other = place + 1
            while other < end and self.kind[other] & LETTER:
                other += 1
            if other > place + 1 and not self.is_extra(CLITIC, place + 1, other):
                return QUOTED_SEAM
        if (
            left == ord("+")
            and right_kind & LETTER
            and place - 2 >= start
            and self.kind[place - 2] & DIGIT
        ):
            return 0.0
        if (left_kind | right_kind) & JOINER:
            return IMPOSSIBLE
        if left_kind & CLOSING:
            return self.behind_closing(place, start, end)
        return 0.0

    def behind_closing(self, place, start, end):
        """Return the surface of a seam behind a mark that closes."""
        right: cython.uint = self.kind[place]
        before: cython.uint = self.kind[place - 2] if place - 2 >= start else 0
        if right & DIGIT and before & DIGIT:
            if self.normal[place - 1] == ord(",") and self.is_year(place, end):
                return DASH_SEAM
            return IMPOSSIBLE
        if right & DIGIT and before & LETTER:
            return 0.0
        return PUNCTUATION_SEAM if right & LETTER else DASH_SEAM

    def is_misshapen(self, start, end):
        place: cython.Py_ssize_t
        for place in range(start, end - 1):
            kind: cython.uint = self.kind[place]
            after: cython.uint = self.kind[place + 1]
            if kind & LOWER and after & UPPER:
                return True
            if kind & after & UPPER and place + 2 < end and self.kind[place + 2] & LOWER:
                return True
        return False

    def form(self, place, start, end, cased):
        """Return log10 odds for the two parts from their letters: English articles, capitals."""
        first: cython.Py_ssize_t
        odds: cython.double = 0.0
        if self.traits & IS_ENGLISH and self.kind[place] & LETTER:
            first = start
            while first < place and self.kind[first] & EDGE:
                first += 1
            if place - first == 1 and self.normal[first] == ord("a"):
                if not stands_behind_a(self.normal[place]):
                    odds = ARTICLE
            elif (
                place - first == 2
                and self.normal[first] == ord("a")
                and self.normal[first + 1] == ord("n")
                and not stands_behind_an(self.normal[place])
            ):
                odds = ARTICLE
        if cased:
            if self.is_misshapen(start, place):
                odds += MISSHAPEN
            if self.is_misshapen(place, end):
                odds += MISSHAPEN
        return odds

    def is_listed(self, start, end):
        logp: cython.double = self.listed(start, end) if start < end else INFINITY
        return logp <= 0.0 and logp > MIN_WORD

    def has_word(self, place, start, end):
        """Whether the letters right before or right after a place are a listed word."""
        first: cython.Py_ssize_t = place
        last: cython.Py_ssize_t = place
        after: cython.Py_ssize_t
        while first > start and self.kind[first - 1] & LETTER:
            first -= 1
        while last < end and self.kind[last] & LETTER:
            last += 1
        after = last
        while after < end and self.kind[after] & (LETTER | APOSTROPHE):
            after += 1
        return (
            self.is_listed(first, place)
            or self.is_listed(place, last)
            or (after > last and self.is_listed(place, after))
        )

    def lone(self, surface, start, end):
        """Return the surface of a seam where one part stands between spaces as a word does."""
        size: cython.Py_ssize_t = end - start
        if self.alone[end] - self.alone[start] == size:
            if self.alone_dash[end] - self.alone_dash[start] == size:
                return LONE_DASH_SEAM
            return LONE_SEAM
        if self.traits & IS_FRENCH and self.alone_french[end] - self.alone_french[start] == size:
            return LONE_DASH_SEAM
        return surface

    def score_letters(self, first, last, start):
        """Find the seams of a token that has only letters between its edges."""
        place: cython.Py_ssize_t
        total: cython.double
        whole: cython.double = self.word_of_letters(first, last)
        least: cython.double = MIN_ODDS + whole
        cased: cython.bint = self.cased[last] != self.cased[first]
        mixed: cython.bint = self.cased[last] != self.cased[first + 1]
        count: cython.Py_ssize_t = 0
        for place in range(first + 1, last):
            total = self.word_of_letters(first, place) + self.word_of_letters(place, last)
            if cased:
                total += self.case_surface(place, last)
            if total > least:
                if mixed or place - first <= 2:
                    total += self.form(place, first, last, mixed)
                self.places[count] = place - start
                self.odds[count] = total - whole
                count += 1
        return count

    def score(self, start, end):
        """Find the seams of a stretch, as `Seams.splits` does; return how many there are."""
        place: cython.Py_ssize_t
        first: cython.Py_ssize_t = start
        last: cython.Py_ssize_t = end
        count: cython.Py_ssize_t = 0
        left: cython.uint
        right: cython.uint
        surface: cython.double
        total: cython.double
        whole: cython.double
        cased: cython.bint
        at_symbol: cython.bint
        if end - start < 2:
            return 0
        while first < last and self.kind[first] & EDGE:
            first += 1
        while first < last and self.kind[last - 1] & EDGE:
            last -= 1
        if (
            first < last
            and not self.traits & COMPOUNDS
            and self.letters[last] - self.letters[first] == last - first
            and not (self.traits & IS_FRENCH and self.alone_french[end] != self.alone_french[start])
        ):
            return self.score_letters(first, last, start)
        if first == last:
            first = start
        whole = self.logp_of(start, end)
        cased = self.cased[end] != self.cased[start + 1]
        for place in range(start + 1, end):
            left = self.kind[place - 1]
            right = self.kind[place]
            at_symbol = ((left & (LETTER | DIGIT)) != 0) != ((right & (LETTER | DIGIT)) != 0)
            surface = self.surface(place, start, end)
            surface = self.lone(surface, start, place)
            surface = self.lone(surface, place, end)
            if surface <= IMPOSSIBLE:
                # A line may end at any symbol, so that no odd one stops the decoding.
                if at_symbol and not (left | right) & APOSTROPHE:
                    self.places[count] = place - start
                    self.odds[count] = LAST_RESORT
                    if not right & (LETTER | DIGIT):
                        self.odds[count] -= 1.0
                    count += 1
                continue
            if (
                surface == 0.0
                and not (at_symbol or (left ^ right) & DIGIT)
                and not self.has_word(place, start, end)
            ):
                continue
            total = self.logp_of(start, place) + self.logp_of(place, end) - whole + surface
            if cased or 0 < place - first <= 2:
                total += self.form(place, start, end, cased)
            if at_symbol and total < SYMBOL_SEAM:
                total = SYMBOL_SEAM
            if total > MIN_ODDS:
                self.places[count] = place - start
                self.odds[count] = total
                count += 1
        return count

    def best_seam(self, start, end):
        """Return the odds of the likeliest seam of a stretch, or -inf."""
        index: cython.Py_ssize_t
        best: cython.double = -INFINITY
        for index in range(self.score(start, end)):
            best = max(best, self.odds[index])
        return best

    @takes_arrays
    def seams_of(
        self,
        codes: cython.const[cython.uint][::1],
        ends: cython.const[cython.longlong][::1],
        counts: cython.longlong[::1],
        places: cython.int[::1],
        odds: cython.double[::1],
    ) -> None:
        """Write the seams of some tokens, and how many each has, or STRANGE.

        The first token is ``codes[:ends[0]]``.
        """
        token: cython.Py_ssize_t
        index: cython.Py_ssize_t
        count: cython.Py_ssize_t
        start: cython.Py_ssize_t = 0
        at: cython.Py_ssize_t = 0
        before: cython.const[cython.uint][::1] = self.codes
        self.codes = codes
        with cython.nogil:
            for token in range(ends.shape[0]):
                count = 0
                if ends[token] - start <= MAX_TOKEN:
                    if self.describe(start, ends[token]):
                        count = self.score(0, ends[token] - start)
                        for index in range(count):
                            places[at + index] = self.places[index]
                            odds[at + index] = self.odds[index]
                        at += count
                    else:
                        count = STRANGE
                counts[token] = count
                start = ends[token]
        self.codes = before
