"""Findings as workflow commands of GitHub Actions, which shows them beside the lines of a change.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cleaner.core.findings import Finding, Placing
from cleaner.reports.findings.context import ReportContext

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def github_report(findings: Iterable[Finding], context: ReportContext) -> Iterator[str]:
    """Yield an annotation a finding."""
    for finding in findings:
        command = _COMMANDS[context.severity_of(finding)]
        rule = context.rules[finding.code]
        place = {"file": context.path(finding)}
        if finding.placing is not Placing.NOTHING:
            place["line"] = str(finding.line)
        if finding.placing is Placing.COLUMNS:
            place["endLine"] = str(finding.end_line)
            # A column on another line than the first would be taken for one on it.
            if finding.end_line == finding.line:
                place |= {"col": str(finding.column), "endColumn": str(finding.end_column)}
        place["title"] = f"{rule.code} {rule.name}"
        properties = ",".join(f"{name}={_property(value)}" for name, value in place.items())
        yield f"::{command} {properties}::{_data(finding.message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    r"""Return a value as it stands between colons and commas.

    >>> _property("notes: 5%, more")
    'notes%3A 5%25%2C more'
    """
    return _data(text).replace(":", "%3A").replace(",", "%2C")
