"""The lines of a text as blocks are told by: indent, body, and the sign that a line begins with."""

from __future__ import annotations

import re
from typing import NamedTuple

BLANKS = " \t\u3000"

# What a line may begin with, the first that fits. Letters and initials look alike ("A. Moe"), as do
# dashes of a list and of speech, so these have names of their own.
_SIGN = re.compile(
    r"""
    (?P<quote>>)
  | (?P<log>
        [\[(<]?\d{4}[-/.]\d\d[-/.]\d\d[T\s,]\s?\d\d?:\d\d
      | [\[(<]?\d{1,2}[-/.][\w]{2,3}[-/.]\d{2,4}[:\s,]\s?\d\d?:\d\d
      | [A-Z][a-z]{2}\s[\s\d]\d\s\d\d:\d\d:\d\d
      | (?:\d{1,3}\.){3}\d{1,3}\s\S+\s\S+\s\[
      | \[?(?:DEBUG|INFO|WARN|WARNING|ERROR|FATAL|TRACE|NOTICE|CRITICAL)\b[\]:\s|]
      | [\[(<]?\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s?[ap]m)?[\])>]?\s
      | \[\s*\d+\.\d{3,6}\]
    )
  | (?P<bullet>[-*+•·‣⁃◦▪▫●○■□◆◇►▶➢➤✓✔✗☐☑→]\s+\S)
  | (?P<dash>[–—―]\s*\S)
  | (?P<number>
        \d{1,4}[.)]\s
      | \d{1,3}(?:\.\d{1,3}){1,5}[.)]?\s
      | [(（]\d{1,4}[)）]
      | \[[\w+.*-]{1,12}\]:?\s
      | \d{1,3}:\d{1,3}\s
      | [§¶№]\s?\d
      | \d{1,4}[、．]
      | [一二三四五六七八九十百]{1,4}[、．]
      | [(（][一二三四五六七八九十百]{1,4}[)）]
      | [①-⑳⒈-⒛㈠-㈩]
      | [٠-٩۰-۹०-९๐-๙]{1,4}\s?[.)\-–]
    )
  | (?P<letter>
        \(?[A-Za-zА-яα-ω]\)\s
      | \([ivxlc]{1,6}\)\s
      | [A-Za-zА-я]\.\s
      | (?:[ivxlc]{2,6}|[IVXLC]{2,6})[.)]\s
    )
    """,
    re.VERBOSE,
)
_WRITTEN = re.compile(r"[^\W_]")
_TAIL = " \t\u3000\"'”’»)]}*_›」』）】"
_SENTENCE_ENDS = ".!?…。．！？؟۔।॥།។"
_PAUSES = ",;:—–、，；：،؛"


class Line(NamedTuple):
    """A line that is not blank.

    `indent` is in columns; `sign` names what the line begins with ("" for words): quote, log,
    bullet, dash, number, letter, or drawn, for a line without letters and digits.
    """

    start: int
    end: int
    indent: int
    body: str
    sign: str


def read_line(text: str, start: int) -> Line:
    r"""Return the line `text`, which stands at `start`.

    >>> read_line("\t- nets", 7)
    Line(start=7, end=14, indent=8, body='- nets', sign='bullet')
    """
    body = text.strip(BLANKS)
    indent = text.find(body[:1])
    if indent and text[0] != " ":
        indent = len(text[:indent].expandtabs(8).replace("\u3000", "  "))
    found = _SIGN.match(body)
    if found is None:
        sign = "" if _WRITTEN.search(body) else "drawn"
    else:
        sign = found.lastgroup or ""
        if sign in ("bullet", "dash", "quote") and not _WRITTEN.search(body):
            sign = "drawn"
    return Line(start, start + len(text), indent, body, sign)


def ends_sentence(body: str) -> bool:
    """Whether a line without blanks at its ends ends as a sentence does.

    >>> ends_sentence('"It is late."'), ends_sentence("It is"), ends_sentence("It is:")
    (True, False, False)
    """
    return body[-1:] in _SENTENCE_ENDS or body.rstrip(_TAIL)[-1:] in tuple(_SENTENCE_ENDS)


def ends_phrase(body: str) -> bool:
    """Whether a line ends with a sign that ends a sentence or a part of one."""
    return body[-1:] in _PAUSES or ends_sentence(body)


def starts_low(body: str) -> bool:
    """Whether a line begins in lower case, as the midst of a sentence does."""
    for char in body[:4]:
        if char.isalpha():
            return char.islower()
    return False


def starts_high(body: str) -> bool:
    """Whether a line begins with a capital."""
    for char in body[:4]:
        if char.isalpha():
            return char.isupper() or char.istitle()
    return False
