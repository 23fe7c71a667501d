"""Findings with the line they stand in, a mark below it, and what would stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from cleaner.blocks.scripts import columns
from cleaner.core.errors import one_line
from cleaner.core.findings import BESIDE, LINE_END, Finding
from cleaner.reports.findings.context import ReportContext

_MOST = 60
_COLORS = {"error": "red", "warning": "yellow", "note": "cyan"}


def full_report(findings: Iterable[Finding], context: ReportContext) -> Iterator[str]:
    """Yield some lines a finding."""
    for finding in findings:
        color = _COLORS[context.severity_of(finding)]
        place = f"{finding.source.path}:{finding.line}:{finding.column}"
        summary = context.rules[finding.code].summary
        said = f"{summary}: {finding.detail}" if finding.detail else summary
        code = _styled(finding.code, context, fg=color, bold=True)
        yield f"{_styled(one_line(place), context, bold=True)}: {code} {one_line(said)}\n"
        yield from _excerpt(finding, context, color)
        yield "\n"


def _excerpt(finding: Finding, context: ReportContext, color: str) -> Iterator[str]:
    """Yield the first line of the span with a mark below it, and what is put in its place."""
    changes = finding.before != finding.after
    number = str(finding.line)
    blank = " " * len(number)
    before = finding.before.lstrip() or finding.before
    first, *more = LINE_END.split(before.strip("\r\n") or before)
    cut = len(first) > _MOST
    shown = _visible(first[:_MOST]) + ("…" if cut else "")
    if not before.strip():
        more = []
    lead = ("…" if len(finding.lead) == BESIDE else "") + _visible(finding.lead.lstrip())
    trail = "" if more or cut else _visible(finding.trail)
    trail += "…" if len(finding.trail) == BESIDE and trail else ""
    # What stands nowhere is marked between its neighbours.
    mark = "^" * max(1, columns(shown))
    yield f" {blank} |\n"
    yield f" {number} | {lead}{shown}{trail}\n"
    yield f" {blank} | {' ' * columns(lead)}{_styled(mark, context, fg=color)}"
    yield f" and {len(more)} more {'line' if len(more) == 1 else 'lines'}\n" if more else "\n"
    if changes:
        after = finding.after
        cut = len(after) > _MOST
        fix = f'"{_visible(after[:_MOST])}{"…" if cut else ""}"' if after else "it is removed"
        yield f" {blank} = {_styled('fix', context, fg='green')}: {fix}\n"


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() else " " if c == "\t" else ascii(c)[1:-1] for c in text)


def _styled(text: str, context: ReportContext, **style: object) -> str:
    return click.style(text, **style) if context.color else text  # type: ignore[arg-type]
