"""The page that ``--report`` asks for, at the end of a run."""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.log import tell_done
from cleaner.core.errors import UsageError
from cleaner.core.urls import redacted

if TYPE_CHECKING:
    from cleaner.reports.record import RunReport

_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
# In what the system counts memory.
_UNIT = 1 if sys.platform == "darwin" else 1024


def check_page(page: Path | None) -> None:
    """Raise UsageError where the page cannot be written."""
    if page is not None:
        from cleaner.runs.report.write import check_place

        check_place(page)


def check_page_of(page: Path | None, output: str) -> None:
    """Raise UsageError where the page of a run into `output` cannot be written."""
    from cleaner.api.arguments import url_of

    if page is not None and url_of(output) is not None:
        raise UsageError(
            "--report is of a folder of this machine",
            hint="leave it out; `cleaner restore` and `explain` read what stands at a URL",
        )
    check_page(page)


def tell_of_run(
    report: RunReport, output: str, page: Path | None, seconds: float, *, quiet: bool
) -> None:
    """Write the page that was asked for, and say what a run did that wrote `output`."""
    from cleaner.api.arguments import path_of, url_of
    from cleaner.reports.summary import summary

    if url_of(output) is not None:
        said = summary(report, redacted(output), seconds)
    else:
        from cleaner.runs.report.causes import causes_of

        folder = path_of(output)
        write_page(page, folder, seconds)
        said = "" if quiet else summary(report, folder, seconds, causes_of(folder))
    if not quiet:
        click.echo(said, nl=False)
    tell_done(report, seconds)


def write_page(page: Path | None, output: Path, seconds: float) -> None:
    """Write the page of the run that has just written `output`, if one was asked for."""
    if page is None:
        return
    from cleaner.reports.html.data import Figures
    from cleaner.runs.report.write import report_page, write_page

    # The largest worker stands for all, whose peaks need not have come at one time.
    peaks = [resource.getrusage(who).ru_maxrss for who in _WHO]
    write_page(report_page(output, figures=Figures(seconds, max(peaks) * _UNIT)), output, page)
