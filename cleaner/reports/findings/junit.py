"""Findings as JUnit XML, which nearly every CI server shows as failed tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from xml.sax.saxutils import escape, quoteattr

from cleaner.core.errors import one_line
from cleaner.core.findings import Finding, Placing
from cleaner.reports.findings.context import ReportContext

# A file's findings are a suite, which says how many it holds; of more, several.
_MOST = 5000


def junit_report(findings: Iterable[Finding], context: ReportContext) -> Iterator[str]:
    """Yield the pieces of the document: a failed test a finding, a skipped one a note."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cleaner">\n'
    empty = True
    for path, of_file in groupby(findings, key=context.path):
        while some := list(islice(of_file, _MOST)):
            empty = False
            yield from _suite(path, some, context)
    problems = list(context.problems)
    if problems:
        yield f'<testsuite name="unreadable inputs" tests="{len(problems)}" '
        yield f'errors="{len(problems)}" failures="0" skipped="0">\n'
        for problem in problems:
            yield f'<testcase name={quoteattr(problem)} classname="cleaner">'
            yield f"<error message={quoteattr(problem)}/></testcase>\n"
        yield "</testsuite>\n"
    elif empty:
        yield '<testsuite name="cleaner" tests="1" errors="0" failures="0" skipped="0">\n'
        yield '<testcase name="nothing found" classname="cleaner"/>\n</testsuite>\n'
    yield "</testsuites>\n"


def _suite(path: str, findings: list[Finding], context: ReportContext) -> Iterator[str]:
    notes = sum(context.severity_of(finding) == "note" for finding in findings)
    yield f'<testsuite name={quoteattr(one_line(path))} tests="{len(findings)}" errors="0" '
    yield f'failures="{len(findings) - notes}" skipped="{notes}">\n'
    for finding in findings:
        severity = context.severity_of(finding)
        name = f"{finding.code} {finding.line}:{finding.column}"
        message = quoteattr(one_line(finding.message))
        kind = "skipped" if severity == "note" else "failure"
        of_type = "" if severity == "note" else f" type={quoteattr(finding.code)}"
        said = "" if severity == "note" else escape(one_line(str(finding)))
        yield f"<testcase name={quoteattr(name)} classname={quoteattr(one_line(path))} "
        line = "" if finding.placing is Placing.NOTHING else f' line="{finding.line}"'
        yield f"file={quoteattr(one_line(path))}{line}>"
        yield f"<{kind} message={message}{of_type}>{said}</{kind}></testcase>\n"
    yield "</testsuite>\n"
