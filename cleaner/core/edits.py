"""Edits: what a step changed, how to apply it, undo it, and find it in the source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Survivor(NamedTuple):
    """What stands for a duplicate: the name of its file, its place there, and how alike they are.

    ``place`` is a line of a text file, the record of one that holds many, None where the file as a
    whole is meant; without a ``name``, the number of a paragraph in the text itself. For a part of
    another text ``similarity`` is the share of it that stands there.
    """

    name: str
    place: int | None
    similarity: float

    def where(self) -> str:
        """Return the place in words.

        >>> Survivor("a.txt", 7, 1.0).where(), Survivor("", 7, 1.0).where()
        ('a.txt:7', 'paragraph 7')
        """
        if not self.name:
            return f"paragraph {self.place}"
        return self.name if self.place is None else f"{self.name}:{self.place}"

    def words(self, code: str) -> str:
        """Return what the rule `code` says of a duplicate that this one stands for.

        >>> Survivor("a.txt", 7, 0.875).words("DUP412")
        'similarity 0.875 with a.txt:7'
        """
        if code in ("DUP401", "DUP402"):
            return f"copy of {self.where()}"
        if code == "DUP421":
            return f"share {self.similarity:.3f} stands inside {self.where()}"
        if code == "DUP430":
            return f"{self.similarity:.0%} of its words stand in {self.where()}"
        return f"similarity {self.similarity:.3f} with {self.where()}"


class Edit(NamedTuple):
    """One replacement in a text.

    ``start`` and ``end`` count code points of the text that the step was given, ``before`` is
    ``text[start:end]`` and ``after`` stands in its place. A removal has an empty ``after``.
    ``detail`` is the evidence, in words a person can judge by; of a duplicate ``survivor`` says the
    same in fields.
    """

    start: int
    end: int
    before: str
    after: str
    code: str
    detail: str = ""
    survivor: Survivor | None = None

    @classmethod
    def duplicate(cls, start: int, end: int, before: str, code: str, survivor: Survivor) -> Edit:
        """Return the edit that takes a duplicate out, or, of nothing, the note that tells of it."""
        return cls(start, end, before, "", code, survivor.words(code), survivor)


class StepResult(NamedTuple):
    """A step's new text and the edits that lead to it, in order and without overlap."""

    text: str
    edits: tuple[Edit, ...]


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Return `text` with `edits` (sorted by ``start``, not overlapping) carried out.

    Raises ValueError where an edit's ``before`` is not what stands at its place.

    >>> apply_edits("thetwo men", [Edit(3, 3, "", " ", "GLU203")])
    'the two men'
    """
    pieces: list[str] = []
    at = 0
    for edit in edits:
        if edit.start < at or text[edit.start : edit.end] != edit.before:
            raise ValueError(f"edit {edit.code} at {edit.start} does not fit the text")
        pieces.append(text[at : edit.start])
        pieces.append(edit.after)
        at = edit.end
    pieces.append(text[at:])
    return "".join(pieces)


def invert_edits(edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits that lead back from the changed text to the original.

    >>> invert_edits([Edit(0, 1, "a", "bb", "X"), Edit(4, 4, "", "c", "Y")])[1][:4]
    (5, 6, 'c', '')
    """
    inverse = []
    shift = 0
    for edit in edits:
        start = edit.start + shift
        inverse.append(
            Edit(
                start,
                start + len(edit.after),
                edit.after,
                edit.before,
                edit.code,
                edit.detail,
            )
        )
        shift += len(edit.after) - len(edit.before)
    return inverse


def edited(text: str, edits: Sequence[Edit]) -> StepResult:
    """Return the result of a step from its edits."""
    return StepResult(apply_edits(text, edits), tuple(edits)) if edits else unchanged(text)


def unchanged(text: str) -> StepResult:
    """Return the result of a step that found nothing."""
    return StepResult(text, ())


class SourceMap:
    r"""Maps spans of a text, after any number of steps, to the source text they came from.

    A place inside text that a step put there maps to the whole span which that step replaced,
    so a located span always covers the source text concerned.

    >>> spans = SourceMap()
    >>> spans.add([Edit(0, 2, "\r\n", "\n", "FMT501")])
    >>> spans.locate(1, 3)
    (2, 4)
    """

    def __init__(self) -> None:
        self._layers: list[tuple[list[int], list[tuple[int, int, int, int]]]] = []

    def add(self, edits: Sequence[Edit]) -> None:
        """Append the edits of one more step."""
        if not edits:
            return
        spans = []
        shift = 0
        for edit in edits:
            start = edit.start + shift
            spans.append((start, start + len(edit.after), edit.start, edit.end))
            shift += len(edit.after) - len(edit.before)
        self._layers.append(([span[0] for span in spans], spans))

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Return the source span of ``[start, end)`` of the newest text."""
        for starts, spans in reversed(self._layers):
            if start == end:
                start, end = _step_back_point(starts, spans, start)
            else:
                start, end = (
                    _step_back_point(starts, spans, start)[0],
                    _step_back_last(starts, spans, end),
                )
        return start, end


def _step_back_point(
    starts: list[int], spans: list[tuple[int, int, int, int]], place: int
) -> tuple[int, int]:
    """Return where the character at `place` stood one step earlier."""
    index = bisect_right(starts, place) - 1
    if index < 0:
        return place, place
    _, new_end, old_start, old_end = spans[index]
    if place < new_end:
        return old_start, old_end
    place += old_end - new_end
    return place, place


def _step_back_last(starts: list[int], spans: list[tuple[int, int, int, int]], end: int) -> int:
    """Return the end, one step earlier, of a span whose last character is at ``end - 1``."""
    index = bisect_right(starts, end - 1) - 1
    if index < 0:
        return end
    _, new_end, _, old_end = spans[index]
    return old_end if end <= new_end else end + old_end - new_end
