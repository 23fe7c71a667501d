"""The closing table of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from cleaner.core.errors import one_line
from cleaner.core.findings import shown
from cleaner.core.rules import FAMILIES, OWN_FAMILY
from cleaner.reports.record import RunReport

_MOST_REPEATED = 5
_MOST_NAMED = 3
_MOST_OF_A_REASON = 5


def summary(report: RunReport, output: Path, seconds: float) -> str:
    """Return the table: edits by code, sizes, what was not read or written, and the speed."""
    lines = []
    others = {code[:3]: OWN_FAMILY for code in report.counts if code[:3] not in FAMILIES}
    for prefix, family in {**FAMILIES, **others}.items():
        codes = {code: count for code, count in report.counts.items() if code.startswith(prefix)}
        if codes:
            parts = ", ".join(f"{code} {count:,}" for code, count in codes.items())
            lines.append(f"{family:<26}{sum(codes.values()):>9,}  ({parts})")
    lines.extend(_repeated(report))
    if doubtful := report.counts.get("ENC104"):
        lines.append(
            f"{doubtful:,} files whose encoding is in doubt: `cleaner check --select ENC104` says "
            "what was assumed, --encoding NAME decides it"
        )
    written = sum(file.output_sha256 is not None for file in report.files)
    lines.append(
        f"{written:,} of {len(report.files):,} files written to {one_line(str(output))}: "
        f"{report.bytes_before:,} bytes before, {report.bytes_after:,} after; "
        f"{seconds:.1f} s, {report.bytes_before / 1e6 / seconds:.2f} MB/s"
    )
    if empty := sum(not file.bytes_before for file in report.files):
        lines.append(f"{empty:,} files are empty; they are written as they are")
    if len(report.files) > written:
        lines.append(f"{len(report.files) - written:,} files had no text left")
    if report.emptied.count:
        named = ", ".join(map(one_line, report.emptied.documents[:_MOST_NAMED]))
        more = " and others" if report.emptied.count > _MOST_NAMED else ""
        lines.append(
            f"{report.emptied.count:,} documents lost all their text and are not written: "
            f"{named}{more}"
        )
    lines.extend(named_by_reason(report.skipped, "passed over"))
    lines.extend(named_by_reason(report.remarks, "read"))
    for second, first in report.second_names.items():
        lines.append(f"{one_line(second)} is the file {one_line(first)}; it was read once")
    if not report.stable:
        lines.append("the corpus did not come to rest: a second run over the output may find more")
    if report.problems:
        lines.append(f"{len(report.problems):,} inputs could not be read; the errors stand above")
    return "\n".join(lines) + "\n"


def stream_summary(report: RunReport, seconds: float) -> str:
    """Return the line at the end of a stream: what was read, changed and left out."""
    (file,) = report.files
    edits = sum(report.counts.values())
    by_code = ", ".join(f"{code} {count:,}" for code, count in report.counts.items())
    parts = [
        f"{file.records_written:,} of {file.records:,} documents written",
        f"{edits:,} edits and notes ({by_code})" if edits else "nothing to change",
        f"{report.bytes_before:,} bytes before, {report.bytes_after:,} after",
        f"{seconds:.1f} s, {report.bytes_before / 1e6 / max(seconds, 1e-3):.2f} MB/s",
    ]
    if report.emptied.count:
        lost = f"{report.emptied.count:,} that lost all their text are left out"
        named = ", ".join(report.emptied.documents[:_MOST_NAMED])
        more = " and others" if report.emptied.count > _MOST_NAMED else ""
        parts.insert(1, f"{lost} ({named}{more})")
    if report.problems:
        parts.insert(1, f"{len(report.problems):,} that could not be read go through as they stand")
    return f"cleaner: {'; '.join(parts)}"


def named_by_reason(reasons: Mapping[str, str], what: str) -> Iterator[str]:
    """Yield a line for each reason: how many files it holds for, and the first of them.

    >>> list(named_by_reason({"a.log": "no known suffix", "b": "no known suffix"}, "passed over"))
    ['2 passed over: no known suffix: a.log, b']
    """
    names: dict[str, list[str]] = {}
    for name, why in sorted(reasons.items()):
        names.setdefault(why, []).append(name)
    for why, own in sorted(names.items()):
        first = ", ".join(map(one_line, own[:_MOST_OF_A_REASON]))
        others = len(own) - _MOST_OF_A_REASON
        more = f" and {others:,} others" if others > 0 else ""
        yield f"{len(own):,} {what}: {why}: {first}{more}"


def _repeated(report: RunReport) -> Iterator[str]:
    """Yield the repeated lines that went most often; the report's file has them all."""
    for line in report.repeated[:_MOST_REPEATED]:
        places = f"{line.at_head:,} at the head, {line.removed - line.at_head:,} at the tail"
        yield (
            f"  repeated line, {line.removed:,} of {line.stood:,} times ({places}), in "
            f"{line.from_documents:,} of {line.in_documents:,} documents: {shown(line.line, 80)}"
        )
    if len(report.repeated) > _MOST_REPEATED:
        yield f"  and {len(report.repeated) - _MOST_REPEATED:,} other repeated lines"
