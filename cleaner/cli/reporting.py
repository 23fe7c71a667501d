"""The reports that ``--output-format`` asks for, and where each goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cleaner.core.errors import UsageError
from cleaner.core.findings import Finding
from cleaner.core.settings.config import Settings

if TYPE_CHECKING:
    from cleaner.reports.findings.context import ReportContext


class Wanted(NamedTuple):
    """A report by its name, and the file that it is written to; None for standard output."""

    name: str
    path: Path | None

    def write(self, findings: Iterable[Finding], context: ReportContext) -> None:
        """Write the report; a file appears whole or not at all."""
        from cleaner.reports.findings.registry import REPORTS

        if self.path is not None:
            with _file(self.path) as file:
                for piece in REPORTS[self.name](findings, context):
                    # Halves of UTF-16 pairs, which a name may hold, are no text.
                    file.write(piece.encode("utf-8", "backslashreplace"))
            return
        color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        for piece in REPORTS[self.name](findings, replace(context, color=color)):
            click.echo(piece, nl=False)


class OutputFormat(click.ParamType[Wanted]):
    """The name of a report, and behind an equals sign the file that it goes to."""

    name = "format"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Wanted:
        """Return what is wanted."""
        from cleaner.reports.findings.registry import REPORTS

        if isinstance(value, Wanted):
            return value
        name, equals, path = str(value).partition("=")
        if name not in REPORTS:
            self.fail(f"{name!r} is none of {', '.join(REPORTS)}", param, ctx)
        if equals and not path:
            self.fail(f"{value!r} names no file", param, ctx)
        return Wanted(name, Path(path) if path else None)


def check_wanted(wanted: Iterable[Wanted]) -> None:
    """Raise UsageError where two reports would be written to one place."""
    places: set[Path | None] = set()
    for one in wanted:
        if one.path in places:
            where = "standard output" if one.path is None else str(one.path)
            raise UsageError(
                "two reports would be written to one place",
                where=where,
                hint="give a file for each, as in --output-format sarif=findings.sarif",
            )
        places.add(one.path)


def report_context(settings: Settings, problems: list[str]) -> ReportContext:
    """Return what reports go by under these settings, seen from the current folder."""
    from cleaner.api import rules
    from cleaner.reports.findings.context import ReportContext
    from cleaner.storage.git import repository_root

    here = Path.cwd()
    severity = {
        code: name
        for name in ("note", "warning", "error")
        for code in getattr(settings.severity, name)
    }
    return ReportContext(rules(), repository_root(here) or here, severity, problems)


@contextmanager
def _file(path: Path) -> Iterator[Any]:
    from cleaner.storage.replace import whole_file

    place = path.absolute()
    with whole_file(place.parent, place.name) as file:
        yield file
