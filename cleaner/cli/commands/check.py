"""``cleaner check``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli.diffs import diff_option, show_diff
from cleaner.cli.log import Log, log_options
from cleaner.cli.options import glue_option, model_option, settings_of, settings_options
from cleaner.cli.progress import Progress
from cleaner.cli.reporting import OutputFormat, Wanted, check_wanted, report_context
from cleaner.cli.sources import files_from_option, sources_of
from cleaner.cli.streams import StreamFindings, findings_of_stream, reads_stream
from cleaner.core.errors import ExitStatus, UsageError, one_line
from cleaner.core.findings import Finding, counted

if TYPE_CHECKING:
    from cleaner.reports.baseline import Baseline, Known
    from cleaner.reports.findings.context import ReportContext
    from cleaner.runs.check import Findings


@click.command(
    "check",
    epilog="""\b
Examples:
  cleaner check seeds
  cleaner check corpus --select ENC --output-format json > findings.json
  cleaner check corpus --output-format github --output-format sarif=findings.sarif
  cleaner check corpus --write-baseline known.json
  cleaner check corpus --baseline known.json
  cleaner check corpus --since main... --model corpus.model
  cleaner check page.txt --ignore FMT || echo dirty
  cleaner check corpus --select DUP --strict
  git diff --name-only | cleaner check --files-from -
  pdftotext page.pdf - | cleaner check - --select GLU""",
)
@click.argument("inputs", nargs=-1, type=click.Path())
@files_from_option
@click.option(
    "--output-format",
    "formats",
    type=OutputFormat(),
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="What is shown, or written to FILE; may be repeated: text (a line a finding, the "
    "default), full (with the line and the repair), json, jsonl, sarif, github, gitlab, junit, "
    "rdjson, markdown, statistics.",
)
@click.option("--statistics", is_flag=True, help="Show only how many findings each rule has.")
@click.option(
    "--since",
    metavar="REVISION",
    help="Look only at files and lines that git says changed from it; main... is where HEAD parted "
    "from main.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Leave out the findings that FILE knows, wherever they stand by now; what is gone is "
    "taken out of FILE.",
)
@click.option(
    "--write-baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a baseline that knows all findings, and end with status 0.",
)
@click.option("--show-files", is_flag=True, help="List the files that would be read, and end.")
@click.option("--exit-zero", is_flag=True, help="End with status 0 whatever is found.")
@click.option(
    "--strict", is_flag=True, help="Notes, too, end with status 1: what `clean` leaves as it is."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress bar, no closing count.")
@log_options
@diff_option
@model_option
@glue_option
@settings_options
def command(
    inputs: tuple[str, ...],
    files_from: str | None,
    *,
    formats: tuple[Wanted, ...],
    statistics: bool,
    since: str | None,
    baseline: Path | None,
    write_baseline: Path | None,
    show_files: bool,
    exit_zero: bool,
    strict: bool,
    quiet: bool,
    diff: bool,
    **options: Any,
) -> int:
    """List what `clean` would change; write nothing.

    Ends with status 1 if there is anything to change, 3 if something could not be read. Notes,
    such as a passage that another document quotes, are listed and change nothing: alone they end
    with status 0, unless `--strict` is given. With - for INPUTS, standard input is read.
    """
    from cleaner.api import Cleaner
    from cleaner.reports.baseline import Baseline

    if baseline is not None and write_baseline is not None:
        raise UsageError("--baseline and --write-baseline exclude each other", hint="give one")
    sources = sources_of(inputs, files_from)
    streaming = reads_stream(sources, options)
    if streaming and (since is not None or baseline is not None or write_baseline is not None):
        raise UsageError(
            "baselines and --since are of files, not of standard input", hint="check files"
        )
    cleaner = Cleaner(settings_of(options))
    if diff:
        return show_diff(cleaner, sources, options["format"], streaming=streaming, quiet=quiet)
    if show_files:
        for path in cleaner.files(sources):
            click.echo(one_line(str(path)))
        return ExitStatus.OK
    if statistics:
        formats += (Wanted("statistics", None),)
    elif all(wanted.path is not None for wanted in formats):
        formats += (Wanted("text", None),)
    check_wanted(formats)
    if streaming and len(formats) > 1:
        raise UsageError("standard input is read once, for one report", hint="ask for one")
    known = None if baseline is None else Baseline.load(baseline)
    with (
        Progress("check", quiet=quiet or streaming) as progress,
        findings_of_stream(cleaner, options["format"], progress)
        if streaming
        else cleaner.checking(sources, since=since, progress=progress) as findings,
    ):
        progress.close()
        context = report_context(cleaner.settings, findings.problems)
        shown = _Shown(findings, known, context)
        if write_baseline is not None:
            written = Baseline(write_baseline)
            written.add(findings)
            written.save()
            said = f"{one_line(str(write_baseline))} knows {counted(len(written), 'finding')}"
        else:
            for wanted in formats:
                wanted.write(shown, context)
            said = _closing(shown.found, shown.notes)
            if known is not None:
                said += _beside(known, shown, findings.files if since is None else ())
    if not quiet:
        Log.current().tell(said, "done", found=shown.found, notes=shown.notes)
    if progress.problems:
        return ExitStatus.INPUT
    dirty = shown.found - (0 if strict else shown.notes)
    return ExitStatus.FINDINGS if dirty and not exit_zero else ExitStatus.OK


class _Shown:
    """The findings that no baseline knows, and how many they were when they were gone through."""

    def __init__(
        self, findings: Findings | StreamFindings, baseline: Baseline | None, context: ReportContext
    ) -> None:
        self._findings = findings
        self._baseline = baseline
        self._context = context
        self.known: Counter[Known] = Counter() if baseline is None else baseline.known_of(findings)
        self.found = self.notes = 0

    def __iter__(self) -> Iterator[Finding]:
        found = notes = 0
        baseline = self._baseline
        for finding in (
            self._findings if baseline is None else baseline.new(self._findings, self.known)
        ):
            found += 1
            notes += self._context.severity_of(finding) == "note"
            yield finding
        self.found, self.notes = found, notes


def _beside(baseline: Baseline, shown: _Shown, read: Sequence[str]) -> str:
    """Take out of the baseline what is gone from the files that were read; say what it comes to."""
    said = f"; {shown.known.total():,} more are known"
    shrunk = baseline.shrunk(shown.known, read)
    stale = len(baseline) - len(shrunk)
    if read and stale:
        shrunk.save()
        said += f", and {stale:,} that were are gone, which the baseline forgets"
    return said


def _closing(found: int, notes: int) -> str:
    """Return the count at the end.

    >>> _closing(0, 0), _closing(8, 0), _closing(3, 1)
    ('nothing found', '8 findings', '3 findings; 1 is a note, which `clean` leaves as it is')
    """
    if not found:
        return "nothing found"
    said = counted(found, "finding")
    if not notes:
        return said
    if notes == 1:
        return f"{said}; 1 is a note, which `clean` leaves as it is"
    return f"{said}; {notes:,} are notes, which `clean` leaves as they are"
