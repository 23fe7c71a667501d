"""Tells what each block of a text is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from cleaner.blocks.kinds import Block, Kind
from cleaner.core.paragraphs import blocks

_ITEM = re.compile(r"\s*(?:[-*+•·–—‣◦]|\d{1,3}[.)]|[A-Za-z][.)]|\(\w{1,3}\))\s")
_COLUMNS = re.compile(r"\S(?: {2,}|\t)\S")
_FIELD = re.compile(r"\s*[^\s:][^:]{0,30}:\s")


def find_blocks(text: str) -> list[Block]:
    r"""Return the blocks of `text`, in order; together they hold every line that is not blank.

    >>> [str(block.kind) for block in find_blocks("Nets\n\n- two\n- ten\n")]
    ['heading', 'list']
    """
    return list(_find(text))


def kinds_of(text: str, spans: Sequence[tuple[int, int]]) -> list[Kind]:
    r"""Return the kind of the block in which each of `spans` of `text` begins.

    >>> [str(kind) for kind in kinds_of("Nets\n\n- two\n- ten\n", [(6, 11)])]
    ['list']
    """
    found = find_blocks(text)
    starts = [block.start for block in found]
    return [found[bisect_right(starts, start) - 1].kind for start, _ in spans]


def _find(text: str) -> Iterator[Block]:
    line = 0
    at = 0
    for spans in blocks(text):
        line += text.count("\n", at, spans[0].start)
        at = spans[0].start
        kind = _kind([text[start:end] for start, end in spans])
        yield Block(line, line + len(spans) - 1, spans[0].start, spans[-1].end, kind)


def _kind(lines: list[str]) -> Kind:
    most = len(lines) * 0.6
    if sum("|" in one or _COLUMNS.search(one) is not None for one in lines) > most:
        return Kind.TABLE
    if sum(_ITEM.match(one) is not None for one in lines) >= max(1, most):
        return Kind.LIST
    if len(lines) > 1 and sum(one.startswith(("    ", "\t")) for one in lines) > most:
        return Kind.CODE
    if len(lines) > 1 and sum(_FIELD.match(one) is not None for one in lines) > most:
        return Kind.FORM
    longest = max(map(len, lines))
    if len(lines) == 1 and longest < 60 and lines[0].rstrip()[-1] not in ".!?。！？":
        return Kind.HEADING
    if len(lines) > 1 and longest < 60:
        return Kind.VERSE
    return Kind.PROSE
