"""Findings: edits as they are shown to a person."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cleaner.core.document import Source
from cleaner.core.edits import Edit, SourceMap, Survivor, apply_edits, invert_edits
from cleaner.core.rules import Rule

# A carriage return counts only where no line feed follows, so that CRLF is one line end.
LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Finding:
    """An edit, placed in the source: lines and columns count from 1, in code points.

    For a record of a file that holds many, `line` is the record's line in the file and `column`
    counts from the start of its text; `start` and `end` are offsets in the source text. A `note`
    tells of something that `clean` leaves as it is.
    """

    source: Source
    id: str
    line: int
    column: int
    start: int
    end: int
    code: str
    message: str
    before: str
    after: str
    detail: str
    note: bool = False
    survivor: Survivor | None = None

    def __str__(self) -> str:
        return f"{self.source.path}:{self.line}:{self.column}: {self.code} {self.message}"


def undo_steps(text: str, steps: Iterable[Sequence[Edit]]) -> str:
    """Return the source text that `steps`, in the order they were taken, turned into `text`."""
    for edits in reversed(list(steps)):
        text = apply_edits(text, invert_edits(edits))
    return text


def located_edits(steps: Iterable[Sequence[Edit]]) -> list[Edit]:
    """Return the edits of all steps with ``start`` and ``end`` moved to the source text.

    ``before`` and ``after`` stay as the step saw them: where a step changes what an earlier
    one made, the span is that of the source text it came from.
    """
    located = []
    spans = SourceMap()
    for edits in steps:
        for edit in edits:
            start, end = spans.locate(edit.start, edit.end)
            located.append(edit._replace(start=start, end=end))
        spans.add(edits)
    located.sort(key=lambda edit: (edit.start, edit.end))
    return located


class Lines:
    """Line and column of an offset in a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(end.end() for end in LINE_END.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        r"""Return line and column, both from 1.

        >>> Lines("one\r\ntwo").place(5)
        (2, 1)
        """
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def findings_of(
    source: Source,
    id: str,
    text: str,
    steps: Sequence[Sequence[Edit]],
    rules: Mapping[str, Rule],
) -> list[Finding]:
    """Return the findings of one document, in the order of its text.

    `text` is the source text; `rules` go by their codes.
    """
    lines = Lines(text)
    findings = []
    for edit in located_edits(steps):
        rule = rules[edit.code]
        shown_at = _first_seen(text, edit.start, edit.end)
        line, column = lines.place(shown_at)
        if source.record is not None:
            line, column = source.record, shown_at + 1
        findings.append(
            Finding(
                source=source,
                id=id,
                line=line,
                column=column,
                start=edit.start,
                end=edit.end,
                code=edit.code,
                message=_message(edit, rule.summary),
                before=edit.before,
                after=edit.after,
                detail=edit.detail,
                note=rule.notes and edit.before == edit.after,
                survivor=edit.survivor,
            )
        )
    return findings


def _first_seen(text: str, start: int, end: int) -> int:
    """Return where a person sees a span begin: white space before its text is passed over."""
    blank = len(text[start:end]) - len(text[start:end].lstrip())
    return start if start + blank == end else start + blank


def _message(edit: Edit, summary: str) -> str:
    if edit.before == edit.after:
        return f"{summary}: {edit.detail}" if edit.detail else summary
    change = f"{shown(edit.before)} -> {shown(edit.after)}" if edit.after else shown(edit.before)
    return f"{summary}: {change}" + (f" ({edit.detail})" if edit.detail else "")


def shown(text: str, width: int = 60) -> str:
    r"""Return `text` quoted for one line of a report, its middle left out where it is long.

    >>> shown("a\tb\u200b")
    '"a\\tb\\u200b"'
    """
    if len(text) > width:
        half = (width - 1) // 2
        text = f"{text[:half]}…{text[-half:]}"
    body = "".join(c if c.isprintable() and c not in '"\\' else _escaped(c) for c in text)
    return f'"{body}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return ascii(character)[1:-1]
