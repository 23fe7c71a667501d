"""The reports of findings there are, by the name that ``--output-format`` takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cleaner.core.findings import Finding
from cleaner.core.plugins import brought, refused
from cleaner.reports.findings.context import ReportContext
from cleaner.reports.findings.full import full_report
from cleaner.reports.findings.github import github_report
from cleaner.reports.findings.gitlab import gitlab_report
from cleaner.reports.findings.json import json_report, jsonl_report
from cleaner.reports.findings.junit import junit_report
from cleaner.reports.findings.markdown import markdown_report
from cleaner.reports.findings.rdjson import rdjson_report
from cleaner.reports.findings.sarif import sarif_report
from cleaner.reports.findings.statistics import statistics_report
from cleaner.reports.findings.text import text_report

Report = Callable[[Iterable[Finding], ReportContext], Iterator[str]]

_BUILT_IN: dict[str, Report] = {
    "text": text_report,
    "full": full_report,
    "json": json_report,
    "jsonl": jsonl_report,
    "sarif": sarif_report,
    "github": github_report,
    "gitlab": gitlab_report,
    "junit": junit_report,
    "rdjson": rdjson_report,
    "markdown": markdown_report,
    "statistics": statistics_report,
}


def _all_reports() -> dict[str, Report]:
    """Return the reports by name, those that other packages bring last."""
    reports = dict(_BUILT_IN)
    for name, report in brought("reports").items():
        if name in reports or not callable(report):
            raise refused(f"cleaner.reports {name}", "is no report, or has a name that is taken")
        reports[name] = report
    return reports


REPORTS = _all_reports()
