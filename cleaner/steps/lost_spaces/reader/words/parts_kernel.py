# mypy: ignore-errors
"""How a run of letters parts into several words: what `lexical` says.

Of a run with an apostrophe in it, only that it may part is told.
"""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.steps.lost_spaces.odds import (
    CONSTANT,
    FAMILIAR,
    FULL_SIZE,
    KNOWN,
    MAX_LENGTH,
    MAX_LISTED_LENGTH,
    MAX_PART,
    MAX_WORDS,
    MIN_LENGTH,
    MIN_LISTED_ODDS,
    MIN_SPLIT_ODDS,
    UNKNOWN_BASE,
    VERY_COMMON,
    W_AFFIX,
    W_BEGINS_COMPOUNDS,
    W_CAPITAL,
    W_COMMONER_PART,
    W_ENDS_COMPOUNDS,
    W_INNER_CAPITAL,
    W_LENGTH,
    W_LISTED,
    W_ODDS,
    W_RARER_PART,
    W_SHORTER_PART,
    W_SMALL_I,
    W_UNLISTED,
)
from cleaner.steps.lost_spaces.reader.codes import (
    APOSTROPHE,
    BEGINNING,
    COMPOUNDS,
    ENCLITIC,
    ENDING,
    IS_ENGLISH,
    LETTER,
    PREFIX,
    STRANGE,
    SUFFIX,
    UPPER,
)

if not cython.compiled:
    from cleaner.steps.lost_spaces.reader.words.seams_kernel import Seams

INFINITY = float("inf")


