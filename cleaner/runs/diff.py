"""What cleaning would write, as a unified diff against what was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from cleaner.core.document import record_of
from cleaner.core.errors import one_line
from cleaner.core.findings import undo_steps
from cleaner.core.settings.config import Settings
from cleaner.core.unified import Line, diff_of, lines_of, unified
from cleaner.formats.base import Format
from cleaner.formats.registry import FORMATS, fields_in, joined
from cleaner.runs.clean import Prepared
from cleaner.runs.input.spool import StagedDocument, load_spool
from cleaner.runs.output.writing import in_records


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
        lines = lines_of_file(own, file.format, settings, keep_empty=keep_empty, keep_unread=False)
        yield from named_diff(file.where, lines)


def lines_of_file(
    staged_documents: Iterable[StagedDocument],
    name: str,
    settings: Settings,
    *,
    keep_empty: bool,
    keep_unread: bool,
) -> Iterator[Line]:
    """Yield the lines of documents of a format, as they stood and as they are written.

    What is no document stays as it stands with `keep_unread`, and else is left out.
    """
    format, fields = FORMATS[name], fields_in(name, settings.input)
    told = in_records(staged_documents, fields, keep_empty=keep_empty)
    for _, texts in groupby(told, lambda one: record_of(one[0].number, fields)):
        record = list(texts)
        if len(record) == 1:
            ((staged, stays),) = record
            yield from _lines(staged, format, keep_empty=stays, keep_unread=keep_unread)
            continue
        pieces = [
            _before_and_after(staged, format, keep_empty=stays, keep_unread=keep_unread)
            for staged, stays in record
        ]
        before, after = (joined(b"".join(part), name) for part in zip(*pieces, strict=True))
        yield from _changed(before, after)


def _before_and_after(
    staged: StagedDocument, format: Format, *, keep_empty: bool, keep_unread: bool
) -> tuple[bytes, bytes]:
    """Return a record as it stood and as it is written, nothing where it is not."""
    if staged.raw is not None:
        stays = keep_unread or (staged.passed_on and keep_empty)
        return staged.raw, staged.raw if stays else b""
    text = undo_steps(staged.text, staged.steps)
    before = format.source(staged.form, staged.frame, text)
    if staged.text.strip() or keep_empty:
        return before, format.written(staged.frame, staged.text)
    return before, b""


def named_diff(path: str, lines: Iterable[Line]) -> Iterator[str]:
    """Yield the diff of the file at `path`, hunk by hunk."""
    return unified(one_line(path), lines)


def _lines(
    staged: StagedDocument, format: Format, *, keep_empty: bool, keep_unread: bool
) -> Iterator[Line]:
    if staged.raw is not None:
        yield from _all(" " if keep_unread or staged.passed_on else "-", staged.raw)
    elif format.one_document:
        source = undo_steps(staged.text, staged.steps)
        if staged.text.strip() or keep_empty:
            yield from diff_of(source, staged.text, staged.steps)
        else:
            yield from (Line("-", line) for line in lines_of(source))
    else:
        both = _before_and_after(staged, format, keep_empty=keep_empty, keep_unread=keep_unread)
        yield from _changed(*both)


def _changed(before: bytes, after: bytes) -> Iterator[Line]:
    if before == after:
        yield from _all(" ", before)
    else:
        yield from _all("-", before)
        yield from _all("+", after)


def _all(sign: str, data: bytes) -> Iterator[Line]:
    return (Line(sign, line) for line in lines_of(data.decode("utf-8", "surrogateescape")))
