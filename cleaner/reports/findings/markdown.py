"""A summary of findings for the description of a change, or a job's summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from cleaner.core.findings import Finding, counted, shown
from cleaner.reports.findings.context import ReportContext

_MOST_FILES = 10
_MOST_SHOWN = 20


def markdown_report(findings: Iterable[Finding], context: ReportContext) -> Iterator[str]:
    """Yield the document: findings by rule and by file, and the first of them in full."""
    rules: Counter[str] = Counter()
    files: Counter[str] = Counter()
    first: list[Finding] = []
    for finding in findings:
        rules[finding.code] += 1
        files[context.path(finding)] += 1
        if len(first) < _MOST_SHOWN:
            first.append(finding)
    count = rules.total()
    yield (
        f"## cleaner: {counted(count, 'finding')} in {counted(len(files), 'file')}\n"
        if count
        else ("## cleaner: nothing found\n")
    )
    if context.problems:
        yield f"\n{counted(len(context.problems), 'input')} could not be read.\n"
    if not count:
        return
    yield "\n| rule | | findings |\n| --- | --- | ---: |\n"
    for code, number in _by_number(rules):
        yield f"| {code} | {_cell(context.rules[code].summary)} | {number:,} |\n"
    yield "\n| file | findings |\n| --- | ---: |\n"
    for path, number in _by_number(files)[:_MOST_FILES]:
        yield f"| {_code(path)} | {number:,} |\n"
    if len(files) > _MOST_FILES:
        rest = sum(number for _, number in _by_number(files)[_MOST_FILES:])
        yield f"| {len(files) - _MOST_FILES:,} more files | {rest:,} |\n"
    yield f"\n<details><summary>The first {len(first)} findings</summary>\n\n"
    yield "| place | rule | before | after |\n| --- | --- | --- | --- |\n"
    for finding in first:
        place = f"{context.path(finding)}:{finding.line}"
        cells = (_code(shown(text)) if text else "" for text in (finding.before, finding.after))
        yield f"| {_code(place)} | {finding.code} | {' | '.join(cells)} |\n"
    yield "\n</details>\n"


def _by_number(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _cell(text: str) -> str:
    r"""Return text that is a table's cell and nothing else, whatever it holds.

    >>> _cell("a | b\n<c>")
    'a \\| b &lt;c&gt;'
    """
    plain = " ".join(text.split()).replace("\\", "\\\\")
    for mark, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "\\|")):
        plain = plain.replace(mark, safe)
    return plain


def _code(text: str) -> str:
    """Return text in a code span; a mark that would end it is left out of it."""
    return f"`{' '.join(text.split()).replace('|', '¦').replace('`', 'ˋ')}`"
