"""The canonical form of paragraphs: margins, runs of spaces, blank lines, the final line end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner.blocks import BLANKS, Block, Kind, find_blocks
from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.steps.context import Context

RULES = (
    Rule(
        code="FMT504",
        name="blank-lines",
        summary="blank lines beyond the one between paragraphs",
        rationale=(
            "One blank line parts paragraphs; more, or any at the ends, say nothing. Within code "
            "they stay."
        ),
        examples=(
            Example("The tide.\n\n\n\nThe boats.\n", "The tide.\n\nThe boats.\n"),
            Example("```\nx = 1\n\n\ny = 2\n```\n", "```\nx = 1\n\n\ny = 2\n```\n"),
            Example("The tide.\n\nThe boats.\n", "The tide.\n\nThe boats.\n"),
        ),
    ),
    Rule(
        code="FMT506",
        name="final-line-end",
        summary="no line end after the last line",
        rationale="A text file ends with a line end, so that files can be joined.",
        examples=(Example("The tide.", "The tide.\n"), Example("The tide.\n", "The tide.\n")),
    ),
    Rule(
        code="FMT507",
        name="margin",
        summary="white space before every line of a text",
        rationale=(
            "A margin that all lines have says how a page was laid out, not what it says. Where "
            "some lines have none, indents tell code, quotations, verses and what belongs to an "
            "item from the rest, so they stay; only that of a list with printed bullets, which "
            "web pages have, goes."
        ),
        examples=(
            Example("  The tide came in.\n", "The tide came in.\n"),
            Example("  def f():\n    return 1\n", "def f():\n  return 1\n"),
            Example("  • two nets\n  • ten ropes\n\nText.\n", "• two nets\n• ten ropes\n\nText.\n"),
            Example("Nets:\n  two\n  ten\n\nText.\n", "Nets:\n  two\n  ten\n\nText.\n"),
            Example("Run this:\n\n    make\n\nText.\n", "Run this:\n\n    make\n\nText.\n"),
        ),
    ),
    Rule(
        code="FMT508",
        name="space-run",
        summary="more than one space between words",
        rationale=(
            "Runs of spaces in prose are leftovers. Tables, code, forms, verse and whatever else "
            "is laid out by its spaces keep theirs, and so does a gap behind a field: the mark of "
            "an item, a date and who wrote then, a speaker, an option."
        ),
        examples=(
            Example("The  tide \tcame in.\n", "The tide came in.\n"),
            Example("nets    12\nfloats   3\n\nText.\n", "nets    12\nfloats   3\n\nText.\n"),
            Example("12\tAnna\tWick\n", "12\tAnna\tWick\n"),
            Example("2031-04-02  Anna Wick\n", "2031-04-02  Anna Wick\n"),
        ),
    ),
)

_LEADING_LINE_ENDS = re.compile(r"\A\n+")
_LINE_ENDS = re.compile(r"\n{3,}")
_SIGNS = ("  ", "\t", "\n ", "\n\u3000")
# Not behind half of a letter that another encoding broke: it may be the other half.
_RUN = re.compile(r"(?<=\S)(?<![a-zß-ÿ][À-Þ])(?:[ \t]{2,}|\t)(?=\S)")
# Bullets that no markup language knows, so that an indent before them nests nothing.
_BULLET = re.compile(r"([ \t\u3000]+)[•‣⁃◦▪▫●○■□▶➢➤]\s")
_BULLETED = re.compile(r"[ \t\u3000][•‣⁃◦▪▫●○■□▶➢➤]")
# What a gap stands behind where it parts fields: the mark of an item, numbers of entries, an
# option, a date, and who wrote then.
_FIELD = re.compile(
    r"[-*+•o]|[(\[]?[\w.]{1,8}[)\].]|#?\d{1,6}:?(?:[, ]+#\d{1,6}){0,9}:?|\d{1,6} \|"
    r"|--?[\w-]{1,30}(?:[ =]\S{1,20})?"
    r"|(?:\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4}"
    r"|(?:[A-Z][a-z]{2},? ){1,2}[\w:, ]{2,24}\d{4})(?:[ \t]+[^.!?\t]{1,40})?"
)
_LONGEST_FIELD = 80
# What stands before the day of a month, which is set flush right.
_MONTH = re.compile(r"(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2}")
# A name and no sentence.
_NAME = re.compile(r"[^\W\d_a-z][^\t,;:!?]{0,30}[:.]?")
# A quote that has just begun, as of a format.
_OPENED = re.compile(r"[\s=(][\"'`]\Z")
# Words with a space behind each letter, and letters that all stand twice.
_SPACED = re.compile(r"(?:\S ){3}\S?|((\S)\2){4}")


def canonicalize_paragraphs(text: str, context: Context) -> StepResult:
    """Strip the margin of a text and collapse runs of spaces in its prose."""
    if not any(sign in text for sign in _SIGNS) and not text.startswith(tuple(BLANKS)):
        return unchanged(text)
    edits: list[Edit] = []
    if context.rules.acts("FMT507"):
        edits.extend(_margin_edits(text))
    if context.rules.acts("FMT508") and _RUN.search(text):
        edits.extend(_run_edits(text, find_blocks(text)))
    edits.sort()
    return edited(text, edits)


def canonicalize_blank_lines(text: str, context: Context) -> StepResult:
    """Leave one blank line between paragraphs, none at the ends, and one final line end."""
    edits = []
    body = len(text.rstrip("\n"))
    if context.rules.acts("FMT504"):
        head = 0
        if found := _LEADING_LINE_ENDS.match(text):
            head = found.end()
            edits.append(Edit(0, head, found[0], "", "FMT504"))
        if body:
            edits.extend(_blank_edits(text, head, body))
            if len(text) > body + 1:
                edits.append(Edit(body + 1, len(text), text[body + 1 :], "", "FMT504"))
    if body and body == len(text) and context.rules.acts("FMT506"):
        edits.append(Edit(body, body, "", "\n", "FMT506"))
    return edited(text, edits)


def _blank_edits(text: str, start: int, stop: int) -> Iterator[Edit]:
    """Yield the removal of blank lines beyond one, unless they stand in code."""
    if text.find("\n\n\n", start, stop) < 0:
        return
    kept = {before.end for before, after in _code_pairs(text)}
    for found in _LINE_ENDS.finditer(text, start, stop):
        if found.start() not in kept:
            yield Edit(found.start() + 2, found.end(), found[0][2:], "", "FMT504")


def _code_pairs(text: str) -> Iterator[tuple[Block, Block]]:
    """Yield the neighbouring blocks that are one piece of code, or of what lies in fences."""
    code = (Kind.CODE, Kind.DIFF)
    for before, after in pairwise(find_blocks(text)):
        if before.kind in code and after.kind in code:
            yield before, after


def _margin_edits(text: str) -> Iterator[Edit]:
    """Yield the removal of the margin that all lines have, or else of those of bullets."""
    rows = text.split("\n")
    margin = _common_indent(rows)
    bulleted = set()
    if not margin and _BULLETED.search(text):
        bulleted = set(_bulleted(rows, find_blocks(text)))
    if not margin and not bulleted:
        return
    at = 0
    for number, row in enumerate(rows):
        if margin and row.startswith(margin):
            yield Edit(at, at + len(margin), margin, "", "FMT507")
        elif number in bulleted:
            indent = row[: len(row) - len(row.lstrip(BLANKS))]
            yield Edit(at, at + len(indent), indent, "", "FMT507")
        at += len(row) + 1


def _common_indent(rows: Sequence[str]) -> str:
    """Return the white space that all lines begin with, blank ones aside."""
    common: str | None = None
    for row in rows:
        body = row.lstrip(BLANKS)
        if not body:
            continue
        indent = row[: len(row) - len(body)]
        if common is None:
            common = indent
        while not indent.startswith(common):
            common = common[:-1]
        if not common:
            return ""
    return common or ""


def _bulleted(rows: Sequence[str], blocks: Sequence[Block]) -> Iterator[int]:
    """Yield the lines of lists of one level with printed bullets, among blocks without indent."""
    for place, block in enumerate(blocks):
        if block.kind is not Kind.LIST or rows[block.first][0] not in BLANKS:
            continue
        beside = [*blocks[max(0, place - 1) : place], *blocks[place + 1 : place + 2]]
        if any(rows[other.first][0] in BLANKS or other.kind is Kind.LIST for other in beside):
            continue
        lines = range(block.first, block.last + 1)
        found = [_BULLET.match(rows[number]) for number in lines]
        if all(found) and len({one[1] for one in found if one}) == 1:
            yield from lines


def _run_edits(text: str, blocks: Sequence[Block]) -> Iterator[Edit]:
    """Yield the runs of spaces in prose, and in a heading that is not laid out by them."""
    for block in blocks:
        if block.kind is Kind.PROSE or (block.kind is Kind.HEADING and block.first == block.last):
            body = text[block.start : block.end]
            if ("  " in body or "\t" in body) and not _SPACED.search(body):
                for run in _RUN.finditer(body):
                    if not _parts_fields(body, run.start(), run.end()):
                        start = block.start + run.start()
                        yield Edit(start, start + len(run[0]), run[0], " ", "FMT508")


def _parts_fields(body: str, start: int, end: int) -> bool:
    r"""Whether a gap of a line stands behind a field: a mark, a date, a name, an option.

    >>> _parts_fields("2019-04-25  Anna Wick", 10, 12), _parts_fields("The tide.  It came", 9, 11)
    (True, False)
    """
    if body[end] == "<" or _OPENED.search(body, max(0, start - 2), start):
        return True
    least = max(0, start - _LONGEST_FIELD)
    head = body.rfind("\n", least, start) + 1
    if least and not head:
        return False
    before, gap = body[head:start].lstrip(BLANKS), body[start:end]
    if before.startswith("**"):
        before = before.strip("*")
    if _FIELD.fullmatch(before) or (body[end].isdigit() and _MONTH.fullmatch(before)):
        return True
    return gap == "\t" and body[end].isupper() and _NAME.fullmatch(before) is not None
