"""Findings as JSON: one array, or an object a line; written piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from cleaner.core.findings import Finding
from cleaner.reports.findings.context import Identified, ReportContext, identified


def json_report(findings: Iterable[Finding], context: ReportContext) -> Iterator[str]:
    """Yield the pieces of the array; line and column count from 1, offsets from 0."""
    before = "[\n"
    for one in identified(findings, context):
        yield before + json.dumps(_values(one, context))
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def jsonl_report(findings: Iterable[Finding], context: ReportContext) -> Iterator[str]:
    """Yield an object a line, with the members that the array's objects have."""
    for one in identified(findings, context):
        yield json.dumps(_values(one, context)) + "\n"


def _values(one: Identified, context: ReportContext) -> dict[str, object]:
    finding = one.finding
    return {
        "path": finding.source.path,
        "record": finding.source.record,
        "field": finding.source.field or None,
        "id": finding.id,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "start": finding.start,
        "end": finding.end,
        "code": finding.code,
        "severity": context.severity_of(finding),
        "message": finding.message,
        "before": finding.before,
        "after": finding.after,
        "detail": finding.detail,
        "note": finding.note,
        "fingerprint": one.fingerprint,
    }
