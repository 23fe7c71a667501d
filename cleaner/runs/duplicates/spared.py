"""Units that duplicates' rules are to leave, because their document or the settings say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.core.inline_ignores import Comments, Use, about_any, inline_ignores
from cleaner.core.left_texts import LeftTexts, by_code, name_of
from cleaner.core.paragraphs import Span
from cleaner.core.rules import covers_any
from cleaner.runs.duplicates.config import REMOVING, TELLING
from cleaner.runs.duplicates.removals import Steps
from cleaner.runs.duplicates.units.units import Unit, unit_spans
from cleaner.runs.input.spool import StagedDocument

Bits = npt.NDArray[np.uint8]

_CODES = (*REMOVING, *TELLING)
_BIT = {int(code[3:]): 1 << at for at, code in enumerate(_CODES)}
# Of units that are nothing but such a comment.
_COMMENT = 128


def bits_of_file(ignored: Sequence[str]) -> int:
    """Return the bits of the rules that codes and prefixes keep from all units of a file.

    >>> bits_of_file(["DUP40", "FMT"])
    3
    """
    return sum(_BIT[int(code[3:])] for code in _CODES if covers_any(ignored, code))


def of_duplicates(pairs: Iterable[tuple[str, Sequence[str]]]) -> LeftTexts:
    """Return by code those texts of the settings that rules on duplicates are to leave."""
    return {code: texts for code, texts in by_code(pairs).items() if code in _CODES}


def bits_of_units(
    text: str, spans: Sequence[Span], comments: Comments, left: LeftTexts
) -> list[int]:
    """Return for each unit of a text the bits of the rules that are to leave it.

    Because comments in the text say so, or because it is a text that they are to leave.
    """
    bits = [0] * len(spans)
    if left:
        for number, (start, end) in enumerate(spans):
            name = name_of(text[start:end])
            bits[number] = sum(_BIT[int(code[3:])] for code in left if name in left[code])
    ignores = inline_ignores(text, comments)
    if ignores:
        whole = {(one.start, one.end) for one in ignores}
        for number, span in enumerate(spans):
            bits[number] |= _COMMENT if tuple(span) in whole else 0
        for code in _CODES:
            for number, places in enumerate(about_any(ignores, spans, code)):
                bits[number] |= _BIT[int(code[3:])] if places else 0
    return bits


@dataclass(frozen=True)
class AskSpared:
    """The question for `bits_of_units` of all units of a document, by each form of comments."""

    left: LeftTexts

    def __call__(
        self, text: str, steps: Steps, units: list[int], unit: Unit
    ) -> list[dict[Comments, list[int]]]:
        """Return the answer, whichever units are asked for."""
        spans = unit_spans(text, unit)
        forms: tuple[Comments, ...] = ("", "markdown", "rst")
        return [{form: bits_of_units(text, spans, form, self.left) for form in forms}]


def uses_of(staged: StagedDocument, spared: Iterable[tuple[int, str]], unit: Unit) -> set[Use]:
    """Return the comments of a document that keep its units from rules, by unit and code."""
    ignores = inline_ignores(staged.text, staged.comments)
    spans = unit_spans(staged.text, unit)
    return {
        (place, code)
        for number, code in spared
        for place in about_any(ignores, [spans[number]], code)[0]
    }


@dataclass(frozen=True)
class Spared:
    """Which units are spared by which rules: `bits`, uint8, by unit; None where none is."""

    bits: Bits | None = None

    def holds(self, units: npt.NDArray[np.int64], kinds: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Return for each unit whether the rule of this number spares it."""
        found = np.zeros(len(units), dtype=bool)
        if self.bits is None:
            return found
        for kind in np.unique(kinds).tolist():
            found |= (kinds == kind) & ((self.bits[units] & _BIT[kind]) != 0)
        return found

    def are_comments(self, units: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Return for each unit whether it is nothing but a comment that says what to leave."""
        if self.bits is None:
            return np.zeros(len(units), dtype=bool)
        found: npt.NDArray[np.bool_] = (self.bits[units] & _COMMENT) != 0
        return found

    def spares(self, unit: int, kind: int) -> bool:
        """Whether the rule of this number spares a unit."""
        return self.bits is not None and bool(self.bits[unit] & _BIT[kind])


class SparedColumn:
    """The bits of units that come part by part; it grows only where some are spared."""

    def __init__(self) -> None:
        self._parts: list[tuple[Bits | None, int]] = []

    def append(self, bits: Bits | None, count: int) -> None:
        """Take the bits of `count` units more, None where none of these is spared."""
        self._parts.append((bits, count))

    def followed_by(self, count: int) -> Spared:
        """Return what is spared of all units, before so many that are not."""
        if all(bits is None for bits, _ in self._parts):
            return Spared()
        parts = [*self._parts, (None, count)]
        return Spared(
            np.concatenate(
                [np.zeros(own, dtype=np.uint8) if bits is None else bits for bits, own in parts]
            )
        )
