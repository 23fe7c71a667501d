"""Texts of one record: where one of them cannot be read, none of the others is written either."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from cleaner.core.document import record_of
from cleaner.core.findings import undo_steps
from cleaner.core.settings.config import Input
from cleaner.formats.registry import FORMATS, fields_in
from cleaner.runs.input.spool import StagedDocument


def without_halves(
    staged_documents: list[StagedDocument], format_of: Callable[[int], str], options: Input
) -> list[StagedDocument]:
    """Return documents of which those go that a bad one shares a record with, in their order.

    `format_of` gives the format of a file, by its number.
    """
    if len(options.text_fields) == 1:
        return staged_documents
    together: list[StagedDocument] = []
    for file, own in groupby(staged_documents, lambda one: one.file):
        format = format_of(file)
        fields = fields_in(format, options)
        for _, record in _records(list(own), fields):
            is_bad = fields > 1 and any(one.error is not None for one in record)
            together += [_as_it_stood(one, format) for one in record] if is_bad else record
    return together


def _records(
    staged_documents: list[StagedDocument], fields: int
) -> list[tuple[int, list[StagedDocument]]]:
    found = groupby(staged_documents, lambda one: record_of(one.number, fields))
    return [(number, list(record)) for number, record in found]


def _as_it_stood(staged: StagedDocument, format: str) -> StagedDocument:
    """Return a record that is no document for the bytes of one."""
    if staged.error is not None:
        return staged
    raw = staged.raw
    if raw is None:
        text = undo_steps(staged.text, staged.steps)
        raw = FORMATS[format].source(staged.form, staged.frame, text)
    return StagedDocument(staged.file, staged.number, raw=raw)
