"""The tokens of one language by number, for the compiled functions.

What is remembered of a token are values of pure functions of it, so it changes no result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.core.native import Handed
from cleaner.normalize.glue.alphabet import spaces
from cleaner.normalize.glue.kernel_terms import (
    DULL,
    FILLED_SEAMS,
    FRESH,
    FULL,
    GO_ON,
    KNOWN_TOKENS,
    MAX_TOKEN,
    MET,
    MISSING,
    ODD,
    PLAIN,
    REACHED,
    UNKNOWN,
)
from cleaner.normalize.glue.widths import WIDTHS, Chosen, not_wrapped
from cleaner.normalize.glue.wordtable import WordTable

_FEWEST_TOKENS = 2**12
_MOST_TOKENS = 2**20
_ROOM = 2**14
_NODES = 2**10

IntArray = NDArray[Any]
_NONE = np.empty(0, np.int64)
Seams = Sequence[tuple[int, float]]


class TokenTable:
    """Numbers for tokens, and by number what is known of them: their kind and their seams."""

    def __init__(self, kernels: Any, language: str) -> None:
        self._kernels = kernels
        self.words = WordTable(kernels, language)
        self._spaces = Handed(spaces(), "uint8[::1]")
        self._state = np.zeros(FILLED_SEAMS + 1, np.int64)
        self._room: list[IntArray] = [
            np.empty(_ROOM, np.int64),
            np.empty(_ROOM, np.int64),
            np.empty(_ROOM, np.int32),
        ]
        self._handed_state = Handed(self._state, "int64[::1]")
        self._handed_room = [
            Handed(self._room[0], "int64[::1]"),
            Handed(self._room[1], "int64[::1]"),
            Handed(self._room[2], "int32[::1]"),
        ]
        self._told = np.zeros(16, np.int64)
        self._work = [
            Handed(np.empty((2 * REACHED + 1, 6), np.int64), "int64[:,::1]"),
            Handed(np.empty((2 * REACHED + 1, 6), np.float64), "float64[:,::1]"),
        ]
        self._handed_told = Handed(self._told, "int64[::1]")
        self._hand_nodes(_NODES)
        self._scores = Handed(np.empty(len(WIDTHS) + 1, np.float64), "float64[::1]")
        self._columns = Handed(np.empty(len(WIDTHS) + 1, np.int64), "int64[::1]")
        self._votes = Handed(np.empty(len(WIDTHS), np.float64), "float64[::1]")
        self._begin()

    def _begin(self) -> None:
        """Forget all tokens."""
        self._state[:] = 0
        self._hashes = np.empty(0, np.uint64)
        self._kinds = np.empty(0, np.uint8)
        self._seams_at = np.empty(0, np.int64)
        self._seams_count = np.empty(0, np.int32)
        self._places = np.empty(_ROOM, np.int32)
        self._odds = np.empty(_ROOM, np.float64)
        self._grow(_FEWEST_TOKENS)
        self._hand_seams()

    def _grow(self, capacity: int) -> None:
        """Make room for `capacity` tokens."""
        held = int(self._state[KNOWN_TOKENS])
        self._hashes = _longer(self._hashes, capacity, 0)
        self._kinds = _longer(self._kinds, capacity, 0)
        self._seams_at = _longer(self._seams_at, capacity, 0)
        self._seams_count = _longer(self._seams_count, capacity, -1)
        slots = Handed(np.full(2 * capacity, -1, np.int32), "int32[::1]")
        hashes = Handed(self._hashes, "uint64[::1]")
        self._kernels.rebuild(hashes, held, slots)
        self._table = slots, hashes
        self._handed_kinds = Handed(self._kinds, "uint8[::1]")
        self._handed_scored = (
            Handed(self._seams_at, "int64[::1]"),
            Handed(self._seams_count, "int32[::1]"),
        )

    def _hand_seams(self) -> None:
        self._handed_seams = Handed(self._places, "int32[::1]"), Handed(self._odds, "float64[::1]")

    def forget(self) -> None:
        """Make room where too much is known; no numbers may be in use."""
        if self._state[KNOWN_TOKENS] > _MOST_TOKENS:
            self._begin()

    def survey(
        self, text: str, codes: Handed, is_plain: Callable[[str], bool], *, dull: bool
    ) -> tuple[int, IntArray, IntArray, IntArray]:
        """Return the number of tokens of `text`, and of the odd ones starts, ends and numbers.

        Without `dull`, those known to be dull are left out.
        """
        pieces: list[tuple[IntArray, IntArray, IntArray]] = []
        at = 0
        passed = PLAIN if dull else PLAIN | DULL
        self._state[MET] = 0
        while at < len(text):
            count = self._kernels.survey(
                codes, at, self._spaces, *self._table, self._handed_kinds, passed,
                self._handed_state, *self._handed_room, *self.words.handed, *self.words.scratch,
            )  # fmt: skip
            starts, ends, numbers = (room[:count] for room in self._room)
            if self._state[FRESH]:
                self._ask(text, starts, ends, numbers, is_plain)
                odd = self._kinds[numbers] & passed == 0
                starts, ends, numbers = starts[odd], ends[odd], numbers[odd]
            at = int(self._state[GO_ON])
            if at < len(text):
                # The room is used again.
                starts, ends, numbers = starts.copy(), ends.copy(), numbers.copy()
            pieces.append((starts, ends, numbers))
            if self._state[KNOWN_TOKENS] >= len(self._hashes) - 1:
                self._grow(2 * len(self._hashes))
        words = int(self._state[MET])
        if not pieces:
            return words, _NONE, _NONE, _NONE
        if len(pieces) == 1:
            return words, *pieces[0]
        starts, ends, numbers = map(np.concatenate, zip(*pieces, strict=True))
        return words, starts, ends, numbers

    def _ask(
        self,
        text: str,
        starts: IntArray,
        ends: IntArray,
        numbers: IntArray,
        is_plain: Callable[[str], bool],
    ) -> None:
        """Have Python tell what those tokens are that the compiled functions could not judge."""
        for place in np.flatnonzero(self._kinds[numbers] == UNKNOWN).tolist():
            token = text[starts[place] : ends[place]]
            self._kinds[numbers[place]] = PLAIN if is_plain(token) else ODD

    def kinds(self, numbers: IntArray) -> list[int]:
        """Return what is known of some tokens, in the bits of `kernel_terms`."""
        kinds: list[int] = self._kinds[numbers].tolist()
        return kinds

    def set_dull(self, numbers: Sequence[int]) -> None:
        """Remember that these tokens are dull."""
        self._kinds[numbers] |= DULL

    def choose(
        self,
        text: str,
        codes: Handed,
        places: Sequence[int],
        end: int,
        suspicious: Sequence[int],
        splits: Callable[[str], Seams],
    ) -> Chosen:
        """Return the widths of the lines that start at `places`; `end` is that of the last."""
        count = len(places)
        most = end - places[0] + 1
        while True:
            # At most so many tokens are new.
            firsts = np.empty(count + 1, np.int64)
            starts = np.empty(most, np.int32)
            ends = np.empty(most, np.int32)
            numbers = np.empty(most, np.int32)
            tokens = self._kernels.lay_lines(
                codes, places[0], end, *self._table, self._handed_state, firsts, starts, ends,
                numbers,
            )  # fmt: skip
            if tokens != MISSING:
                break
            self._grow(2 * len(self._hashes))
        lines = [
            Handed(firsts, "int64[::1]"),
            Handed(starts, "int32[::1]"),
            Handed(ends, "int32[::1]"),
            Handed(numbers, "int32[::1]"),
        ]
        odds = Handed(np.empty((count, len(WIDTHS)), np.float64), "float64[:,::1]")
        counts = Handed(np.zeros((count, len(WIDTHS)), np.int32), "int32[:,::1]")
        tried = Handed(np.zeros((count, len(WIDTHS)), np.uint8), "uint8[:,::1]")
        where = Handed(np.array(places, np.int64), "int64[::1]")
        counted = Handed(np.array(suspicious, np.int64), "int64[::1]")
        while (
            self._kernels.try_widths(
                codes, where, *lines, counted, *self._table, self._handed_state,
                *self._handed_scored, *self._handed_seams, odds, counts, tried, *self._work,
                self._votes, *self.words.handed, self._handed_told,
            )
            == MISSING
        ):  # fmt: skip
            self._score(text, codes, int(self._told[2]), int(self._told[3]), splits)
        chosen = np.empty(count, np.int64)
        came = np.empty((count, len(WIDTHS) + 1), np.uint8)
        if not self._kernels.choose(
            lines[0], lines[2], odds, tried, self._columns, self._scores, came, chosen
        ):
            return not_wrapped(count)
        return self._trace(codes, where, lines, chosen, counts, tried)

    def _trace(
        self,
        codes: Handed,
        where: Handed,
        lines: Sequence[Handed],
        chosen: IntArray,
        counts: Handed,
        tried: Handed,
    ) -> Chosen:
        """Return the breaks of all lines at their widths."""
        wrapped = np.flatnonzero(chosen)
        most = int(counts.array[wrapped, chosen[wrapped] - WIDTHS[0]].sum(dtype=np.int64))
        first = np.empty(len(chosen) + 1, np.int64)
        breaks = np.empty(most, np.int64)
        odds = np.empty(most, np.float64)
        while (
            self._kernels.trace(
                codes, where, *lines, chosen, *self._table, *self._handed_scored,
                *self._handed_seams, tried, *self._work, *self._nodes, self._handed_told,
                first, breaks, odds,
            )
            == FULL
        ):  # fmt: skip
            self._hand_nodes(2 * len(self._nodes[0].array))
        count = int(first[-1])
        return Chosen(
            chosen.tolist(), first.tolist(), breaks[:count].tolist(), odds[:count].tolist()
        )

    def _score(
        self, text: str, codes: Handed, start: int, end: int, splits: Callable[[str], Seams]
    ) -> None:
        """Score the seams of the token ``text[start:end]``, and make room for those of others."""
        if self._state[KNOWN_TOKENS] >= len(self._hashes) - 1:
            self._grow(2 * len(self._hashes))
        filled = int(self._state[FILLED_SEAMS])
        if filled + 2 * MAX_TOKEN > len(self._places):
            self._places = _longer(self._places, 2 * len(self._places), 0)
            self._odds = _longer(self._odds, 2 * len(self._odds), 0.0)
            self._hand_seams()
        seams = splits(text[start:end])
        after = filled + len(seams)
        if seams:
            self._places[filled:after], self._odds[filled:after] = zip(*seams, strict=True)
        number = self._kernels.number_of(codes, start, end, *self._table, self._handed_state)
        self._seams_at[number] = filled
        self._seams_count[number] = len(seams)
        self._state[FILLED_SEAMS] = after

    def _hand_nodes(self, count: int) -> None:
        self._nodes = (
            Handed(np.empty((count, 2), np.int64), "int64[:,::1]"),
            Handed(np.empty(count, np.float64), "float64[::1]"),
        )


def _longer(array: NDArray[Any], size: int, filling: float) -> NDArray[Any]:
    longer = np.full(size, filling, array.dtype)
    longer[: len(array)] = array
    return longer
