"""HTML character references left in plain text (ENC111)."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from cleaner.blocks import Kind, kinds_of
from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.steps.context import Context

RULES = (
    Rule(
        code="ENC111",
        name="html-entity",
        summary="HTML character reference left in the text",
        rationale=(
            "A scraper that strips tags but does not decode leaves “&amp;” and “&#8217;” behind. "
            "One escaped many times is read to its end; one without its semicolon only where it "
            "can be nothing else. References stay in code and markup, in addresses, and where a "
            "text speaks of them or tells other characters by their numbers."
        ),
        examples=(
            Example("salt &amp; pepper", "salt & pepper"),
            Example("it&#8217;s &amp;quot;late&amp;quot;", 'it’s "late"'),
            Example("AT&T; R&D costs &c.", "AT&T; R&D costs &c."),
            Example("Write `&lt;` for the sign <.", "Write `&lt;` for the sign <."),
        ),
    ),
)

# An ampersand, the escapes of it (named or by number), and the reference that was escaped.
_ESCAPES = r"&((?:(?:amp|AMP|#0{0,4}38|#[xX]0{0,4}26);)*)"
_NAME = r"(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
# Names that no word or address is taken for, before white space: no semicolon is needed.
_BARE = (
    r"(?:amp|lt|gt|quot|nbsp|[aeiouyAEIOUY](?:acute|grave|circ|uml|tilde)|szlig|[cC]cedil|[nN]tilde"
    r"|aelig|aring|oslash|eth|thorn|laquo|raquo|iquest|iexcl|copy(?= [12][0-9]{3}))"
)
_REFERENCE = re.compile(rf"{_ESCAPES}{_NAME}|&({_BARE})(?=\s|\Z)")
# What stands in front of an address until white space.
_ADDRESS = re.compile(r"(?:https?://|www\.|[?&][\w.\[\]-]{1,40}=)\S*\Z")
_REACH = 200
_LONGEST_MENTION = 64
# A sentence goes on over a line end where lines are wrapped, and an example follows what says so.
_LINES = 2
# Sentences about references, in words or by a verb in front and what it is done for behind.
_SPOKEN_OF = re.compile(
    r"(?i)\b(?:(?:html|xml|named|character|numeric)[- ]?(?:entit|escap|code|reference)\w*"
    r"|(?:entités?|entidad(?:es)?|entità) (?:html|xml)|ampersands?|esperluette|et commercial"
    r"|kaufmännisch\w+ und)\b|мнемоник|\w{0,20}charref\w{0,20}"
)
_LINE_END = re.compile(r"[.,;:!?)]?(?:\n|\Z)")
# Numbers of characters are told there.
_CODE_POINT = re.compile(r"\bU\+[0-9A-F]{4,6}\b")
_VERB = re.compile(
    r"(?i)\b(?:writ(?:e|es|ing|ten)|typ(?:e|es|ed|ing)|us(?:e|es|ed|ing)|enter(?:s|ed)?|insert(?:s|ed)?"
    r"|escape[sd]?|becomes?|put|schreib\w*|écri\w+|escrib\w+|scriv\w+|пиш\w+)"
    r"(?: (?:it|them|this|als|come|como))?(?: (?:as|with|by|to|into))? \Z"
)
_PURPOSE = re.compile(
    r"(?: (?:for|instead|to|in|between|stands|is|means|gives|where|when|für|statt|pour|para|per"
    r"|для)\b|[,.;:)]|\s*\Z)"
)
_QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“", "‘": "’", "«": "»", "`": "`", ">": "<"}


def decode_entities(text: str, context: Context) -> StepResult:
    """Replace HTML character references by the characters they name.

    >>> decode_entities("R&amp;D &unknown;", Context()).text
    'R&D &unknown;'
    """
    if "&" not in text or not context.rules.acts("ENC111"):
        return unchanged(text)
    edits: list[Edit] = []
    references = list(_REFERENCE.finditer(text))
    if not references:
        return unchanged(text)
    mentions = list(_mentions(text, references))
    numbers = [found.start() for found in _CODE_POINT.finditer(text)] if "U+" in text else []
    meant = [
        _is_mentioned(text, found, mentions)
        or _is_told(text, found, numbers)
        or _is_address(text, found)
        for found in references
    ]
    if all(meant):
        return unchanged(text)
    kinds = kinds_of(text, [found.span() for found in references])
    half: re.Match[str] | None = None
    for found, kind, stays in zip(references, kinds, meant, strict=True):
        if stays or kind is Kind.CODE:
            half = None
            continue
        escapes, name, bare = found.groups()
        if name and _is_half(name):
            # Half a character; the other half follows, or it is none.
            edits += _joined(half, found)
            half = found if half is None or half.end() != found.start() else None
            continue
        half = None
        edits += _decoded(found, escapes or "", name or bare)
    return edited(text, edits)


def _decoded(found: re.Match[str], escapes: str, name: str) -> Iterator[Edit]:
    after = html.unescape(f"&{name};")
    # html.unescape also reads a known name without its semicolon ("&ltx;"), which is a guess, and
    # drops what it takes for nothing.
    if after and not after.endswith(";") and after != "\ufffd":
        yield Edit(found.start(), found.end(), found[0], after, "ENC111")
    elif escapes:
        yield Edit(found.start(), found.start(2), f"&{escapes}", "&", "ENC111")


def _joined(half: re.Match[str] | None, found: re.Match[str]) -> Iterator[Edit]:
    """Yield the edit that makes one character of two references to halves of it."""
    if half is None or half.end() != found.start():
        return
    pair = "".join(chr(_number(one[2])) for one in (half, found))
    try:
        after = pair.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return
    yield Edit(half.start(), found.end(), half[0] + found[0], after, "ENC111")


def _number(name: str) -> int:
    return int(f"0{name[1:]}", 16 if name[1] in "xX" else 10)


def _is_half(name: str) -> bool:
    return name[0] == "#" and 0xD800 <= _number(name) <= 0xDFFF


def _is_address(text: str, found: re.Match[str]) -> bool:
    """Whether a reference is a parameter of an address; its escaped ampersand is none."""
    if found[2] is None or found[2] in ("amp", "AMP") or found[1]:
        return False
    before = text[max(0, found.start() - _REACH) : found.start()]
    return _ADDRESS.search(before) is not None


def _mentions(text: str, references: Sequence[re.Match[str]]) -> Iterator[int]:
    """Yield the places of words for references that are near to one."""
    done = 0
    for found in references:
        near = max(done, found.start() - _REACH - _LONGEST_MENTION)
        done = max(done, found.end() + _REACH + _LONGEST_MENTION)
        for mention in _SPOKEN_OF.finditer(text, near, done):
            yield mention.start()


def _is_mentioned(text: str, found: re.Match[str], mentions: list[int]) -> bool:
    """Whether the text speaks of a reference: it is quoted, or the sentence is about them.

    `mentions` are the places of words for references.
    """
    start, end = found.span()
    before, behind = text[start - 1 : start], text[end : end + 1]
    if before and behind and _QUOTES.get(before) == behind:
        return True
    if _PURPOSE.match(text, end) and _VERB.search(text[max(0, start - 32) : start]):
        return True
    return any(
        text.count("\n", min(place, start), max(place, start)) <= _LINES
        and "\n\n" not in text[min(place, start) : max(place, start)]
        for place in _nearest(mentions, start)
    )


def _is_told(text: str, found: re.Match[str], numbers: list[int]) -> bool:
    """Whether a reference by number ends a line where the text tells characters by their numbers.

    `numbers` are the places of such numbers, as in "U+25B6".
    """
    if found[2] is None or found[2][0] != "#":
        return False
    start, end = found.span()
    alone = not text[max(0, start - 1) : start].strip() and _LINE_END.match(text, end) is not None
    return alone and bool(_nearest(numbers, start))


def _nearest(places: list[int], start: int) -> list[int]:
    """Return the places beside `start`, one each side, that are near it."""
    nearest = bisect_left(places, start)
    near = places[max(0, nearest - 1) : nearest + 1]
    return [place for place in near if abs(place - start) <= _REACH]
