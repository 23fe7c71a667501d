"""Reads a run of lines, between blank ones, into blocks and what of them is to be weighed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleaner.blocks.classify import has_words, is_bare, kind_of_line, recognize
from cleaner.blocks.kinds import Kind
from cleaner.blocks.lines import Line, read_lines, with_marks
from cleaner.blocks.recognizers.records import is_source
from cleaner.blocks.recognizers.tables import is_ruled
from cleaner.blocks.segments import cut, inner_indent, items, paragraphs
from cleaner.blocks.wrapping import Candidate
from cleaner.core.recent import Recent

# Kinds whose lines may be the wrapped lines of items.
_ITEMIZED = (Kind.LIST, Kind.DIALOGUE)
# So many characters of runs are kept as they were read.
_KEPT = 1 << 21


class Part(NamedTuple):
    """Lines of one kind: the first and the last, counted in their run."""

    first: int
    last: int
    kind: Kind


class Run(NamedTuple):
    """What a run of lines was read into, with lines counted from its first one.

    `candidates` stand each with the number of its part; `ends` is how many line ends inside are
    plainly ends of paragraphs.
    """

    parts: tuple[Part, ...]
    candidates: tuple[tuple[int, Candidate], ...]
    ends: int


def read_run(text: str) -> Run:
    r"""Return what the lines of `text` are, of which none is blank.

    >>> [str(part.kind) for part in read_run("- two\n- ten").parts]
    ['list']
    """
    return _kept(text)


def _read(text: str) -> Run:
    lines = read_lines(text.split("\n"))
    if len(lines) == 1:
        line = lines[0]
        bare = not line.sign and is_bare(lines, text)
        known = None if bare else recognize((line,))
        return Run((Part(0, 0, known or kind_of_line(line)),), (), 0)
    if any(line.sign in ("initial", "numeral") for line in lines):
        lines = with_marks(lines)
    parts: Iterable[Sequence[Line]] = (lines,)
    signed = any(line.sign for line in lines)
    if signed and not is_ruled(lines):
        parts = cut(lines)
    reader = _Reader()
    for part in parts:
        bare = not signed and is_bare(part, text)
        kind = None if bare else recognize(tuple(part))
        if kind is None:
            reader.read_part(part)
        else:
            reader.add(part, kind)
    return Run(tuple(reader.parts), tuple(reader.candidates), reader.ends)


_kept = Recent(_read, size=len, most=_KEPT)


class _Reader:
    """Gathers the parts of a run."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.candidates: list[tuple[int, Candidate]] = []
        self.ends = 0
        self._number = 0

    def add(self, lines: Sequence[Line], kind: Kind) -> None:
        """Append the lines that come next as a part of a kind."""
        if kind in _ITEMIZED and not is_source(lines):
            for offset, item in items(lines):
                if has_words(item):
                    self._weigh(offset, item)
        self._append(lines, kind)

    def read_part(self, part: Sequence[Line]) -> None:
        """Append what the lines that come next are, of which no sign tells the kind."""
        inner = inner_indent(part)
        left = len(part)
        for paragraph in paragraphs(part, inner):
            left -= len(paragraph)
            self.ends += inner is None and left > 0
            if is_source(paragraph):
                kind = Kind.LIST
            elif len(paragraph) > 1 and has_words(paragraph):
                self._weigh(0, paragraph)
                kind = Kind.PROSE
            elif len(paragraph) > 1:
                kind = Kind.LIST
            else:
                kind = kind_of_line(paragraph[0])
            self._append(paragraph, kind)

    def _weigh(self, offset: int, lines: Sequence[Line]) -> None:
        self.candidates.append((len(self.parts), Candidate(self._number + offset, lines)))

    def _append(self, lines: Sequence[Line], kind: Kind) -> None:
        first = self._number
        self._number += len(lines)
        self.parts.append(Part(first, self._number - 1, kind))
