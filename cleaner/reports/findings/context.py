"""What reports of findings know besides them: the rules, how severe they are, where paths begin."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cleaner.core.findings import Finding
from cleaner.core.rules import Rule
from cleaner.core.urls import is_url

# The severities, the gravest first, in SARIF's words.
SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True)
class ReportContext:
    """Everything a report is given besides the findings.

    `root` is the folder that paths are relative to: the repository's, or the current one.
    `severity` gives severities by codes and prefixes of codes, of which the longest decides.
    `problems` holds what could not be read; it is complete when all findings have been seen.
    `color` says that the report goes to a terminal.
    """

    rules: Mapping[str, Rule]
    root: Path
    severity: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[str] = ()
    color: bool = False

    def severity_of(self, finding: Finding) -> str:
        """Return how severe a finding is: a note is one, all else a warning unless it is said.

        >>> context = ReportContext({}, Path("/"), {"ENC": "error", "ENC104": "note"})
        >>> [context.severity_of_code(code) for code in ("ENC101", "ENC104", "GLU201")]
        ['error', 'note', 'warning']
        """
        return "note" if finding.note else self.severity_of_code(finding.code)

    def severity_of_code(self, code: str) -> str:
        """Return how severe findings of a rule are that are no notes."""
        fitting = [prefix for prefix in self.severity if code.startswith(prefix)]
        return self.severity[max(fitting, key=len)] if fitting else "warning"

    def path(self, finding: Finding) -> str:
        """Return the finding's file as seen from `root`, with slashes; else as it was named."""
        return self.relative(finding.source.path)

    def relative(self, path: str) -> str:
        """Return `path` as seen from `root`, with slashes; as it is where it lies elsewhere."""
        if is_url(path):
            return path
        here = Path(path).absolute()
        inside = here.is_relative_to(self.root)
        return (here.relative_to(self.root) if inside else here).as_posix()


class Identified(NamedTuple):
    """A finding and what names it in any version of its file: no two of a report share it."""

    finding: Finding
    fingerprint: str


def content_of(finding: Finding) -> str:
    """Return what a finding is, wherever it stands: a digest of rule, texts and what is beside it.

    Lines may move and files be renamed, and it stays the same.
    """
    beside = (" ".join(finding.lead.split()), " ".join(finding.trail.split()))
    parts = (finding.code, finding.before, finding.after, *beside)
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:32]


def identified(findings: Iterable[Finding], context: ReportContext) -> Iterator[Identified]:
    """Yield findings with fingerprints that differ, also where their contents are the same."""
    seen: Counter[str] = Counter()
    file = ""
    for finding in findings:
        if finding.source.path != file:
            file = finding.source.path
            seen.clear()
        content = content_of(finding)
        seen[content] += 1
        name = f"{context.path(finding)}\0{content}\0{seen[content]}"
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        yield Identified(finding, digest)
