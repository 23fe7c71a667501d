"""The lines of a text as blocks are told by: indent, body, and the sign that a line begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaner.blocks.scripts import columns

BLANKS = " \t\u3000"

# What a line may begin with, the first that fits. Letters of a list look like initials ("A. Moe"),
# bare numbers like any others, dashes of a list like those of speech, so these have names of their
# own.
_SIGN = re.compile(
    r"""
    (?P<quote>>|[A-Z]{1,3}>\s)
  | (?P<directive>\.\.\s+[\w\[|]|:[\w\s-]{1,40}:\s)
  | (?P<comment>(?:\#+|//+|;;+|%+|<!--)(?:\s|\Z))
  | (?P<log>
        [\[(<]?\d{4}[-/.]\d\d[-/.]\d\d[T\s,]\s?\d\d?:\d\d
      | [\[(<]?\d{1,2}[-/.]\w{2,3}[-/.]\d{2,4}[:\s,]\s?\d\d?:\d\d
      | [A-Z][a-z]{2}\s[\s\d]\d\s\d\d:\d\d:\d\d
      | (?:\d{1,3}\.){3}\d{1,3}\s\S+\s\S+\s\[
      | \[?(?:DEBUG|INFO|WARN|WARNING|ERROR|FATAL|TRACE|NOTICE|CRITICAL)\b[\]:\s|]
      | [\[(<]?\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s?[ap]m)?[\])>]?\s
      | \[\s*\d+\.\d{3,6}\]
      | <?[\w./+-]{0,60}[./][\w/+-]{1,20}>?:\d{1,6}(?::\d{1,4})?[:\s]
      | \S{1,80}\s{1,40}\|\s{1,6}(?:\d{1,6}\s[+-]|Bin\s)
    )
  | (?P<entry>
        \([^\s()][^()]{0,78}\)(?:\s?[<\[][^>\]]{1,40}[>\]])?:(?:\s|\Z)
      | \([^\s()]{1,60},(?:\s[^\s()]{1,60},){0,5}\Z
    )
  | (?P<speech><[@+%\s]?[\w^`|\[\]{}\\-]{1,30}>\s+\S)
  | (?P<bullet>[-*+•·‣⁃◦▪▫●○■□◆◇►▶➢➤✓✔✗☐☑→]\s+\S)
  | (?P<dash>(?:[–—―]|--+\s)\s*\S | -[¡¿]?[A-ZÀ-ÞА-Я][a-zà-þа-я])
  | (?P<number>
        (?:\d{1,4}[.)]|\#\.)\s
      | \#\d{1,6}(?:[,\s]\s?\#\d{1,6}){0,5}:?\s\s
      | \d{1,3}(?:\.\d{1,3}){1,5}[.)]?\s
      | [(（]\d{1,4}[)）]
      | \[[\w+.*-]{1,12}\]:?\s | \[[^\]]{1,60}\]:\s
      | \d{1,3}:\d{1,3}\s
      | [§¶№]\s?\d
      | \d{1,4}[、．]
      | [一二三四五六七八九十百]{1,4}[、．]
      | [(（][一二三四五六七八九十百]{1,4}[)）]
      | [①-⑳⒈-⒛㈠-㈩]
      | [٠-٩۰-۹०-९๐-๙]{1,4}\s?[.)\-–]
    )
  | (?P<initial>[A-ZА-ЯÀ-Þ]\.\s)
  | (?P<numeral>\d{1,3}\s+[^\W\d_])
  | (?P<letter>
        \(?[A-Za-zА-яα-ω]\)\s
      | \([ivxlc]{1,6}\)\s
      | [a-zа-я]\.\s
      | (?:[ivxlc]{2,6}|[IVXLC]{2,6})[.)]\s
    )
    """,
    re.VERBOSE,
)
# So many letters at the head of a line leave room for no sign but that of a log.
_HEAD = 9
_WRITTEN = re.compile(r"[^\W_]")
_TAIL = " \t\u3000\"'”’»«“‘)]}*_›‹」』）】"
_SENTENCE_ENDS = ".!?…。．！？؟۔।॥།။៕"
_PAUSES = ",;:—–、，；：،؛"

# What only stands behind a word, though some put a space between.
_MIDST = ",;:!?)]}%"

_LOOSE_ENDS = (*":;!?»", "?!", "!»", "?»", ".»")

# Signs of lines that are an item, a speech or an entry of their own.
MARKS = ("bullet", "number", "letter", "dash", "log", "quote", "directive", "comment", "speech",
         "entry")  # fmt: skip
ITEMS = ("bullet", "number", "letter", "entry")

# Of runs with so many lines, so many different ones are kept to be found again.
_LONG_RUN = 2000
_MOST_KNOWN = 10_000


class Line(NamedTuple):
    """A line that is not blank.

    `indent` and `width` (with the indent) are in columns; `sign` names what the line begins with
    ("" for words): quote, log, bullet, dash, number, letter, entry, for what a ChangeLog says of a
    function, or drawn, for a line without letters and digits, or capitals, which may be the name of
    a speaker.
    """

    indent: int
    width: int
    body: str
    sign: str


def read_line(text: str) -> Line:
    r"""Return the line `text`.

    >>> read_line("\t- nets")
    Line(indent=8, width=14, body='- nets', sign='bullet')
    """
    body = text
    indent = 0
    if text[-1] in BLANKS or text[0] in BLANKS:
        body = text.strip(BLANKS)
    if text[0] in BLANKS:
        indent = text.find(body[0])
        if text[0] != " " or "\t" in text[:indent]:
            indent = len(text[:indent].expandtabs(8).replace("\u3000", "  "))
    head = body[:_HEAD]
    sign = ""
    if not head.replace(" ", "").isalpha() or (head[:2].isupper() and head[1:2].isalpha()):
        found = _SIGN.match(body)
        if found is not None:
            sign = found.lastgroup or ""
            if sign in ("bullet", "dash", "comment") and not _WRITTEN.search(body):
                sign = "drawn"
        elif head[:2].isupper() and head[:2].isalpha():
            sign = "capitals"
        elif not body[0].isalnum() and body not in _LOOSE_ENDS and not _WRITTEN.search(body):
            sign = "drawn"
    width = indent + (len(body) if body.isascii() else columns(body))
    return Line(indent, width, body, sign)


def read_lines(rows: Sequence[str]) -> list[Line]:
    """Return the lines of `rows`; in long runs, equal ones are one object."""
    if len(rows) < _LONG_RUN:
        return [read_line(row) for row in rows]
    known: dict[str, Line] = {}
    found = []
    for row in rows:
        line = known.get(row)
        if line is None:
            line = read_line(row)
            if len(known) < _MOST_KNOWN:
                known[row] = line
        found.append(line)
    return found


def with_marks(lines: list[Line]) -> list[Line]:
    """Return `lines` with what may be initials or bare numbers as marks, if they are such.

    Letters and numbers of items count on; letters of speakers, as Q and A, come back.

    >>> lines = [read_line(text) for text in ("A. Nets", "B. Ropes", "C. Oil")]
    >>> [line.sign for line in with_marks(lines)], [line.sign for line in with_marks(lines[:1])]
    (['letter', 'letter', 'letter'], [''])
    """
    letters = [ord(line.body[0]) for line in lines if line.sign == "initial"]
    numbers = [int(line.body.split()[0]) for line in lines if line.sign == "numeral"]
    speakers = len(set(letters)) in (2, 3) and len(letters) > len(set(letters))
    signs = {
        "initial": "letter" if _counts_on(letters) else "speech" if speakers else "",
        "numeral": "number" if _counts_on(numbers) else "",
    }
    return [line._replace(sign=signs[line.sign]) if line.sign in signs else line for line in lines]


def _counts_on(numbers: list[int]) -> bool:
    return len(numbers) > 1 and all(after == before + 1 for before, after in pairwise(numbers))


def ends_sentence(body: str) -> bool:
    """Whether a line without blanks at its ends ends as a sentence does.

    >>> ends_sentence('"It is late."'), ends_sentence("It is"), ends_sentence("It is:")
    (True, False, False)
    """
    last = body[-1]
    if last in _SENTENCE_ENDS:
        return True
    return last in _TAIL and body[-8:].rstrip(_TAIL)[-1:] in tuple(_SENTENCE_ENDS)


def ends_phrase(body: str) -> bool:
    """Whether a line ends with a sign that ends a sentence or a part of one."""
    return not body[-1].isalnum() and (body[-1] in _PAUSES or ends_sentence(body))


def starts_low(body: str) -> bool:
    """Whether a line begins as the midst of a sentence does: in lower case, or with its end.

    >>> starts_low("and so"), starts_low("! he said"), starts_low("And so"), starts_low("»")
    (True, True, False, True)
    """
    first = body[0]
    if first.isalpha():
        return first.islower()
    return first in _MIDST or _first_letter(body).islower() or body == "»"


def starts_high(body: str) -> bool:
    """Whether a line begins with a capital."""
    letter = body[0] if body[0].isalpha() else _first_letter(body)
    return letter.isupper() or letter.istitle()


def _first_letter(body: str) -> str:
    """Return the letter that the words of a line begin with, "" where that is a digit."""
    first = next((char for char in body[:4] if char.isalnum()), "")
    return first if first.isalpha() else ""
