"""Findings in reviewdog's diagnostic format, with the repair where it can be made at its place.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from cleaner.core.findings import Finding, Placing
from cleaner.reports.findings.context import ReportContext

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


def rdjson_report(findings: Iterable[Finding], context: ReportContext) -> Iterator[str]:
    """Yield the pieces of one object; columns count bytes of UTF-8, as the format wants it."""
    yield '{"source": {"name": "cleaner"}, "diagnostics": ['
    before = "\n"
    for finding in findings:
        yield before + json.dumps(_diagnostic(finding, context))
        before = ",\n"
    yield "\n]}\n"


def _diagnostic(finding: Finding, context: ReportContext) -> dict[str, object]:
    columns = finding.utf8_columns
    location: dict[str, object] = {"path": context.path(finding)}
    diagnostic: dict[str, object] = {
        "message": finding.message,
        "severity": _SEVERITIES[context.severity_of(finding)],
        "code": {"value": finding.code},
    }
    if finding.placing is Placing.LINE:
        location["range"] = {"start": {"line": finding.line}}
    if finding.placing is Placing.COLUMNS:
        location["range"] = span = {
            "start": {"line": finding.line, "column": columns[0]},
            "end": {"line": finding.end_line, "column": columns[1]},
        }
        if finding.is_whole:
            diagnostic["suggestions"] = [{"range": span, "text": finding.after}]
    diagnostic["location"] = location
    return diagnostic
