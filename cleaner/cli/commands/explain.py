"""``cleaner explain``."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.values import RunFolder
from cleaner.core.errors import ExitStatus, UsageError, one_line
from cleaner.storage.below import RUN_DIR

if TYPE_CHECKING:
    from cleaner.runs.explain import Explanation


@click.command(
    "explain",
    epilog="""\b
Examples:
  cleaner explain cleaned/000_page_furniture.txt:12
  cleaner explain news.jsonl:4031 --output unique
  cleaner explain --text "Skip to content" --output cleaned
  cleaner explain --id page-17 --output cleaned""",
)
@click.argument("place", metavar="[FILE:LINE]", required=False)
@click.option("--text", metavar="TEXT", help="Explain the edits in which TEXT stands, wherever.")
@click.option("--id", "record", metavar="ID", help="Explain the edits of the record with this id.")
@click.option(
    "--output",
    type=RunFolder(),
    metavar="FOLDER",
    help="The folder, or URL, that `clean` or `dedup` wrote.  "
    "[default: the nearest above FILE, or here]",
)
def command(
    place: str | None, *, text: str | None, record: str | None, output: Path | str | None
) -> int:
    """Say why a line of a source was changed.

    FILE:LINE is a place in the source, as `cleaner check` shows it (of records, the number);
    FILE may also be the written file of the same name. A duplicate is shown beside the copy that
    stands for it, with the words that differ marked. With `--text` the edits are looked for whose
    text holds TEXT, or that lie inside of it where it stands in source or output; at most ten of
    each rule are shown. Ends with status 1 if nothing was changed there.
    """
    from cleaner.api.outputs import explain_place, run_folder
    from cleaner.runs.report.search import explain_record, explain_text

    if [place, text, record].count(None) != 2 or text == "":
        raise UsageError("say what to explain", hint="give FILE:LINE, or --text TEXT, or --id ID")
    if place is None:
        with run_folder(output or _run_of(Path("here"))) as folder:
            found = explain_text(folder, text) if text else explain_record(folder, record or "")
        return _tell(found.explanations, one_line(text or record or ""), found.totals)
    name, _, line = place.rpartition(":")
    if not name or not line.isdecimal() or int(line) < 1:
        raise UsageError("is no FILE:LINE", where=place, hint="write for example news.txt:12")
    file = Path(name)
    return _tell(explain_place(output or _run_of(file), file, int(line)), one_line(place), {})


def _tell(found: Sequence[Explanation], asked: str, totals: Mapping[str, int]) -> int:
    """Show explanations, the words on a rule once, and how many more edits there are of it."""
    if not found:
        click.echo(f"{asked}: nothing was changed there")
        return ExitStatus.FINDINGS
    width = shutil.get_terminal_size((100, 24)).columns
    counts: Counter[str] = Counter()
    for number, one in enumerate(found):
        code = one.finding.code
        lines = _lines(one, width, is_first=not counts[code])
        click.echo("\n" * (number > 0) + "\n".join(map(one_line, lines)))
        counts[code] += 1
        is_last = number + 1 == len(found) or found[number + 1].finding.code != code
        if is_last and (more := totals.get(code, 0) - counts[code]) > 0:
            click.echo(f"\nand {more:,} more of {code}")
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


def _lines(one: Explanation, width: int, *, is_first: bool) -> Iterator[str]:
    from cleaner.reports.explanation import (
        edit_lines,
        explanation_head,
        side_by_side,
        similarity_line,
    )

    finding, kept = one.finding, one.kept
    head = explanation_head(finding, one.rule)
    yield from head if is_first else islice(head, 1)
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
