"""The reports of findings there are, by the name that ``--output-format`` takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cleaner.core.findings import Finding
from cleaner.reports.json import json_report
from cleaner.reports.text import text_report

REPORTS: dict[str, Callable[[Iterable[Finding]], Iterator[str]]] = {
    "text": text_report,
    "json": json_report,
}
