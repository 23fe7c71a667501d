"""How a run of lines is cut: headings off the prose below, lists off what introduces them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner.blocks.lines import (
    MARKS,
    Line,
    ends_phrase,
    ends_sentence,
    starts_high,
    starts_low,
)
from cleaner.blocks.scripts import columns, is_unspaced

# Paragraphs with longer lines were written one a line.
LONGEST_WRAPPED = 140
# Where one line in so many is longer, none is wrapped.
_MANY_LONG = 3
# A line is short if it could have taken the next word and still left this share of the width.
_SHORT = 0.85
_SHORT_HEADING = 0.7
_BRACKETS = set("{}[]()<>|/\\;")
_DASHES = "-–—―"
_DEEPEST_FIRST_LINE = 10


def cut(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Yield the parts of a run of lines that are different things, by marks and drawn lines."""
    drawn = sum(line.sign == "drawn" for line in lines)
    widest = max(line.width for line in lines)
    few_drawn = 2 * drawn <= len(lines) or len(lines) < 4
    first = 0
    for i in range(1, len(lines)):
        if _is_rule(lines[i - 1]) or _is_rule(lines[i]):
            border = few_drawn and not _is_underline(lines, first, i)
        else:
            border = _is_border(lines, first, i, widest)
        if border:
            yield lines[first:i]
            first = i
    yield lines[first:]


def paragraphs(lines: Sequence[Line], inner: int | None) -> Iterator[Sequence[Line]]:
    """Yield the paragraphs of lines that nothing marks, as far as lengths and indents tell.

    `inner` is what `inner_indent` says of the lines.
    """
    long = sum(line.width > LONGEST_WRAPPED for line in lines)
    if _MANY_LONG * long >= len(lines):
        yield from (lines[i : i + 1] for i in range(len(lines)))
        return
    widths = [line.width for line in lines]
    widest = max(widths)
    if min(widths[:-1], default=0) > _SHORT * widest and not any(
        line.sign or line.indent != lines[0].indent for line in lines
    ):
        # No line is short enough to be the last of a paragraph, or a heading.
        yield lines
        return
    first = 0
    for i in range(1, len(lines)):
        if (
            _parts(lines, i, widest, inner)
            or (inner is None and _is_term(lines, i, widest))
            or (i == first + 1 and _is_heading(lines, i - 1))
        ):
            yield lines[first:i]
            first = i
    yield lines[first:]


def inner_indent(lines: Sequence[Line]) -> int | None:
    """Return the indent of lines inside paragraphs, where paragraphs begin with a deeper one.

    What stands above most of the deeper lines has then ended.
    """
    levels = {line.indent for line in lines}
    if len(levels) != 2:
        return None
    inner = min(levels)
    if max(levels) - inner > _DEEPEST_FIRST_LINE:
        return None
    widest = max(line.width for line in lines)
    begun = ended = short = 0
    for before, after in pairwise(lines):
        if after.indent > inner:
            begun += 1
            if ends_sentence(before.body):
                ended += 1
            else:
                short += before.width < _SHORT * widest
    return inner if begun and ended >= short and ended + short >= 0.8 * begun else None


def items(lines: Sequence[Line]) -> Iterator[tuple[int, Sequence[Line]]]:
    """Yield the items of a list, or the speeches of a dialogue, that have more than one line."""
    first = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or lines[i].sign in MARKS:
            if i - first > 1 and len({line.indent for line in lines[first + 1 : i]}) == 1:
                yield first, lines[first:i]
            first = i


def _parts(lines: Sequence[Line], i: int, widest: int, inner: int | None) -> bool:
    """Whether line `i` begins a paragraph: it is indented, or the last line was short."""
    before, after = lines[i - 1], lines[i]
    if widest > LONGEST_WRAPPED and max(before.width, after.width) > LONGEST_WRAPPED:
        return True
    if after.sign == "bullet" and after.body[0] not in _DASHES:
        return True
    if inner is not None:
        return after.indent > inner
    if after.indent > before.indent:
        # A term and what is said of it, or a saying and who said it.
        return _is_short(before, after, widest) or after.sign == "dash"
    return (
        ends_sentence(before.body)
        and _is_short(before, after, widest)
        and not starts_low(after.body)
    )


