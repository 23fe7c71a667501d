"""The tokens of one language by number, in arrays for the kernels.

What is remembered of a token are values of pure functions of it, so it changes no result.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.steps.lost_spaces.alphabet import codes_of
from cleaner.steps.lost_spaces.candidates.lexical import Parting, part_word
from cleaner.steps.lost_spaces.reader.codes import (
    DULL,
    LISTED,
    MAX_TOKEN,
    ODD,
    PLAIN,
    STRANGE,
    UNKNOWN,
)
from cleaner.steps.lost_spaces.reader.wrapping.reading_kernel import Reader
from cleaner.steps.lost_spaces.words.lexicon import most_remembered
from cleaner.steps.lost_spaces.wrapping.widths import WIDTHS, Chosen, not_wrapped
from cleaner.steps.lost_spaces.wrapping.wrap import Breaks

_FEWEST_TOKENS = 2**12
# Tokens that have a number, for each that may be remembered: they take less room here.
_TOKENS_REMEMBERED = 2
_ROOM = 2**14
_SEAMS = 2**11
_NODES = 2**10

IntArray = NDArray[Any]
_NONE = np.empty(0, np.int64)
Seams = tuple[tuple[int, float], ...]


class TokenTable:
    """Numbers for tokens, and by number what is known of them: their kind and their seams.

    What the reader cannot judge, for the characters in it, is judged by the functions handed over.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._nodes = np.empty((_NODES, 2), np.int32)
        self._begin()

    def _begin(self) -> None:
        """Forget all tokens."""
        self._hashes = np.empty(0, np.uint64)
        self._kinds = np.empty(0, np.uint16)
        self._unlisted: dict[int, str] = {}
        self._seams_at = np.empty(0, np.int64)
        self._seams_count = np.empty(0, np.int32)
        self._places = np.empty(_SEAMS, np.int32)
        self._odds = np.empty(_SEAMS, np.float64)
        self._grow(_FEWEST_TOKENS, 0)
        self._reader.hold_seams(self._places, self._odds, 0)

    def _grow(self, capacity: int, known: int) -> None:
        """Make room for `capacity` tokens, of which so many are known."""
        self._hashes = _longer(self._hashes, capacity, 0)
        self._kinds = _longer(self._kinds, capacity, 0)
        self._seams_at = _longer(self._seams_at, capacity, 0)
        self._seams_count = _longer(self._seams_count, capacity, -1)
        slots = np.full(2 * capacity, -1, np.int32)
        self._reader.hold(
            slots, self._hashes, self._kinds, self._seams_at, self._seams_count, known
        )

    def read(self, text: str) -> None:
        """Take up a text; the other functions are about it."""
        if self._reader.known > _TOKENS_REMEMBERED * most_remembered():
            self._begin()
        self._text = text
        self._reader.read(codes_of(text))

    def close(self) -> None:
        """Let go of the text."""
        self._text = ""
        self._reader.close()

    def survey(
        self, is_plain: Callable[[str], bool], *, dull: bool
    ) -> tuple[int, IntArray, IntArray, IntArray]:
        """Return the number of tokens, and of the odd ones starts, ends and numbers.

        Without `dull`, those known to be dull are left out.
        """
        return self._survey(PLAIN if dull else PLAIN | DULL, is_plain)

    def unlisted_words(
        self, is_plain: Callable[[str], bool], tell: Callable[[list[str]], list[str | None]]
    ) -> set[str]:
        """Return the distinct words of the text that are not or hardly listed.

        Of tokens met for the first time they are what `tell` says.
        """
        _, starts, ends, numbers = self._survey(LISTED, is_plain)
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        met = dict(zip(numbers.tolist(), spans, strict=True))
        fresh = [number for number in met if number not in self._unlisted]
        listed = []
        words = tell([self._text[slice(*met[number])] for number in fresh])
        for number, word in zip(fresh, words, strict=True):
            if word is None:
                listed.append(number)
            else:
                self._unlisted[number] = word
        self._kinds[listed] |= LISTED
        return {self._unlisted[number] for number in met.keys() - listed}

    def _survey(
        self, passed: int, is_plain: Callable[[str], bool]
    ) -> tuple[int, IntArray, IntArray, IntArray]:
        """Return the number of tokens, and starts, ends and numbers of those not `passed`."""
        pieces: list[tuple[IntArray, IntArray, IntArray]] = []
        at = words = 0
        size = min(_ROOM, len(self._text))
        all_room = [np.empty(size, kind) for kind in (np.int64, np.int64, np.int32)]
        while at < len(self._text):
            count = self._reader.survey(at, passed, *all_room)
            starts, ends, numbers = (room[:count] for room in all_room)
            if self._reader.fresh:
                self._ask(starts, ends, numbers, is_plain)
                odd = self._kinds[numbers] & passed == 0
                starts, ends, numbers = starts[odd], ends[odd], numbers[odd]
            words += self._reader.met
            at = self._reader.at
            if at < len(self._text):
                # The room is used again.
                starts, ends, numbers = starts.copy(), ends.copy(), numbers.copy()
            pieces.append((starts, ends, numbers))
            self._grow_where_full()
        if not pieces:
            return words, _NONE, _NONE, _NONE
        if len(pieces) == 1:
            return words, *pieces[0]
        starts, ends, numbers = map(np.concatenate, zip(*pieces, strict=True))
        return words, starts, ends, numbers

    def _ask(
        self, starts: IntArray, ends: IntArray, numbers: IntArray, is_plain: Callable[[str], bool]
    ) -> None:
        """Have Python tell what those tokens are that the reader could not judge."""
        for place in np.flatnonzero(self._kinds[numbers] == UNKNOWN).tolist():
            token = self._text[starts[place] : ends[place]]
            self._kinds[numbers[place]] = PLAIN if is_plain(token) else ODD

    def _grow_where_full(self) -> None:
        if self._reader.known >= len(self._hashes) - 1:
            self._grow(2 * len(self._hashes), self._reader.known)

    def kinds(self, numbers: IntArray) -> list[int]:
        """Return what is known of some tokens, in the bits of `kernel_terms`."""
        kinds: list[int] = self._kinds[numbers].tolist()
        return kinds

    def set_dull(self, numbers: Sequence[int]) -> None:
        """Remember that these tokens are dull."""
        self._kinds[numbers] |= DULL

    def choose(
        self,
        places: Sequence[int],
        end: int,
        suspicious: Sequence[int],
        splits: Callable[[str], Seams],
    ) -> Chosen:
        """Return the widths of the lines that start at `places`; `end` is that of the last."""
        count = len(places)
        most = end - places[0] + 1
        firsts = np.empty(count + 1, np.int64)
        starts, ends, numbers = (np.empty(most, np.int32) for _ in range(3))
        while not self._reader.lay_lines(places[0], end, firsts, starts, ends, numbers):
            self._grow_where_full()
        self._reader.hold_lines(np.array(places, np.int64), firsts, starts, ends, numbers)
        counted = np.array(suspicious, np.int64)
        odds = np.empty((count, len(WIDTHS)), np.float64)
        breaks = np.zeros((count, len(WIDTHS)), np.int32)
        tried = np.zeros((count, len(WIDTHS)), np.uint8)
        while not self._reader.try_widths(counted, odds, breaks, tried):
            self._score(self._reader.missing_start, self._reader.missing_end, splits)
        chosen = np.empty(count, np.int64)
        came = np.empty((count, len(WIDTHS) + 1), np.uint8)
        if not self._reader.choose(came, chosen):
            return not_wrapped(count)
        wrapped = np.flatnonzero(chosen)
        return self._trace(
            chosen, int(breaks[wrapped, chosen[wrapped] - WIDTHS[0]].sum(dtype=np.int64))
        )

    def _trace(self, chosen: IntArray, most: int) -> Chosen:
        """Return the breaks of all lines at their widths; there are so many at most."""
        first = np.empty(len(chosen) + 1, np.int64)
        places = np.empty(most, np.int64)
        odds = np.empty(most, np.float64)
        while not self._reader.trace(
            chosen, self._nodes, np.empty(len(self._nodes)), first, places, odds
        ):
            self._nodes = np.empty((2 * len(self._nodes), 2), np.int32)
        count = int(first[-1])
        return Chosen(
            chosen.tolist(), first.tolist(), places[:count].tolist(), odds[:count].tolist()
        )

    def _score(self, start: int, end: int, splits: Callable[[str], Seams]) -> None:
        """Score the seams of the token at `start`, and make room for those of others."""
        self._grow_where_full()
        filled = self._reader.filled
        if filled + 2 * MAX_TOKEN > len(self._places):
            self._places = _longer(self._places, 2 * len(self._places), 0)
            self._odds = _longer(self._odds, 2 * len(self._odds), 0.0)
            self._reader.hold_seams(self._places, self._odds, filled)
        seams = splits(self._text[start:end])
        places = np.array([place for place, _ in seams], np.int32)
        odds = np.array([own for _, own in seams], np.float64)
        self._reader.set_seams(start, end, places, odds)

    def rescore_breaks(self, breaks: Breaks) -> tuple[Breaks, Sequence[int]]:
        """Return `breaks` as `reconsidered` does, and the numbers of those left to ask about."""
        places = np.array(breaks.places, np.int64)
        odds = np.array(breaks.odds, np.float64)
        left = np.zeros(len(places), np.uint8)
        own = np.zeros(1 << (len(self._text) // 2).bit_length(), np.uint64)
        count = self._reader.rescore_breaks(places, odds, own, left)
        moved = Breaks(places.tolist(), odds.tolist(), breaks.widths)
        return moved, np.flatnonzero(left).tolist() if count else ()

    def seams_of(self, tokens: Sequence[str]) -> list[Seams | None]:
        """Return the seams of each token as `Seams.splits` has them, or None for a strange one."""
        ends = np.cumsum(np.fromiter(map(len, tokens), np.int64, len(tokens)))
        counts = np.empty(len(tokens), np.int64)
        places = np.empty(int(ends[-1]), np.int32)
        odds = np.empty(len(places), np.float64)
        self._reader.seams_of(codes_of("".join(tokens)), ends, counts, places, odds)
        seams = zip(places.tolist(), odds.tolist(), strict=True)
        return [
            None if count == STRANGE else tuple(itertools.islice(seams, count))
            for count in counts.tolist()
        ]

    def part_word(self, word: str, language: str) -> Parting | None:
        """Return what `lexical.part_word` does."""
        places = np.empty(MAX_TOKEN, np.int64)
        count = self._reader.part_word(codes_of(word), places)
        if count == STRANGE:
            return part_word(word, language)
        if not count:
            return None
        return Parting(tuple(places[:count][::-1].tolist()), self._reader.parted_odds)


def _longer(array: NDArray[Any], size: int, filling: float) -> NDArray[Any]:
    longer = np.full(size, filling, array.dtype)
    longer[: len(array)] = array
    return longer
