"""What deduplication asks of a unit beyond its words: its kind, and how it hangs together.

A unit is judged with its neighbours: whether a sentence goes on in the next one, whether it heads
or answers or credits another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.blocks import Kind, kinds_of
from cleaner.core.paragraphs import LONGEST_WRAPPED, Span

# Longer lines than this are no heading and no source line.
_LONGEST_HEADING = 120
_MOST_SPACES = 20

# A line from which on the end may be that of a wrapped one.
_SHORTEST_WRAPPED = 40

_CLOSERS = "\"'”’»›)]}*_」』）】〕`"
_SENTENCE_ENDS = tuple(".!?…。！？؟।॥۔።։။។")
_ANY_SENTENCE_END = re.compile(f"[{''.join(_SENTENCE_ENDS)}]")
_GOING_ON = tuple(",;:–—-&(/،؛、，；：״־")
_ASKING = ("?", "？", "؟", ";", "՞")
_CREDIT = re.compile(
    r"\s*(?:[—–―~]|--?)\s{0,3}[^\s—–―~-].{0,198}|\s*\([^()]{2,198}\)\s*", re.DOTALL
)
_LONGEST_CREDIT = 220
_FIRST_LETTER = re.compile(r"[\s\"'“”„‘’«»‹›(\[{¿¡「『（【]{0,8}(.)", re.DOTALL)
_STRUCTURED = frozenset(
    {Kind.TABLE, Kind.CODE, Kind.MARKUP, Kind.LOG, Kind.SUBTITLES, Kind.FORM, Kind.DIFF}
)


class Trait:
    """What is true of a unit in its text: numbers whose sum says all of it.

    Plain ones, since those of `enum` cost more than what is asked here.
    """

    GOES_ON = 1
    """Its last sentence goes on in the next unit."""
    HEADS = 2
    """It is a heading or a line like one, which says nothing by itself."""
    ASKS = 4
    """It is a short question, so the next unit answers it."""
    CREDITS = 8
    """It may name the source of the unit before it."""
    REPEATS = 16
    """It is of a kind that repeats within a document because it is meant to."""
    STRUCTURED = 32
    """It is part of code, a table, a log or the like."""


def traits_of(text: str, spans: Sequence[Span]) -> bytes:
    r"""Return the traits of each unit of `text`, each a byte, the sum of those of `Trait`.

    >>> text = "The board lets it be known\nthat no boat may lie here.\n\n-- Ann Lee\n"
    >>> spans = [Span(0, 26), Span(27, 53), Span(55, 65)]
    >>> [trait & ~Trait.REPEATS for trait in traits_of(text, spans)]
    [3, 0, 42]
    """
    kinds = kinds_of(text, spans)
    widths = _widths(text, spans)
    has_sentences = _ANY_SENTENCE_END.search(text) is not None
    found = bytearray()
    for number, ((start, end), kind) in enumerate(zip(spans, kinds, strict=True)):
        trait = Trait.REPEATS if kind is not Kind.PROSE else 0
        if kind in _STRUCTURED:
            trait |= Trait.STRUCTURED
        ending = text[max(start, end - 40) : end].rstrip().rstrip(_CLOSERS).rstrip()
        is_short = end - start <= _LONGEST_HEADING and text.count(" ", start, end) < _MOST_SPACES
        if number + 1 < len(spans) and not ending.endswith(_SENTENCE_ENDS):
            pair = spans[number], spans[number + 1]
            if _goes_on(text, ending, *pair, widths[number], has_sentences=has_sentences):
                trait |= Trait.GOES_ON
        if is_short:
            if kind is Kind.HEADING or not ending.endswith(_SENTENCE_ENDS):
                trait |= Trait.HEADS
            if ending.endswith(_ASKING):
                trait |= Trait.ASKS
        if end - start <= _LONGEST_CREDIT and _CREDIT.fullmatch(text, start, end):
            trait |= Trait.CREDITS
        found.append(trait)
    return bytes(found)


def _goes_on(
    text: str, ending: str, own: Span, after: Span, width: int, *, has_sentences: bool
) -> bool:
    """Whether a sentence goes on from a unit that does not end one to the next.

    `ending` is the unit's end without closing marks. A small letter says nothing in a text without
    any end of a sentence.
    """
    if ending.endswith(_GOING_ON):
        return True
    first = _FIRST_LETTER.match(text, after.start, after.end)
    if has_sentences and first is not None and first[1].islower():
        return True
    # The next line of a block may go on with a capital; it does if its first word did not fit.
    gap = text[own.end : after.start]
    if gap.count("\n") != 1 or not own.end - own.start >= _SHORTEST_WRAPPED or not width:
        return False
    word = text[after.start : after.end].partition(" ")[0]
    return own.end - own.start + 1 + len(word) > width


def _widths(text: str, spans: Sequence[Span]) -> list[int]:
    """Return the width to which each unit's block is wrapped, 0 where it holds a longer line."""
    widths = [0] * len(spans)
    first = 0
    for number in range(1, len(spans) + 1):
        inside = number < len(spans) and (
            text.count("\n", spans[number - 1].end, spans[number].start) == 1
        )
        if not inside:
            longest = max(span.end - span.start for span in spans[first:number])
            if number - first > 1 and longest <= LONGEST_WRAPPED:
                widths[first:number] = [longest] * (number - first)
            first = number
    return widths
