"""Tables: rows of cells parted by bars, tabs, commas or columns of spaces; leaders; number rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cleaner.blocks.lines import Line, ends_sentence

_QUOTED = re.compile(r'"(?:[^"\n]|"")*"')
# Two spaces after the end of a sentence are a typist's habit and part no cells.
_GAP = re.compile(
    r"(?<=[^\s.!?:;,])[ ]{2,}(?=\S)|(?<=[.!?:;,])[ ]{3,}(?=\S)|(?<=\S)[ ]*\t\s*(?=\S)"
)
_ANY_GAP = re.compile(r"(?<=\S)(?: {2,}|[ \t]*\t[ \t]*)(?=\S)")
# A speaker, a term or a number, and what stands a tab behind it.
_LABEL = re.compile(r"[^a-z\s]\S{0,20}(?: \S{1,20}){0,3}(?:\t+| {3,})(?=\S)")
_LEADERS = re.compile(r"(?:\.{4,}|(?:\s?\.){5,}|…{2,}|·{4,}|_{4,}|-{5,})\s*[\divxlcIVXLC]+\s*\Z")
_RULE = re.compile(
    r"[+|=─━═-]{2,}(?:\s+[=─━═-]{2,})+\s*\Z|[+|┌├└╔╠╚][-=─━═+|:┬┼┴╦╬╩ ]+[+|┐┤┘╗╣╝]\Z"
)
_NUMBER = re.compile(r"(?<![\w.,])[-+(]?[$€£¥]?\d[\d.,:/%-]*\)?(?![^\W\d_])")
_CLOSE_SEPARATOR = re.compile(r"[,;][^\s\"'”’»)]")
_SOME_LEADERS = re.compile(r"\.{4}|\. ?\. ?\.|…{2}|·{4}|_{4}|-{5}")
# No leaders are without one of these, which are found sooner.
_LEADER_SIGNS = ("..", ". .", "……", "····", "____", "-----")
_SOME_NUMBERS = re.compile(r"\d[^\n]{0,120}?\s\S{0,2}\d")
# The share of lines that must be rows, and of rows that must agree on a column.
_MOST = 0.6


def is_ruled(lines: Sequence[Line]) -> bool:
    """Whether lines are a table with lines drawn over, under and between its rows."""
    rules = sum(line.sign == "drawn" and _RULE.match(line.body) is not None for line in lines)
    return rules >= 2 or (rules == 1 and _has_bars([line.body for line in lines]))


def is_table(lines: Sequence[Line], text: str) -> bool:
    """Whether the lines of a run are rows of cells."""
    bodies = [line.body for line in lines]
    return (
        ("|" in text and _has_bars(bodies))
        or ("\t" in text and _has_tabs(bodies))
        or (_CLOSE_SEPARATOR.search(text) is not None and _has_separators(bodies))
        or (any(sign in text for sign in _LEADER_SIGNS) and _has_leaders(bodies, text))
        or (("  " in text or "\t" in text) and has_columns(lines))
        or (_has_numbers(bodies) and _SOME_NUMBERS.search(text) is not None)
        or is_ruled(lines)
    )


def has_columns(lines: Sequence[Line]) -> bool:
    """Whether gaps between words stand below one another, or cut a lone line into cells."""
    if len(lines) == 1:
        return _is_row(lines[0].body)
    starts: Counter[int] = Counter()
    ends: Counter[int] = Counter()
    rows = 0
    for line in lines:
        if "  " not in line.body and "\t" not in line.body:
            continue
        gaps = [
            (line.indent + gap.start(), line.indent + gap.end())
            for gap in _GAP.finditer(line.body.expandtabs(8))
        ]
        rows += bool(gaps)
        if len(gaps) == 1 and line.body[-1].isdigit():
            # Figures stand flush right.
            ends[line.width] += 1
        ends.update({start for start, _ in gaps})
        starts.update({end for _, end in gaps})
    agreeing = max((*starts.values(), *ends.values()), default=0)
    return agreeing >= 2 and 2 * rows >= len(lines) and agreeing >= _MOST * rows


def _is_row(body: str) -> bool:
    r"""Whether a line that stands alone is a row: cut by gaps, and no sentence around them.

    >>> _is_row("12    Anna"), _is_row("ANNA\tWho is there?"), _is_row("The  tide \tcame\tin.")
    (True, True, False)
    """
    gaps = _ANY_GAP.findall(body)
    if not gaps:
        return False
    if all(set(gap) == {"\t"} for gap in gaps):
        return len(gaps) > 1 or _LABEL.match(body) is not None
    words = len(body.split())
    if "\t" in "".join(gaps) or ends_sentence(body):
        # Cells are parted alike; a sentence has more words than gaps.
        return words <= len(gaps) + 1 and len(set(gaps)) == 1 and len(gaps[0]) > 2
    return len(gaps) > 1 or len(gaps[0]) > 2


def _has_bars(bodies: Sequence[str]) -> bool:
    counts = [body.count("|") for body in bodies]
    if len(bodies) == 1:
        return counts[0] >= 2 and bodies[0][0] == "|" == bodies[0][-1]
    return sum(count > 0 for count in counts) > _MOST * len(bodies) and sum(counts) >= len(bodies)


def _has_tabs(bodies: Sequence[str]) -> bool:
    return len(bodies) > 1 and sum("\t" in body for body in bodies) > _MOST * len(bodies)


def _has_separators(bodies: Sequence[str]) -> bool:
    """Commas or semicolons, as many in each line, without the spaces that prose has."""
    if len(bodies) < 2:
        return False
    plain = [_QUOTED.sub('""', body) if '"' in body else body for body in bodies]
    for sign in ",;":
        counts = {body.count(sign) for body in plain}
        total = sum(body.count(sign) for body in plain)
        spaced = sum(body.count(sign + " ") for body in plain)
        if len(counts) == 1 and min(counts) >= 1 and total >= 3 and spaced < total:
            return 5 * spaced <= total or min(counts) >= 3
    return False


def _has_leaders(bodies: Sequence[str], text: str) -> bool:
    if not _SOME_LEADERS.search(text):
        return False
    leading = sum(_ends_in_number(body) and _LEADERS.search(body) is not None for body in bodies)
    return leading >= _MOST * len(bodies)


def _ends_in_number(body: str) -> bool:
    """Whether a line may end in a number, Arabic or Roman, as far as its last character tells."""
    last = body.rstrip()[-1]
    return last.isdecimal() or last in "ivxlcIVXLC"


def _are_numbers(body: str) -> bool:
    if ends_sentence(body):
        return False
    numbers = len(_NUMBER.findall(body))
    return numbers >= 2 and 2 * numbers >= len(body.split())


def _has_numbers(bodies: Sequence[str]) -> bool:
    """Rows of figures: nearly every line holds several, and as many words or fewer."""
    if len(bodies) < 2:
        return False
    spare = len(bodies) - _MOST * len(bodies)
    for body in bodies:
        if not _are_numbers(body):
            spare -= 1
            if spare <= 0:
                return False
    return True
