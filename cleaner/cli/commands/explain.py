"""``cleaner explain``."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.core.errors import ExitStatus, UsageError, one_line
from cleaner.storage.below import RUN_DIR

if TYPE_CHECKING:
    from cleaner.runs.explain import Explanation


@click.command(
    "explain",
    epilog="""\b
Examples:
  cleaner explain cleaned/000_page_furniture.txt:12
  cleaner explain news.jsonl:4031 --output unique""",
)
@click.argument("place", metavar="FILE:LINE")
@click.option(
    "--output",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="The folder that `clean` or `dedup` wrote.  [default: the nearest one upward from FILE]",
)
def command(place: str, *, output: Path | None) -> int:
    """Say why a line of a source was changed.

    FILE:LINE is a place in the source, as `cleaner check` shows it (of records, the number);
    FILE may also be the written file of the same name. A duplicate is shown beside the copy that
    stands for it, with the words that differ marked. Ends with status 1 if nothing was changed
    there.
    """
    from cleaner.api import explain_place

    name, _, line = place.rpartition(":")
    if not name or not line.isdecimal() or int(line) < 1:
        raise UsageError("is no FILE:LINE", where=place, hint="write for example news.txt:12")
    file = Path(name)
    found = explain_place(output or _run_of(file), file, int(line))
    if not found:
        click.echo(one_line(f"{place}: nothing was changed there"))
        return ExitStatus.FINDINGS
    width = shutil.get_terminal_size((100, 24)).columns
    for number, one in enumerate(found):
        click.echo("\n" * (number > 0) + "\n".join(map(one_line, _lines(one, width))))
    return ExitStatus.OK


def _run_of(file: Path) -> Path:
    for folder in file.absolute().parents:
        if (folder / RUN_DIR).is_dir():
            return folder
    raise UsageError(
        "no run is known of this file",
        where=str(file),
        why=f"there is no {RUN_DIR} folder beside or above it",
        hint="name the folder that was written with --output",
    )


def _lines(one: Explanation, width: int) -> Iterator[str]:
    from cleaner.reports.explanation import (
        edit_lines,
        explanation_head,
        side_by_side,
        similarity_line,
    )

    finding, kept = one.finding, one.kept
    yield from explanation_head(finding, one.rule)
    if kept is None:
        yield from edit_lines(finding)
        return
    yield ""
    yield similarity_line(kept.similarity, one.needed, share=finding.code == "DUP421")
    if not kept.comparison.same_numbers:
        yield "  the two name different numbers"
    yield ""
    yield from side_by_side(
        (f"{finding.source.path}:{finding.line}", f"{kept.name}:{kept.line}"),
        (kept.repeated, kept.text),
        (kept.comparison.first_spans, kept.comparison.second_spans),
        width,
    )
