"""The page that ``--report`` asks for, at the end of a run."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
# In what the system counts memory.
_UNIT = 1 if sys.platform == "darwin" else 1024


def check_page(page: Path | None) -> None:
    """Raise UsageError where the page cannot be written."""
    if page is not None:
        from cleaner.runs.report.write import check_place

        check_place(page)


def write_page(page: Path | None, output: Path, seconds: float) -> None:
    """Write the page of the run that has just written `output`, if one was asked for."""
    if page is None:
        return
    from cleaner.reports.html.data import Figures
    from cleaner.runs.report.write import report_page, write_page

    # The largest worker stands for all, whose peaks need not have come at one time.
    peaks = [resource.getrusage(who).ru_maxrss for who in _WHO]
    write_page(report_page(output, figures=Figures(seconds, max(peaks) * _UNIT)), output, page)
