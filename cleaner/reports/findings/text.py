"""Findings as lines for people and editors: ``path:line:col: CODE message``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cleaner.core.errors import one_line
from cleaner.core.findings import Finding
from cleaner.reports.findings.context import ReportContext


def text_report(findings: Iterable[Finding], context: ReportContext) -> Iterator[str]:
    """Yield a line a finding."""
    for finding in findings:
        yield one_line(str(finding)) + "\n"
