"""How letters follow each other in each language, from counts that ``data/language`` holds."""

from __future__ import annotations

import functools
import lzma
from importlib import resources

import msgspec
import numpy as np
from numpy.typing import NDArray

# What the table leaves out is told from fewer letters, at a price in eighths of a nat; a letter
# that a language does not have costs the most.
_BACKOFF = 8
_FLOOR = 112
_EIGHTHS = 8.0

LATIN = tuple(
    "en de fr es pt it nl ca da nb sv fi is pl cs sk hu sl sh ro lt lv tr vi af br cy eo et eu fo "
    "ga gl lb mt oc se sq".split()
)
CYRILLIC = tuple("ru uk bg mk sr be kk mn tt".split())
GREEK = ("el",)
HEBREW = ("he",)
ARABIC = ("ar", "fa", "ur")
THAI = ("th",)
IDEOGRAPHIC = ("zh", "zh-Hant", "ja", "ko")
#: The languages, script by script; no two scripts share a letter.
SCRIPTS = (LATIN, CYRILLIC, GREEK, HEBREW, ARABIC, THAI, IDEOGRAPHIC)


class ScriptLetters:
    """The letters of the languages of one script.

    A row holds what a sequence of one, two or three letters costs in each language (eighths of a
    nat), whether or not the language's own table has it.
    """

    def __init__(self, languages: tuple[str, ...]) -> None:
        tables = [_tables()[language] for language in languages]
        self._one, one = _rows([table[0] for table in tables], None, None)
        self._two, two = _rows([(table + _EMPTY)[1] for table in tables], self._one, one)
        self._three, three = _rows([(table + _EMPTY)[2] for table in tables], self._two, two)
        self._costs = np.concatenate((one, two, three))
        self._first_two = len(one)
        self._first_three = len(one) + len(two)
        self._unknown = np.full(len(languages), _FLOOR, np.uint8)

    def costs(self, word: str) -> NDArray[np.float64]:
        """Return -log of the likelihood of a word in lower case in each language, its end included.

        >>> costs = letters_of(LATIN).costs
        >>> spanish = LATIN.index("es")
        >>> bool(costs("está")[spanish] < costs("esta")[spanish] + costs("´")[spanish])
        True
        """
        text = f"  {word} "
        rows = []
        penalty = 0
        for end in range(3, len(text) + 1):
            row = self._three.get(text[end - 3 : end])
            if row is not None:
                rows.append(self._first_three + row)
                continue
            penalty += _BACKOFF
            row = self._two.get(text[end - 2 : end])
            if row is not None:
                rows.append(self._first_two + row)
                continue
            row = self._one.get(text[end - 1])
            if row is None:
                penalty += _FLOOR - _BACKOFF
            else:
                penalty += _BACKOFF
                rows.append(row)
        costs: NDArray[np.float64] = self._costs[rows].sum(axis=0, dtype=np.float64)
        return (costs + penalty) / _EIGHTHS

    def costs_of_character(self, character: str) -> NDArray[np.float64]:
        """Return -log of the share of a character among all, in each language."""
        row = self._one.get(character)
        return (self._unknown if row is None else self._costs[row]) / _EIGHTHS


_Table = list[tuple[str, bytes]]
_EMPTY: _Table = [("", b""), ("", b"")]


def _rows(
    tables: list[tuple[str, bytes]],
    shorter: dict[str, int] | None,
    shorter_rows: NDArray[np.uint8] | None,
) -> tuple[dict[str, int], NDArray[np.uint8]]:
    """Return the sequences of all languages by their rows, and the rows.

    What one language lacks costs as much as its last letters do, and the price of guessing.
    """
    names = [_split(sequences, len(costs)) for sequences, costs in tables]
    place = {name: row for row, name in enumerate(sorted(set().union(*names)))}
    if shorter is None or shorter_rows is None or not place:
        rows = np.full((len(place), len(tables)), _FLOOR, np.uint8)
    else:
        ends = [shorter[name[1:]] for name in place]
        rows = np.minimum(shorter_rows[ends], 255 - _BACKOFF) + np.uint8(_BACKOFF)
    for column, (found, (_, costs)) in enumerate(zip(names, tables, strict=True)):
        rows[[place[name] for name in found], column] = np.frombuffer(costs, np.uint8)
    return place, rows


def _split(sequences: str, count: int) -> list[str]:
    size = len(sequences) // count if count else 1
    return [sequences[at : at + size] for at in range(0, len(sequences), size)]


@functools.cache
def letters_of(languages: tuple[str, ...]) -> ScriptLetters:
    """Return the letters of the languages of a script, one object a process."""
    return ScriptLetters(languages)


@functools.cache
def _tables() -> dict[str, _Table]:
    file = resources.files("cleaner").joinpath("data/language/letters.bin")
    return msgspec.msgpack.decode(lzma.decompress(file.read_bytes()), type=dict[str, _Table])