def _is_term(lines: Sequence[Line], i: int, widest: int) -> bool:
    """Whether line `i` is a short one between deeper lines, which say what it means."""
    if i + 1 == len(lines) or not lines[i - 1].indent > lines[i].indent < lines[i + 1].indent:
        return False
    return _is_short(lines[i], lines[i + 1], widest) and not ends_phrase(lines[i].body)


def _is_short(before: Line, after: Line, widest: int) -> bool:
    """Whether a line had room for the first word of the next, and more."""
    return before.width + 1 + _first_word(after.body) <= _SHORT * widest


def _first_word(body: str) -> int:
    return 1 if is_unspaced(body[0]) else columns(body.split(None, 1)[0])


def _is_heading(lines: Sequence[Line], i: int) -> bool:
    """Whether line `i` is a heading or a salutation on top of prose: far shorter, and not open."""
    line, after = lines[i], lines[i + 1]
    rest = max(one.width for one in lines[i + 1 : i + 4])
    return (
        rest >= 40
        and after.width > line.width
        and line.width + 1 + _first_word(after.body) <= _SHORT_HEADING * rest
        and not starts_low(after.body)
        and (starts_high(after.body) or not ends_phrase(line.body))
    )


def _is_border(lines: Sequence[Line], first: int, i: int, widest: int) -> bool:
    before, after = lines[i - 1], lines[i]
    if (before.sign == "quote") != (after.sign == "quote"):
        # An interpreter's prompt looks like a quotation of the third level; what it said follows.
        return not lines[first].body.startswith(">>> ")
    marked = after.sign in MARKS
    opened = lines[first].sign in MARKS
    if marked and not opened:
        return _begins_list(lines, i)
    if opened and not marked:
        if after.indent < lines[first].indent and lines[first].sign != "dash":
            return True
        # What is not deeper than its item goes on with it only in mid-sentence.
        return (
            after.indent <= lines[first].indent
            and ends_sentence(before.body)
            and starts_high(after.body)
            and _is_short(before, after, widest)
            and not any(line.sign in MARKS for line in lines[i + 1 : i + 3])
        )
    return False


def _begins_list(lines: Sequence[Line], i: int) -> bool:
    """Whether the marked line `i` below unmarked ones is the first item of a list."""
    before, after = lines[i - 1], lines[i]
    if before.body[-1] in ":：" or ends_sentence(before.body):
        return True
    low = after.body[0] in _DASHES and starts_low(after.body.lstrip(_DASHES + " "))
    same = any(line.sign == after.sign for line in lines[i + 1 : i + 8])
    if after.sign == "bullet":
        return same or not low
    return same and not (low and after.sign == "dash")


def _is_rule(line: Line) -> bool:
    """Whether a line is drawn to part or to underline, and is no bracket of code."""
    return line.sign == "drawn" and not _BRACKETS & set(line.body)


def _is_underline(lines: Sequence[Line], first: int, i: int) -> bool:
    """Whether one of the lines `i - 1` and `i` is drawn under, or over, the other."""
    before, after = lines[i - 1], lines[i]
    if after.sign == "drawn" and before.sign != "drawn":
        drawn, text = after, before
        if i - first > 1 and lines[first].sign != "drawn":
            return False
    elif before.sign == "drawn" and after.sign != "drawn":
        drawn, text = before, after
        if i + 1 >= len(lines) or lines[i + 1].body != before.body:
            return False
    else:
        return False
    return len(set(drawn.body)) == 1 and len(drawn.body) >= min(3, len(text.body))
