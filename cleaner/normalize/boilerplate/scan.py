"""One scan over a text for all words of all rules: plain, and compiled for much text.

Both look at the text as patterns do (`lines.view`), but for bullets: lower case, plain quotes, one
space for any white space, none at line ends; line feeds count as spaces. Where a character's lower
case depends on its neighbours (sigma) or takes more than 16 bits, one form stands for all.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from cleaner.normalize.boilerplate.lines import folded_bytes, view

Ints = npt.NDArray[np.int64]

_FAR_MARK = "\uffff"
_WINDOWS = (6, 4, 2)
_FILTERS = (1 << 18, 1 << 16, 1 << 16)
_PAIR = 2
_SLOTS = 1 << 15
_LINE_END = 10
_BITS = 1 << 16
MIX = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_ROOM = 64

SIGNATURES = {
    "cleaner.normalize.boilerplate.scan_kernel": {
        "fold_text": "uint8[::1], uint16[::1], uint16[::1], int64[::1], int64[::1]",
        "find_words": (
            "uint16[::1], int64, uint64[::1], uint64[::1], int32[::1], int32[::1], "
            "int32[::1], int32[::1], uint16[::1], int64[::1] -> int64"
        ),
    }
}


class Hits(NamedTuple):
    """Words found: number of the word, line in which it begins, characters of that line."""

    words: Ints
    lines: Ints
    lengths: Ints
    line_count: int


class PlainScan:
    """The scan by an automaton over bytes; ready at once."""

    def __init__(self, words: Sequence[str]) -> None:
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            [folded_word(word).encode("utf-8", "surrogatepass") for word in words],
            implementation=ahocorasick_rs.Implementation.DFA,
        )

    def hits(self, text: str) -> Hits:
        """Return all places of all words, overlapping ones too, in no order."""
        data = _folded(text)
        ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 10)
        ends = np.append(ends, len(data)).astype(np.int64)
        flat = data.replace(b"\n", b" ")
        found = self._automaton.find_matches_as_indexes(flat, overlapping=True)
        table = np.array(found, dtype=np.int64).reshape(-1, 3)
        lines = np.searchsorted(ends, table[:, 1], side="left")
        return Hits(table[:, 0], lines, _lengths(data, ends, lines), len(ends))


class CompiledScan:
    """The scan by a compiled search for four characters of each word, the rarest it has."""

    def __init__(self, words: Sequence[str], prose: Iterable[str] = ()) -> None:
        texts = [folded_word(word) for word in words]
        letters = _Letters(prose)
        codes = [np.array([*map(ord, text)], dtype=np.uint16) for text in texts]
        self._starts = np.zeros(len(codes) + 1, dtype=np.int32)
        np.cumsum([len(code) for code in codes], out=self._starts[1:])
        self._codes = np.concatenate([*codes, np.zeros(1, dtype=np.uint16)])
        self._bits = np.zeros(sum(_FILTERS) >> 6, dtype=np.uint64)
        windows: dict[int, list[tuple[int, int]]] = {}
        for number, text in enumerate(texts):
            kind = next((k for k, width in enumerate(_WINDOWS) if width <= len(text)), _PAIR)
            width = min(_WINDOWS[kind], len(text))
            at = letters.rarest_window(text, width)
            key = _key(text[at : at + width])
            # A word of one character ends a pair with any character before it.
            for whole in [key] if width > 1 else range(key, 1 << 16, 256):
                windows.setdefault(whole, []).append((number, at + width - 1))
                size = _FILTERS[kind]
                bit = whole if kind == _PAIR else (whole * MIX & _MASK) * size >> 64
                bit += sum(_FILTERS[:kind])
                self._bits[bit >> 6] |= np.uint64(1 << (bit & 63))
        self._fill(windows)

    def _fill(self, windows: dict[int, list[tuple[int, int]]]) -> None:
        """Lay the windows out as a table of open addresses, and their words one after another."""
        size = max(_SLOTS, 1 << (4 * len(windows)).bit_length())
        self._keys = np.zeros(size, dtype=np.uint64)
        self._slots = np.zeros(size + 1, dtype=np.int32)
        users: list[tuple[int, int]] = []
        places: dict[int, list[tuple[int, int]]] = {}
        for key in sorted(windows):
            slot = (key * MIX & _MASK) >> 40 & size - 1
            while slot in places:
                slot = slot + 1 & size - 1
            places[slot] = windows[key]
            self._keys[slot] = key
        for slot in range(size):
            self._slots[slot] = len(users)
            users.extend(places.get(slot, ()))
        self._slots[size] = len(users)
        pairs = np.array(users, dtype=np.int32).reshape(-1, 2)
        self._users = np.ascontiguousarray(pairs[:, 0])
        self._backs = np.ascontiguousarray(pairs[:, 1])

    def hits(self, text: str) -> Hits:
        """Return what `PlainScan.hits` returns, in another order."""
        data = np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)
        folded = np.empty(2 * len(text) + 2, dtype=np.uint16)
        starts = np.empty(text.count("\n") + 2, dtype=np.int64)
        sizes = np.zeros(2, dtype=np.int64)
        kernel = _kernels()
        kernel.fold_text(data, _fold_table(), folded, starts, sizes)
        length, count = sizes.tolist()
        starts[count] = length + 1
        room = _ROOM + len(text) // _ROOM
        while True:
            places = np.empty(2 * room, dtype=np.int64)
            found = kernel.find_words(
                folded, length, self._bits, self._keys, self._slots,
                self._users, self._backs, self._starts, self._codes, places,
            )  # fmt: skip
            if found <= room:
                break
            room = found
        table = places[: 2 * found].reshape(-1, 2)
        lines = np.searchsorted(starts[:count], table[:, 1], side="right") - 1
        lengths = starts[lines + 1] - starts[lines] - 1
        return Hits(table[:, 0], lines, lengths, count)


def folded_word(word: str) -> str:
    """Return the word as a scan sees it."""
    return "".join(_FAR_MARK if ord(c) > 0xFFFF else c for c in word.replace("ς", "σ"))


def _folded(text: str) -> bytes:
    data = folded_bytes(text)
    if not data.isascii():
        data = data.replace("ς".encode(), "σ".encode())
        array = np.frombuffer(data, dtype=np.uint8)
        far = np.flatnonzero(array >= 0xF0)
        if len(far):
            seen = data.decode("utf-8", "surrogatepass")
            data = folded_word(seen).encode("utf-8", "surrogatepass")
    return data


def _lengths(data: bytes, ends: Ints, lines: Ints) -> Ints:
    """Return the characters of each of `lines` (line numbers), shape (lines,)."""
    lengths = np.diff(ends, prepend=-1) - 1
    if not data.isascii():
        marks = (np.frombuffer(data, dtype=np.uint8) & 0xC0) == 0x80
        marks_before = np.concatenate(([0], np.cumsum(marks)))
        lengths = lengths - (marks_before[ends] - marks_before[ends - lengths])
    result: Ints = lengths[lines]
    return result


class _Letters:
    """How often letters follow each other in prose; a chain of pairs judges longer pieces."""

    def __init__(self, prose: Iterable[str]) -> None:
        self._ones: Counter[str] = Counter()
        self._twos: Counter[str] = Counter()
        for text in prose:
            seen = f" {view(text)} "
            self._ones.update(seen)
            self._twos.update(map("".join, itertools.pairwise(seen)))

    def rarest_window(self, text: str, width: int) -> int:
        """Return where the `width` characters begin that prose has least often."""
        places = range(len(text) - width + 1)
        return min(places, key=lambda at: (self._frequency(text[at : at + width]), at))

    def _frequency(self, piece: str) -> float:
        frequency = 1.0
        for first, second in itertools.pairwise(piece):
            frequency *= (self._twos[first + second] + 0.5) / (self._ones[first] + 1.0)
        return frequency * (self._ones[piece[0]] + 0.5)


def _key(window: str) -> int:
    """Return the window as the kernel holds it, a byte a character; 0 is no window."""
    return functools.reduce(
        lambda key, code: key << 8 | (code ^ code >> 8) & 255, map(ord, window), 0
    )


@functools.cache
def _fold_table() -> npt.NDArray[np.uint16]:
    """Return what stands for each code point of 16 bits, shape (65536,); spaces are 32."""
    # All at once, a line each; the line end itself would make two.
    lines = "\n".join(f"x{chr(code)}x" for code in range(_BITS) if code != _LINE_END)
    folded = _folded(lines).decode("utf-8", "surrogatepass").split("\n")
    folded.insert(_LINE_END, "x\nx")
    codes = (ord(line[1]) if len(line) > len("xx") else code for code, line in enumerate(folded))
    return np.fromiter(codes, np.uint16, _BITS)


@functools.cache
def _kernels() -> Any:
    """Return the compiled functions, from their object file where it can be had."""
    from importlib import import_module

    from cleaner.core.native import NotNativeError, load

    try:
        return load(SIGNATURES)
    except NotNativeError:
        return import_module("cleaner.normalize.boilerplate.scan_kernel")