class Parts(Seams):
    """The parts of a run of letters of the token in hand.

    Of the likeliest run of words up to each place are kept: its log10 odds, how many words, the
    rarest, the commonest and the shortest of them, where the last one starts and its log10 share.
    """

    def allot(self) -> None:
        if not cython.compiled:
            super().allot()
            self.run_odds, self.run_logp = [0.0] * 46, [0.0] * 46
            self.run_rarest, self.run_commonest = [0.0] * 46, [0.0] * 46
            self.run_count, self.run_shortest, self.run_last = [0] * 46, [0] * 46, [0] * 46

    def parting(self, start, end, whole, shortest, rarest, commonest, odds, begins, ends):
        """Return the natural log odds of a parting: `lexical._score`."""
        return (
            CONSTANT
            + W_ODDS * odds
            + W_RARER_PART * rarest
            + W_COMMONER_PART * commonest
            + begins
            + ends
            + W_SHORTER_PART * min(FULL_SIZE, shortest)
            + W_LENGTH * (end - start)
            + (W_CAPITAL if self.kind[start] & UPPER else 0.0)
            + (W_INNER_CAPITAL if self.cased[end] != self.cased[start + 1] else 0.0)
            + (W_UNLISTED if whole <= UNKNOWN_BASE else W_LISTED * whole)
        )

    def find_run(self, start, end, plain):
        """Find the likeliest run of three and more listed words: `lexical._segment`."""
        after: cython.Py_ssize_t
        before: cython.Py_ssize_t
        logp: cython.double
        total: cython.double
        size: cython.Py_ssize_t = end - start
        self.run_odds[0] = 0.0
        self.run_count[0] = 0
        self.run_rarest[0] = INFINITY
        self.run_commonest[0] = -INFINITY
        self.run_shortest[0] = size
        for after in range(1, size + 1):
            self.run_odds[after] = -INFINITY
            for before in range(max(0, after - MAX_PART), after):
                if self.run_odds[before] == -INFINITY:
                    continue
                if plain:
                    logp = self.word_of_letters(start + before, start + after)
                else:
                    logp = self.logp_of(start + before, start + after)
                total = self.run_odds[before] + logp
                if logp >= UNKNOWN_BASE and total >= self.run_odds[after]:
                    self.run_odds[after] = total
                    self.run_count[after] = self.run_count[before] + 1
                    self.run_rarest[after] = min(self.run_rarest[before], logp)
                    self.run_commonest[after] = max(self.run_commonest[before], logp)
                    self.run_shortest[after] = min(self.run_shortest[before], after - before)
                    self.run_last[after] = before
                    self.run_logp[after] = logp
        return self.run_odds[size] > -INFINITY and 3 <= self.run_count[size] <= MAX_WORDS

    def odds_of_run(self, start, end, whole, begins, ends):
        """Return the natural log odds of the run that was found."""
        size: cython.Py_ssize_t = end - start
        return self.parting(
            start, end, whole, self.run_shortest[size], self.run_rarest[size],
            self.run_commonest[size], self.run_odds[size] - whole, begins, ends,
        )  # fmt: skip

    def compounds(self, kind, start, end):
        """Return log10 of one more than how many compounds begin or end with a word."""
        found: cython.double = self.share(start, end, kind)
        return 0.0 if found == INFINITY else found

    def is_affixed(self, kind, start, end, other):
        """Whether a part is an affix, and the part beside it, `other` in log10, not too common."""
        return other < VERY_COMMON and self.is_extra(kind, start, end)

    def weigh_run(self, start, end, whole):
        """Return the natural log odds of the run found, compounds and affixes discounted."""
        begins: cython.double = 0.0
        ends: cython.double = 0.0
        second: cython.double = 0.0
        odds: cython.double
        after: cython.Py_ssize_t = end - start
        last: cython.Py_ssize_t = self.run_last[after]
        before: cython.Py_ssize_t
        suffixed: cython.bint = self.is_affixed(SUFFIX, start + last, end, self.run_logp[last])
        while True:
            before = self.run_last[after]
            if before > 0:
                ends = max(ends, self.compounds(ENDING, start + before, start + after))
                second = self.run_logp[after]
            if after < end - start:
                begins = max(begins, self.compounds(BEGINNING, start + before, start + after))
            if before == 0:
                break
            after = before
        begins *= W_BEGINS_COMPOUNDS
        ends *= W_ENDS_COMPOUNDS
        odds = self.odds_of_run(start, end, whole, begins, ends)
        if suffixed or self.is_affixed(PREFIX, start, start + after, second):
            odds += W_AFFIX
        if (
            self.traits & IS_ENGLISH
            and end - start - last == 1
            and self.normal[end - 1] == ord("i")
        ):
            odds += W_SMALL_I
        return odds

    def weigh_seam(self, start, end, place, whole, left, right, odds):
        """Return the natural log odds of two words, compounds and affixes discounted."""
        begins: cython.double = W_BEGINS_COMPOUNDS * self.compounds(BEGINNING, start, place)
        ends: cython.double = W_ENDS_COMPOUNDS * self.compounds(ENDING, place, end)
        total: cython.double = self.parting(
            start, end, whole, min(place - start, end - place), min(left, right),
            max(left, right), odds, begins, ends,
        )  # fmt: skip
        if self.is_affixed(PREFIX, start, place, right) or self.is_affixed(
            SUFFIX, place, end, left
        ):
            total += W_AFFIX
        if self.traits & IS_ENGLISH and end - place == 1 and self.normal[place] == ord("i"):
            total += W_SMALL_I
        return total

    def parting_of(self, start, end):
        """Return the natural log odds of a run of letters as several words: `lexical.part_word`.

        They are -inf where it does not part, and inf where that cannot be told. `run_last` of its
        size leads from the end of the run to the last seam, that of the seam to the seam before.
        """
        left: cython.double
        right: cython.double
        odds: cython.double
        rarer: cython.double
        place: cython.Py_ssize_t
        whole: cython.double = self.logp_of(start, end)
        size: cython.Py_ssize_t = end - start
        plain: cython.bint = self.letters[end] - self.letters[start] == size
        may: cython.bint = False
        rare: cython.bint = False
        best: cython.Py_ssize_t = -1
        best_odds: cython.double = -INFINITY
        best_left: cython.double = 0.0
        best_right: cython.double = 0.0
        if whole >= FAMILIAR or (whole >= KNOWN and size > MAX_LISTED_LENGTH):
            return -INFINITY
        for place in range(start + 1, end):
            if not self.kind[place - 1] & self.kind[place] & LETTER:
                continue
            if self.is_extra(ENCLITIC, place, end):
                continue
            if plain:
                left = self.word_of_letters(start, place)
                right = self.word_of_letters(place, end)
            else:
                left = self.logp_of(start, place)
                right = self.logp_of(place, end)
            odds = left + right - whole
            if odds < MIN_SPLIT_ODDS:
                continue
            rarer = min(left, right)
            if not may:
                may = (
                    self.parting(
                        start, end, whole, min(place - start, end - place), rarer,
                        max(left, right), odds, 0.0, 0.0,
                    )
                    > 0.0
                )  # fmt: skip
            rare = rare or rarer < KNOWN
            if odds > best_odds:
                best, best_odds, best_left, best_right = place, odds, left, right
        if not may and not (
            rare
            and self.find_run(start, end, plain)
            and self.odds_of_run(start, end, whole, 0.0, 0.0) > 0.0
        ):
            return -INFINITY
        if not plain:
            return INFINITY
        if whole >= KNOWN and best_odds < MIN_LISTED_ODDS:
            return -INFINITY
        rarer = min(best_left, best_right)
        if (
            rarer < KNOWN
            and self.find_run(start, end, plain)
            and (rarer < UNKNOWN_BASE or self.run_odds[size] > best_left + best_right)
        ):
            return self.weigh_run(start, end, whole)
        self.run_last[size] = best - start
        self.run_last[best - start] = 0
        return self.weigh_seam(start, end, best, whole, best_left, best_right, best_odds)

    def has_words(self, end):
        """Whether a run of letters of the token, maybe with an apostrophe, is several words."""
        start: cython.Py_ssize_t
        place: cython.Py_ssize_t = 0
        if self.traits & COMPOUNDS:
            return False
        while place < end:
            if not self.kind[place] & LETTER:
                place += 1
                continue
            start = place
            while place < end and self.kind[place] & LETTER:
                place += 1
            if place + 1 < end and self.kind[place] & APOSTROPHE and self.kind[place + 1] & LETTER:
                place += 1
                while place < end and self.kind[place] & LETTER:
                    place += 1
            if MIN_LENGTH <= place - start <= MAX_LENGTH and self.parting_of(start, place) > 0.0:
                return True
        return False

    @takes_arrays
    def part_word(
        self, codes: cython.const[cython.uint][::1], places: cython.longlong[::1]
    ) -> cython.Py_ssize_t:
        """Write the seams of the run of letters `codes`, last first; return how many, or STRANGE.

        `parted_odds` are its natural log odds as these words.
        """
        place: cython.Py_ssize_t
        size: cython.Py_ssize_t = codes.shape[0]
        count: cython.Py_ssize_t = 0
        before: cython.const[cython.uint][::1] = self.codes
        if size > MAX_LENGTH:
            return STRANGE
        self.codes = codes
        with cython.nogil:
            if self.describe(0, size):
                self.parted_odds = self.parting_of(0, size)
                if self.parted_odds == INFINITY:
                    count = STRANGE
                elif self.parted_odds > -INFINITY:
                    place = self.run_last[size]
                    while place != 0:
                        places[count] = place
                        count += 1
                        place = self.run_last[place]
            else:
                count = STRANGE
        self.codes = before
        return count
