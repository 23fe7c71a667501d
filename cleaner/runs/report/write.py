"""The HTML report written beside what it was made from, or anywhere else."""

from __future__ import annotations

from pathlib import Path

from cleaner.core.errors import UsageError
from cleaner.reports.html.data import Figures
from cleaner.reports.html.page import html_page
from cleaner.reports.record import PAGE
from cleaner.runs.report.gather import gather
from cleaner.storage.below import WORK_FOLDER, kind_below
from cleaner.storage.replace import whole_file

# So many edits of each rule are on a page, where no other number is asked for.
SAMPLES = 200


def report_page(output: Path, samples: int = SAMPLES, figures: Figures | None = None) -> bytes:
    """Return the report of the run that wrote `output` as an HTML page."""
    if kind_below(output, WORK_FOLDER) == "folder":
        raise UsageError(
            "this run was not finished",
            where=str(output),
            hint="run the same `cleaner clean` again; it goes on where it stood",
        )
    return html_page(gather(output, samples, figures)).encode()


def write_page(page: bytes, output: Path, place: Path | None) -> Path:
    """Write a page to `place`, or beside the journal of `output`; return where it stands."""
    if place is None:
        with whole_file(output, PAGE) as file:
            file.write(page)
        return output / PAGE
    path = place.absolute()
    with whole_file(path.parent, path.name) as file:
        file.write(page)
    return place


def check_place(place: Path) -> None:
    """Raise UsageError where no page can be written, before a run that would end in one."""
    if place.is_dir() or not place.absolute().parent.is_dir():
        why = "it is a folder" if place.is_dir() else "its folder does not exist"
        raise UsageError(
            "the report cannot be written", where=str(place), why=why, hint="name a file"
        )
