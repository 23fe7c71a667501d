"""The closing words of a run: they fit a screen, and say where to look on."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from cleaner.core.errors import one_line
from cleaner.core.findings import shown
from cleaner.core.rules import FAMILIES, OWN_FAMILY
from cleaner.reports.record import RunReport

_MOST_NAMED = 3
_MOST_OF_A_REASON = 5
# So many rules of a family are named, the most frequent.
_MOST_CODES = 6


class Cause(NamedTuple):
    """A rule that took text away: how many characters, or bytes of `whole` records; an example."""

    code: str
    name: str
    edits: int
    taken: int
    place: str
    example: str
    whole: bool = False


class Causes(NamedTuple):
    """What took most text away, and how many of each rule's edits are notes, which take nothing."""

    most: Sequence[Cause] = ()
    notes: Mapping[str, int] = MappingProxyType({})


def summary(
    report: RunReport,
    output: Path | str | None,
    seconds: float,
    causes: Causes = Causes(),  # noqa: B008 - it cannot be changed
) -> str:
    """Return edits by family, what took most, sizes, what was not read or written, and the speed.

    Without an `output` nothing was written, and the words are on what would be. It may be a URL.
    """
    lines = [*_families(report, causes.notes), *_repeated(report), *_causes(causes.most)]
    if doubtful := report.counts.get("ENC104"):
        lines.append(
            f"{doubtful:,} files whose encoding is in doubt: `cleaner check --select ENC104` says "
            "what was assumed, --encoding NAME decides it"
        )
    written = sum(file.output_sha256 is not None for file in report.files)
    done = "would be written" if output is None else f"written to {one_line(str(output))}"
    lines.append(
        f"{written:,} of {len(report.files):,} files {done}{_records(report)}: "
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
    lines.extend(_not_read(report))
    if not report.stable:
        lines.append("the corpus did not come to rest: a second run over the output may find more")
    if report.problems:
        lines.append(f"{len(report.problems):,} inputs could not be read; the errors stand above")
    if report.counts and isinstance(output, Path):
        lines.append(_where_next(output, causes.most))
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


def cause_words(cause: Cause) -> str:
    """Return the example of a cause.

    >>> cause_words(Cause("BOI311", "navigation", 2, 30, "a.jsonl:7", "Skip to content"))
    'for example a.jsonl:7 "Skip to content"'
    """
    example = ", a whole record" if cause.whole else f" {shown(cause.example, 50)}"
    return f"for example {one_line(cause.place)}{example}"


def _records(report: RunReport) -> str:
    """Return how many records stay, where files hold many."""
    records = sum(file.records for file in report.files)
    if records <= len(report.files):
        return ""
    stay = sum(file.records_written for file in report.files if file.output_sha256 is not None)
    return f", {stay:,} of {records:,} records"


def _families(report: RunReport, notes: Mapping[str, int]) -> Iterator[str]:
    others = {code[:3]: OWN_FAMILY for code in report.counts if code[:3] not in FAMILIES}
    for prefix, family in {**FAMILIES, **others}.items():
        found = {code: count for code, count in report.counts.items() if code.startswith(prefix)}
        codes = {code: count - notes.get(code, 0) for code, count in found.items()}
        codes = {code: count for code, count in codes.items() if count > 0}
        noted = ", ".join(f"{code} {notes[code]:,}" for code in found if notes.get(code))
        if found:
            most = sorted(codes, key=lambda code: (-codes[code], code))[:_MOST_CODES]
            parts = ", ".join(f"{code} {codes[code]:,}" for code in codes if code in most)
            rest = len(codes) - len(most)
            more = f" and {rest} rarer rules" if rest else ""
            told = "; ".join(filter(None, (parts + more, f"only noted: {noted}" if noted else "")))
            yield f"{family:<26}{sum(codes.values()):>9,}  ({told})"


def _causes(causes: Sequence[Cause]) -> Iterator[str]:
    if causes:
        yield "most text went by"
    for cause in causes:
        name = f"{cause.code} {cause.name}"
        unit = "bytes" if cause.whole else "characters"
        yield f"  {name:<32}{cause.taken:>11,} {unit}, {cause_words(cause)}"


def _not_read(report: RunReport) -> Iterator[str]:
    yield from named_by_reason(report.skipped, "passed over")
    yield from named_by_reason(report.remarks, "read")
    names = list(report.second_names.items())
    for second, first in names[:_MOST_NAMED]:
        yield f"{one_line(second)} is the file {one_line(first)}; it was read once"
    if len(names) > _MOST_NAMED:
        yield f"so it is with {len(names) - _MOST_NAMED:,} more names; the report has them"


def _repeated(report: RunReport) -> Iterator[str]:
    """Yield the repeated line that went most often; the report has them all."""
    for line in report.repeated[:1]:
        rest = len(report.repeated) - 1
        more = f", and {rest:,} other lines" if rest else ""
        yield (
            f"  repeated line, {line.removed:,} of {line.stood:,} times, in "
            f"{line.from_documents:,} of {line.in_documents:,} documents: "
            f"{shown(line.line, 60)}{more}"
        )


def _where_next(output: Path, causes: Sequence[Cause]) -> str:
    folder = one_line(shlex.quote(str(output)))
    explain = ""
    if causes:
        cause = causes[0]
        head, _, record = cause.place.rpartition(":")
        if head and record.isdecimal():
            explain = f"cleaner explain {one_line(shlex.quote(cause.place))} --output {folder}"
        elif words := cause.example.strip().partition("\n")[0][:30].strip():
            explain = f"cleaner explain --text {one_line(shlex.quote(words))} --output {folder}"
    look = f"look on with `cleaner report {folder}`"
    return f"{look} or `{explain}`" if explain else look
