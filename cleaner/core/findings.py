"""Findings: edits as they are shown to a person."""

from __future__ import annotations

import enum
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cleaner.core.document import Source
from cleaner.core.edits import Edit, SourceMap, Survivor, apply_edits, invert_edits
from cleaner.core.rules import Rule

# A carriage return counts only where no line feed follows, so that CRLF is one line end.
LINE_END = re.compile(r"\r\n?|\n")

# So many code points beside a finding are kept with it.
BESIDE = 40


class Placing(enum.Enum):
    """What of a file the line and columns of a finding are.

    Records of a table or an archive are no lines of it, and what is packed or extracted has lines
    of its own: a reader of the file finds nothing there.
    """

    COLUMNS = "line and columns"
    LINE = "line"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Finding:
    """An edit, placed in the source: lines and columns count from 1, in code points.

    For a record of a file that holds many, `line` is the record's line in the file and `column`
    counts from the start of its text; `start` and `end` are offsets in the source text. The span
    ends before `end_line` and `end_column`; `utf8_columns` are both columns in bytes of UTF-8.
    `lead` and `trail` are what stands right before and behind it on its first and last line, 40
    code points at most. `is_whole` says that to put `after` in place of what stands from line and
    column on is all of the repair: no other finding has a part of it. `placing` says what line and
    columns are to a reader of the file. A `note` tells of something that `clean` leaves as it is.
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
    end_line: int = 0
    end_column: int = 0
    utf8_columns: tuple[int, int] = (0, 0)
    lead: str = ""
    trail: str = ""
    is_whole: bool = False
    placing: Placing = Placing.COLUMNS

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
        self._text = text
        self._starts = [0, *(end.end() for end in LINE_END.finditer(text))]
        self._counted = (0, 0)

    def place(self, offset: int) -> tuple[int, int]:
        r"""Return line and column, both from 1.

        >>> Lines("one\r\ntwo").place(5)
        (2, 1)
        """
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def utf8_column(self, offset: int) -> int:
        r"""Return the column in bytes of UTF-8, from 1.

        >>> Lines("mole\nquai d’hiver").utf8_column(12)
        10
        """
        if self._text.isascii():
            return self.place(offset)[1]
        start = self._starts[bisect_right(self._starts, offset) - 1]
        # Most often a place behind the last one is asked for, on the same line.
        at, size = self._counted if start <= self._counted[0] <= offset else (start, 0)
        size += len(self._text[at:offset].encode("utf-8", "surrogatepass"))
        self._counted = offset, size
        return size + 1


def findings_of(
    source: Source,
    id: str,
    text: str,
    steps: Sequence[Sequence[Edit]],
    rules: Mapping[str, Rule],
    placing: Placing = Placing.COLUMNS,
) -> list[Finding]:
    """Return the findings of one document, in the order of its text.

    `text` is the source text; `rules` go by their codes; `placing` is that of all of them.
    """
    lines = Lines(text)
    findings = []
    field = f"field {source.field}: " if source.field else ""
    edits = located_edits(steps)
    for edit, alone in zip(edits, _stand_alone(edits), strict=True):
        rule = rules[edit.code]
        shown_at = _first_seen(text, edit.start, edit.end)
        line, column = lines.place(shown_at)
        end_line, end_column = lines.place(edit.end)
        if source.record is not None:
            line, column = source.record, shown_at + 1
            end_line, end_column = source.record, edit.end + 1
        changes = edit.before != edit.after
        findings.append(
            Finding(
                source=source,
                id=id,
                line=line,
                column=column,
                start=edit.start,
                end=edit.end,
                code=edit.code,
                message=f"{field}{_message(edit, rule.summary)}",
                before=edit.before,
                after=edit.after,
                detail=edit.detail,
                note=rule.notes and not changes,
                survivor=edit.survivor,
                end_line=end_line,
                end_column=end_column,
                utf8_columns=(lines.utf8_column(shown_at), lines.utf8_column(edit.end)),
                lead=LINE_END.split(text[max(0, edit.start - BESIDE) : edit.start])[-1],
                trail=LINE_END.split(text[edit.end : edit.end + BESIDE], 1)[0],
                is_whole=(
                    alone
                    and changes
                    and shown_at == edit.start
                    and text[edit.start : edit.end] == edit.before
                ),
                placing=placing,
            )
        )
    return findings


def _stand_alone(edits: Sequence[Edit]) -> list[bool]:
    """Return of each of `edits`, which are in order, whether it shares no place with another."""
    alone = [True] * len(edits)
    widest = -1
    for i, edit in enumerate(edits):
        if edit.before == edit.after:
            continue
        if widest >= 0:
            other = edits[widest]
            if edit.start < other.end or other.start == edit.end:
                alone[i] = alone[widest] = False
        if widest < 0 or edit.end >= edits[widest].end:
            widest = i
    return alone


def _first_seen(text: str, start: int, end: int) -> int:
    """Return where a person sees a span begin: white space before its text is passed over."""
    blank = len(text[start:end]) - len(text[start:end].lstrip())
    return start if start + blank == end else start + blank


def _message(edit: Edit, summary: str) -> str:
    if edit.before == edit.after:
        return f"{summary}: {edit.detail}" if edit.detail else summary
    change = f"{shown(edit.before)} -> {shown(edit.after)}" if edit.after else shown(edit.before)
    return f"{summary}: {change}" + (f" ({edit.detail})" if edit.detail else "")


def counted(number: int, thing: str, things: str = "") -> str:
    """Return how many things there are, in words.

    >>> counted(1, "finding"), counted(1200, "file"), counted(2, "copy", "copies")
    ('1 finding', '1,200 files', '2 copies')
    """
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


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
