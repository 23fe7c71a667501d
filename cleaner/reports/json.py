"""Findings as one JSON array, written piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from cleaner.core.findings import Finding


def json_report(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the pieces of the array; line and column count from 1, offsets from 0."""
    before = "[\n"
    for finding in findings:
        yield before + json.dumps(_values(finding))
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _values(finding: Finding) -> dict[str, object]:
    return {
        "path": finding.source.path,
        "record": finding.source.record,
        "id": finding.id,
        "line": finding.line,
        "column": finding.column,
        "start": finding.start,
        "end": finding.end,
        "code": finding.code,
        "message": finding.message,
        "before": finding.before,
        "after": finding.after,
        "detail": finding.detail,
        "note": finding.note,
    }
