"""What cleaning would write, as a unified diff against what was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from cleaner.core.errors import one_line
from cleaner.core.findings import undo_steps
from cleaner.core.settings.config import Settings
from cleaner.core.unified import Line, diff_of, lines_of, unified
from cleaner.formats.base import Format
from cleaner.formats.registry import FORMATS
from cleaner.runs.clean import Prepared
from cleaner.runs.input.spool import StagedDocument, load_spool


def diffs(prepared: Prepared, settings: Settings) -> Iterator[str]:
    """Yield the diff of each file, hunk by hunk; of a text in its own encoding, in Unicode."""
    failed = prepared.failed
    staged_documents = (
        staged
        for spool_part in prepared.spool_parts
        for staged in load_spool(spool_part)
        if staged.file not in failed
    )
    keep_empty = settings.output.keep_empty
    for number, own in groupby(staged_documents, attrgetter("file")):
        file = prepared.inputs.files[number]
        format = FORMATS[file.format]
        lines = (
            line
            for staged in own
            for line in diff_lines(staged, format, keep_empty=keep_empty, keep_unread=False)
        )
        yield from named_diff(file.where, lines)


def named_diff(path: str, lines: Iterable[Line]) -> Iterator[str]:
    """Yield the diff of the file at `path`, hunk by hunk."""
    return unified(one_line(path), lines)


def diff_lines(
    staged: StagedDocument, format: Format, *, keep_empty: bool, keep_unread: bool
) -> Iterator[Line]:
    """Yield the lines of a record, as it stood and as it is written.

    What is no document stays as it stands with `keep_unread`, and else is left out.
    """
    if staged.raw is not None:
        yield from _all(" " if keep_unread or staged.passed_on else "-", staged.raw)
    elif format.one_document:
        source = undo_steps(staged.text, staged.steps)
        if staged.text.strip() or keep_empty:
            yield from diff_of(source, staged.text, staged.steps)
        else:
            yield from (Line("-", line) for line in lines_of(source))
    else:
        source_bytes = format.source(
            staged.form, staged.frame, undo_steps(staged.text, staged.steps)
        )
        output = b""
        if staged.text.strip() or keep_empty:
            output = format.written(staged.frame, staged.text)
        if source_bytes == output:
            yield from _all(" ", source_bytes)
        else:
            yield from _all("-", source_bytes)
            yield from _all("+", output)


def _all(sign: str, data: bytes) -> Iterator[Line]:
    return (Line(sign, line) for line in lines_of(data.decode("utf-8", "surrogateescape")))
