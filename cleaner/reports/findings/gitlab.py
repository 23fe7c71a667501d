"""Findings as GitLab's code quality report, which it shows in merge requests.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from cleaner.core.findings import Finding, Placing
from cleaner.reports.findings.context import ReportContext, identified

_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def gitlab_report(findings: Iterable[Finding], context: ReportContext) -> Iterator[str]:
    """Yield the pieces of the array; no two findings have one fingerprint."""
    before = "[\n"
    for finding, fingerprint in identified(findings, context):
        values = {
            "description": f"{finding.code} {finding.message}",
            "check_name": finding.code,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[context.severity_of(finding)],
            "location": {
                "path": context.path(finding),
                "lines": _lines(finding),
            },
        }
        yield before + json.dumps(values)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _lines(finding: Finding) -> dict[str, int]:
    """Return the lines, of which the format needs one also where a file has none."""
    if finding.placing is Placing.NOTHING:
        return {"begin": 1}
    return {"begin": finding.line, "end": finding.end_line}
