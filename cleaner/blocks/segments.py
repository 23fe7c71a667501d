"""How a run of lines is cut: headings off the prose below, lists off what introduces them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cleaner.blocks.lines import Line, ends_phrase, ends_sentence, starts_high, starts_low
from cleaner.blocks.scripts import columns, is_unspaced

_MARKS = ("bullet", "number", "letter", "dash", "log", "quote")
# Paragraphs with longer lines were written one a line.
LONGEST_WRAPPED = 140
# A line is short if it could have taken the next word and still left this share of the width.
_SHORT = 0.85


def cut(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Yield the parts of a run of lines that are different things, by marks and drawn lines."""
    drawn = sum(line.sign == "drawn" for line in lines)
    few_drawn = 2 * drawn <= len(lines) or len(lines) < 4
    first = 0
    for i in range(1, len(lines)):
        if "drawn" in (lines[i - 1].sign, lines[i].sign):
            border = few_drawn and not _is_underline(lines, i)
        else:
            border = _is_border(lines, first, i)
        if border:
            yield lines[first:i]
            first = i
    yield lines[first:]


def paragraphs(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Yield the paragraphs of lines that nothing marks, as far as lengths and indents tell."""
    if len(lines) == 1:
        yield lines
        return
    widths = [line.indent + columns(line.body) for line in lines]
    widest = max(widths)
    usual = Counter(line.indent for line in lines).most_common(1)[0][0]
    first = 0
    for i in range(1, len(lines)):
        before, after = lines[i - 1], lines[i]
        short = widths[i - 1] + 1 + _first_word(after.body) <= _SHORT * widest
        if (
            widths[i - 1] > LONGEST_WRAPPED
            or widths[i] > LONGEST_WRAPPED
            or (short and ends_sentence(before.body) and not starts_low(after.body))
            or (usual < after.indent <= usual + 10 and before.indent <= usual
                and (short or ends_sentence(before.body)))
            or (after.indent < before.indent == usual and ends_sentence(before.body))
            or (i == first + 1 and _is_heading(lines, widths, i - 1))
        ):  # fmt: skip
            yield lines[first:i]
            first = i
    yield lines[first:]


def _first_word(body: str) -> int:
    return 1 if is_unspaced(body[0]) else columns(body.split(None, 1)[0])


def _is_heading(lines: Sequence[Line], widths: Sequence[int], i: int) -> bool:
    """Whether line `i` is a heading or a salutation on top of prose: far shorter, and not open."""
    rest = max(widths[i + 1 : i + 4])
    after = lines[i + 1].body
    return (
        widths[i] + 1 + _first_word(after) <= 0.7 * rest
        and rest >= 40
        and widths[i + 1] > widths[i]
        and not starts_low(after)
        and (starts_high(after) or not ends_phrase(lines[i].body))
    )


def _is_border(lines: Sequence[Line], first: int, i: int) -> bool:
    before, after = lines[i - 1], lines[i]
    marked = after.sign in _MARKS
    opened = lines[first].sign in _MARKS
    if marked and not opened:
        return _begins_list(lines, i)
    if opened and not marked:
        # What is not deeper than its item goes on with it only in mid-sentence.
        return (
            after.indent <= lines[first].indent
            and ends_sentence(before.body)
            and starts_high(after.body)
            and not any(line.sign in _MARKS for line in lines[i + 1 : i + 3])
        )
    return False


def _begins_list(lines: Sequence[Line], i: int) -> bool:
    """Whether the marked line `i` below unmarked ones is the first item of a list."""
    before, after = lines[i - 1], lines[i]
    if before.body[-1] in ":：" or ends_sentence(before.body):
        return True
    following = lines[i + 1 : i + 8]
    same = sum(line.sign == after.sign for line in following)
    return same > 0 and not (starts_low(after.body.lstrip("-*—– ")) and after.sign == "dash")


def _is_underline(lines: Sequence[Line], i: int) -> bool:
    """Whether one of the lines `i - 1` and `i` is drawn under, or over, the other."""
    before, after = lines[i - 1], lines[i]
    if after.sign == "drawn" and before.sign != "drawn":
        drawn, text = after, before
    elif before.sign == "drawn" and after.sign != "drawn":
        drawn, text = before, after
        if i + 1 >= len(lines) or lines[i + 1].body != before.body:
            return False
    else:
        return False
    return len(set(drawn.body)) == 1 and len(drawn.body) >= min(3, len(text.body))
