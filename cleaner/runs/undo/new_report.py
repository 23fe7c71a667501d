"""The report of a run of which some edits were taken back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.core.errors import UsageError
from cleaner.reports.record import REPORT
from cleaner.runs.output.repetition import Gone, RepeatedTally
from cleaner.storage.below import open_below
from cleaner.storage.replace import whole_file


class UndoneFile(NamedTuple):
    """What a file came to."""

    size: int
    written: int
    sha256: str | None


@dataclass
class Undone:
    """What the new outputs came to, and what differs from the old ones."""

    edits: int = 0
    files: dict[str, UndoneFile] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    written: set[str] = field(default_factory=set)
    before: RepeatedTally = field(default_factory=RepeatedTally)
    after: RepeatedTally = field(default_factory=RepeatedTally)

    def file(
        self, name: str, size: int, written: int, sha256: str | None, codes: Mapping[str, int]
    ) -> None:
        """Hear what a file came to."""
        self.files[name] = UndoneFile(size, written, sha256)
        self.codes.update(codes)

    def lines(self, name: str, before: Iterable[Gone], after: Iterable[Gone]) -> None:
        """Hear of the repeated lines that were gone from a record, and of those that still are."""
        self.before.add(before, name)
        self.after.add(after, name)


def write_undone_report(output: Path, staged: Path, undone: Undone) -> None:
    """Write the report of the new outputs, which are `staged`, made from that of the old ones."""
    try:
        with open_below(output, REPORT) as file:
            report = json.load(file)
        changed = _changed(report, undone)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            "no report of this run", where=str(output / REPORT), why=str(error).partition("\n")[0],
            hint="name a folder as `cleaner clean` wrote it",
        ) from error  # fmt: skip
    with whole_file(staged, REPORT) as copy:
        copy.write(json.dumps(changed, indent=2, ensure_ascii=True).encode("ascii") + b"\n")


def _changed(report: dict[str, Any], undone: Undone) -> dict[str, Any]:
    for file in report["files"]:
        found = undone.files.get(file["name"])
        if found is not None:
            file["bytes_after"], file["records_written"], file["output_sha256"] = found
    emptied = report["emptied"]
    left = [name for name in emptied["documents"] if name not in undone.written]
    gone = len(emptied["documents"]) - len(left)
    report["emptied"] = {"count": emptied["count"] - gone, "documents": left}
    report["bytes_after"] = sum(file["bytes_after"] for file in report["files"])
    report["counts"] = dict(sorted(undone.codes.items()))
    report["repeated"] = list(_repeated(report["repeated"], undone))
    # What was taken back is found again.
    report["stable"] = bool(report["stable"] and not undone.edits)
    return report


def _repeated(lines: Iterable[dict[str, Any]], undone: Undone) -> Iterable[dict[str, Any]]:
    before, after = (
        {line.line: line for line in tally.lines(())} for tally in (undone.before, undone.after)
    )
    for line in lines:
        was, still = before.get(line["line"]), after.get(line["line"])
        for name in ("removed", "at_head", "from_documents"):
            line[name] += (getattr(still, name) if still else 0) - (
                getattr(was, name) if was else 0
            )
        if line["removed"] > 0:
            yield line
