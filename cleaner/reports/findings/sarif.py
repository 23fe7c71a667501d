"""Findings as SARIF 2.1.0, which code scanning reads.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, within the limits of
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from cleaner.core.findings import Finding, Placing, shown
from cleaner.core.rules import Rule
from cleaner.core.version import VERSION
from cleaner.reports.findings.context import SEVERITIES, Identified, ReportContext, identified

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
# Code scanning takes no more results of a run.
_MOST = 25_000
_ROOT = "SRCROOT"
_FINGERPRINT = "cleanerFinding/v1"


def sarif_report(findings: Iterable[Finding], context: ReportContext) -> Iterator[str]:
    """Yield the document; of more results than a run may have, the most severe stand in it."""
    kept: dict[str, list[str]] = {severity: [] for severity in SEVERITIES}
    counts: Counter[str] = Counter()
    places = {code: place for place, code in enumerate(context.rules)}
    for one in identified(findings, context):
        severity = context.severity_of(one.finding)
        counts[severity] += 1
        if len(kept[severity]) < _MOST:
            kept[severity].append(json.dumps(_result(one, places, context)))
    results = [result for severity in SEVERITIES for result in kept[severity]][:_MOST]
    told = [_notification(problem, "error") for problem in context.problems]
    if counts.total() > _MOST:
        of = f"{counts.total():,} findings: the first {_MOST:,}, by severity, are in this file"
        told.append(_notification(of, "warning"))
    invocation = {
        "executionSuccessful": not context.problems,
        "toolExecutionNotifications": told,
    }
    driver = {
        "name": "cleaner",
        "semanticVersion": VERSION,
        "rules": [_rule(rule, context) for rule in context.rules.values()],
    }
    head = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"uri": context.root.as_uri().rstrip("/") + "/"}},
    }
    yield f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [\n'
    yield json.dumps(head)[:-1] + ', "results": ['
    for place, result in enumerate(results):
        yield f"{',' if place else ''}\n{result}"
    yield "\n]}]}\n"


def _rule(rule: Rule, context: ReportContext) -> dict[str, object]:
    level = "note" if rule.notes else context.severity_of_code(rule.code)
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.rationale},
        "help": {"text": _help(rule)},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": [rule.family]},
    }


def _help(rule: Rule) -> str:
    """Return what a person is shown of a rule: why it is one, and what it does to an example."""
    changed = next((one for one in rule.examples if one.before != one.after), None)
    if changed is None:
        return rule.rationale
    after = shown(changed.after) if changed.after else "(removed)"
    return f"{rule.rationale}\n\nBefore: {shown(changed.before)}\nAfter: {after}"


def _result(one: Identified, places: dict[str, int], context: ReportContext) -> dict[str, object]:
    finding = one.finding
    place = _artifact(context.path(finding))
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": places[finding.code],
        "level": context.severity_of(finding),
        "message": {"text": finding.message},
        "partialFingerprints": {_FINGERPRINT: one.fingerprint},
    }
    location: dict[str, object] = {"artifactLocation": place}
    if finding.placing is Placing.LINE:
        location["region"] = {"startLine": finding.line}
    if finding.placing is Placing.COLUMNS:
        location["region"] = region = {
            "startLine": finding.line,
            "startColumn": finding.column,
            "endLine": finding.end_line,
            "endColumn": finding.end_column,
        }
        if finding.is_whole:
            replacement = {"deletedRegion": region, "insertedContent": {"text": finding.after}}
            change = {"artifactLocation": place, "replacements": [replacement]}
            result["fixes"] = [{"artifactChanges": [change]}]
    result["locations"] = [{"physicalLocation": location}]
    return result


def _artifact(path: str) -> dict[str, object]:
    name = quote(path.encode("utf-8", "surrogateescape"), safe="/")
    # What lies outside of the repository has a place of its own.
    return {"uri": f"file://{name}"} if path.startswith("/") else {"uri": name, "uriBaseId": _ROOT}


def _notification(text: str, level: str) -> dict[str, object]:
    return {"level": level, "message": {"text": text}}
