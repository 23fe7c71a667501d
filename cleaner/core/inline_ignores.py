"""Comments ``cleaner: ignore``, by which a text itself says what is to be left as it is.

A comment at the end of a line is about that line; one on a line of its own about the block below
it, which ends at a blank line or, where it begins as fenced code, with that; ``ignore-file`` is
about the whole text. Codes or prefixes may follow; without any, all rules are meant.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from cleaner.core.edits import Edit, StepResult, apply_edits
from cleaner.core.findings import LINE_END
from cleaner.core.paragraphs import Span
from cleaner.core.rules import covers_any

# The form of the comments that a text may have; "" of texts that have none.
Comments = Literal["", "markdown", "rst"]

_SIGN = "cleaner:"
_SAYING = r"cleaner:[ \t]{0,9}ignore(?P<file>-file)?(?P<codes>[ \t:][^\n]{0,400}?)?[ \t]{0,9}"
_FORMS = {
    "markdown": re.compile(rf"<!--[ \t]{{0,9}}{_SAYING}-->"),
    "rst": re.compile(rf"^\.\.[ \t]{{1,9}}{_SAYING}$"),
}
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CODE = re.compile(r"[A-Z]{3}\d{0,3}|ALL")
_REASON = " -- "


class Ignore(NamedTuple):
    """A comment: where it stands, what it is about, and the codes it names, none for all.

    `unknown` are words in the place of codes that cannot be any. `alone` says that nothing else
    stands on its `line`.
    """

    start: int
    end: int
    about: Span
    codes: tuple[str, ...]
    unknown: tuple[str, ...]
    of_file: bool
    alone: bool
    line: Span

    @property
    def acting(self) -> tuple[str, ...]:
        """The codes that are meant; ``ALL`` where none is named."""
        return self.codes if self.codes or self.unknown else ("ALL",)

    def covers(self, code: str) -> bool:
        """Whether the rule `code` is to leave what the comment is about."""
        return covers_any(self.acting, code)


def inline_ignores(text: str, comments: Comments) -> list[Ignore]:
    r"""Return the comments of `text` that say what to ignore, in order.

    >>> text = "One  word. <!-- cleaner: ignore FMT508 -->\n"
    >>> [(one.about, one.codes) for one in inline_ignores(text, "markdown")]
    [(Span(start=0, end=42), ('FMT508',))]
    >>> text = ".. cleaner: ignore\n\nOne\nblock.\n\nTwo.\n"
    >>> [text[slice(*one.about)] for one in inline_ignores(text, "rst")]
    ['One\nblock.']
    """
    if not comments or _SIGN not in text:
        return []
    lines = _lines_of(text)
    form = _FORMS[comments]
    return [
        _ignore(text, lines, number, found)
        for number in _outside_of_code(text, lines, comments)
        if _SIGN in text[slice(*lines[number])]
        for found in form.finditer(text[slice(*lines[number])])
        if _is_said(text[slice(*lines[number])], found, comments)
    ]


def ignored_in_markup(text: str) -> tuple[str, ...]:
    """Return the codes that comments anywhere in a page ignore in all of it.

    >>> ignored_in_markup("<p>Tea.</p><!-- cleaner: ignore-file ENC --><p>Bread.</p>")
    ('ENC',)
    """
    found: list[str] = []
    for comment in _FORMS["markdown"].finditer(text):
        codes, unknown = _codes(comment["codes"] or "")
        if comment["file"]:
            found += codes if codes or unknown else ("ALL",)
    return tuple(found)


def _lines_of(text: str) -> list[Span]:
    """Return where the lines stand, without their ends."""
    lines = []
    start = 0
    for end in LINE_END.finditer(text):
        lines.append(Span(start, end.start()))
        start = end.end()
    lines.append(Span(start, len(text)))
    return lines


def _outside_of_code(text: str, lines: Sequence[Span], comments: Comments) -> Iterator[int]:
    """Yield the numbers of the lines that stand in no fenced code, in which nothing is a comment.

    Fences are Markdown's; what is literal in reStructuredText is indented, and its comments here
    are not.
    """
    fence = ""
    for number, (start, end) in enumerate(lines):
        found = _FENCE.match(text, start, end) if comments == "markdown" else None
        if fence:
            if found is not None and found[1].startswith(fence):
                fence = ""
            continue
        if found is not None:
            fence = found[1]
            continue
        yield number


def _is_said(line: str, found: re.Match[str], comments: Comments) -> bool:
    """Whether what looks like the comment is one, not quoted as code, at the end of its line."""
    if comments == "rst":
        return True
    before, behind = line[: found.start()], line[found.end() :]
    is_code = before.count("`") % 2 == 1 or (not before.strip() and len(before.expandtabs()) > 3)
    return not behind.strip() and not is_code


def _ignore(text: str, lines: Sequence[Span], number: int, found: re.Match[str]) -> Ignore:
    codes, unknown = _codes(found["codes"] or "")
    line = lines[number]
    alone = not text[line.start : line.start + found.start()].strip()
    if found["file"]:
        about = Span(0, len(text))
    else:
        about = _block_below(text, lines, number) if alone else line
    start, end = line.start + found.start(), line.start + found.end()
    return Ignore(start, end, about, codes, unknown, bool(found["file"]), alone, line)


def _codes(said: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes that are named, and what cannot be any; a reason may stand behind ``--``."""
    words = f"{said} ".partition(_REASON)[0].lstrip(" \t:").replace(",", " ").upper().split()
    codes = tuple(word for word in words if _CODE.fullmatch(word))
    return codes, tuple(word for word in words if not _CODE.fullmatch(word))


