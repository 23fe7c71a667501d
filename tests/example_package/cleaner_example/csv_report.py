"""A report: findings as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from cleaner.core.findings import Finding
from cleaner.reports.findings.context import ReportContext


def csv_report(findings: Iterable[Finding], context: ReportContext) -> Iterator[str]:
    """Yield the heading, and a row a finding."""
    yield _row("path", "line", "code", "severity", "message")
    for one in findings:
        yield _row(one.source.path, one.line, one.code, context.severity_of(one), one.message)


def _row(*values: object) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()
