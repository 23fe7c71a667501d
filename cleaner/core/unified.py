"""Unified diffs made from edits: what changed is known, so nothing has to be compared."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from cleaner.core.edits import Edit

# So many lines that stay are shown around a change.
_CONTEXT = 3


class Line(NamedTuple):
    """A line of a diff: " " stays, "-" goes, "+" comes; its text has its line end, if any."""

    sign: str
    text: str


class _Kept(NamedTuple):
    """A stretch of the source that stands in the result: where, and how long it is."""

    source: int
    result: int
    length: int


def lines_of(text: str) -> list[str]:
    r"""Return the lines with their ends, as diffs count them.

    >>> lines_of("a\r\nb\x0cc\n"), lines_of("a\n\nb"), lines_of("")
    (['a\r\n', 'b\x0cc\n'], ['a\n', '\n', 'b'], [])
    """
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def diff_of(source: str, result: str, steps: Iterable[Sequence[Edit]]) -> Iterator[Line]:
    r"""Yield all lines of a text and of what `steps` made of it, in order.

    >>> edits = [Edit(4, 5, "!", "?", "X")]
    >>> [line.sign + line.text for line in diff_of("one\n!\ntwo", "one\n?\ntwo", [edits])]
    [' one\n', '-!\n', '+?\n', ' two']
    """
    old, new = lines_of(source), lines_of(result)
    at_old = at_new = 0
    for one, other in _common(old, new, _kept(len(source), steps)):
        yield from _replaced(old[at_old:one], new[at_new:other])
        yield Line(" ", old[one])
        at_old, at_new = one + 1, other + 1
    yield from _replaced(old[at_old:], new[at_new:])


def _kept(length: int, steps: Iterable[Sequence[Edit]]) -> Iterator[_Kept]:
    """Yield the stretches of the source that no step has touched."""
    # Pieces of the text so far: where they stood in the source, None for what a step put in.
    pieces: list[tuple[int | None, int]] = [(0, length)]
    for edits in steps:
        pieces = list(_after(pieces, edits))
    result = 0
    for source, size in pieces:
        if source is not None:
            yield _Kept(source, result, size)
        result += size


def _after(
    pieces: Sequence[tuple[int | None, int]], edits: Sequence[Edit]
) -> Iterator[tuple[int | None, int]]:
    """Yield the pieces of the text after one more step."""
    upcoming = iter(edits)
    edit = next(upcoming, None)
    at = 0
    for source, size in pieces:
        end = at + size
        while edit is not None and edit.start < end:
            if edit.start > at:
                yield source, edit.start - at
            source = None if source is None else source + max(edit.start - at, 0)
            at = max(at, edit.start)
            cut = min(edit.end, end) - at
            source = None if source is None else source + cut
            at += cut
            if edit.end > end:
                break
            if edit.after:
                yield None, len(edit.after)
            edit = next(upcoming, None)
        if at < end:
            yield source, end - at
        at = end
    while edit is not None:
        if edit.after:
            yield None, len(edit.after)
        edit = next(upcoming, None)


def _common(
    old: Sequence[str], new: Sequence[str], kept: Iterable[_Kept]
) -> Iterator[tuple[int, int]]:
    """Yield the numbers of lines that stay, in the source and in the result."""
    starts = [0, *accumulate(map(len, old))]
    by_start = {start: number for number, start in enumerate(accumulate(map(len, new), initial=0))}
    number = 0
    for source, result, length in kept:
        while number < len(old) and starts[number] < source:
            number += 1
        while number < len(old) and starts[number + 1] <= source + length:
            other = by_start.get(starts[number] - source + result)
            if other is not None and other < len(new) and new[other] == old[number]:
                yield number, other
            number += 1


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Yield lines that go and those that come in their place, but for what is the same."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    yield from (Line(" ", line) for line in old[:head])
    yield from (Line("-", line) for line in old[head : len(old) - tail])
    yield from (Line("+", line) for line in new[head : len(new) - tail])
    yield from (Line(" ", line) for line in old[len(old) - tail :])


def unified(name: str, lines: Iterable[Line]) -> Iterator[str]:
    r"""Yield a unified diff of the file `name`, hunk by hunk; nothing where no line changes.

    >>> print("".join(unified("a.txt", [Line(" ", "one\n"), Line("-", "x\n"), Line("+", "y")])))
    --- a.txt
    +++ a.txt
    @@ -1,2 +1,2 @@
     one
    -x
    +y
    \ No newline at end of file
    <BLANKLINE>
    """
    before: deque[Line] = deque(maxlen=_CONTEXT)
    hunk: list[Line] = []
    old = new = 0  # lines of either that stand before the hunk
    after = 0  # lines that stay, at the end of the hunk
    heading = f"--- {name}\n+++ {name}\n"
    for line in lines:
        if line.sign != " ":
            if not hunk:
                hunk = list(before)
                old, new = old - len(hunk), new - len(hunk)
            hunk.append(line)
            after = 0
        elif not hunk:
            before.append(line)
            old, new = old + 1, new + 1
        elif after < 2 * _CONTEXT:
            hunk.append(line)
            after += 1
        else:
            shown = hunk[: len(hunk) - _CONTEXT]
            yield heading + _shown(shown, old, new)
            heading = ""
            old += sum(one.sign != "+" for one in hunk) + 1
            new += sum(one.sign != "-" for one in hunk) + 1
            before.clear()
            before.extend([*hunk[len(hunk) - _CONTEXT :], line])
            hunk, after = [], 0
    if hunk:
        yield heading + _shown(hunk[: len(hunk) - max(0, after - _CONTEXT)], old, new)


def _shown(hunk: Sequence[Line], old: int, new: int) -> str:
    gone = sum(line.sign != "+" for line in hunk)
    come = sum(line.sign != "-" for line in hunk)
    pieces = [f"@@ -{_span(old, gone)} +{_span(new, come)} @@\n"]
    for sign, text in hunk:
        pieces.append(sign + text)
        if not text.endswith("\n"):
            pieces.append("\n\\ No newline at end of file\n")
    return "".join(pieces)


def _span(before: int, count: int) -> str:
    """Return where lines stand, as diffs write it.

    >>> _span(4, 2), _span(4, 1), _span(4, 0)
    ('5,2', '5', '4,0')
    """
    if count == 1:
        return f"{before + 1}"
    return f"{before + 1 if count else before},{count}"
