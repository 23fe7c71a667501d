"""How many findings each rule has, the commonest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from cleaner.core.findings import Finding
from cleaner.reports.findings.context import ReportContext


def statistics_report(findings: Iterable[Finding], context: ReportContext) -> Iterator[str]:
    """Yield a line a rule: findings, files that have them, code, name, and whether notes."""
    counts: Counter[str] = Counter()
    files: Counter[str] = Counter()
    last: dict[str, str] = {}
    for finding in findings:
        counts[finding.code] += 1
        if last.get(finding.code) != finding.source.path:
            last[finding.code] = finding.source.path
            files[finding.code] += 1
    for code, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        rule = context.rules[code]
        note = "  [note]" if rule.notes else ""
        yield f"{count:>9,} in {files[code]:>6,} files  {code}  {rule.name}{note}\n"
