"""Line ends, kinds of spaces, trailing white space (FMT501-503)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.steps.characters.controls import holds_c1
from cleaner.steps.characters.ligatures import Ligatures
from cleaner.steps.context import Context

RULES = (
    Rule(
        code="FMT501",
        name="line-end",
        summary="line end other than LF",
        rationale=(
            "One line end lets every tool count the same lines. Where every line ends with two "
            "carriage returns, a tool converted line ends twice. A page break or a paragraph "
            "separator alone between two lines parts paragraphs, so it becomes a blank line; but "
            "in mid-sentence it parts none, so blank lines around it go. A form feed or vertical "
            "tab inside "
            "a word is a ligature of a PDF's font and stays; so does U+0085 where the text has "
            "other line ends."
        ),
        examples=(
            Example("the tide\r\ncame in", "the tide\ncame in"),
            Example("the tide\r\r\ncame in\r\r\n", "the tide\ncame in\n"),
            Example(
                "The boats that had been lost in the\n\n\x0cnight came home in the morning.",
                "The boats that had been lost in the\nnight came home in the morning.",
            ),
            Example("page one\x0cpage two", "page one\n\npage two"),
            Example("Low water.\u2028Noon.\u2029High water.", "Low water.\nNoon.\n\nHigh water."),
            Example("the signi\x0ccant o\x0bce", "the signi\x0ccant o\x0bce"),
            Example("the tide\ncame in", "the tide\ncame in"),
        ),
    ),
    Rule(
        code="FMT502",
        name="space-character",
        summary="space other than U+0020",
        rationale=(
            "No-break, thin and typographic spaces look like a space and split words only for "
            "tools that know them. The ideographic space stays, and so does the narrow one that "
            "joins Mongolian endings to their words, and one that is half of a letter read wrongly."
        ),
        examples=(
            Example("10\u00a0km at\u2009dawn", "10 km at dawn"),
            Example("東京\u3000大阪", "東京\u3000大阪"),
        ),
    ),
    Rule(
        code="FMT503",
        name="trailing-space",
        summary="white space at the end of a line",
        rationale=(
            "It carries nothing and makes equal lines differ. A tab at the end of a row of cells "
            "stays: the last cell is empty. So do two spaces before a line end in Markdown, where "
            "they keep the lines apart."
        ),
        examples=(
            Example("the tide  \ncame in", "the tide\ncame in"),
            Example("12\tAnna\tWick\n13\tBert\t\n", "12\tAnna\tWick\n13\tBert\t\n"),
            Example("## Tide  \nHigh: six  \nLow: noon  \n", "## Tide\nHigh: six  \nLow: noon\n"),
            Example("the tide\n\ncame in", "the tide\n\ncame in"),
        ),
    ),
)

# One look for each sign is many times faster than the expression, and most texts have none.
_LINE_END_SIGNS = "\r\x0b\x0c\x85\u2028\u2029"
_TRAILING_SIGNS = (" \n", "\t\n", "\u3000\n")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_TWICE_CONVERTED = re.compile("\r\r\n|\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_LINE_ENDS = " \t\r\n"
_PARAGRAPH_ENDS = frozenset("\x0c\u2029")
_ALL_LINE_ENDS = frozenset("\n" + _LINE_END_SIGNS)
# Lines of a page, in code points.
_SHORTEST_LINE = 30
_LONGEST_LINE = 400
_ANY_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_SPACE = re.compile(
    "(?:(?<![a-zß-ÿ][À-Þ])\u00a0|[\u2000-\u200a\u205f]|(?<![\u1800-\u18af])\u202f|(?<![\u1680-\u169f])\u1680)+"
)
_SPACE_BUT_BYTES = re.compile(_SPACE.pattern.replace("\u00a0", "(?!)"))
# Headings (one sign may begin a comment), links and fences, which nothing but Markdown has.
_MARKDOWN = re.compile(r"^#{2,6} \S|\[[^\]\n]{1,200}\]\(\S|^```", re.MULTILINE)
_PAGE_END = re.compile("(?<=[A-Za-z ])[\x0b\x0c](?=[a-z])")
_BLANKS = (" ", "\t", "\u3000")
_TRAILING = re.compile(r"(?<![ \t\u3000])[ \t\u3000]++(?=\n|\Z)")


def unify_line_ends(text: str, context: Context) -> StepResult:
    """Make every line end a line feed."""
    if not any(sign in text for sign in _LINE_END_SIGNS) or not context.rules.acts("FMT501"):
        return unchanged(text)
    twice = text.count("\r\r\n")
    pattern = _TWICE_CONVERTED if twice and twice == text.count("\n") else _LINE_END
    kept = set(_ligatures(text))
    # U+0085 ends lines where nothing else does; elsewhere it is a byte of another encoding.
    nel = "\n" not in text[:-1] and not holds_c1(text)
    breaks = list(_page_breaks(text)) if "\x0c" in text else []
    ends = list(breaks)
    spans = iter(breaks)
    span = next(spans, None)
    for found in pattern.finditer(text):
        while span is not None and span.end <= found.start():
            span = next(spans, None)
        if span is not None and found.start() >= span.start:
            continue
        if found.start() not in kept and (nel or found[0] != "\x85"):
            after = "\n\n" if _parts_paragraphs(text, found) else "\n"
            ends.append(Edit(found.start(), found.end(), found[0], after, "FMT501"))
    return edited(text, sorted(ends))


def _parts_paragraphs(text: str, found: re.Match[str]) -> bool:
    """Whether the line end is one between paragraphs, and stands alone between two lines."""
    start, end = found.span()
    if found[0] not in _PARAGRAPH_ENDS or not 0 < start < end < len(text):
        return False
    if text[start - 1] in _ALL_LINE_ENDS or text[end] in _ALL_LINE_ENDS:
        return False
    return not _goes_on(
        text[max(0, start - _LONGEST_LINE) : start], text[end : end + _LONGEST_LINE]
    )


def _page_breaks(text: str) -> Iterator[Edit]:
    """Yield what stands for the form feeds in mid-sentence, with the line ends around them."""
    at = 0
    pages = text.split("\x0c")
    for page, following in pairwise(pages):
        at += len(page) + 1
        above, below = page.rstrip(_LINE_ENDS), following.lstrip(_LINE_ENDS)
        start, end = at - 1 - (len(page) - len(above)), at + len(following) - len(below)
        if end - start > 1 and _goes_on(above, below):
            yield Edit(start, end, text[start:end], "\n", "FMT501")


def _goes_on(above: str, below: str) -> bool:
    """Whether a sentence surely goes on from the last line above a page break to the one below."""
    last = above[-_LONGEST_LINE:].rsplit("\n", 1)[-1]
    first = below[:_LONGEST_LINE].split("\n", 1)[0]
    return (
        len(last) >= _SHORTEST_LINE
        and (last[-1:].isalnum() or last[-1:] in ",-")
        and last.count(" ") > 2
        and first[:1].islower()
        and " " in first
    )


def _ligatures(text: str) -> Iterator[int]:
    """Yield the places of form feeds and vertical tabs that stand for letters of a word."""
    ligatures = Ligatures()
    for found in _PAGE_END.finditer(text):
        if ligatures.is_one(text, found, parts=True):
            yield found.start()


def unify_spaces(text: str, context: Context) -> StepResult:
    """Make typographic spaces plain ones, one for one."""
    if text.isascii() or not _ANY_SPACE.search(text):
        return unchanged(text)
    pattern = _SPACE_BUT_BYTES if "\xa0" in text and holds_c1(text) else _SPACE
    return _replaced(text, context, "FMT502", pattern, lambda found: " " * len(found))


def strip_line_ends(text: str, context: Context) -> StepResult:
    """Remove white space before line ends."""
    if not any(sign in text for sign in _TRAILING_SIGNS) and text[-1:] not in _BLANKS:
        return unchanged(text)
    if not context.rules.acts("FMT503"):
        return unchanged(text)
    breaks = "  \n" in text and _MARKDOWN.search(text) is not None
    return edited(
        text,
        [
            Edit(found.start(), found.end(), found[0], "", "FMT503")
            for found in _TRAILING.finditer(text)
            if ("\t" not in found[0] or not _is_empty_cell(text, *found.span()))
            and not (breaks and _is_hard_break(text, *found.span()))
        ],
    )


def _is_hard_break(text: str, start: int, end: int) -> bool:
    """Whether the spaces from `start` to a line's end keep it apart from the next, in Markdown.

    So they do not behind a heading, nor before a blank line.
    """
    if text[start:end] != "  " or text[end + 1 : end + 2].isspace():
        return False
    first = text.rfind("\n", 0, start) + 1
    return first < start and end + 1 < len(text) and text[first] != "#"


def _is_empty_cell(text: str, start: int, end: int) -> bool:
    """Whether the tabs from `start` to a line's end are cells: a row beside has as many."""
    if text.count("\t", start, end) < end - start:
        return False
    first = text.rfind("\n", 0, start) + 1
    above = text.rfind("\n", 0, max(first - 1, 0)) + 1
    below = text.find("\n", end + 1)
    row = text[first:end]
    beside = (text[above:first], text[end : below if below >= 0 else len(text)])
    return any(
        other.count("\t") == row.count("\t") and ("\t" in other.strip() or "\t" in row.strip())
        for other in beside
    )


def _replaced(
    text: str, context: Context, code: str, pattern: re.Pattern[str], after: Callable[[str], str]
) -> StepResult:
    if not context.rules.acts(code):
        return unchanged(text)
    return edited(
        text,
        [
            Edit(found.start(), found.end(), found[0], after(found[0]), code)
            for found in pattern.finditer(text)
        ],
    )
