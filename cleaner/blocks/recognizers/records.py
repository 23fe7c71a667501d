"""Lines that begin alike: logs, speeches, fields, entries of reference lists, items."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cleaner.blocks.lines import ITEMS, Line, ends_sentence

_FIELD = re.compile(
    r"(?=[^\s:][^:]{0,39}:(?:\s|\Z))(?:[^\s:]+[ \t]+){0,4}[^\s:]+:(?:\s|\Z)|[\w.-]+\s*=\s*\S"
)
_SPEAKER = re.compile(
    r"(?:[A-ZА-ЯÀ-Þ][A-ZА-ЯÀ-Þ'’.\d-]+(?:\s+[A-ZА-ЯÀ-Þ\d][A-ZА-ЯÀ-Þ'’.\d-]*){0,3}(?:\s*\([^)]{1,60}\))?\s*[.:]"
    r"|<[\w^`|\[\]{}\\ +@-]{1,30}>)(?:\s|\Z)"
)
_NAME = re.compile(r"([^\W\d_][\w'’.-]*(?:\s+[^\W\d_][\w'’.-]*){0,2})\s*[:：]\s*\S|(\w{1,6})：\S")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d[a-z]?(?!\d)")
_AUTHOR = re.compile(
    r"(?:[\[(]?\w{1,12}[\])]|\d{1,4}\.|[-*•])?\s*"
    r"[^\W\d_a-z][\w'’-]+(?:\s[^\W\d_a-z][\w'’-]+)?,?\s(?:[^\W\d_a-z]\.?[\s-]?){1,3}(?=[,.;:&(]|\sand\s|\set\sal|\sund\s|\set\s|\sy\s|\Z)"
)
_SOURCE = re.compile(
    r"\bdoi\b|\bISBN\b|\d\s?\(\d+[^)]{0,20}\)|;\s?\d|\b(?:pp?|S|vol|Vol|no|No|eds?)\.\s?\d"
    r"|\d:\s?[eE]?\d+[-–]\d|\bet al\b|\bIbid\b|\b[A-Z][a-z]+: [A-Z][a-z]+"
    r"|\b(?:Journal|Rev|Proc|Ann|Press|University|Verlag|Éditions|Presses|Univ|Dissertation)\b"
    r"|\(\d{4}[a-z]?\)|https?://"
)
_MOST = 0.6


def is_quotation(lines: Sequence[Line], text: str) -> bool:
    """Whether every line is quoted, as mail programs do."""
    return all(line.sign == "quote" for line in lines)


def is_chat(lines: Sequence[Line], text: str) -> bool:
    """Whether lines are speeches after names in angle brackets, or letters that come back."""
    return lines[0].sign == "speech"


def is_comment(lines: Sequence[Line], text: str) -> bool:
    """Whether every line of several is commented out."""
    return len(lines) > 1 and all(line.sign == "comment" for line in lines)


def is_directive(lines: Sequence[Line], text: str) -> bool:
    """Whether lines are directives, targets or fields of reStructuredText, and what is in them."""
    return lines[0].sign == "directive"


def is_log(lines: Sequence[Line], text: str) -> bool:
    """Whether most lines begin with a time or a level."""
    return sum(line.sign == "log" for line in lines) >= _MOST * len(lines)


def is_dialogue(lines: Sequence[Line], text: str) -> bool:
    """Whether lines are speeches: after dashes, names in capitals, or names that come back."""
    if sum(line.sign == "dash" for line in lines) >= max(1, _MOST * len(lines)):
        return True
    if ":" not in text and "." not in text and "：" not in text:
        return False
    if _fit(_SPEAKER, lines, max(2, _MOST * len(lines))):
        return True
    if not _fit(_NAME, lines, max(3, _MOST * len(lines))):
        return False
    names = Counter(
        found[1] or found[2] for line in lines if (found := _NAME.match(line.body)) is not None
    )
    speeches = names.total()
    spoken = sum(ends_sentence(line.body) for line in lines)
    back = speeches - len(names)
    return back >= len(names) or (back > 0 and spoken >= _MOST * len(lines))


def _fit(pattern: re.Pattern[str], lines: Sequence[Line], least: float) -> bool:
    """Whether at least so many lines begin as `pattern` says."""
    spare = len(lines) - least
    for line in lines:
        if not pattern.match(line.body):
            spare -= 1
            if spare < 0:
                return False
    return spare >= 0


def is_form(lines: Sequence[Line], text: str) -> bool:
    """Whether most lines are a name and a value; further lines of a value stand deeper."""
    if ":" not in text and "=" not in text:
        return False
    fields = 0
    for line in lines:
        if _FIELD.match(line.body):
            fields += 1
        elif not fields or line.indent <= lines[0].indent:
            fields -= 1
    if len(lines) == 1:
        body = lines[0].body
        named = body.partition(":")[0].count(" ") < 3
        return named and fields == 1 and body[-1] not in ":：" and not ends_sentence(body)
    return fields >= 2 and 3 * fields >= len(lines)


def is_bibliography(lines: Sequence[Line], text: str) -> bool:
    """Whether lines are entries of a reference list: author, year, and where it was printed."""
    if not _YEAR.search(text):
        return False
    least = max(1, len(lines) // 3)
    if not _fit(_AUTHOR, lines, least):
        return False
    authors = sum(_AUTHOR.match(line.body) is not None for line in lines)
    if sum(_YEAR.search(line.body) is not None for line in lines) < least:
        return False
    sources = sum(_SOURCE.search(line.body) is not None for line in lines)
    if len(lines) == 1:
        return sources > 0 and len(lines[0].body) < 400
    return authors + sources >= len(lines)


def is_hanging(lines: Sequence[Line]) -> bool:
    """Whether a gap in the first line ends where all further lines begin, as below an option."""
    if len(lines) < 2 or len({line.indent for line in lines[1:]}) > 1:
        return False
    column = lines[1].indent - lines[0].indent
    label = lines[0].body.expandtabs(8)[:column]
    return 2 < column < 40 and label.endswith("  ") and "   " not in label.strip()


def is_source(lines: Sequence[Line]) -> bool:
    """Whether lines say who said what stands above, behind two dashes, and where."""
    return sum(line.body.startswith("--") for line in lines) == 1 and lines[0].body[:2] == "--"


def is_list(lines: Sequence[Line], text: str) -> bool:
    """Whether a run is items, each with a marker, and what belongs to them."""
    if is_hanging(lines) or (lines[0].indent and lines[0].body.startswith("--")):
        return True
    marked = [line for line in lines if line.sign in ITEMS]
    if not marked or marked[0] is not lines[0]:
        return False
    if len(lines) == 1:
        return True
    shallow = min(line.indent for line in marked)
    within = sum(line.sign in ITEMS or line.indent > shallow for line in lines)
    return within >= _MOST * len(lines) or len(marked) >= 0.4 * len(lines)