def _block_below(text: str, lines: Sequence[Span], number: int) -> Span:
    """Return the block below a line; nothing, behind the line, where there is none."""
    below = range(number + 1, len(lines))
    first = next((line for line in below if text[slice(*lines[line])].strip()), None)
    if first is None:
        return Span(lines[number].end, lines[number].end)
    fence = _FENCE.match(text, *lines[first])
    last = first
    for line in range(first + 1, len(lines)):
        own = text[slice(*lines[line])]
        if fence is None and not own.strip():
            break
        last = line
        if fence is not None and own.strip().startswith(fence[1]):
            break
    return Span(lines[first].start, lines[last].end)


# The place of an ignore among those of its text, and the code of something that gave way to it.
Use = tuple[int, str]


class Kept(NamedTuple):
    """What is left of a step's edits; of the others the ignores' places, and their own codes."""

    result: StepResult
    used: frozenset[Use]


def blanked(text: str, ignores: Sequence[Ignore]) -> str:
    """Return a text with white space in the place of comments, which steps have no say on.

    >>> text = "One. <!-- cleaner: ignore -->"
    >>> blanked(text, inline_ignores(text, "markdown")) == "One." + 25 * " "
    True
    """
    pieces = []
    at = 0
    for one in ignores:
        pieces += [text[at : one.start], " " * (one.end - one.start)]
        at = one.end
    return "".join((*pieces, text[at:]))


def without_ignored(text: str, result: StepResult, ignores: Sequence[Ignore]) -> Kept:
    """Return the result of a step that was given a text `blanked`, without unwanted edits.

    Unwanted is what `ignores`, those of the text, are about. No edit changes a comment, or brings
    something else onto a line that is its own.
    """
    kept: list[Edit] = []
    used: set[Use] = set()
    for edit in result.edits:
        meets_comment = any(_meets_comment(text, edit, one) for one in ignores)
        if meets_comment and edit.before.isspace():
            continue  # white space that only blanks made
        unwanted = {
            (place, edit.code)
            for place, one in enumerate(ignores)
            if one.covers(edit.code) and _is_about(text, edit, one)
        }
        used |= unwanted
        if not unwanted and not meets_comment:
            kept.append(edit)
    return Kept(StepResult(apply_edits(text, kept), tuple(kept)), frozenset(used))


def _is_about(text: str, edit: Edit, ignore: Ignore) -> bool:
    """Whether an edit changes what an ignore is about; a note is about the document."""
    if ignore.of_file:
        return True
    if edit.before == edit.after or ignore.about.start == ignore.about.end:
        return False
    return _touches(text, _changed(edit), ignore.about)


def _meets_comment(text: str, edit: Edit, ignore: Ignore) -> bool:
    if edit.before == edit.after:
        return False
    change = _changed(edit)
    if change.start < ignore.end and ignore.start < change.end:
        return True
    if change.start == change.end:
        return ignore.start < change.start < ignore.end
    if not ignore.alone or LINE_END.search(change.after):
        return False
    takes_break = LINE_END.search(text, change.start, change.end) is not None
    return takes_break and _touches(text, change, ignore.line)


class _Change(NamedTuple):
    """What an edit comes to where what it leaves at its borders is left out."""

    start: int
    end: int
    after: str


def _changed(edit: Edit) -> _Change:
    before, after = edit.before, edit.after
    most = min(len(before), len(after))
    head = next((at for at in range(most) if before[at] != after[at]), most)
    most -= head
    tail = next((at for at in range(most) if before[-1 - at] != after[-1 - at]), most)
    return _Change(edit.start + head, edit.end - tail, after[head : len(after) - tail])


def _touches(text: str, change: _Change, about: Span) -> bool:
    """Whether a change has to do with these lines: whole lines that go beside them do not."""
    start, end, after = change
    if start == end:
        return about.start <= start <= about.end
    if start > about.end or end < about.start:
        return False
    if start == about.end:
        # The line break behind the lines, which may as well be the one that another line ends with.
        return bool(after) or text[start] != "\n" or (end < len(text) and text[end] != "\n")
    if end == about.start:
        # Whole lines above go with their ends; but what ends in the middle of one joins.
        is_whole = start == 0 or text[start - 1] in "\r\n"
        return text[end - 1] in "\r\n" and (bool(after) or not is_whole) and not _ends(after)
    return True


def _ends(after: str) -> bool:
    return after.endswith(("\n", "\r"))


def about_any(ignores: Sequence[Ignore], spans: Sequence[Span], code: str) -> list[frozenset[int]]:
    """Return for each span, which rise and do not overlap, the places of ignores about it."""
    found: list[set[int]] = [set() for _ in spans]
    ends = [span.end for span in spans]
    for place, one in enumerate(ignores):
        if not one.covers(code):
            continue
        for number in range(bisect_right(ends, one.about.start), len(spans)):
            if spans[number].start >= one.about.end:
                break
            found[number].add(place)
    return [frozenset(places) for places in found]
